// SPDX-License-Identifier: Apache-2.0
#include "agent/agent_status.h"

namespace bulkhead::agent {

std::vector<std::pair<std::string, std::uint64_t>> named(const AgentStatus& status) {
    std::vector<std::pair<std::string, std::uint64_t>> out{
        {"engine_events", status.collector.events},
        {"engine_full_readings", status.collector.full_readings},
        {"engine_gone", status.collector.engine_gone},
        {"engine_events_broken", status.collector.events_broken},
        {"engine_unreadable", status.collector.unreadable},
        {"words_dropped", status.words_dropped},
        {"words_waiting", status.words_waiting},
        {"conversations", status.assembly.conversations},
        {"conversations_now", status.conversations},
        {"conversations_seen_twice", status.assembly.two_views},
        {"conversations_late_views", status.assembly.late_views},
        {"conversations_evicted", status.assembly.evicted},
        {"flows_told", status.meaning.told},
        {"flows_waited_for_a_name", status.meaning.waited},
        {"flows_outer_views", status.meaning.outer_views},
        {"flows_nameless", status.meaning.nameless},
        {"translations_asked", status.translator.asked},
        {"translations_found", status.translator.found},
        {"translations_failed", status.translator.failed},
        {"translations_left_out", status.translator.left_out},
        {"l7_named", status.l7.named},
        {"l7_unknown", status.l7.unknown},
        {"l7_evicted", status.l7.evicted},
        {"l7_gaps", status.l7.gaps},
        {"identities", status.identities},
        {"dns_names", status.dns_names},
    };
    for (const auto& [name, value] : datapath::named(status.datapath)) out.emplace_back("datapath_" + std::string(name), value);
    return out;
}

}  // namespace bulkhead::agent
