// SPDX-License-Identifier: Apache-2.0
#include "datapath/drain.h"

#include <bpf/libbpf.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "datapath/to_record.h"
#include "world/live/errno_result.h"

namespace bulkhead::datapath {

namespace {

constexpr std::size_t closing_max = 262'144;            // more are found by the walk
constexpr std::size_t closing_at_once = 2048;           // between two looks at everything else
constexpr std::uint64_t step_ns = 3'000'000;            // of walking, then new interfaces have their turn
constexpr std::uint64_t urgent_walk_ns = 20'000'000;    // between two walks that cannot wait
constexpr std::uint64_t closing_grain_ns = 20'000'000;  // flows that lingered are taken out in lots
constexpr std::uint64_t nearly_full_percent = 90, emptied_percent = 80;
constexpr std::uint64_t any_time = UINT64_MAX;

std::size_t age_class(std::uint64_t silent_ns) {
    if (silent_ns < 4) return 0;
    const auto top = static_cast<std::size_t>(std::bit_width(silent_ns)) - 1;
    return top * 4 + ((silent_ns >> (top - 2)) & 3);
}

std::uint64_t least_of_class(std::size_t age) { return age < 8 ? 0 : (4 + age % 4) << (age / 4 - 2); }

bool is_over(const kernel::flow_state& state) { return state.end != kernel::end_running; }

}  // namespace

void Drain::FreeRing::operator()(ring_buffer* ring) const { ring_buffer__free(ring); }

Drain::Drain(const Options& options, const Programs& programs, InterfaceTable& table, const WallClock& clock, const Callbacks& callbacks,
             DatapathCounts& counts)
    : options_(options), programs_(programs), table_(table), clock_(clock), callbacks_(callbacks), counts_(counts) {
    walk_.by_interface.resize(kernel::interfaces_max);
    walk_.by_age.resize(ages);
}

Drain::~Drain() = default;

Result<void> Drain::open() {
    ring_.reset(ring_buffer__new(programs_.words(), on_word, this, nullptr));
    if (!ring_) return world::fail_errno(errno, "opening the ring");
    return {};
}

int Drain::fd() const { return ring_buffer__epoll_fd(ring_.get()); }

void Drain::read_words() { ring_buffer__consume(ring_.get()); }

int Drain::on_word(void* self, void* data, std::size_t size) {
    auto& drain = *static_cast<Drain*>(self);
    if (!drain.take_word(data, size)) ++drain.counts_.bad_words;
    return 0;
}

bool Drain::take_word(const void* data, std::size_t size) {
    const std::uint8_t what = size > 0 ? *static_cast<const std::uint8_t*>(data) : std::uint8_t{0};
    if (what == kernel::word_replaced) {
        kernel::replaced replaced;
        if (size < sizeof replaced) return false;
        std::memcpy(&replaced, data, sizeof replaced);
        take_replaced(replaced.state);
        return true;
    }
    kernel::word word;
    if (size < sizeof word) return false;
    std::memcpy(&word, data, sizeof word);
    if (size < sizeof word + word.piece_bytes) return false;
    tell(word, static_cast<const std::uint8_t*>(data) + sizeof word);
    return true;
}

void Drain::take_replaced(const kernel::flow_state& state) { hand_over(state, flow::End::replaced); }

void Drain::tell(const kernel::word& word, const std::uint8_t* piece) {
    const Metered* metered = table_.find(word.key.interface);
    if (metered == nullptr) {
        ++counts_.bad_words;
        return;
    }
    const FlowRef ref = to_ref(word.key, word.serial);
    if ((word.what & kernel::word_begun) != 0 && callbacks_.flow) callbacks_.flow(metered->interface, ref, to_record(word, clock_), flow::Moment::begun);
    if ((word.what & kernel::word_payload) != 0 && callbacks_.payload) {
        callbacks_.payload(metered->interface, {.flow = ref,
                                                .time_ns = clock_.of(word.serial, word.time_ns),
                                                .from_source = word.from_low == word.source_is_low,
                                                .bytes = {piece, word.piece_bytes},
                                                .wire_bytes = word.payload_bytes,
                                                .has_sequence = word.key.protocol == packet::protocol::tcp,
                                                .sequence = word.sequence});
    }
    if ((word.what & kernel::word_closing) != 0 && closing_.size() < closing_max)
        closing_.push_back({word.key, word.serial, word.time_ns + static_cast<std::uint64_t>(options_.linger_ns)});
}

void Drain::hand_over(kernel::flow_state state, flow::End why) {
    Metered* metered = table_.find(state.key.interface);
    const Counted all{state.sent[0].packets + state.sent[1].packets, state.sent[0].bytes + state.sent[1].bytes};
    ++counts_.flows_over;
    counts_.in_flows.packets += all.packets;
    counts_.in_flows.bytes += all.bytes;
    if (why == flow::End::evicted) ++counts_.evicted;
    if (metered == nullptr) {
        ++counts_.bad_words;
        return;
    }
    Both& sum = metered->in_flows_over;
    sum.received.packets += state.received_packets;
    sum.received.bytes += state.received_bytes;
    sum.sent.packets += all.packets - state.received_packets;
    sum.sent.bytes += all.bytes - state.received_bytes;
    if (state.end == kernel::end_running) state.end = static_cast<std::uint8_t>(why);
    if (callbacks_.flow) callbacks_.flow(metered->interface, to_ref(state.key, state.first_ns), to_record(state, clock_), flow::Moment::over);
}

void Drain::want(const kernel::flow_state& state, std::uint64_t not_after_ns, flow::End why) {
    kernel::retired one{};
    one.key = state.key;
    one.serial = state.first_ns;
    one.not_after_ns = not_after_ns;
    wanted_.push_back(one);
    wanted_why_.push_back(why);
}

Result<void> Drain::retire_wanted() {
    if (wanted_.empty()) return {};
    if (auto done = programs_.retire(wanted_); !done) {
        wanted_.clear();
        wanted_why_.clear();
        return done;
    }
    // What was said of these flows is in the ring by now, and belongs before their end.
    read_words();
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        if (wanted_[i].taken == 0) continue;
        ++taken_since_;
        hand_over(wanted_[i].state, wanted_why_[i]);
    }
    wanted_.clear();
    wanted_why_.clear();
    return {};
}

