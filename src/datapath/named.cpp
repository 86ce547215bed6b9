// SPDX-License-Identifier: Apache-2.0
// The datapath's counters by name.
#include "datapath/datapath.h"

namespace bulkhead::datapath {

std::vector<std::pair<std::string_view, std::uint64_t>> named(const DatapathCounts& counts) {
    return {
        {"flows_begun", counts.flows_begun},
        {"flows_over", counts.flows_over},
        {"flows_now", counts.flows_now},
        {"in_flows_packets", counts.in_flows.packets},
        {"in_flows_bytes", counts.in_flows.bytes},
        {"unaccounted_full_packets", counts.unaccounted_full.packets},
        {"unaccounted_full_bytes", counts.unaccounted_full.bytes},
        {"unaccounted_raced_packets", counts.unaccounted_raced.packets},
        {"unaccounted_raced_bytes", counts.unaccounted_raced.bytes},
        {"not_ip_packets", counts.not_ip.packets},
        {"not_ip_bytes", counts.not_ip.bytes},
        {"truncated_packets", counts.truncated.packets},
        {"truncated_bytes", counts.truncated.bytes},
        {"malformed_packets", counts.malformed.packets},
        {"malformed_bytes", counts.malformed.bytes},
        {"too_deep_packets", counts.too_deep.packets},
        {"too_deep_bytes", counts.too_deep.bytes},
        {"evicted", counts.evicted},
        {"orphan_fragments", counts.orphan_fragments},
        {"merged", counts.merged},
        {"lost_begun", counts.lost_begun},
        {"lost_payload", counts.lost_payload},
        {"lost_over", counts.lost_over},
        {"before_attachment_received_packets", counts.before_attachment.received.packets},
        {"before_attachment_received_bytes", counts.before_attachment.received.bytes},
        {"before_attachment_sent_packets", counts.before_attachment.sent.packets},
        {"before_attachment_sent_bytes", counts.before_attachment.sent.bytes},
        {"during_attachment_received_packets", counts.during_attachment.received.packets},
        {"during_attachment_received_bytes", counts.during_attachment.received.bytes},
        {"during_attachment_sent_packets", counts.during_attachment.sent.packets},
        {"during_attachment_sent_bytes", counts.during_attachment.sent.bytes},
        {"attached", counts.attached},
        {"attach_failed", counts.attach_failed},
        {"adopted", counts.adopted},
        {"left", counts.left},
        {"links_missed", counts.links_missed},
        {"clock_steps", counts.clock_steps},
        {"bad_words", counts.bad_words},
    };
}

}  // namespace bulkhead::datapath
