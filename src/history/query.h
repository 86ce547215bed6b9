// SPDX-License-Identifier: Apache-2.0
// Whether a flow is one that was asked for, whatever its time. Pure.
#pragma once

#include "history/reader.h"

namespace bulkhead::history {

bool takes(const Query& query, const flow::Observed& flow);
// The same query as far as a conversation can answer it: its flows differ in the ports of their sources.
Query without_source_ports(Query query);

}  // namespace bulkhead::history
