// SPDX-License-Identifier: Apache-2.0
// A slot is first a count of payloads that nobody knew, then the number of an entry. An entry is what was learned, and, while there is
// something to learn, the work: both streams and the parser. Only work is bounded here; entries are as many as their owner has flows.
#include "l7/inspector.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "l7/signature.h"
#include "l7/stream.h"

namespace bulkhead::l7 {

namespace {

constexpr std::uint32_t tries_max = 4;    // payloads that may be nobody's before a flow is given up
constexpr std::uint32_t entry_base = 16;  // slots below are counts of tries
constexpr std::uint32_t none = UINT32_MAX;

bool is_inspected(std::uint8_t protocol) { return protocol == packet::protocol::tcp || protocol == packet::protocol::udp; }

// A server's first words may follow a client's that say nothing, and the other way round; a cut payload says no more the second time.
bool is_worth_another_try(std::uint32_t tries, const Segment& segment) { return tries < tries_max && segment.bytes.size() == segment.wire_bytes; }

Opening opening_of(const flow::Record& record, const Segment& segment) {
    const std::uint16_t source = record.source_port(), destination = record.destination_port();
    return {segment.bytes, std::max(segment.wire_bytes, static_cast<std::uint32_t>(segment.bytes.size())), segment.from_source ? source : destination,
            segment.from_source ? destination : source, record.key.protocol() == packet::protocol::tcp};
}

}  // namespace

void add_risk(flow::L7& l7, std::string_view risk) {
    if (std::ranges::find(l7.risks, risk) == l7.risks.end()) l7.risks.emplace_back(risk);
}

struct Inspector::State {
    struct Work {
        std::uint32_t entry = none;
        bool source_is_client = true;
        std::array<Stream, 2> streams;  // source's, destination's
        std::unique_ptr<Conversation> conversation;
    };
    struct Entry {
        std::shared_ptr<flow::L7> l7;
        std::uint32_t work = none;  // its place in `works`
        bool may_go_on = false;     // the work is idle, not over
    };

    Limits limits;
    Counts counts;
    std::vector<Entry> entries;
    std::vector<std::uint32_t> free;
    std::vector<std::unique_ptr<Work>> works;
    std::size_t hand = 0;
    std::unordered_map<std::string_view, std::shared_ptr<flow::L7>> name_only;  // one for all flows of which no more is known

    std::uint32_t take_entry() {
        if (free.empty()) {
            entries.emplace_back();
            return static_cast<std::uint32_t>(entries.size() - 1);
        }
        const std::uint32_t number = free.back();
        free.pop_back();
        return number;
    }

    // No more is learned: what is worth nothing alone is shared.
    void settle(Entry& entry) {
        const flow::L7& l7 = *entry.l7;
        if (!l7.application.empty() || !l7.banner.empty() || !l7.user.empty() || !l7.database.empty() || !l7.http.empty() || !l7.dns.empty() ||
            !l7.tls.empty() || !l7.risks.empty() || l7.exchanges_left_out != 0)
            return;
        const auto known = name_only.find(l7.name);
        if (known != name_only.end()) {
            entry.l7 = known->second;
        } else {
            name_only.emplace(entry.l7->name, entry.l7);
        }
    }

    void drop_work(std::uint32_t place) {
        entries[works[place]->entry].work = none;
        if (place + 1 != works.size()) {
            works[place] = std::move(works.back());
            entries[works[place]->entry].work = place;
        }
        works.pop_back();
    }

    // The work of an entry is over: what waited is read, and the parser tells what it half knows.
    void finish_work(Entry& entry) {
        Work& work = *works[entry.work];
        for (std::size_t side = 0; side < 2 && work.conversation; ++side) {
            work.streams[side].end();
            if (run(work, side, *entry.l7, 0) == Progress::enough) break;
        }
        work.conversation->end(*entry.l7);
        entry.may_go_on = false;
        drop_work(entry.work);
        settle(entry);
    }

    Progress run(Work& work, std::size_t side, flow::L7& l7, std::int64_t time_ns) {
        Stream::Run piece;
        Progress progress = Progress::more;
        const std::uint64_t gaps = work.streams[side].gaps();
        while (progress != Progress::enough && work.streams[side].next(piece)) {
            progress = work.conversation->take({(side == 0) == work.source_is_client, piece.bytes, piece.cut, time_ns}, l7);
        }
        counts.gaps += work.streams[side].gaps() - gaps;
        return progress;
    }

