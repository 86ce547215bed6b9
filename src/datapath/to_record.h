// SPDX-License-Identifier: Apache-2.0
// What the kernel counted, as flow::Record: low and high become source and destination, monotonic times the time of day. Any thread.
#pragma once

#include "datapath/datapath.h"
#include "datapath/shared.h"
#include "datapath/wall_clock.h"

namespace bulkhead::datapath {

flow::Key to_key(const kernel::flow_key& key);
FlowRef to_ref(const kernel::flow_key& key, std::uint64_t serial);
flow::Record to_record(const kernel::flow_state& state, const WallClock& clock);
// The record of a flow of which only the first packet is known yet.
flow::Record to_record(const kernel::word& word, const WallClock& clock);

}  // namespace bulkhead::datapath
