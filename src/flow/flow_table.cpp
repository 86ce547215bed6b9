// SPDX-License-Identifier: Apache-2.0
// An index of hashes by open addressing over records that do not move. With each packet a hand goes one record on and ends what is
// over: the cost of ageing is the same for each packet, and nothing is searched.
#include "flow/flow_table.h"

#include <algorithm>
#include <array>

#include "flow/fragments.h"
#include "flow/tcp.h"

namespace bulkhead::flow {

namespace {

constexpr std::uint32_t none = UINT32_MAX;
constexpr std::size_t block_records = 1024;
constexpr std::size_t first_slots = 4096;
constexpr int looked_at_when_full = 32;
constexpr std::size_t together = 16;  // as many fetches as a processor has under way

// The hand goes over the slots, which lie one beside the other: it must not fetch a record to see that it is alive.
struct Slot {
    std::uint32_t hash = 0;  // the upper half: the lower is the place
    std::uint32_t record = none;
    std::int64_t due = 0;  // when the flow's silence ends it
};
constexpr std::int64_t patient_for_ever = 7'000'000'000'000'000'000;  // 222 years, and no overflow with the time of day

// Fetched while the key is compared.
inline void fetch(const Record& record) {
    constexpr std::size_t line = 64, lines_touched = 4;
    const char* at = reinterpret_cast<const char*>(&record);
    for (std::size_t i = 0; i < lines_touched; ++i) __builtin_prefetch(at + i * line, 1);
}

struct Held {
    Record record;
    std::uint64_t hash = 0;
};

}  // namespace

std::string_view name(End end) {
    switch (end) {
        case End::running: return "running";
        case End::closed: return "closed";
        case End::reset: return "reset";
        case End::idle: return "idle";
        case End::replaced: return "replaced";
        case End::evicted: return "evicted";
    }
    return "unknown";
}

struct FlowTable::State {
    Limits limits;
    Ended ended;
    std::uint64_t seed;
    Counts counts;
    Fragments fragments;
    std::vector<Slot> slots = std::vector<Slot>(first_slots);
    std::vector<std::unique_ptr<std::array<Held, block_records>>> blocks;
    std::vector<std::uint32_t> free;
    std::size_t live = 0;
    std::size_t hand = 0;

    Held& at(std::uint32_t number) { return (*blocks[number / block_records])[number % block_records]; }
    [[nodiscard]] std::size_t mask() const { return slots.size() - 1; }
    [[nodiscard]] std::uint32_t capacity() const { return static_cast<std::uint32_t>(blocks.size() * block_records); }

    // The slot of the flow, or the free one where it would go.
    std::size_t find(const Key& key, std::uint64_t hash) {
        const auto upper = static_cast<std::uint32_t>(hash >> 32);
        for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
            const Slot& slot = slots[i];
            if (slot.record == none) return i;
            if (slot.hash != upper) continue;
            const Record& record = at(slot.record).record;
            fetch(record);
            if (record.key == key) return i;
        }
    }

    std::size_t place(const Slot& slot, std::uint64_t hash) {
        std::size_t i = hash & mask();
        while (slots[i].record != none) i = (i + 1) & mask();
        slots[i] = slot;
        return i;
    }

    void grow() {
        std::vector<Slot> old(slots.size() * 2);
        old.swap(slots);
        for (const Slot& slot : old) {
            if (slot.record != none) place(slot, at(slot.record).hash);
        }
    }

    // Closes the gap, so that no search ends before its time and no tombstones pile up.
    void unplace(std::size_t gap) {
        for (std::size_t i = (gap + 1) & mask(); slots[i].record != none; i = (i + 1) & mask()) {
            const std::size_t home = at(slots[i].record).hash & mask();
            if (((i - home) & mask()) < ((i - gap) & mask())) continue;
            slots[gap] = slots[i];
            gap = i;
        }
        slots[gap] = {};
    }

    std::uint32_t take_free() {
        if (free.empty()) {
            const std::uint32_t first = capacity();
            blocks.push_back(std::make_unique<std::array<Held, block_records>>());
            for (std::uint32_t i = block_records; i-- > 0;) free.push_back(first + i);
        }
        const std::uint32_t number = free.back();
        free.pop_back();
        return number;
    }

    void end(std::size_t slot, End why) {
        const std::uint32_t number = slots[slot].record;
        Record& record = at(number).record;
        if (record.end == End::running) record.end = why;
        if (ended) ended(record);
        unplace(slot);
        free.push_back(number);
        --live;
    }

    [[nodiscard]] std::int64_t due_of(const Record& record) const {
        if (is_over(record)) return record.last_ns + limits.linger_ns;
        const std::int64_t patience = record.key.protocol() == packet::protocol::tcp ? limits.tcp_idle_ns : limits.other_idle_ns;
        return record.last_ns + (patience > 0 ? patience : patient_for_ever);
    }

    void move_hand(std::int64_t now) {
        hand &= mask();
        // What lay behind may have moved into the gap: then it is looked at with the next packet.
        if (slots[hand].record != none && slots[hand].due < now) return end(hand, End::idle);
        ++hand;
    }

    // The one of some that would be silent too long first.
    void make_room() {
        std::size_t first = none;
        for (int looked = 0; looked < looked_at_when_full; ++hand) {
            hand &= mask();
            if (slots[hand].record == none) continue;
            if (first == none || slots[hand].due < slots[first].due) first = hand;
            ++looked;
        }
        ++counts.evicted;
        end(first, End::evicted);
    }

