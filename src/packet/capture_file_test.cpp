// SPDX-License-Identifier: Apache-2.0
#include "packet/capture_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "packet/testing/capture_maker.h"

namespace bulkhead::packet {
namespace {

using namespace made;
using testing::HasSubstr;

struct Read {
    std::vector<std::string> frames;
    std::vector<std::int64_t> times;
    std::vector<std::uint32_t> wire, interface;
    std::vector<Interface> interfaces;
    CaptureCounts counts;
    std::string error;
};

void keep(Read& out, const Frame& frame) {
    out.frames.emplace_back(reinterpret_cast<const char*>(frame.bytes.data()), frame.bytes.size());
    out.times.push_back(frame.time_ns);
    out.wire.push_back(frame.wire_length);
    out.interface.push_back(frame.interface);
}

// together: as many frames at a time as there are side by side; 0 is one by one.
Read read_by(const std::string& file, std::size_t piece, std::size_t together) {
    Read out;
    auto capture = CaptureFile::open(std::make_unique<Pieces>(file, piece));
    if (!capture) {
        out.error = capture.error().message;
        return out;
    }
    std::vector<Frame> frames(std::max<std::size_t>(together, 1));
    for (;;) {
        Result<std::size_t> count = 0;
        if (together == 0) {
            const auto more = (*capture)->next(frames[0]);
            if (more) {
                count = *more ? 1 : 0;
            } else {
                count = std::unexpected(more.error());
            }
        } else {
            count = (*capture)->next(frames);
        }
        if (!count) out.error = count.error().message;
        if (!count || *count == 0) break;
        // After all were read: the first must still be good.
        for (const Frame& frame : std::span(frames).first(*count)) keep(out, frame);
    }
    out.interfaces = (*capture)->interfaces();
    out.counts = (*capture)->counts();
    return out;
}

Read read(const std::string& file, std::size_t piece = 1 << 20) {
    Read one_by_one = read_by(file, piece, 0);
    for (const std::size_t together : {1UL, 2UL, 64UL}) {
        const Read same = read_by(file, piece, together);
        EXPECT_EQ(same.frames, one_by_one.frames) << together << " together";
        EXPECT_EQ(same.times, one_by_one.times);
        EXPECT_EQ(same.wire, one_by_one.wire);
        EXPECT_EQ(same.interface, one_by_one.interface);
        EXPECT_EQ(same.interfaces.size(), one_by_one.interfaces.size());
        EXPECT_EQ(same.counts.frames, one_by_one.counts.frames);
        EXPECT_EQ(same.counts.dropped, one_by_one.counts.dropped);
        EXPECT_EQ(same.counts.cut, one_by_one.counts.cut);
        EXPECT_EQ(same.error, one_by_one.error) << together << " together";
    }
    return one_by_one;
}

std::string block(std::uint32_t type, const std::string& body) {
    const std::string padded = body + std::string((4 - body.size() % 4) % 4, '\0');
    return little(type, 4) + little(12 + padded.size(), 4) + padded + little(12 + padded.size(), 4);
}
std::string option(int code, const std::string& value) {
    return little(static_cast<std::uint64_t>(code), 2) + little(value.size(), 2) + value + std::string((4 - value.size() % 4) % 4, '\0');
}
std::string section() { return block(0x0a0d0d0a, little(0x1a2b3c4d, 4) + little(1, 2) + little(0, 2) + std::string(8, '\xff')); }
std::string interface(int link_type, const std::string& options = "", std::uint32_t snap = 0) {
    return block(1, little(static_cast<std::uint64_t>(link_type), 2) + little(0, 2) + little(snap, 4) + options);
}
std::string packet_block(std::uint32_t interface, std::uint64_t ticks, const std::string& bytes, const std::string& options = "") {
    return block(6, little(interface, 4) + little(ticks >> 32, 4) + little(ticks & 0xffffffff, 4) + little(bytes.size(), 4) + little(bytes.size() + 10, 4) +
                        bytes + std::string((4 - bytes.size() % 4) % 4, '\0') + options);
}

TEST(CaptureFile, pcap_whatever_the_chunks) {
    const std::string file = pcap_header() + pcap_record(1, 500, "first") + pcap_record(2, 0, "second one", 99) + pcap_record(3, 7, "");
    for (const std::size_t piece : {1UL, 3UL, 17UL, 1000UL}) {
        const Read got = read(file, piece);
        EXPECT_EQ(got.error, "");
        EXPECT_EQ(got.frames, (std::vector<std::string>{"first", "second one", ""})) << piece;
        EXPECT_EQ(got.times, (std::vector<std::int64_t>{1'000'500'000, 2'000'000'000, 3'000'007'000}));
        EXPECT_EQ(got.wire, (std::vector<std::uint32_t>{5, 99, 0}));
        EXPECT_EQ(got.counts.frames, 3U);
        EXPECT_FALSE(got.counts.cut);
    }
}

TEST(CaptureFile, pcap_of_the_other_byte_order_and_of_nanoseconds) {
    const std::string swapped =
        big(0xa1b23c4d, 4) + big(2, 2) + big(4, 2) + big(0, 8) + big(65535, 4) + big(101, 4) + big(1, 4) + big(5, 4) + big(2, 4) + big(2, 4) + "ab";
    const Read got = read(swapped);
    EXPECT_EQ(got.frames, std::vector<std::string>{"ab"});
    EXPECT_EQ(got.times, std::vector<std::int64_t>{1'000'000'005});
    EXPECT_EQ(got.interfaces.at(0).link, Link::raw_ip);
}

TEST(CaptureFile, a_file_that_was_cut_gives_what_it_has) {
    const std::string file = pcap_header() + pcap_record(1, 0, "first") + pcap_record(2, 0, "second");
    for (std::size_t cut = 1; cut < 22; ++cut) {
        const Read got = read(file.substr(0, file.size() - cut));
        EXPECT_EQ(got.error, "");
        EXPECT_EQ(got.frames.size(), 1U);
        EXPECT_TRUE(got.counts.cut);
    }
    EXPECT_FALSE(read(file.substr(0, file.size() - 22)).counts.cut);
}

TEST(CaptureFile, what_is_none) {
    EXPECT_THAT(read("").error, HasSubstr("no capture file"));
    EXPECT_THAT(read("#!/bin/sh\n").error, HasSubstr("neither as pcap nor as pcapng"));
    EXPECT_THAT(read(pcap_header().substr(0, 20)).error, HasSubstr("within its header"));
    EXPECT_THAT(read(pcap_header() + little(0, 8) + little(0xffffffff, 4) + little(60, 4)).error, HasSubstr("byte 24"));
}

TEST(CaptureFile, pcapng_of_several_interfaces_with_links_and_clocks_of_their_own) {
    const std::string file = section() + interface(1, option(2, "veth1") + option(1, "container web") + option(9, "\x09") + option(0, "")) +
                             interface(101, option(9, "\x83")) + packet_block(0, 1'000'000'005, "abc") + packet_block(1, 12, "de") + block(4, "names");
    const Read got = read(file, 5);
    EXPECT_EQ(got.error, "");
    EXPECT_EQ(got.frames, (std::vector<std::string>{"abc", "de"}));
    EXPECT_EQ(got.times, (std::vector<std::int64_t>{1'000'000'005, 1'500'000'000}));  // 12 ticks of an eighth of a second
    EXPECT_EQ(got.wire, (std::vector<std::uint32_t>{13, 12}));
    EXPECT_EQ(got.interface, (std::vector<std::uint32_t>{0, 1}));
    EXPECT_EQ(got.interfaces.at(0).name, "veth1");
    EXPECT_EQ(got.interfaces.at(0).comment, "container web");
    EXPECT_EQ(got.interfaces.at(1).link, Link::raw_ip);
    EXPECT_EQ(got.counts.skipped_blocks, 1U);
}

TEST(CaptureFile, pcapng_sections_number_their_interfaces_anew) {
    const Read got = read(section() + interface(1) + packet_block(0, 1, "abcd") + section() + interface(101) + packet_block(0, 2, "efgh"));
    EXPECT_EQ(got.error, "");
    EXPECT_EQ(got.interface, (std::vector<std::uint32_t>{0, 1}));
    EXPECT_THAT(read(section() + interface(1) + section() + packet_block(0, 1, "abcd")).error, HasSubstr("interface 0"));
}

TEST(CaptureFile, pcapng_simple_blocks_have_no_time) {
    const Read got = read(section() + interface(1, "", 4) + block(3, little(6, 4) + "abcd"));
    EXPECT_EQ(got.frames, std::vector<std::string>{"abcd"});
    EXPECT_EQ(got.wire, std::vector<std::uint32_t>{6});
    EXPECT_EQ(got.times, std::vector<std::int64_t>{0});
}

TEST(CaptureFile, pcapng_loss_is_counted_once) {
    const std::string statistics = block(5, little(0, 4) + little(0, 8) + option(5, little(3, 8)) + option(7, little(1, 8)));
    EXPECT_EQ(
        read(section() + interface(1) + packet_block(0, 1, "abcd", option(4, little(2, 8))) + packet_block(0, 1, "abcd", option(4, little(2, 8))) + statistics)
            .counts.dropped,
        4U);
    EXPECT_EQ(read(section() + interface(1) + statistics + statistics).counts.dropped, 4U);
}

TEST(CaptureFile, pcapng_that_lies) {
    EXPECT_THAT(read(section() + little(6, 4) + little(8, 4)).error, HasSubstr("block of 8 bytes"));
    EXPECT_THAT(read(section() + little(6, 4) + little(0x40000000, 4)).error, HasSubstr("block of 1073741824 bytes"));
    EXPECT_THAT(read(section() + interface(1) + block(6, little(0, 12) + little(9000, 4) + little(9000, 4) + "abcd")).error, HasSubstr("place for 4"));
    EXPECT_THAT(read(section() + block(1, "ab")).error, HasSubstr("interface without"));
    EXPECT_TRUE(read((section() + interface(1) + packet_block(0, 1, "abcd")).substr(0, 60)).counts.cut);
}

}  // namespace
}  // namespace bulkhead::packet
