// SPDX-License-Identifier: Apache-2.0
// How fast flows become history, how large, and how fast the past is asked. usage: bench-history FOLDER FLOWS SECONDS MIX
// SECONDS: of the day in which the flows end.
// MIX: containers (200 containers, 2,000 edges), clients (half of the flows from 100,000 addresses outside), strangers (each flow from an address
// of its own, as a flood with made-up senders). One figure a line: name, value, unit.
#include <sqlite3.h>
#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "history/reader.h"
#include "history/schema.h"
#include "history/testing/made_flows.h"
#include "history/writer.h"

namespace {

using namespace bulkhead;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double cpu_seconds(clockid_t clock) {
    timespec used{};
    clock_gettime(clock, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

struct Random {
    std::uint64_t state;
    std::uint32_t below(std::uint32_t limit) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::uint32_t>((state >> 33U) % limit);
    }
};

// Flows as a host of 200 containers has them: ports of clients, sizes and times vary as they do on wires.
class Maker {
  public:
    explicit Maker(std::string mix) : mix_(std::move(mix)) {
        for (int i = 0; i < 200; ++i) containers_.push_back(history::container_named("service" + std::to_string(i), "project" + std::to_string(i / 10)));
        auto outside = std::make_shared<flow::Identity>();
        outside->who = flow::Who::external;
        outside_ = outside;
        for (const char* name : {"http", "tls", "dns", "postgresql", "redis"}) {
            auto l7 = std::make_shared<flow::L7>();
            l7->name = name;
            names_.push_back(l7);
        }
    }

    flow::Observed make(std::int64_t end_ns) {
        flow::Observed out = history::made_flow(end_ns);
        const std::uint32_t edge = random_.below(2000);
        const std::uint32_t source = edge % 200;
        std::uint32_t destination = edge * 7 / 11 % 200, port = 8000 + edge % 5;
        packet::Address from = history::v4(0x0a000000 + source);
        out.source.identity = containers_[source];
        const bool stranger = mix_ == "strangers";
        if (stranger || (mix_ == "clients" && random_.below(2) == 0)) {
            const std::uint32_t client = stranger ? next_stranger_++ : random_.below(100'000);
            from = history::v4(0x50000000 + client);
            out.source.identity = outside_;
            destination = client % 20;  // each client uses one of the services that are open to the world
            port = 443;
        }
        const auto source_port = static_cast<std::uint16_t>(32'768 + random_.below(28'000));
        history::set_ends(out.record, from, source_port, history::v4(0x0a000000 + destination), static_cast<std::uint16_t>(port), packet::protocol::tcp);
        out.destination.identity = containers_[destination];
        out.network = containers_[destination]->network;
        out.l7 = names_[destination % names_.size()];
        out.record.first_ns = end_ns - 1000 * static_cast<std::int64_t>(300 + random_.below(200'000));
        for (flow::Direction& sent : out.record.sent) {
            sent.packets = 4 + random_.below(20);
            sent.payload_bytes = random_.below(20'000);
            sent.bytes = sent.payload_bytes + sent.packets * 66;
        }
        out.record.handshake_ns = 1000 * (20 + random_.below(400));
        for (flow::RoundTrip& trip : out.record.round_trip) trip.sum = trip.least = 1000ULL * (10 + random_.below(200));
        return out;
    }

  private:
    std::string mix_;
    Random random_{42};
    std::uint32_t next_stranger_ = 0;
    std::vector<flow::IdentityPtr> containers_;
    flow::IdentityPtr outside_;
    std::vector<flow::L7Ptr> names_;
};

void figure(const std::string& name, double value, const char* unit) { std::printf("%s\t%.4g\t%s\n", name.c_str(), value, unit); }

[[noreturn]] void die(const std::string& why) {
    std::fprintf(stderr, "bench-history: %s\n", why.c_str());
    std::exit(1);
}

// Seconds the statement takes on the day's file, as anybody's sqlite3 would run it.
double time_of(const std::string& path, const std::string& sql) {
    sqlite3* database = nullptr;
    if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) die("cannot open " + path);
    const auto start = Clock::now();
    if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) die(sqlite3_errmsg(database));
    const double taken = seconds_since(start);
    sqlite3_close(database);
    return taken;
}

// All flows lie in one day. What it takes to make them up is not counted.
void write(const std::string& folder, std::int64_t flows, std::int64_t seconds, const std::string& mix) {
    constexpr std::size_t part = 20'000;
    history::WriterOptions options;
    options.folder = folder;
    options.queue_max = part;
    options.now = [] { return history::test_noon_ms; };
    options.retention.bytes = 64ULL << 30U;
    auto writer = history::Writer::open(options);
    if (!writer) die(writer.error().message);
    Maker maker(mix);
    const std::int64_t step = seconds * 1'000'000'000 / flows;
    double waited = 0;
    const double cpu_before = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
    std::vector<flow::Observed> made;
    for (std::int64_t i = 0; i < flows;) {
        made.clear();
        for (std::size_t k = 0; k < part && i < flows; ++k, ++i) made.push_back(maker.make(history::test_day_ms * history::ns_in_ms + i * step));
        const auto start = Clock::now();
        for (flow::Observed& one : made) (*writer)->add(std::move(one));
        while ((*writer)->status().flows_waiting > 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
        waited += seconds_since(start);
    }
    const auto start = Clock::now();
    (*writer)->flush();
    waited += seconds_since(start);
    const history::WriterStatus status = (*writer)->status();
    if (status.flows_written != static_cast<std::uint64_t>(flows)) die("flows were lost: " + status.last_error);
    (*writer)->close();
    figure("history_" + mix + "_rows_in", static_cast<double>(flows) / waited, "rows/s");
    const double cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - cpu_before;  // of the writer's thread
    figure("history_" + mix + "_cpu_a_row", cpu / static_cast<double>(flows) * 1e6, "us");
    const auto bytes = std::filesystem::file_size(folder + "/" + history::day_file_name(history::test_day_ms / history::ms_per_day));
    figure("history_" + mix + "_bytes_a_row", static_cast<double>(bytes) / static_cast<double>(flows), "B");
    figure("history_" + mix + "_index_bytes_a_row", static_cast<double>(std::filesystem::file_size(folder + "/index.sqlite")) / static_cast<double>(flows),
           "B");
}

void ask(const std::string& folder, const std::string& mix) {
    const std::string day = folder + "/" + history::day_file_name(history::test_day_ms / history::ms_per_day);
    const std::string sums = "select conversation, count(*), sum(bytes_to_destination), sum(bytes_to_source) from flow where ";
    figure(
        "history_" + mix + "_group_5_minutes_sqlite3",
        time_of(day, sums + "end_us between 43200000000 and 43500000000 and id between (select min(first) from block where greatest_end_us >= 43200000000) and "
                            "(select max(last) from block where least_end_us <= 43500000000) group by 1"),
        "s");
    figure("history_" + mix + "_group_5_minutes_sqlite3_no_blocks", time_of(day, sums + "end_us between 43200000000 and 43500000000 group by 1"), "s");
    figure("history_" + mix + "_group_day_by_5_minutes_sqlite3",
           time_of(day, "select end_us / 300000000, count(*), sum(bytes_to_destination) from flow group by 1"), "s");
    auto reader = history::Reader::open(folder);
    if (!reader) die(reader.error().message);
    auto start = Clock::now();
    const auto edges = (*reader)->edges(history::test_noon_ms, history::test_noon_ms + 299'999);
    figure("history_" + mix + "_edges_5_minutes", seconds_since(start), "s");
    if (!edges || edges->empty()) die("no edges");
    start = Clock::now();
    const auto whole = (*reader)->edges(history::test_day_ms, history::test_day_ms + history::ms_per_day);
    figure("history_" + mix + "_edges_day", seconds_since(start), "s");
    figure("history_" + mix + "_minutes_day_by_5_minutes_sqlite3",
           time_of(folder + "/index.sqlite", "select time_s / 300, sum(flows), sum(bytes_to_destination) from minute group by 1"), "s");
    std::uint64_t given = 0;
    start = Clock::now();
    const auto read =
        (*reader)->flows({.since_ns = history::test_noon_ms * history::ns_in_ms, .until_ns = (history::test_noon_ms + 300'000) * history::ns_in_ms},
                         [&](const flow::Observed&) { return ++given > 0; });
    if (!read) die(read.error().message);
    figure("history_" + mix + "_flows_5_minutes", seconds_since(start), "s");
    figure("history_" + mix + "_flows_5_minutes_rows", static_cast<double>(given), "rows");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) die("usage: bench-history FOLDER FLOWS SECONDS containers|clients|strangers");
    const std::string folder = argv[1], mix = argv[4];
    const std::int64_t flows = std::strtoll(argv[2], nullptr, 10), seconds = std::strtoll(argv[3], nullptr, 10);
    if (flows < 1000 || seconds < 1 || seconds > 86'399) die("at least 1000 flows, within a day");
    write(folder, flows, seconds, mix);
    if (seconds > 44'000) ask(folder, mix);
    return 0;
}