    std::size_t begin(const Key& key, std::uint64_t hash, bool from_low, const packet::Packet& packet, std::int64_t now) {
        if (live >= limits.flows_max) make_room();
        if ((live + 1) * 2 > slots.size()) grow();
        const std::uint32_t number = take_free();
        Held& held = at(number);
        held.record = {};
        held.hash = hash;
        Record& record = held.record;
        record.key = key;
        record.source_is_low = from_low;
        record.first_ns = record.last_ns = now;
        record.vlan = packet.vlan;
        record.tunnelled = packet.tunnelled;
        if (packet.tunnelled) {
            record.outer_source = mapped(packet.outer_source, packet.outer_v4);
            record.outer_destination = mapped(packet.outer_destination, packet.outer_v4);
        }
        ++live;
        ++counts.flows;
        return place({static_cast<std::uint32_t>(hash >> 32), number, 0}, hash);
    }

    Ports ports_of(const packet::Packet& packet, bool& orphan) {
        if (packet.fragment == packet::Fragment::first) fragments.remember(packet);
        if (packet.fragment != packet::Fragment::later) return {packet.source_port, packet.destination_port};
        const auto known = fragments.ports_of(packet);
        orphan = !known;
        return known.value_or(Ports{});
    }

    // A packet whose flow is known by name, not yet by place.
    struct Known {
        Keyed keyed;
        std::uint64_t hashed = 0;
        bool orphan = false;
    };

    Known known(const packet::Packet& packet) {
        Known out;
        const Ports ports = ports_of(packet, out.orphan);
        out.keyed = key_of(packet, ports.source, ports.destination);
        out.hashed = hash(out.keyed.key, seed);
        return out;
    }

    // Three rounds: the slots are fetched, then the records, and then there is hardly anything left to wait for.
    void add(std::span<const Arrival> packets, const Each& each) {
        std::array<Known, together> knowns;
        for (std::size_t begin = 0; begin < packets.size(); begin += together) {
            const auto some = packets.subspan(begin, std::min(together, packets.size() - begin));
            for (std::size_t i = 0; i < some.size(); ++i) {
                knowns[i] = known(some[i].packet);
                __builtin_prefetch(&slots[knowns[i].hashed & mask()], 1);
            }
            for (std::size_t i = 0; i < some.size(); ++i) {
                const Slot& slot = slots[knowns[i].hashed & mask()];
                if (slot.record != none && slot.hash == static_cast<std::uint32_t>(knowns[i].hashed >> 32)) fetch(at(slot.record).record);
            }
            for (std::size_t i = 0; i < some.size(); ++i) {
                Record& record = add(some[i].packet, some[i].wire_bytes, some[i].time_ns, knowns[i]);
                if (each) each(begin + i, record);
            }
        }
    }

    Record& add(const packet::Packet& packet, std::uint32_t wire_bytes, std::int64_t now, const Known& flow) {
        const auto& [keyed, hashed, orphan] = flow;
        const bool is_tcp = packet.protocol == packet::protocol::tcp && packet.fragment != packet::Fragment::later;
        move_hand(now);
        std::size_t slot = find(keyed.key, hashed);
        if (slots[slot].record != none && slots[slot].due < now) {
            end(slot, End::idle);
            slot = find(keyed.key, hashed);
        }
        if (slots[slot].record != none && is_tcp) {
            const Record& known = at(slots[slot].record).record;
            if (begins_another(known, packet, keyed.from_low == known.source_is_low ? 0 : 1)) {
                end(slot, End::replaced);
                slot = find(keyed.key, hashed);
            }
        }
        if (slots[slot].record == none) slot = begin(keyed.key, hashed, keyed.from_low, packet, now);
        Record& record = at(slots[slot].record).record;
        record.last_ns = std::max(record.last_ns, now);
        Direction& sent = record.sent[keyed.from_low == record.source_is_low ? 0 : 1];
        ++sent.packets;
        sent.bytes += wire_bytes;
        sent.payload_bytes += packet.payload_length;
        if (packet.fragment == packet::Fragment::later) ++record.fragments;
        if (packet.was_sealed) record.seen_sealed = true;
        if (packet.has_vni && !packet.was_sealed) record.seen_clear = true;
        counts.orphan_fragments += orphan ? 1 : 0;
        ++counts.packets;
        counts.bytes += wire_bytes;
        if (is_tcp) follow_tcp(record, packet, keyed.from_low == record.source_is_low ? 0 : 1, now);
        slots[slot].due = due_of(record);
        return record;
    }

    void finish() {
        for (std::size_t slot = 0; slot < slots.size();) {
            if (slots[slot].record == none) {
                ++slot;
            } else {
                end(slot, End::running);  // what moves into the gap is next
            }
        }
    }
};

FlowTable::FlowTable(Limits limits, Ended ended, std::uint64_t seed) : state_(std::make_unique<State>()) {
    state_->limits = limits;
    state_->limits.flows_max = std::max<std::size_t>(limits.flows_max, looked_at_when_full);
    state_->ended = std::move(ended);
    state_->seed = seed;
}

FlowTable::~FlowTable() = default;

Record& FlowTable::add(const packet::Packet& packet, std::uint32_t wire_bytes, std::int64_t time_ns) {
    return state_->add(packet, wire_bytes, time_ns, state_->known(packet));
}

void FlowTable::add(std::span<const Arrival> packets, const Each& each) { state_->add(packets, each); }

void FlowTable::finish() { state_->finish(); }

std::size_t FlowTable::size() const { return state_->live; }
const Counts& FlowTable::counts() const { return state_->counts; }

}  // namespace bulkhead::flow
