// SPDX-License-Identifier: Apache-2.0
#include "packet/capture_filter.h"

#include <gmock/gmock.h>

namespace bulkhead::packet {
namespace {

TEST(CaptureFilter, is_what_the_kernel_runs) {
    const auto program = compile_filter("udp port 53", 128);
    ASSERT_TRUE(program) << program.error().message;
    ASSERT_GT(program->size(), 4U);
    EXPECT_EQ(program->front().code, 0x28) << "loads the EtherType";
    EXPECT_EQ(program->front().k, 12U);
    EXPECT_EQ(program->back().code, 0x06) << "returns";
    const auto everything = compile_filter("", 128);
    ASSERT_TRUE(everything);
    EXPECT_EQ(everything->back().k, 128U) << "as many bytes as are kept";
}

TEST(CaptureFilter, that_means_nothing_is_told_in_words) {
    const auto wrong = compile_filter("tcp prot 80", 128);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, Code::invalid_input);
    EXPECT_THAT(wrong.error().message, testing::HasSubstr("pcap-filter"));
    EXPECT_FALSE(compile_filter("port 99999999", 128));
}

}  // namespace
}  // namespace bulkhead::packet
