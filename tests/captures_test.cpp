// SPDX-License-Identifier: Apache-2.0
// Packets and flows of public captures against what capinfos and tshark say of them. Reads the folder in BULKHEAD_CORPUS, whose
// MANIFEST.tsv holds their answers; the captures themselves are not part of this project.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "flow/flow_table.h"
#include "packet/capture_file.h"
#include "packet/unpack.h"
#include "world/live/file_stream.h"

namespace bulkhead {
namespace {

using Row = std::map<std::string, std::string>;

std::vector<Row> manifest(const std::filesystem::path& folder) {
    std::ifstream file(folder / "MANIFEST.tsv");
    std::vector<std::string> names;
    std::vector<Row> rows;
    for (std::string line; std::getline(file, line);) {
        std::istringstream fields(line);
        Row row;
        std::size_t i = 0;
        for (std::string field; std::getline(fields, field, '\t'); ++i) {
            if (rows.empty() && names.size() <= i) names.push_back(field);
            row[names.at(i)] = field;
        }
        rows.push_back(row);
    }
    if (!rows.empty()) rows.erase(rows.begin());
    return rows;
}

struct Seen {
    std::uint64_t frames = 0, bytes = 0, of_flows = 0, bytes_of_flows = 0;
    std::map<std::string, std::uint64_t> outcomes;
    std::set<std::string> tcp, udp;  // conversations: both ends, whatever the network
    std::uint64_t flow_packets = 0, flow_bytes = 0;
    bool tunnelled = false;
    std::string error;
};

std::string conversation(const flow::Record& record) {
    std::string text(reinterpret_cast<const char*>(&record.key), sizeof record.key);
    return text.substr(0, 36);
}

Seen read(const std::filesystem::path& path) {
    Seen seen;
    auto stream = world::open_file_stream(path);
    if (!stream) return {.error = stream.error().message};
    auto plain = packet::unpack(std::move(*stream));
    if (!plain) return {.error = plain.error().message};
    auto capture = packet::CaptureFile::open(std::move(*plain));
    if (!capture) return {.error = capture.error().message};
    flow::FlowTable table({.tcp_idle_ns = 0, .other_idle_ns = 0}, [&](const flow::Record& record) {
        seen.flow_packets += record.sent[0].packets + record.sent[1].packets;
        seen.flow_bytes += record.sent[0].bytes + record.sent[1].bytes;
        seen.tunnelled = seen.tunnelled || record.tunnelled;
        const bool only_later = record.fragments == record.sent[0].packets + record.sent[1].packets;
        if (record.key.protocol() == 6 && !only_later) seen.tcp.insert(conversation(record));
        if (record.key.protocol() == 17 && !only_later) seen.udp.insert(conversation(record));
    });
    packet::Frame frame;
    packet::Packet packet;
    for (;;) {
        const auto more = (*capture)->next(frame);
        if (!more) seen.error = more.error().message;
        if (!more || !*more) break;
        ++seen.frames;
        seen.bytes += frame.wire_length;
        const auto outcome = packet::decode((*capture)->interfaces()[frame.interface].link, frame.bytes, frame.wire_length, {}, packet);
        ++seen.outcomes[std::string(packet::name(outcome))];
        if (outcome == packet::Outcome::ip) table.add(packet, frame.wire_length, frame.time_ns);
    }
    table.finish();
    seen.of_flows = table.counts().packets;
    seen.bytes_of_flows = table.counts().bytes;
    return seen;
}

// Where tshark counts something else, and what a look at the packets says.
const std::map<std::string, std::string> other_counts = {
    {"flow/z-ipv4_fragmented-3.pcap", "tcp=1 udp=0"},             // the first fragment has the ports; tshark waits for one that never comes
    {"l7/n-snmp.pcap", "tcp=0 udp=17"},                           // 28 directions of 17 pairs; tshark counts each pair twice
    {"lab/land.pcap", "tcp=1 udp=0"},                             // ten connections from a port to itself: ten flows between one pair of ends
    {"malformed/n-fuzz-2006-06-26-2594.pcap", "tcp=24 udp=221"},  // ports are there, the header behind them is broken
    {"malformed/t-heapoverflow-tcp_print.pcap", "tcp=1 udp=0"},   // so here
    {"malformed/s-decode-too-small_test.pcap", "tcp=0 udp=2"},    // ports are there and nothing behind them
};

class Captures : public testing::Test {
  protected:
    void SetUp() override {
        const char* folder = std::getenv("BULKHEAD_CORPUS");
        if (folder == nullptr) GTEST_SKIP() << "BULKHEAD_CORPUS names no folder of captures";
        folder_ = folder;
        rows_ = manifest(folder_);
        ASSERT_GT(rows_.size(), 100U);
    }
    std::filesystem::path folder_;
    std::vector<Row> rows_;
};

TEST_F(Captures, every_frame_is_read_and_belongs_to_a_flow_or_is_counted_under_a_name) {
    for (const Row& row : rows_) {
        SCOPED_TRACE(row.at("file"));
        const Seen seen = read(folder_ / row.at("file"));
        EXPECT_EQ(seen.error, "");
        EXPECT_EQ(std::to_string(seen.frames), row.at("packets"));
        EXPECT_EQ(std::to_string(seen.bytes), row.at("bytes"));
        std::uint64_t counted = 0;
        for (const auto& [outcome, count] : seen.outcomes) counted += count;
        EXPECT_EQ(counted, seen.frames);
        EXPECT_EQ(seen.of_flows, seen.outcomes.contains("ip") ? seen.outcomes.at("ip") : 0);
        EXPECT_EQ(seen.flow_packets, seen.of_flows);
        EXPECT_EQ(seen.flow_bytes, seen.bytes_of_flows);
    }
}

TEST_F(Captures, conversations_are_those_that_tshark_sees) {
    int compared = 0;
    for (const Row& row : rows_) {
        const Seen seen = read(folder_ / row.at("file"));
        if (seen.tunnelled) continue;  // there tshark lists the tunnel's own conversation as well
        ++compared;
        const auto other = other_counts.find(row.at("file"));
        const std::string wanted = other != other_counts.end() ? other->second : row.at("conv").substr(0, row.at("conv").find(" ip4"));
        EXPECT_EQ(fmt::format("tcp={} udp={}", seen.tcp.size(), seen.udp.size()), wanted) << row.at("file");
    }
    EXPECT_GT(compared, 100);
}

}  // namespace
}  // namespace bulkhead
