// SPDX-License-Identifier: Apache-2.0
#include "history/event.h"

namespace bulkhead::history {

std::string_view name(ContainerEvent::What what) { return what == ContainerEvent::What::born ? "born" : "died"; }

}  // namespace bulkhead::history