    void begin_work(std::uint32_t number, const Recognised& found, const flow::Record& record, const Segment& segment) {
        if (works.size() >= limits.open_max) {
            hand = hand < works.size() ? hand : 0;
            ++counts.evicted;
            finish_work(entries[works[hand++]->entry]);
        }
        auto work = std::make_unique<Work>();
        const bool tcp = record.key.protocol() == packet::protocol::tcp;
        work->entry = number;
        work->source_is_client = segment.from_source == found.sender_is_client;
        work->conversation = found.signature->open(tcp);
        entries[number].work = static_cast<std::uint32_t>(works.size());
        works.push_back(std::move(work));
    }

    // True: more is wanted.
    bool go_on(std::uint32_t number, const Segment& segment) {
        Entry& entry = entries[number];
        Work& work = *works[entry.work];
        const std::size_t side = segment.from_source ? 0 : 1;
        work.streams[side].add(segment);
        const Progress progress = run(work, side, *entry.l7, segment.time_ns);
        if (progress == Progress::more) return true;
        // Idle is known of one direction after the other: only datagrams are whole conversations by themselves.
        if (progress == Progress::idle && segment.has_sequence) return true;
        entry.may_go_on = progress == Progress::idle;
        drop_work(entry.work);
        if (!entry.may_go_on) settle(entry);
        return entry.may_go_on;
    }

    bool nobody_knows(std::uint32_t& slot, const Segment& segment) {
        ++slot;
        if (is_worth_another_try(slot, segment)) return true;
        ++counts.unknown;
        return false;
    }

    bool begin(std::uint32_t& slot, const flow::Record& record, const Segment& segment) {
        const Recognised found = recognise(opening_of(record, segment));
        if (found.signature == nullptr) return nobody_knows(slot, segment);
        ++counts.named;
        const std::uint32_t number = take_entry();
        slot = number + entry_base;
        Entry& entry = entries[number];
        entry = {};
        if (found.signature->open == nullptr) {
            std::shared_ptr<flow::L7>& shared = name_only[found.signature->name];
            if (!shared) {
                shared = std::make_shared<flow::L7>();
                shared->name = found.signature->name;
            }
            entry.l7 = shared;
            return false;
        }
        entry.l7 = std::make_shared<flow::L7>();
        entry.l7->name = found.signature->name;
        begin_work(number, found, record, segment);
        return go_on(number, segment);
    }

    bool feed(std::uint32_t& slot, const flow::Record& record, const Segment& segment) {
        if (!is_inspected(record.key.protocol())) return false;
        if (slot < entry_base) return segment.bytes.empty() ? segment.wire_bytes == 0 : begin(slot, record, segment);
        const std::uint32_t number = slot - entry_base;
        if (number >= entries.size() || !entries[number].l7) return false;
        if (entries[number].work != none) return go_on(number, segment);
        if (!entries[number].may_go_on || segment.bytes.empty()) return entries[number].may_go_on;
        const Recognised found = recognise(opening_of(record, segment));
        if (found.signature == nullptr || found.signature->open == nullptr || found.signature->name != entries[number].l7->name) return true;
        begin_work(number, found, record, segment);
        return go_on(number, segment);
    }

    flow::L7Ptr take(std::uint32_t& slot) {
        const std::uint32_t number = slot - entry_base;
        const bool has = slot >= entry_base && number < entries.size() && entries[number].l7;
        slot = 0;
        if (!has) return nullptr;
        Entry& entry = entries[number];
        if (entry.work != none) finish_work(entry);
        flow::L7Ptr out = std::move(entry.l7);
        entry = {};
        free.push_back(number);
        return out;
    }
};

Inspector::Inspector(Limits limits) : state_(std::make_unique<State>()) {
    state_->limits = limits;
    state_->limits.open_max = std::max<std::size_t>(limits.open_max, 1);
}

Inspector::~Inspector() = default;

bool Inspector::feed(std::uint32_t& slot, const flow::Record& record, const Segment& segment) { return state_->feed(slot, record, segment); }

flow::L7Ptr Inspector::look(std::uint32_t slot) const {
    const std::uint32_t number = slot - entry_base;
    if (slot < entry_base || number >= state_->entries.size() || !state_->entries[number].l7) return nullptr;
    return std::make_shared<flow::L7>(*state_->entries[number].l7);
}

flow::L7Ptr Inspector::take(std::uint32_t& slot) { return state_->take(slot); }

const Counts& Inspector::counts() const { return state_->counts; }
std::size_t Inspector::open() const { return state_->works.size(); }
std::size_t Inspector::entries() const { return state_->entries.size() - state_->free.size(); }

}  // namespace bulkhead::l7
