// SPDX-License-Identifier: Apache-2.0
// A host made of text for tests: an engine with number 100 and processes of containers, in a FakeReader.
#pragma once

#include <fmt/format.h>

#include <string>

#include "world/testing/fake_reader.h"

namespace bulkhead::host::testing {

inline const std::string container_a(64, 'a');
inline const std::string container_b(64, 'b');

struct FakeProcess {
    std::int64_t pid = 0;
    std::string cgroup = "0::/";
    std::string name = "httpd";
    std::int64_t uid = 0;
    std::int64_t ppid = 1;
    std::string uid_map = "0 0 4294967295\n";
    std::string ns_pids = {};  // default: the pid alone
    std::string cmdline = {};  // with NULs
    std::string net = "net:[1]";
};

inline std::string status_text(const FakeProcess& from) {
    return fmt::format(
        "Name:\t{}\nState:\tS (sleeping)\nPPid:\t{}\nUid:\t{}\t{}\t{}\t{}\nGid:\t0\t0\t0\t0\nNSpid:\t{}\nCapInh:\t0\nCapPrm:\t0\nCapEff:\t2000\n"
        "CapBnd:\ta80425fb\nCapAmb:\t0\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n",
        from.name, from.ppid, from.uid, from.uid, from.uid, from.uid, from.ns_pids.empty() ? std::to_string(from.pid) : from.ns_pids);
}

inline void put(world::FakeReader& reader, const FakeProcess& from) {
    const std::string proc = fmt::format("/proc/{}/", from.pid);
    reader.set("file:" + proc + "cgroup", from.cgroup + "\n");
    reader.set("file:" + proc + "status", status_text(from));
    reader.set("file:" + proc + "cmdline", from.cmdline);
    reader.set("file:" + proc + "comm", from.name + "\n");
    reader.set("file:" + proc + "stat", fmt::format("{} ({}) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 100 20\n", from.pid, from.name));
    reader.set("file:" + proc + "uid_map", from.uid_map);
    reader.set_outcome("file:" + proc + "attr/current", world::Outcome::failed, "Invalid argument");
    reader.set("link:" + proc + "exe", "/usr/bin/" + from.name);
    reader.set(fmt::format("namespaces:{}", from.pid), fmt::format(R"({{"net":"{}","user":"user:[2]","pid":"pid:[3]"}})", from.net));
    reader.set(fmt::format("socket_inodes:{}", from.pid), "");
}

// The processes given, an engine with number 100, and a machine booted at 1,600,000,000.
inline void fill(world::FakeReader& reader, const std::vector<FakeProcess>& processes) {
    std::string listing = "100\n";
    for (const FakeProcess& process : processes) listing += std::to_string(process.pid) + "\n";
    reader.set("engine_process:", R"({"pid":100,"how":"peer"})");
    reader.set("directory:/proc", listing + "self\nsys\n");
    reader.set("file:/proc/stat", "cpu 1\nbtime 1600000000\n");
    put(reader, {.pid = 100, .name = "dockerd", .cmdline = std::string("dockerd\0", 8)});
    for (const FakeProcess& process : processes) put(reader, process);
}

}  // namespace bulkhead::host::testing
