// SPDX-License-Identifier: Apache-2.0
// One Swarm service out of the list of services. Used by swarm.cpp. Pure.
#pragma once

#include "engine/swarm.h"

namespace bulkhead::engine {

Result<Service> service_from(const json::Value& item);

}  // namespace bulkhead::engine
