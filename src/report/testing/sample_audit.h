// SPDX-License-Identifier: Apache-2.0
// A small audit made by hand, with everything in it that a format must cope with; used by the tests of all formats.
#pragma once

#include "audit/result.h"

namespace bulkhead::report {

inline audit::Audit sample_audit() {
    using audit::Status;
    constexpr UnixMs time = 1'700'000'000'123;
    audit::Audit audit;
    audit.started_at = time;
    audit.as_of = time - 1000;
    audit.tool_version = "0.1.0";
    audit.host = {
        {"name", "shop-1"}, {"engine_version", "20.10.24"}, {"api_version", "1.41"}, {"kernel", "6.18.0"}, {"source", "live: unix:///var/run/docker.sock"}};
    audit.benchmarks = {{"csvs", "Container Security Verification Standard", "", {"csvs_v3", "csvs_v7"}},
                        {"csvs_v3", "V3 Container", "", {"csvs_3_1", "csvs_3_9"}},
                        {"csvs_v7", "V7 Network", "", {"csvs_7_6"}}};
    const auto control = [](std::string id, std::string title, std::vector<int> levels, std::string severity) {
        audit::Control made;
        made.id = std::move(id);
        made.title = std::move(title);
        made.levels = std::move(levels);
        made.severity = std::move(severity);
        return made;
    };
    audit.controls = {
        control("csvs_3_1", "Processes in containers do not run as root of the host", {1, 2, 3}, "high"),
        control("csvs_3_9", "Neither the engine's socket nor the host's own directories nor its devices are mounted into a container", {2, 3}, "critical"),
        control("csvs_7_6", "Traffic between containers is filtered", {2, 3}, "medium"),
        control("cis_v160_2_2", "Network traffic is restricted between containers on the default bridge", {1}, "medium")};
    audit.results = {
        {"csvs_3_1",
         "aaaa",
         "api",
         Status::ok,
         "all 3 processes run as uid 1000",
         "observed",
         {{"file", "file:/proc/811/status", "Uid:\t1000 1000 1000 1000", time}},
         {}},
        {"csvs_3_1", "bbbb", "cache", Status::ok, "all processes run as uid 999", "observed", {}, {}},
        {"csvs_3_1",
         "cccc",
         "db",
         Status::unknown,
         "/proc/900/status could not be read: permission denied",
         "observed",
         {{"file", "file:/proc/900/status", "", time}},
         {}},
        {"csvs_3_1",
         "dddd",
         "web",
         Status::alarm,
         "2 of 4 processes run as root of the host: pid 812 (nginx: master process), pid 813 (sh)",
         "disagreement",
         {{"engine", "engine:/containers/dddd/json", "\"User\":\"1000\"", time}, {"file", "file:/proc/812/status", "Uid:\t0 0 0 0", time}},
         {{"pid", "812"}, {"uid", "0"}, {"pid", "813"}}},
        {"csvs_3_9",
         "eeee",
         "=cmd|' /C calc'!A0,\"x\"",
         Status::alarm,
         "mounts /var/run/docker.sock\r\n\x1b[2J and \xff bytes",
         "observed",
         {{"file", "file:/proc/1/mountinfo", "a\nb", 0}},
         {{"note", "-1+1"}}},
        {"csvs_3_9", "ffff", "job", Status::skip, "not running: nothing is mounted", "configured", {}, {}},
        {"csvs_7_6", "host", "host", Status::error, "no such column: icc", "", {}, {}},
        {"csvs_7_6", "gggg", "front", Status::info, "internal network without endpoints", "configured", {}, {}},
    };
    audit.blind_spots = {{"file:/proc/900/status", "permission denied"}, {"netlink:xfrm_state@netns:900", "operation not permitted"}};
    audit.vanished = 1;
    return audit;
}

}  // namespace bulkhead::report
