// SPDX-License-Identifier: Apache-2.0
// What one packet costs in the kernel: the program run many times on a frame (BPF_PROG_TEST_RUN), as nanoseconds by the kernel's own clock; one
// line for each kind of frame. As root. What the test itself takes is measured by a frame that no flow is made of.
#include <bpf/bpf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "datapath/programs.h"
#include "packet/testing/capture_maker.h"

namespace {

using namespace bulkhead;
using namespace bulkhead::packet::made;

constexpr int rounds = 401;
constexpr int repeats = 3000;  // within a slice of time: else others' work would be counted

struct Cost {
    std::uint32_t median_ns = 0;
    std::uint32_t least_ns = 0;  // what it takes where nobody else does anything
};

Cost cost_of(const datapath::Programs& programs, const std::string& frame) {
    std::vector<std::uint32_t> took;
    for (int i = 0; i < rounds; ++i) {
        bpf_test_run_opts run{};
        run.sz = sizeof run;
        run.data_in = frame.data();
        run.data_size_in = static_cast<std::uint32_t>(frame.size());
        run.repeat = repeats;
        if (bpf_prog_test_run_opts(programs.meter(), &run) != 0) return {};
        took.push_back(run.duration);
    }
    std::ranges::sort(took);
    return {took[took.size() / 2], took.front()};
}

}  // namespace

int main() {
    const auto programs = datapath::Programs::load({});
    if (!programs) {
        std::fprintf(stderr, "%s\n", programs.error().message.c_str());
        return 2;
    }
    const std::string payload(1000, 'x');
    const std::pair<const char*, std::string> kinds[] = {
        {"frame_of_no_flow", ethernet("0806", std::string(28, '\0'))},
        {"udp_ipv4", ethernet("0800", ipv4(17, udp(4000, 53, payload)))},
        {"udp_ipv6", ethernet("86dd", ipv6(17, udp(4000, 53, payload)))},
        {"tcp_ipv4_data_sent_again", ethernet("0800", ipv4(6, tcp(4000, 80, 0x18, payload)))},
        {"tcp_ipv4_acknowledgement", ethernet("0800", ipv4(6, tcp(4001, 80, 0x10)))},
        {"tcp_ipv6_acknowledgement", ethernet("86dd", ipv6(6, tcp(4001, 80, 0x10)))},
    };
    for (const auto& [name, frame] : kinds) {
        const Cost cost = cost_of(*programs, frame);
        std::printf("datapath_%s\t%u\tns\ndatapath_%s_least\t%u\tns\n", name, cost.median_ns, name, cost.least_ns);
    }
    return 0;
}
