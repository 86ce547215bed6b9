// SPDX-License-Identifier: Apache-2.0
#include "datapath/testing/small_network.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace bulkhead::datapath::testing {

namespace {

int shell(const std::string& command) { return std::system(("{ " + command + "\n} >/dev/null 2>&1").c_str()); }

}  // namespace

SmallNetwork::SmallNetwork() : prefix_("bulkhead-" + std::to_string(getpid()) + "-") {
    const std::string host = "ip -n " + netns("host") + " ";
    std::string script = "set -e; ";
    for (const char* which : {"host", "a", "b"}) {
        script += "ip netns add " + netns(which) + "; ip -n " + netns(which) + " link set lo up; ip netns exec " + netns(which) +
                  " sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0; ";
    }
    script += host + "link add br0 type bridge; " + host + "addr add 10.77.0.254/24 dev br0; " + host + "link set br0 up; ";
    int last = 0;
    for (const std::string which : {"a", "b"}) {
        const std::string number = std::to_string(++last), inside = "ip -n " + netns(which) + " ";
        script += host + "link add veth" + which + " type veth peer name eth0 netns " + netns(which) + "; " + host + "link set veth" + which +
                  " master br0 up; " + inside + "addr add 10.77.0." + number + "/24 dev eth0; " + inside + "addr add fd77::" + number + "/64 dev eth0 nodad; " +
                  inside + "link set eth0 up; ";
    }
    ready_ = shell(script) == 0;
}

SmallNetwork::~SmallNetwork() {
    for (const char* which : {"a", "b", "host"}) {
        // First what runs in it: otherwise the namespace goes on without its name.
        [[maybe_unused]] const int ended = shell("kill $(ip netns pids " + netns(which) + ")");
        [[maybe_unused]] const int gone = shell("ip netns del " + netns(which));
    }
    [[maybe_unused]] const int removed = shell("rm -f /tmp/" + prefix_ + "*.py");
}

void SmallNetwork::serve(const std::string& which, const std::string& program) {
    const std::string file = "/tmp/" + netns(which) + "-server.py";
    std::ofstream(file) << program;
    [[maybe_unused]] const int begun = std::system(("ip netns exec " + netns(which) + " timeout 60 python3 " + file + " >/dev/null 2>&1 &").c_str());
}

std::string SmallNetwork::netns(const std::string& which) const { return prefix_ + which; }
std::string SmallNetwork::path(const std::string& which) const { return "/run/netns/" + netns(which); }
int SmallNetwork::run(const std::string& which, const std::string& command) const { return shell("ip netns exec " + netns(which) + " " + command); }

int SmallNetwork::python(const std::string& which, const std::string& program) const {
    const std::string file = "/tmp/" + netns(which) + ".py";
    std::ofstream(file) << program;
    const int code = run(which, "timeout 60 python3 " + file);
    unlink(file.c_str());
    return code;
}

int SmallNetwork::ip(const std::string& lines) const {
    const std::string file = "/tmp/" + prefix_ + "batch.py";
    std::ofstream(file) << lines;
    return shell("ip -n " + netns("host") + " -batch " + file);
}

int SmallNetwork::add_veth(const std::string& name) const {
    const std::string host = "ip -n " + netns("host") + " ";
    return shell("set -e; " + host + "link add " + name + " type veth peer name p" + name + " netns " + netns("a") + "; " + host + "link set " + name +
                 " master br0 up");
}

bool is_root() { return geteuid() == 0; }

bool must_not_skip() {
    const char* wanted = std::getenv("BULKHEAD_REQUIRE_LAB");
    return wanted != nullptr && std::string(wanted) == "1";
}

}  // namespace bulkhead::datapath::testing
