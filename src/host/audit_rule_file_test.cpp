// SPDX-License-Identifier: Apache-2.0
#include "host/audit_rule_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

TEST(AuditRuleFile, knows_both_ways_to_write_a_rule) {
    const auto rules = parse_audit_rule_file(
        "# comment\n-D\n-b 8192\n\n-w /usr/bin/dockerd -p wa -k docker\n"
        "-a exit,always -F arch=b64 -S all -F dir=/etc/docker -F perm=wa -F auid>=1000 -F key=docker\n-A always,exit -F path=/x -S open,unlink\n");
    ASSERT_TRUE(rules);
    ASSERT_EQ(rules->size(), 3U);
    EXPECT_EQ((*rules)[0].line, 5);
    EXPECT_EQ((*rules)[0].rule.kind, "watch");
    EXPECT_EQ((*rules)[0].rule.path, "/usr/bin/dockerd");
    EXPECT_EQ((*rules)[0].rule.permissions, "wa");
    EXPECT_EQ((*rules)[0].rule.key, "docker");
    EXPECT_EQ((*rules)[1].rule.action, "always");
    EXPECT_EQ((*rules)[1].rule.list, "exit");
    EXPECT_EQ((*rules)[1].rule.kind, "dir");
    EXPECT_THAT((*rules)[1].rule.conditions, testing::ElementsAre("arch=b64", "auid>=1000"));
    EXPECT_TRUE((*rules)[1].rule.all_syscalls);
    EXPECT_FALSE((*rules)[2].rule.all_syscalls);
}

TEST(AuditRuleFile, a_line_that_is_not_understood_is_shown_and_covers_nothing) {
    const auto rules = parse_audit_rule_file("whatever /usr/bin/dockerd\n-a never\n-w\n");
    ASSERT_TRUE(rules);
    ASSERT_EQ(rules->size(), 3U);
    EXPECT_EQ((*rules)[0].rule.action, "not understood");
    EXPECT_EQ((*rules)[1].rule.action, "not understood");
    EXPECT_EQ((*rules)[2].rule.path, "");
    EXPECT_EQ(audit_coverage({(*rules)[0].rule, (*rules)[1].rule, (*rules)[2].rule}, "/usr/bin/dockerd", false).verdict, AuditCoverage::Verdict::none);
}

}  // namespace
}  // namespace bulkhead::host
