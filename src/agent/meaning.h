// SPDX-License-Identifier: Apache-2.0
// From the datapath's words to flows with their meaning: views are joined, ends are named as of the flow's beginning, payload is listened
// to, answers of DNS are remembered. A flow whose ends have no name yet because their container began just now waits for a moment.
// No I/O of its own, time is handed in; owned by the flow thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/assembly.h"
#include "agent/dns_names.h"
#include "flow/flow_source.h"
#include "host/conntrack.h"

namespace bulkhead::agent {

struct FlowWord {
    InterfaceId interface;
    datapath::FlowRef ref;
    flow::Record record;
    flow::Moment moment = flow::Moment::begun;
};

struct PayloadWord {
    datapath::FlowRef ref;
    bool from_source = true;
    bool has_sequence = false;
    std::uint32_t sequence = 0;
    std::uint32_t wire_bytes = 0;
    std::int64_t time_ns = 0;
    std::vector<std::uint8_t> bytes;
};

using Word = std::variant<FlowWord, PayloadWord>;

// What a meaning is made with. Empty functions are left out.
struct MeaningParts {
    const Identities* identities = nullptr;  // never null
    std::string node;
    // L7, as l7::Inspector has it: whether more is to be learned; what is known; what was learned.
    std::function<bool(std::uint32_t& slot, const flow::Record&, const PayloadWord&)> feed;
    std::function<flow::L7Ptr(std::uint32_t slot)> look;
    std::function<flow::L7Ptr(std::uint32_t& slot)> take;
    // The connection as the host's translation knows it; nothing where it is not translated.
    std::function<std::optional<host::Translation>(const flow::Record&)> translate;
    std::function<flow::ProcessPtr(const flow::Record&, const flow::Identity& source)> process;
    std::function<bool()> settled;     // false: the engine told something just now
    std::function<void()> look_again;  // an address that should have a name has none
};

struct MeaningCounts {
    std::uint64_t told = 0;         // flows that were told as over
    std::uint64_t waited = 0;       // that had to wait for a name
    std::uint64_t outer_views = 0;  // conversations that the host's outer interface saw under other addresses
    std::uint64_t nameless = 0;     // of a container network's address that nobody was known to have
};

inline constexpr std::int64_t name_wait_ns = 700'000'000;

class Meaning {
  public:
    Meaning(MeaningParts parts, std::function<void(const flow::Observed&, flow::Moment)> out, AssemblyLimits limits = {});

    void take(const Word& word, std::int64_t now_ns);  // now_ns: steady clock
    void tick(std::int64_t now_ns);                    // at least a few times a second
    void finish(std::int64_t now_ns);                  // everything that is left, as over

    [[nodiscard]] const MeaningCounts& counts() const { return counts_; }
    [[nodiscard]] const Assembly& assembly() const { return assembly_; }
    [[nodiscard]] const DnsNames& dns() const { return dns_; }

  private:
    void take_flow(const FlowWord& word, std::int64_t now_ns);
    void take_payload(const PayloadWord& word);
    void attribute_once(Conversation& conversation, const flow::Record& record);
    [[nodiscard]] bool may_get_a_name(const flow::Identity& identity, const packet::Address& address) const;
    [[nodiscard]] bool is_outer(const Conversation& conversation, std::int64_t time_ns) const;
    void tell(Conversation& conversation, const flow::Record& record, flow::Moment moment);
    void tell_over(Conversation& conversation, std::int64_t now_ns);

    MeaningParts parts_;
    std::function<void(const flow::Observed&, flow::Moment)> out_;
    Assembly assembly_;
    DnsNames dns_;
    MeaningCounts counts_;
    std::vector<std::uint64_t> waiting_;  // serials
};

}  // namespace bulkhead::agent
