// SPDX-License-Identifier: Apache-2.0
#include "host/audit_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/testing/audit_bytes.h"

namespace bulkhead::host {
namespace {

using testing::audit_rule_message;
using testing::audit_watch;
using Verdict = AuditCoverage::Verdict;

std::vector<AuditRule> rules(const std::string& bytes) {
    const auto parsed = parse_audit_rules(bytes);
    EXPECT_TRUE(parsed) << parsed.error().message;
    return parsed.value_or(std::vector<AuditRule>{});
}

TEST(AuditRules, a_watch_is_its_path_permissions_and_key) {
    const auto parsed = rules(audit_watch("/usr/bin/dockerd", AUDIT_PERM_WRITE | AUDIT_PERM_ATTR) + audit_watch("/etc/docker", 15, AUDIT_DIR));
    ASSERT_EQ(parsed.size(), 2U);
    EXPECT_EQ(parsed[0].kind, "path");
    EXPECT_EQ(parsed[0].path, "/usr/bin/dockerd");
    EXPECT_EQ(parsed[0].permissions, "wa");
    EXPECT_EQ(parsed[0].key, "docker");
    EXPECT_EQ(parsed[0].text, "-a always,exit -F path=/usr/bin/dockerd -F perm=wa -F key=docker");
    EXPECT_EQ(parsed[1].kind, "dir");
    EXPECT_EQ(parsed[1].permissions, "rwxa");
    EXPECT_TRUE(parsed[1].all_syscalls);
    EXPECT_TRUE(parsed[1].conditions.empty());
}

TEST(AuditRules, what_narrows_a_rule_is_a_condition) {
    const auto parsed = rules(audit_rule_message({.fields = {{AUDIT_ARCH, AUDIT_ARCH_X86_64},
                                                             {AUDIT_WATCH, 0, "/x"},
                                                             {AUDIT_LOGINUID, 1000, "", AUDIT_GREATER_THAN_OR_EQUAL},
                                                             {AUDIT_EXE, 0, "/bin/sh"},
                                                             {AUDIT_LOGINUID, AUDIT_UID_UNSET, "", AUDIT_NOT_EQUAL}},
                                                  .all_syscalls = false}));
    ASSERT_EQ(parsed.size(), 1U);
    EXPECT_THAT(parsed[0].conditions, ::testing::ElementsAre("arch=b64", "auid>=1000", "exe=/bin/sh", "auid!=unset"));
    EXPECT_EQ(parsed[0].path, "/x") << "texts follow each other in the order of their fields";
    EXPECT_FALSE(parsed[0].all_syscalls);
}

TEST(AuditRules, every_cut_is_refused_and_none_is_no_rule) {
    const std::string bytes = audit_watch("/usr/bin/dockerd/x");  // of a length that needs no padding
    for (std::size_t size = 1; size < bytes.size(); ++size) EXPECT_FALSE(parse_audit_rules(bytes.substr(0, size))) << size;
    EXPECT_TRUE(rules("").empty());
    std::string lying = bytes;
    lying[16 + 8] = 65;  // field_count
    EXPECT_FALSE(parse_audit_rules(lying));
    lying = bytes;
    lying[16 + 12 + 256 + 256] = 127;  // the length of the first text
    EXPECT_FALSE(parse_audit_rules(lying));
}

TEST(AuditRules, the_status_tells_whether_it_is_on_and_who_listens) {
    const auto status = parse_audit_status(testing::audit_status_message(2, 77));
    ASSERT_TRUE(status);
    EXPECT_TRUE(status->enabled);
    EXPECT_TRUE(status->is_locked);
    EXPECT_EQ(status->daemon, 77);
    EXPECT_FALSE(parse_audit_status(testing::audit_status_message(0, 0))->enabled);
    EXPECT_FALSE(parse_audit_status(""));
    EXPECT_FALSE(parse_audit_status(testing::message(AUDIT_GET, "1234")));
}

Verdict verdict(const std::string& bytes, std::string_view path, bool is_directory = false) {
    const auto parsed = rules(bytes);
    return audit_coverage(parsed, path, is_directory).verdict;
}

TEST(AuditCoverage, a_rule_covers_its_file_and_all_below_its_folder) {
    EXPECT_EQ(verdict(audit_watch("/usr/bin/dockerd"), "/usr/bin/dockerd"), Verdict::recorded);
    EXPECT_EQ(verdict(audit_watch("/usr/bin/dockerd"), "/usr/bin/dockerd2"), Verdict::none);
    EXPECT_EQ(verdict(audit_watch("/etc/docker/", 10, AUDIT_DIR), "/etc/docker/daemon.json"), Verdict::recorded);
    EXPECT_EQ(verdict(audit_watch("/etc/docker", 10, AUDIT_DIR), "/etc/docker", true), Verdict::recorded);
    EXPECT_EQ(verdict(audit_watch("/etc/docker", 10, AUDIT_DIR), "/etc/docker2"), Verdict::none);
    EXPECT_EQ(verdict(audit_watch("/usr/bin"), "/usr/bin/dockerd"), Verdict::none) << "a file rule on a folder does not reach into it";
    EXPECT_EQ(verdict(audit_watch("/var/lib/docker"), "/var/lib/docker", true), Verdict::partly);
    EXPECT_EQ(verdict("", "/x"), Verdict::none);
}

TEST(AuditCoverage, what_is_left_out_is_not_called_recorded) {
    EXPECT_EQ(verdict(audit_watch("/x", AUDIT_PERM_EXEC), "/x"), Verdict::partly);
    EXPECT_EQ(verdict(audit_watch("/x", AUDIT_PERM_WRITE), "/x"), Verdict::partly);
    EXPECT_EQ(verdict(audit_rule_message({.fields = {{AUDIT_WATCH, 0, "/x"}}, .all_syscalls = false}), "/x"), Verdict::partly);
    const std::string narrowed = audit_rule_message({.fields = {{AUDIT_WATCH, 0, "/x"}, {AUDIT_LOGINUID, 1000}}});
    EXPECT_EQ(verdict(narrowed, "/x"), Verdict::partly);
    EXPECT_EQ(verdict(narrowed + audit_watch("/x"), "/x"), Verdict::recorded) << "a second rule fills the gap";
    const std::string never = audit_rule_message({.action = AUDIT_NEVER, .fields = {{AUDIT_DIR, 0, "/x"}}});
    EXPECT_EQ(verdict(never + audit_watch("/x"), "/x"), Verdict::partly);
    EXPECT_EQ(verdict(audit_watch("/x") + never, "/x"), Verdict::recorded);
    EXPECT_EQ(verdict(never, "/x"), Verdict::none);
    EXPECT_EQ(verdict(audit_rule_message({.list = AUDIT_FILTER_USER, .fields = {{AUDIT_WATCH, 0, "/x"}}}), "/x"), Verdict::none);
}

TEST(AuditCoverage, one_rule_may_switch_all_off) {
    const auto off = rules(audit_rule_message({.list = AUDIT_FILTER_TASK, .action = AUDIT_NEVER}));
    EXPECT_NE(audit_switch_off(off), nullptr);
    const auto some = rules(audit_rule_message({.list = AUDIT_FILTER_TASK, .action = AUDIT_NEVER, .fields = {{AUDIT_UID, 5}}}));
    EXPECT_EQ(audit_switch_off(some), nullptr);
    EXPECT_EQ(audit_switch_off({}), nullptr);
}

}  // namespace
}  // namespace bulkhead::host
