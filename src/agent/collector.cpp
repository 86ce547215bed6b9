// SPDX-License-Identifier: Apache-2.0
#include "agent/collector.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/text.h"

namespace bulkhead::agent {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t line_bytes_max = 1UL << 20U;
constexpr milliseconds look_every{100};  // so long a stop may wait
constexpr milliseconds first_wait{250};  // for an engine that is away; doubled up to
constexpr milliseconds longest_wait{5'000};
constexpr milliseconds again_at_most_every{300};  // and never more than this part of the time
constexpr int part_of_the_time = 20;
constexpr milliseconds swarm_every{30'000};
constexpr milliseconds anyway_every{600'000};
constexpr std::int64_t settling_ns = 500'000'000;
// Execs and health checks make most of an engine's events and say nothing of addresses.
constexpr std::string_view filters =
    R"({"type":["container","network","service","node"],"event":["create","start","die","destroy","rename","connect","disconnect","remove","update"]})";

std::int64_t wall_ns() { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::int64_t steady_ns() { return std::chrono::duration_cast<std::chrono::nanoseconds>(steady_clock::now().time_since_epoch()).count(); }

}  // namespace

Collector::Collector(world::LiveReader& reader, Identities& identities, std::function<void(const Life&)> on_life, std::function<void()> on_namespaces)
    : reader_(reader), roster_(reader, identities, std::move(on_life)), on_namespaces_(std::move(on_namespaces)) {}

void Collector::run(const std::stop_token& stop) {
    milliseconds pause = first_wait;
    while (!stop.stop_requested()) {
        if (follow(stop)) pause = first_wait;
        if (stop.stop_requested()) break;
        wait(stop, pause);
        pause = std::min(pause * 2, longest_wait);
    }
}

void Collector::wait(const std::stop_token& stop, milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, time, [] { return false; });
}

void Collector::read_all() {
    const auto began = steady_clock::now();
    roster_.read_all(wall_ns());
    read_at_ = steady_clock::now();
    reading_took_ = read_at_ - began;
    read_again_ = false;
    asked_again_ = false;
    {
        const std::scoped_lock lock(mutex_);
        ++counts_.full_readings;
        counts_.unreadable += roster_.problems().size();
        if (!roster_.problems().empty()) counts_.last_problem = roster_.problems().front();
        node_ = roster_.node();
        ready_ = true;
    }
    changed_.notify_all();
    if (on_namespaces_) on_namespaces_();
    roster_.attach_all();
}

// One life of the engine. False: it did not answer at all.
bool Collector::follow(const std::stop_token& stop) {
    // A second back: what happened between the stream's beginning and the reading comes twice, and not never.
    auto stream = reader_.follow_events(now_ms() - 1000, filters);
    const auto gone = [&](const std::string& why) {
        {
            const std::scoped_lock lock(mutex_);
            ++counts_.engine_gone;
            counts_.engine_answers = false;
            counts_.last_problem = why;
            ready_ = true;
        }
        changed_.notify_all();
    };
    if (!stream) {
        gone(stream.error().message);
        return false;
    }
    auto some = (*stream)->next_within(milliseconds(0));  // the request is sent before everything is read
    read_all();
    {
        const std::scoped_lock lock(mutex_);
        counts_.engine_answers = true;
    }
    std::string buffer;
    while (!stop.stop_requested()) {
        if (!some) {
            gone(some.error().message);
            return true;
        }
        if (*some && (*some)->empty()) {
            gone("the engine ended its events");
            return true;
        }
        if (*some) {
            buffer.append(**some);
            take_lines(buffer);
        }
        const auto age = steady_clock::now() - read_at_;
        if (read_again_ || (asked_again_ && age > again_at_most_every && age > part_of_the_time * reading_took_) ||
            age > (roster_.in_swarm() ? swarm_every : anyway_every))
            read_all();
        some = (*stream)->next_within(look_every);
    }
    return true;
}

void Collector::take_lines(std::string& buffer) {
    last_event_ns_ = steady_ns();
    std::size_t events = 0, broken = 0, from = 0;
    bool namespaces = false;
    for (std::size_t end = buffer.find('\n'); end != std::string::npos; end = buffer.find('\n', from)) {
        const auto parsed = engine::parse_events(std::string_view(buffer).substr(from, end - from));
        from = end + 1;
        if (!parsed) {
            ++broken;
            continue;
        }
        for (const engine::Event& event : *parsed) {
            ++events;
            // The namespace of an overlay is there before its container's processes: there is no time to lose.
            if (event.type == "network" && event.action == "connect" && on_namespaces_) on_namespaces_();
            const auto then = roster_.apply(event);
            namespaces = namespaces || then == LiveRoster::Then::look_at_namespaces;
            read_again_ = read_again_ || then == LiveRoster::Then::read_all;
        }
    }
    buffer.erase(0, from);
    if (buffer.size() > line_bytes_max) {
        buffer.clear();
        ++broken;
    }
    if (broken > 0) read_again_ = true;
    last_event_ns_ = steady_ns();
    {
        const std::scoped_lock lock(mutex_);
        counts_.events += events;
        counts_.events_broken += broken;
    }
    if (namespaces && on_namespaces_) on_namespaces_();
}

void Collector::wait_until_ready(const std::stop_token& stop, milliseconds time_max) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, time_max, [this] { return ready_; });
}

void Collector::look_again() { asked_again_ = true; }

bool Collector::settled() const { return !asked_again_ && steady_ns() - last_event_ns_ > settling_ns; }

CollectorCounts Collector::counts() const {
    const std::scoped_lock lock(mutex_);
    return counts_;
}

std::string Collector::node() const {
    const std::scoped_lock lock(mutex_);
    return node_;
}

}  // namespace bulkhead::agent
