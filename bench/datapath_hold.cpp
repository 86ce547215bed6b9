// SPDX-License-Identifier: Apache-2.0
// Meters the namespaces it is given until a signal ends it, and then tells what it saw and what that took: the datapath alone, with nobody behind it.
// usage: datapath-hold NETNS...      "ready" comes on standard output when the programs are in place; figures as name, value, unit at the end
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>

#include "datapath/datapath.h"

namespace {

volatile std::sig_atomic_t over = 0;

double seconds(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

}  // namespace

int main(int argc, char** argv) {
    using namespace bulkhead::datapath;
    std::signal(SIGTERM, [](int) { over = 1; });
    std::signal(SIGINT, [](int) { over = 1; });
    std::uint64_t handed_over = 0, closed = 0, pieces = 0, came_late = 0, late_packets = 0;
    std::int64_t slowest_ns = 0;
    bool ready = false;
    const Callbacks callbacks{.flow =
                                  [&](const Interface&, const FlowRef&, const bulkhead::flow::Record& record, bulkhead::flow::Moment moment) {
                                      if (moment != bulkhead::flow::Moment::over) return;
                                      ++handed_over;
                                      closed += record.end == bulkhead::flow::End::closed ? 1 : 0;
                                  },
                              .payload = [&](const Interface&, const Payload&) { ++pieces; },
                              .attached =
                                  [&](const Interface& interface) {
                                      if (!ready) return;
                                      ++came_late;
                                      late_packets += interface.before_attachment.received.packets + interface.before_attachment.sent.packets;
                                      slowest_ns = std::max(slowest_ns, interface.attach_took_ns);
                                  },
                              .left = {},
                              .failed = {}};
    Options options;
    options.lock_file.clear();
    auto datapath = Datapath::open(options, callbacks);
    if (!datapath) {
        std::fprintf(stderr, "%s\n", datapath.error().message.c_str());
        return 2;
    }
    for (int i = 1; i < argc; ++i) {
        if (const auto watched = (*datapath)->watch(argv[i], Which::container_ends); !watched) {
            std::fprintf(stderr, "%s\n", watched.error().message.c_str());
            return 2;
        }
    }
    ready = true;
    std::printf("ready\n");
    std::fflush(stdout);
    while (over == 0) {
        if (!(*datapath)->poll(std::chrono::milliseconds(200))) return 2;
    }
    if (!(*datapath)->finish()) return 2;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    for (const auto& [name, value] : named((*datapath)->counts())) {
        if (value != 0) std::printf("datapath_%s\t%llu\n", std::string(name).c_str(), static_cast<unsigned long long>(value));
    }
    std::printf("datapath_flows_closed\t%llu\n", static_cast<unsigned long long>(closed));
    std::printf("datapath_interfaces_that_came\t%llu\ndatapath_their_packets_before\t%llu\ndatapath_slowest_attachment\t%.3f\tms\n",
                static_cast<unsigned long long>(came_late), static_cast<unsigned long long>(late_packets), static_cast<double>(slowest_ns) / 1e6);
    std::printf("datapath_pieces\t%llu\n", static_cast<unsigned long long>(pieces));
    std::printf("datapath_cpu\t%.3f\ts\ndatapath_memory\t%.1f\tMB\n", seconds(usage.ru_utime) + seconds(usage.ru_stime),
                static_cast<double>(usage.ru_maxrss) / 1024.0);
    return 0;
}
