// SPDX-License-Identifier: Apache-2.0
#include "host/capability.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace bulkhead::host {

namespace {
// In order of number; the last is of Linux 5.9, and none came since (6.18).
constexpr std::string_view names[] = {
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
};
static_assert(std::size(names) == 41);
}  // namespace

std::vector<std::string> capability_names(std::uint64_t mask) {
    std::vector<std::string> out;
    for (std::size_t number = 0; number < 64; ++number) {
        if ((mask >> number & 1U) == 0) continue;
        out.push_back(number < std::size(names) ? fmt::format("CAP_{}", names[number]) : fmt::format("CAP_{}", number));
    }
    return out;
}

}  // namespace bulkhead::host
