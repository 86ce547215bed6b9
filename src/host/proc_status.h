// SPDX-License-Identifier: Apache-2.0
// /proc/PID/status, /proc/PID/stat and /proc/stat (proc(5)) as values. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace bulkhead::host {

struct ProcStatus {
    std::string name;
    std::string state;  // one letter: R, S, D, Z, T, ...
    std::int64_t ppid = 0;
    std::int64_t uid = 0, euid = 0, gid = 0, egid = 0;  // as the reader's user namespace sees them
    std::uint64_t cap_inheritable = 0, cap_permitted = 0, cap_effective = 0, cap_bounding = 0, cap_ambient = 0;
    std::optional<bool> no_new_privs;             // Linux 4.10
    std::optional<std::int64_t> seccomp_mode;     // 0 off, 1 strict, 2 filter
    std::optional<std::int64_t> seccomp_filters;  // Linux 5.9
    // The process's number in each pid namespace from the reader's down to its own (Linux 4.1); empty where the kernel does not say.
    std::vector<std::int64_t> ns_pids;
};

// corrupt where a line that must be there (Uid, Gid, PPid, CapEff, ...) is not, or is not a number.
Result<ProcStatus> parse_proc_status(std::string_view bytes);

// Field 22 of /proc/PID/stat: when the process started, in clock ticks since boot. The name in field 2 may hold anything.
Result<std::int64_t> parse_start_ticks(std::string_view stat);
// "btime" of /proc/stat: when the machine was booted.
Result<UnixMs> parse_boot_time(std::string_view proc_stat);
// Ticks are 1/100 s in everything the kernel tells user space on Linux (USER_HZ; sysconf(_SC_CLK_TCK)).
UnixMs start_time(UnixMs boot_time, std::int64_t start_ticks);

// /proc/PID/cmdline: the arguments, which end in NUL each. A process may have overwritten them with text without NULs.
std::vector<std::string> parse_cmdline(std::string_view bytes);

}  // namespace bulkhead::host
