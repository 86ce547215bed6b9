// SPDX-License-Identifier: Apache-2.0
#include "agent/agent.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/text.h"
#include "host/namespaces.h"

namespace bulkhead::agent {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds datapath_wait{100};
constexpr milliseconds pending_wait{3};  // while a namespace is being made
constexpr milliseconds flow_wait{40};
constexpr milliseconds names_wait{3'000};  // for the first reading of the engine; afterwards flows come without names
constexpr std::int64_t status_every_ns = 500'000'000;

std::int64_t steady_ns() { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

InterfaceId id_of(const datapath::Interface& interface, std::uint64_t engine_netns) {
    const bool is_child = interface.kind == datapath::InterfaceKind::macvlan || interface.kind == datapath::InterfaceKind::ipvlan;
    const bool is_host = engine_netns == 0 ? interface.netns.empty() : interface.netns_inode == engine_netns;
    return {interface.id, {interface.netns_inode, interface.index}, is_child || is_host ? 0 : interface.netns_inode};
}

std::int64_t engine_pid(world::Reader& reader) {
    const auto reading = reader.read(world::engine_process());
    const auto document = reading.present() ? json::Document::parse(reading.bytes) : Result<json::Document>(fail(Code::unavailable, reading.reason));
    return document ? document->root()["pid"].integer_or(0) : 0;
}

std::uint64_t netns_of(world::Reader& reader, std::int64_t pid) {
    if (pid == 0) return 0;
    const auto reading = reader.read(world::namespaces_of(pid));
    const auto namespaces = reading.present() ? host::parse_namespaces(reading.bytes) : Result<host::Namespaces>(fail(Code::unavailable, reading.reason));
    if (!namespaces || !namespaces->contains("net")) return 0;
    return static_cast<std::uint64_t>(namespaces->at("net"));
}

}  // namespace

Agent::Agent(AgentOptions options, AgentSinks sinks)
    : options_(std::move(options)),
      sinks_(std::move(sinks)),
      reader_({.engine = options_.engine}),
      collector_(reader_, identities_, sinks_.life, [this] { want_namespaces(); }),
      words_(options_.words_max),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Agent::want_namespaces() {
    look_at_namespaces_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);  // full is as good as written
}

void Agent::wait_for_work(const datapath::Datapath& datapath, const NamespaceWatch& namespaces) const {
    std::array<pollfd, 3> ready{pollfd{datapath.fd(), POLLIN, 0}, pollfd{wake_.get(), POLLIN, 0}, pollfd{namespaces.fd(), POLLIN, 0}};
    ::poll(ready.data(), ready.size(), static_cast<int>((namespaces.is_pending() ? pending_wait : datapath_wait).count()));
    std::uint64_t count = 0;
    if (ready[1].revents != 0) [[maybe_unused]]
        const ssize_t got = ::read(wake_.get(), &count, sizeof count);
}

Result<std::unique_ptr<Agent>> Agent::start(AgentOptions options, AgentSinks sinks) {
    std::unique_ptr<Agent> agent(new Agent(std::move(options), std::move(sinks)));
    agent->find_engine();
    agent->collecting_ = std::jthread([&self = *agent](const std::stop_token& stop) { self.collector_.run(stop); });
    std::promise<Result<void>> opened;
    auto result = opened.get_future();
    agent->metering_ = std::jthread([&self = *agent, &opened](const std::stop_token& stop) { self.run_datapath(stop, opened); });
    if (const auto done = result.get(); !done) {
        const bool rights = done.error().code == Code::permission_denied;
        return std::unexpected(rights ? done.error().in("metering needs root") : done.error());
    }
    agent->meaning_ = std::jthread([&self = *agent] { self.run_flows(); });
    return agent;
}

Agent::~Agent() { stop(); }

void Agent::stop() {
    if (metering_.joinable()) {
        metering_.request_stop();
        metering_.join();
    }
    words_.close();
    if (meaning_.joinable()) meaning_.join();  // what is left still gets its names
    if (collecting_.joinable()) {
        collecting_.request_stop();
        collecting_.join();
    }
}

void Agent::tell_blind(std::string_view where, const Error& why) const {
    if (sinks_.blind) sinks_.blind(where, why);
}

datapath::Callbacks Agent::callbacks() {
    datapath::Callbacks out;
    out.flow = [this](const datapath::Interface& interface, const datapath::FlowRef& ref, const flow::Record& record, flow::Moment moment) {
        words_.put(FlowWord{id_of(interface, engine_netns_), ref, record, moment});
    };
    out.payload = [this](const datapath::Interface&, const datapath::Payload& payload) {
        words_.put(PayloadWord{payload.flow,
                               payload.from_source,
                               payload.has_sequence,
                               payload.sequence,
                               payload.wire_bytes,
                               payload.time_ns,
                               {payload.bytes.begin(), payload.bytes.end()}});
    };
    out.failed = [this](std::string_view where, const Error& why) { tell_blind(where, why); };
    return out;
}

void Agent::find_engine() {
    const std::int64_t pid = engine_pid(reader_);
    if (pid == 0 || pid == engine_pid_) return;
    engine_netns_ = netns_of(reader_, pid);
    engine_pid_ = pid;
}

void Agent::run_datapath(const std::stop_token& stop, std::promise<Result<void>>& opened) {
    auto datapath = datapath::Datapath::open(options_.datapath, callbacks());
    if (!datapath) {
        opened.set_value(std::unexpected(datapath.error()));
        return;
    }
    NamespaceWatch namespaces(reader_, **datapath, [this](std::string_view where, const Error& why) { tell_blind(where, why); });
    look_at_namespaces_ = false;
    namespaces.look(engine_pid_, steady_ns());
    opened.set_value({});
    std::int64_t told_at = 0;
    const auto keep_status = [&] {
        auto counts = (*datapath)->counts();
        auto interfaces = (*datapath)->interfaces();
        const std::scoped_lock lock(mutex_);
        status_.datapath = counts;
        status_.interfaces = std::move(interfaces);
    };
    while (!stop.stop_requested()) {
        wait_for_work(**datapath, namespaces);
        if (look_at_namespaces_.exchange(false)) {
            find_engine();
            namespaces.look(engine_pid_, steady_ns());
        } else if (namespaces.take_news() || namespaces.is_pending()) {
            namespaces.look(engine_pid_, steady_ns());
        }
        if (const auto done = (*datapath)->poll(milliseconds(0)); !done) tell_blind("the datapath", done.error());
        if (const std::int64_t now = steady_ns(); now - told_at > status_every_ns) {
            told_at = now;
            keep_status();
        }
    }
    if (const auto done = (*datapath)->finish(); !done) tell_blind("the datapath's end", done.error());
    keep_status();
}

MeaningParts Agent::parts(Translator& translator, l7::Inspector& inspector) {
    MeaningParts out{.identities = &identities_, .node = collector_.node()};
    out.feed = [&inspector](std::uint32_t& slot, const flow::Record& record, const PayloadWord& word) {
        return inspector.feed(slot, record, {word.from_source, word.bytes, word.wire_bytes, word.time_ns, word.has_sequence, word.sequence});
    };
    out.look = [&inspector](std::uint32_t slot) { return inspector.look(slot); };
    out.take = [&inspector](std::uint32_t& slot) { return inspector.take(slot); };
    out.translate = [&translator](const flow::Record& record) { return translator.translate(record, steady_ns()); };
    out.settled = [this] { return collector_.settled(); };
    out.look_again = [this] { collector_.look_again(); };
    return out;
}

void Agent::run_flows() {
    collector_.wait_until_ready(std::stop_token(), names_wait);
    Translator translator(engine_pid_);
    l7::Inspector inspector;
    Meaning meaning(
        parts(translator, inspector),
        [this](const flow::Observed& observed, flow::Moment moment) {
            if (sinks_.flow) sinks_.flow(observed, moment);
        },
        options_.assembly);
    const auto keep_status = [&] {
        const std::scoped_lock lock(mutex_);
        status_.assembly = meaning.assembly().counts();
        status_.meaning = meaning.counts();
        status_.translator = translator.counts();
        status_.l7 = inspector.counts();
        status_.conversations = meaning.assembly().size();
        status_.dns_names = meaning.dns().size();
    };
    std::vector<Word> words;
    std::int64_t told_at = 0;
    while (true) {
        const bool is_last = words_.closed();
        words_.take_all(words, flow_wait);
        std::int64_t now = steady_ns();
        for (const Word& word : words) meaning.take(word, now);
        now = steady_ns();
        meaning.tick(now);
        if (now - told_at > status_every_ns) {
            told_at = now;
            keep_status();
        }
        if (is_last && words.empty()) break;
    }
    meaning.finish(steady_ns());
    keep_status();
}

AgentStatus Agent::status() const {
    AgentStatus out;
    {
        const std::scoped_lock lock(mutex_);
        out = status_;
    }
    out.node = collector_.node();
    out.collector = collector_.counts();
    out.words_dropped = words_.dropped();
    out.words_waiting = words_.size();
    out.identities = identities_.spans();
    return out;
}

}  // namespace bulkhead::agent
