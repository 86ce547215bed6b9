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

struct Slot {
    std::uint32_t hash = 0;  // the upper half: the lower is the place
    std::uint32_t record = none;
};

struct Held {
    Record record;
    std::uint64_t hash = 0;
    bool used = false;
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
    std::uint32_t hand = 0;

    Held& at(std::uint32_t number) { return (*blocks[number / block_records])[number % block_records]; }
    [[nodiscard]] std::size_t mask() const { return slots.size() - 1; }
    [[nodiscard]] std::uint32_t capacity() const { return static_cast<std::uint32_t>(blocks.size() * block_records); }

    std::uint32_t find(const Key& key, std::uint64_t hash) {
        const auto upper = static_cast<std::uint32_t>(hash >> 32);
        for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
            const Slot& slot = slots[i];
            if (slot.record == none) return none;
            if (slot.hash == upper && at(slot.record).record.key == key) return slot.record;
        }
    }

    void place(std::uint64_t hash, std::uint32_t number) {
        std::size_t i = hash & mask();
        while (slots[i].record != none) i = (i + 1) & mask();
        slots[i] = {static_cast<std::uint32_t>(hash >> 32), number};
    }

    void grow() {
        std::vector<Slot> old(slots.size() * 2);
        old.swap(slots);
        for (const Slot& slot : old) {
            if (slot.record != none) place(at(slot.record).hash, slot.record);
        }
    }

    // Closes the gap, so that no search ends before its time and no tombstones pile up.
    void unplace(std::uint64_t hash, std::uint32_t number) {
        std::size_t gap = hash & mask();
        while (slots[gap].record != number) gap = (gap + 1) & mask();
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

    void end(std::uint32_t number, End why) {
        Held& held = at(number);
        if (held.record.end == End::running) held.record.end = why;
        if (ended) ended(held.record);
        unplace(held.hash, number);
        held.used = false;
        free.push_back(number);
        --live;
    }

    [[nodiscard]] bool is_due(const Record& record, std::int64_t now) const {
        const std::int64_t silent = now - record.last_ns;
        if (is_over(record)) return silent > limits.linger_ns;
        const std::int64_t patience = record.key.protocol() == packet::protocol::tcp ? limits.tcp_idle_ns : limits.other_idle_ns;
        return patience > 0 && silent > patience;
    }

    void move_hand(std::int64_t now) {
        if (capacity() == 0) return;
        if (hand >= capacity()) hand = 0;
        if (const Held& held = at(hand); held.used && is_due(held.record, now)) end(hand, End::idle);
        ++hand;
    }

    // The one of some that was silent longest.
    void make_room() {
        std::uint32_t oldest = none;
        for (int looked = 0; looked < looked_at_when_full;) {
            if (hand >= capacity()) hand = 0;
            if (const Held& held = at(hand); held.used) {
                if (oldest == none || held.record.last_ns < at(oldest).record.last_ns) oldest = hand;
                ++looked;
            }
            ++hand;
        }
        ++counts.evicted;
        end(oldest, End::evicted);
    }

    std::uint32_t begin(const Key& key, std::uint64_t hash, bool from_low, const packet::Packet& packet, std::int64_t now) {
        if (live >= limits.flows_max) make_room();
        if ((live + 1) * 2 > slots.size()) grow();
        const std::uint32_t number = take_free();
        Held& held = at(number);
        held.record = {};
        held.hash = hash;
        held.used = true;
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
        place(hash, number);
        ++live;
        ++counts.flows;
        return number;
    }

    Ports ports_of(const packet::Packet& packet, bool& orphan) {
        if (packet.fragment == packet::Fragment::first) fragments.remember(packet);
        if (packet.fragment != packet::Fragment::later) return {packet.source_port, packet.destination_port};
        const auto known = fragments.ports_of(packet);
        orphan = !known;
        return known.value_or(Ports{});
    }

    const Record& add(const packet::Packet& packet, std::uint32_t wire_bytes, std::int64_t now) {
        bool orphan = false;
        const Ports ports = ports_of(packet, orphan);
        const Keyed keyed = key_of(packet, ports.source, ports.destination);
        const std::uint64_t hashed = hash(keyed.key, seed);
        const bool is_tcp = packet.protocol == packet::protocol::tcp && packet.fragment != packet::Fragment::later;
        std::uint32_t number = find(keyed.key, hashed);
        if (number != none && is_due(at(number).record, now)) {
            end(number, End::idle);
            number = none;
        }
        if (number != none && is_tcp) {
            const Record& known = at(number).record;
            if (begins_another(known, packet, keyed.from_low == known.source_is_low ? 0 : 1)) {
                end(number, End::replaced);
                number = none;
            }
        }
        move_hand_past(number, now);
        if (number == none) number = begin(keyed.key, hashed, keyed.from_low, packet, now);
        Record& record = at(number).record;
        record.last_ns = std::max(record.last_ns, now);
        Direction& sent = record.sent[keyed.from_low == record.source_is_low ? 0 : 1];
        ++sent.packets;
        sent.bytes += wire_bytes;
        sent.payload_bytes += packet.payload_length;
        if (packet.fragment == packet::Fragment::later) ++record.fragments;
        counts.orphan_fragments += orphan ? 1 : 0;
        ++counts.packets;
        counts.bytes += wire_bytes;
        if (is_tcp) follow_tcp(record, packet, keyed.from_low == record.source_is_low ? 0 : 1, now);
        return record;
    }

    // The flow of the packet in hand is alive, whatever the hand finds.
    void move_hand_past(std::uint32_t number, std::int64_t now) {
        if (number != none && hand == number) {
            ++hand;
            return;
        }
        move_hand(now);
    }
};

FlowTable::FlowTable(Limits limits, Ended ended, std::uint64_t seed) : state_(std::make_unique<State>()) {
    state_->limits = limits;
    state_->limits.flows_max = std::max<std::size_t>(limits.flows_max, looked_at_when_full);
    state_->ended = std::move(ended);
    state_->seed = seed;
}

FlowTable::~FlowTable() = default;

const Record& FlowTable::add(const packet::Packet& packet, std::uint32_t wire_bytes, std::int64_t time_ns) { return state_->add(packet, wire_bytes, time_ns); }

void FlowTable::finish() {
    for (std::uint32_t number = 0; number < state_->capacity(); ++number) {
        if (state_->at(number).used) state_->end(number, End::running);
    }
}

std::size_t FlowTable::size() const { return state_->live; }
const Counts& FlowTable::counts() const { return state_->counts; }

}  // namespace bulkhead::flow