Result<void> Drain::retire_closed(std::uint64_t now_ns) {
    const auto linger = static_cast<std::uint64_t>(options_.linger_ns);
    while (!closing_.empty() && closing_.front().due_ns <= now_ns && wanted_.size() < closing_at_once) {
        const Closing& one = closing_.front();
        kernel::flow_state state{};
        state.key = one.key;
        state.first_ns = one.serial;
        want(state, now_ns > linger ? now_ns - linger : 0, flow::End::closed);
        closing_.pop_front();
    }
    // One for which something came late is not taken, and found again by the walk.
    return retire_wanted();
}

std::uint64_t Drain::estimate() const {
    const std::uint64_t begun = programs_.totals().begun;
    const std::uint64_t now = entries_last_ + (begun - begun_then_);
    return now > taken_since_ ? now - taken_since_ : 0;
}

bool Drain::is_urgent() const { return table_.gone() > 0 || estimate() * 100 > std::uint64_t{options_.flows_max} * nearly_full_percent; }

std::uint64_t Drain::idle_until_ns() const {
    if (walk_.going) return 0;
    const std::uint64_t walk = walk_.began_ns + (is_urgent() ? urgent_walk_ns : static_cast<std::uint64_t>(options_.going_on_ns));
    return closing_.empty() ? walk : std::min(walk, closing_.front().due_ns + closing_grain_ns);
}

Result<void> Drain::step(std::uint64_t now_ns) {
    if (!closing_.empty() && closing_.front().due_ns + closing_grain_ns <= now_ns) {
        if (auto done = retire_closed(now_ns); !done) return done;
    }
    if (!walk_.going && idle_until_ns() <= now_ns) begin_walk(now_ns);
    for (std::uint64_t now = now_ns; walk_.going && now - now_ns < step_ns;) {
        if (auto done = walk_some(now); !done) return done;
        now = static_cast<std::uint64_t>(WallClock::read().monotonic_ns);
    }
    return {};
}

void Drain::begin_walk(std::uint64_t now_ns) {
    told_until_ns_ = walk_.began_ns;
    walk_.place = {};
    walk_.going = true;
    walk_.began_ns = now_ns;
    walk_.entries = 0;
    std::ranges::fill(walk_.by_interface, 0);
    std::ranges::fill(walk_.by_age, 0);
    begun_then_ = programs_.totals().begun;
    taken_since_ = 0;
}

Result<void> Drain::walk_some(std::uint64_t now_ns) {
    const auto more = programs_.some_flows(walk_.place, keys_, values_);
    if (!more) {
        walk_.going = false;
        return std::unexpected(more.error());
    }
    for (const kernel::flow_value& value : values_) {
        if (value.state.dead == 0) judge(value.state, now_ns);
    }
    if (auto done = retire_wanted(); !done) return done;
    if (!*more) end_walk();
    return {};
}

