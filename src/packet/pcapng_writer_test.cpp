// SPDX-License-Identifier: Apache-2.0
#include "packet/pcapng_writer.h"

#include <gtest/gtest.h>

#include "packet/capture_file.h"
#include "packet/testing/capture_maker.h"

namespace bulkhead::packet {
namespace {

std::span<const std::uint8_t> bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

TEST(PcapngWriter, writes_what_the_reader_reads) {
    constexpr std::int64_t time = 1'700'000'000'123'456'789;
    PcapngWriter writer;
    std::string file;
    writer.begin(file, "bulkhead 1", "of a test");
    EXPECT_EQ(writer.add_interface(file, 1, 128, "eth0", "container shop-web-1"), 0U);
    const std::string first = "a frame of some bytes!", second = "odd";
    PcapngWriter::add_frame(file, 0, time, bytes_of(first), 1500, Way::in);
    EXPECT_EQ(writer.add_interface(file, 101, 0, "tun0", ""), 1U);
    PcapngWriter::add_frame(file, 1, time + 1, bytes_of(second), 3, Way::unknown);
    PcapngWriter::add_frame(file, 0, time + 2, {}, 0, Way::out);
    PcapngWriter::add_statistics(file, 0, time + 3, 9, 7);
    PcapngWriter::add_statistics(file, 1, time + 3, 1, 1);

    auto capture = CaptureFile::open(std::make_unique<made::Pieces>(file, 1 << 20));
    ASSERT_TRUE(capture) << capture.error().message;
    Frame frame;
    ASSERT_TRUE((*capture)->next(frame).value());
    EXPECT_EQ(std::string(frame.bytes.begin(), frame.bytes.end()), first);
    EXPECT_EQ(frame.time_ns, time);
    EXPECT_EQ(frame.wire_length, 1500U);
    ASSERT_TRUE((*capture)->next(frame).value());
    EXPECT_EQ(std::string(frame.bytes.begin(), frame.bytes.end()), second);
    EXPECT_EQ(frame.time_ns, time + 1);
    EXPECT_EQ(frame.interface, 1U);
    ASSERT_TRUE((*capture)->next(frame).value());
    EXPECT_TRUE(frame.bytes.empty());
    EXPECT_FALSE((*capture)->next(frame).value());
    ASSERT_EQ((*capture)->interfaces().size(), 2U);
    EXPECT_EQ((*capture)->interfaces()[0].name, "eth0");
    EXPECT_EQ((*capture)->interfaces()[0].comment, "container shop-web-1");
    EXPECT_EQ((*capture)->interfaces()[0].snap_length, 128U);
    EXPECT_EQ((*capture)->interfaces()[1].link, Link::raw_ip);
    EXPECT_EQ((*capture)->counts().dropped, 8U);
    EXPECT_FALSE((*capture)->counts().cut);
}

TEST(PcapngWriter, begins_anew_with_each_file_and_cuts_long_names) {
    PcapngWriter writer;
    std::string file;
    writer.begin(file, "", "");
    writer.add_interface(file, 1, 0, "", "");
    file.clear();
    writer.begin(file, "", "");
    EXPECT_EQ(writer.add_interface(file, 1, 0, std::string(70'000, 'n'), ""), 0U);
    EXPECT_LT(file.size(), 2000U);
}

}  // namespace
}  // namespace bulkhead::packet
