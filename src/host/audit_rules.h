// SPDX-License-Identifier: Apache-2.0
// The kernel's audit rules and its audit status (linux/audit.h, auditctl(8)) as values, and whether rules record what happens to a
// file. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::host {

inline constexpr std::size_t audit_rules_max = 100'000;

struct AuditStatus {
    bool enabled = false;
    bool is_locked = false;   // no more changes until the next boot (-e 2)
    std::int64_t daemon = 0;  // pid that takes the records; 0: nobody
    std::int64_t lost = 0;    // records
};

struct AuditRule {
    std::string list;    // exit, task, user, exclude, filesystem, io_uring
    std::string action;  // always, never, possible
    std::string kind;    // path: one file; dir: a folder and all below; watch: one of both (files of rules do not tell); "": no file
    std::string path;
    std::string permissions = "rwxa";  // out of r, w, x, a (attributes)
    std::string key;
    bool all_syscalls = false;
    std::vector<std::string> conditions;  // whatever else must hold: "auid>=1000", "arch=b64"
    std::string text;                     // as auditctl would be given it
};

Result<AuditStatus> parse_audit_status(std::string_view bytes);
// corrupt: a rule whose texts or fields do not fit into its message.
Result<std::vector<AuditRule>> parse_audit_rules(std::string_view bytes);

// What is recorded about a file when these rules are in force.
struct AuditCoverage {
    enum class Verdict : std::uint8_t {
        recorded,  // writes and changes of attributes, by whomever
        partly,    // some of them; `why` says which not
        none,
    };
    Verdict verdict = Verdict::none;
    const AuditRule* rule = nullptr;  // of `rules`
    std::string why;
};
std::string_view name(AuditCoverage::Verdict verdict);
AuditCoverage audit_coverage(const std::vector<AuditRule>& rules, std::string_view path, bool is_directory);
// An unconditional "never" in the list `task`: new processes are not audited at all. nullptr: there is none.
const AuditRule* audit_switch_off(const std::vector<AuditRule>& rules);

}  // namespace bulkhead::host
