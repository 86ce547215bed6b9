// SPDX-License-Identifier: Apache-2.0
// Audit rules as the kernel dumps them and as files write them. First byte: which. Whatever is understood can be asked about any path.
#include "fuzz/input.h"
#include "host/audit_rule_file.h"

namespace {

void ask(const std::vector<bulkhead::host::AuditRule>& rules) {
    for (const std::string_view path : {"/", "/etc/docker", "/usr/bin/dockerd"}) {
        const auto coverage = bulkhead::host::audit_coverage(rules, path, true);
        // No rule, no record; and nothing is left out of what is recorded.
        CHECK((coverage.verdict == bulkhead::host::AuditCoverage::Verdict::none) == (coverage.rule == nullptr));
        CHECK((coverage.verdict == bulkhead::host::AuditCoverage::Verdict::partly) == !coverage.why.empty());
    }
    bulkhead::host::audit_switch_off(rules);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead::host;
    const auto [which, bytes] = bulkhead::fuzz::choice_of(data, size);
    if (which == 's') bulkhead::fuzz::check_result(parse_audit_status(bytes));
    if (which == 'k') {
        const auto rules = parse_audit_rules(bytes);
        bulkhead::fuzz::check_result(rules);
        if (rules) ask(*rules);
    }
    if (which == 'f') {
        const auto found = parse_audit_rule_file(bytes);
        bulkhead::fuzz::check_result(found);
        std::vector<AuditRule> rules;
        for (const AuditFileRule& one : found.value_or(std::vector<AuditFileRule>{})) rules.push_back(one.rule);
        ask(rules);
    }
    return 0;
}
