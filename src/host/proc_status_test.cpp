// SPDX-License-Identifier: Apache-2.0
#include "host/proc_status.h"

#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

constexpr std::string_view httpd =
    "Name:\thttpd\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t4458\nPid:\t4458\nPPid:\t4435\nUid:\t1000\t1001\t1002\t1003\n"
    "Gid:\t2000\t2001\t2002\t2003\nNSpid:\t4458\t17\t1\nCapInh:\t0000000000000000\nCapPrm:\t0000000000003000\nCapEff:\t0000000000002000\n"
    "CapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000001\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t3\n";

TEST(ProcStatus, reads_ids_capabilities_and_confinement) {
    const auto status = parse_proc_status(httpd);
    ASSERT_TRUE(status) << status.error().message;
    EXPECT_EQ(status->name, "httpd");
    EXPECT_EQ(status->state, "S");
    EXPECT_EQ(status->ppid, 4435);
    EXPECT_EQ(status->uid, 1000);
    EXPECT_EQ(status->euid, 1001);
    EXPECT_EQ(status->gid, 2000);
    EXPECT_EQ(status->egid, 2001);
    EXPECT_EQ(status->cap_permitted, 0x3000U);
    EXPECT_EQ(status->cap_effective, 0x2000U);
    EXPECT_EQ(status->cap_bounding, 0xa80425fbU);
    EXPECT_EQ(status->cap_ambient, 1U);
    EXPECT_EQ(status->no_new_privs, true);
    EXPECT_EQ(status->seccomp_mode, 2);
    EXPECT_EQ(status->seccomp_filters, 3);
    EXPECT_EQ(status->ns_pids, (std::vector<std::int64_t>{4458, 17, 1}));
}

TEST(ProcStatus, what_an_old_kernel_does_not_say_is_unknown_and_not_zero) {
    std::string old(httpd);
    old.resize(old.find("NoNewPrivs"));
    const auto status = parse_proc_status(old);
    ASSERT_TRUE(status);
    EXPECT_FALSE(status->no_new_privs);
    EXPECT_FALSE(status->seccomp_mode);
    EXPECT_FALSE(status->seccomp_filters);
}

TEST(ProcStatus, a_status_cut_anywhere_is_corrupt_or_right_never_a_wrong_uid) {
    for (std::size_t cut = 0; cut < httpd.size(); ++cut) {
        const auto status = parse_proc_status(httpd.substr(0, cut));
        if (status) {
            EXPECT_EQ(status->euid, 1001) << cut;
        }
    }
}

TEST(ProcStatus, negative_and_garbage_ids_are_corrupt) {
    for (const std::string_view wrong : {"Uid:\t-1\t-1\t-1\t-1\n", "Uid:\troot\n", "Uid:\t99999999999999999999 1 1 1\n", "Uid:\n"}) {
        std::string bytes(httpd);
        const std::size_t at = bytes.find("Uid:");
        bytes.replace(at, bytes.find('\n', at) + 1 - at, wrong);
        EXPECT_FALSE(parse_proc_status(bytes)) << wrong;
    }
}

TEST(StartTime, a_name_with_parentheses_and_blanks_does_not_shift_the_fields) {
    const std::string tail = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 5150 20 21\n";
    EXPECT_EQ(*parse_start_ticks("42 (a) R 9 (b) " + tail), 5150);
    EXPECT_EQ(*parse_start_ticks("42 (sh)" + tail), 5150);
    EXPECT_FALSE(parse_start_ticks("42 (sh) S 1 2"));
    EXPECT_FALSE(parse_start_ticks("no parenthesis at all"));
}

TEST(StartTime, is_boot_time_plus_ticks_and_does_not_overflow) {
    EXPECT_EQ(*parse_boot_time("cpu 1 2\nbtime 1700000000\nprocesses 9\n"), 1'700'000'000'000);
    EXPECT_FALSE(parse_boot_time("cpu 1 2\n"));
    EXPECT_EQ(start_time(1'700'000'000'000, 5150), 1'700'000'051'500);
    EXPECT_EQ(start_time(1'700'000'000'000, INT64_MAX), 1'700'000'000'000);
}

TEST(Cmdline, keeps_empty_arguments_and_takes_overwritten_text_as_one) {
    EXPECT_EQ(parse_cmdline(std::string_view("sh\0-c\0\0x\0", 9)), (std::vector<std::string>{"sh", "-c", "", "x"}));
    EXPECT_EQ(parse_cmdline("nginx: worker process"), (std::vector<std::string>{"nginx: worker process"}));
    EXPECT_TRUE(parse_cmdline("").empty());
}

}  // namespace
}  // namespace bulkhead::host