void Drain::judge(const kernel::flow_state& state, std::uint64_t now_ns) {
    const Metered* metered = table_.find(state.key.interface);
    ++walk_.entries;
    if (state.key.interface < walk_.by_interface.size()) ++walk_.by_interface[state.key.interface];
    const std::uint64_t silent = now_ns > state.last_ns ? now_ns - state.last_ns : 0;
    ++walk_.by_age[age_class(silent)];
    if (metered == nullptr || metered->gone_ns != 0) return want(state, any_time, flow::End::running);
    const auto linger = static_cast<std::uint64_t>(options_.linger_ns);
    if (is_over(state) && silent > linger) return want(state, state.last_ns, flow::End::closed);
    const auto patience = static_cast<std::uint64_t>(state.key.protocol == packet::protocol::tcp ? options_.tcp_idle_ns : options_.other_idle_ns);
    if (patience > 0 && silent > patience) return want(state, state.last_ns, flow::End::idle);
    if (evict_left_ > 0 && silent >= evict_silent_ns_) {
        --evict_left_;
        return want(state, state.last_ns, flow::End::evicted);
    }
    if (state.last_ns >= told_until_ns_ && !is_over(state) && callbacks_.flow)
        callbacks_.flow(metered->interface, to_ref(state.key, state.first_ns), to_record(state, clock_), flow::Moment::going_on);
}

void Drain::end_walk() {
    walk_.going = false;
    entries_last_ = walk_.entries;
    counts_.flows_now = estimate();
    plan_evictions();
    release_gone();
}

// The longest silent go first: how long that is, is read off the walk that just ended.
void Drain::plan_evictions() {
    evict_left_ = evict_silent_ns_ = 0;
    const std::uint64_t most = options_.flows_max;
    if (estimate() * 100 <= most * nearly_full_percent) return;
    const std::uint64_t wanted = estimate() - most * emptied_percent / 100;
    std::uint64_t found = 0;
    std::size_t age = ages;
    while (age > 0 && found < wanted) found += walk_.by_age[--age];
    evict_left_ = wanted;
    evict_silent_ns_ = least_of_class(age);
}

void Drain::release_gone() {
    for (const Metered* metered : table_.all()) {
        const std::uint16_t id = metered->interface.id;
        if (metered->gone_ns == 0 || metered->gone_ns >= walk_.began_ns || walk_.by_interface[id] > 0) continue;
        read_words();
        if (callbacks_.left) callbacks_.left(metered->interface);
        const kernel::interface_counts counts = programs_.counts_of(id);
        for (int why = 0; why < kernel::reasons; ++why) {
            for (int direction = 0; direction < kernel::directions; ++direction) {
                departed_.none[why][direction].packets += counts.none[why][direction].packets;
                departed_.none[why][direction].bytes += counts.none[why][direction].bytes;
            }
        }
        programs_.clear_counts_of(id);
        table_.release(id);
    }
}

Result<void> Drain::everything() {
    bool found = true;
    while (found) {
        found = false;
        Programs::Place place;
        for (bool more = true; more;) {
            const auto some = programs_.some_flows(place, keys_, values_);
            if (!some) return std::unexpected(some.error());
            more = *some;
            for (const kernel::flow_value& value : values_) {
                found = true;
                want(value.state, any_time, flow::End::running);
            }
            if (auto done = retire_wanted(); !done) return done;
        }
    }
    read_words();
    counts_.flows_now = 0;
    return {};
}

Result<void> Drain::add_running(std::uint16_t interface, Both& sum) const {
    std::vector<kernel::flow_key> keys;
    std::vector<kernel::flow_value> values;
    Programs::Place place;
    for (bool more = true; more;) {
        const auto some = programs_.some_flows(place, keys, values);
        if (!some) return std::unexpected(some.error());
        more = *some;
        for (const kernel::flow_value& value : values) {
            const kernel::flow_state& state = value.state;
            if (state.key.interface != interface || state.dead != 0) continue;
            sum.received.packets += state.received_packets;
            sum.received.bytes += state.received_bytes;
            sum.sent.packets += state.sent[0].packets + state.sent[1].packets - state.received_packets;
            sum.sent.bytes += state.sent[0].bytes + state.sent[1].bytes - state.received_bytes;
        }
    }
    return {};
}

}  // namespace bulkhead::datapath
