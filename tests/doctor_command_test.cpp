// SPDX-License-Identifier: Apache-2.0
// `bulkhead doctor` as a person calls it, on whatever kernel this is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

namespace bulkhead {
namespace {

using testing::HasSubstr;

struct Told {
    int code = -1;
    std::string out;
};

Told doctor(const std::string& arguments, const std::string& before = "") {
    FILE* pipe = popen((before + std::string(BULKHEAD_PROGRAM) + " doctor " + arguments + " 2>&1").c_str(), "r");  // the program's path and our own words
    Told told;
    for (int c; (c = fgetc(pipe)) != EOF;) told.out += static_cast<char>(c);
    const int status = pclose(pipe);
    told.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return told;
}

TEST(DoctorCommand, its_exit_code_is_what_it_says_at_the_end) {
    const Told told = doctor("");
    EXPECT_THAT(told.out, HasSubstr("kernel "));
    EXPECT_THAT(told.out, HasSubstr("tc_clsact"));
    EXPECT_EQ(told.code, told.out.find("Traffic can be seen as it happens.") != std::string::npos ? 0 : 1);
    EXPECT_EQ(doctor("--format json").code, told.code);
    EXPECT_THAT(doctor("--format json").out, HasSubstr("\"ability\": \"esp\""));
}

TEST(DoctorCommand, who_is_not_root_is_told_so_and_nothing_is_called_missing_for_it) {
    const std::string drop = geteuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
    const Told told = doctor("", drop);
    if (told.out.find("setpriv") != std::string::npos) GTEST_SKIP() << "setpriv is missing, which comes with the lab's util-linux";
    EXPECT_THAT(told.out, HasSubstr("not run as root"));
    EXPECT_THAT(told.out, HasSubstr("unknown  bpf_programs"));
    EXPECT_THAT(told.out, HasSubstr("Whether traffic can be seen as it happens is unknown."));
    EXPECT_EQ(told.code, 1);
}

}  // namespace
}  // namespace bulkhead
