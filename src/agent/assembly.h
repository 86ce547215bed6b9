// SPDX-License-Identifier: Apache-2.0
// One conversation out of what several interfaces saw of it: between two containers of a host each packet passes two veths, and is one
// packet. The view that saw it first, which is the sender's, is counted; what the other one missed is loss. Pure; owned by one thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "agent/identities.h"
#include "datapath/datapath.h"
#include "flow/observed.h"

namespace bulkhead::agent {

// What is needed of an interface beside its flows. By value: the datapath's own object is its thread's.
struct InterfaceId {
    std::uint16_t id = 0;
    Place place;
    std::uint64_t scope = 0;  // interfaces that may see the same packets have the same: a namespace, or 0 for the host's
};

struct View {
    datapath::FlowRef ref;
    Place place;
    std::int64_t first_ns = 0;
    std::array<std::uint64_t, 2> packets{};  // sent by the key's low end, by its high end
    bool over = false;
};

struct Conversation {
    std::uint64_t serial = 0;
    std::vector<View> views;              // in the order in which they were met
    std::unique_ptr<flow::Record> final;  // of the first view that was over, or of the one that leads
    bool source_is_low = true;
    std::int64_t over_since_ns = 0;  // on the steady clock; 0: it goes on
    bool told_over = false;
    // Kept here for whoever gives it a meaning (meaning.h).
    flow::Party source, destination;
    std::string network;
    bool attributed = false, begun_told = false, translated = false, outer = false;
    std::int64_t wait_until_ns = 0;       // for names; 0: it does not wait
    std::unique_ptr<flow::Record> begun;  // while it waits
    std::uint32_t l7_slot = 0;
    bool l7_closed = false;
    flow::L7Ptr l7;
};

struct AssemblyLimits {
    std::size_t conversations_max = 400'000;
    std::int64_t wait_for_other_ns = 3'000'000'000;  // after one view is over
    std::int64_t remember_ns = 5'000'000'000;        // one that is told, so that a late view is not taken for another
};

struct AssemblyCounts {
    std::uint64_t conversations = 0;
    std::uint64_t two_views = 0;   // that were seen on two interfaces
    std::uint64_t late_views = 0;  // whose conversation was told already
    std::uint64_t evicted = 0;     // told before their end, because conversations_max went on
};

class Assembly {
  public:
    explicit Assembly(AssemblyLimits limits = {});

    struct Joined {
        Conversation* conversation = nullptr;  // null: a late view, which says nothing new
        bool begins = false;                   // the conversation is new
        bool leads = false;                    // this view is the one that counts
        bool ends = false;                     // all that was seen of it is over
    };
    Joined take(const InterfaceId& interface, const datapath::FlowRef& ref, const flow::Record& record, flow::Moment moment, std::int64_t now_ns);
    // The conversation that this view leads; null where it leads none.
    Conversation* led_by(const datapath::FlowRef& ref);
    // Those that have waited long enough for a view that does not end, to be told as over; and forgets what was told long ago.
    std::vector<Conversation*> late(std::int64_t now_ns);
    // All that is not told yet; those whose `final` is null did not end.
    std::vector<Conversation*> rest();
    Conversation* find(std::uint64_t serial);  // null where it was forgotten
    // Packets that one view saw and the other did not.
    static std::uint64_t loss(const Conversation& conversation);
    void told(Conversation& conversation, std::int64_t now_ns);
    void forget(std::uint64_t serial);  // whatever of it comes later begins another one, with the counts of all of it

    [[nodiscard]] std::size_t size() const { return conversations_.size(); }
    [[nodiscard]] const AssemblyCounts& counts() const { return counts_; }

  private:
    struct Ends {
        flow::Key key;
        std::uint64_t scope = 0;
        bool operator==(const Ends&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Ends& ends) const { return flow::hash(ends.key, ends.scope); }
        std::size_t operator()(const datapath::FlowRef& ref) const { return flow::hash(ref.key, ref.serial * 65'599 + ref.interface); }
    };
    Conversation* joinable(const Ends& ends, const InterfaceId& interface, const flow::Record& record);

    const AssemblyLimits limits_;
    std::uint64_t next_ = 1;
    std::unordered_map<std::uint64_t, std::pair<Ends, Conversation>> conversations_;  // by serial; addresses stay
    std::unordered_map<Ends, std::vector<std::uint64_t>, Hash> by_ends_;              // oldest first
    std::unordered_map<datapath::FlowRef, std::uint64_t, Hash> by_view_;
    std::multimap<std::int64_t, std::uint64_t> deadlines_;  // of those that are over for one view, or told
    AssemblyCounts counts_;
};

}  // namespace bulkhead::agent
