// SPDX-License-Identifier: Apache-2.0
// What an agent has counted, of all its threads, as one value. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "agent/assembly.h"
#include "agent/collector.h"
#include "agent/meaning.h"
#include "agent/translator.h"
#include "datapath/datapath.h"
#include "l7/inspector.h"

namespace bulkhead::agent {

struct AgentStatus {
    std::string node;
    CollectorCounts collector;
    datapath::DatapathCounts datapath;
    std::vector<datapath::Interface> interfaces;
    AssemblyCounts assembly;
    MeaningCounts meaning;
    TranslatorCounts translator;
    l7::Counts l7;
    std::uint64_t words_dropped = 0;
    std::size_t words_waiting = 0;
    std::size_t conversations = 0;
    std::size_t identities = 0;  // spans that are remembered
    std::size_t dns_names = 0;
};
// Counters by name, for metrics and people.
std::vector<std::pair<std::string, std::uint64_t>> named(const AgentStatus& status);

}  // namespace bulkhead::agent
