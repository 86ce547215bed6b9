// SPDX-License-Identifier: Apache-2.0
// What was said in public captures against what tshark says of them (tests/fixtures/l7/said.tsv, made by `make` beside it). Reads the
// folder in BULKHEAD_CORPUS; the captures themselves are not part of this project.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/text.h"
#include "flow/flow_table.h"
#include "l7/packets.h"
#include "packet/capture_file.h"
#include "packet/unpack.h"
#include "world/live/file_stream.h"

namespace bulkhead {
namespace {

using Said = std::map<std::string, std::map<std::string, int>>;  // kind, value, how often

void tell(Said& said, const flow::L7& l7) {
    if (!l7.name.empty()) ++said["name"][l7.name];
    if (l7.exchanges_left_out > 0) ++said["left out"][l7.name];
    if (!l7.application.empty()) ++said["application"][l7.application];
    for (const flow::HttpRequest& one : l7.http) {
        const std::string kind = one.version == "2" ? "2" : "";
        ++said["http" + kind][one.method + " " + one.path];
        if (one.status != 0) ++said["status" + kind][std::to_string(one.status)];
    }
    for (const flow::DnsQuery& one : l7.dns) {
        if (l7.name != "dns") continue;
        ++said["dns"][one.name];
        for (const std::string& answer : one.answers) ++said["answer"][answer];
    }
    for (const flow::TlsSession& one : l7.tls) {
        if (!one.server_name.empty()) ++said["sni"][one.server_name];
        if (!one.ja3.empty()) ++said["ja3"][one.ja3];
        if (!one.ja3s.empty()) ++said["ja3s"][one.ja3s];
    }
}

// cut_at: bytes of each payload that are there; 0 is all.
Said read(const std::filesystem::path& path, std::size_t cut_at = 0) {
    Said said;
    auto stream = world::open_file_stream(path);
    if (!stream) return said;
    auto plain = packet::unpack(std::move(*stream));
    if (!plain) return said;
    auto capture = packet::CaptureFile::open(std::move(*plain));
    if (!capture) return said;
    l7::Inspector inspector;
    flow::FlowTable table({.tcp_idle_ns = 0, .other_idle_ns = 0}, [&](const flow::Record& record) {
        std::uint32_t slot = record.l7_slot;
        if (const auto l7 = inspector.take(slot)) tell(said, *l7);
    });
    packet::Frame frame;
    packet::Packet packet;
    for (auto more = (*capture)->next(frame); more && *more; more = (*capture)->next(frame)) {
        if (packet::decode((*capture)->interfaces()[frame.interface].link, frame.bytes, frame.wire_length, {}, packet) != packet::Outcome::ip) continue;
        flow::Record& record = table.add(packet, frame.wire_length, frame.time_ns);
        if (cut_at > 0) packet.payload = packet.payload.first(std::min(packet.payload.size(), cut_at));
        l7::show(inspector, record, packet, frame.time_ns);
    }
    table.finish();
    EXPECT_EQ(inspector.entries(), 0U);
    EXPECT_EQ(inspector.open(), 0U);
    return said;
}

class L7Captures : public testing::Test {
  protected:
    void SetUp() override {
        const char* folder = std::getenv("BULKHEAD_CORPUS");
        if (folder == nullptr) GTEST_SKIP() << "BULKHEAD_CORPUS names no folder of captures";
        folder_ = folder;
        std::ifstream file(std::string(BULKHEAD_SOURCE_DIR) + "/tests/fixtures/l7/said.tsv");
        for (std::string line; std::getline(file, line);) {
            const auto fields = text::split(line, '\t');
            if (fields.size() == 4)
                expected_[std::string(fields[0])][std::string(fields[1])][std::string(fields[2])] = std::atoi(std::string(fields[3]).c_str());
        }
        ASSERT_GT(expected_.size(), 25U);
    }
    std::filesystem::path folder_;
    std::map<std::string, Said> expected_;
};

// Where tshark says something else, and what a look at the packets says.
bool is_other(const std::string& file, const std::string& kind, const std::string& value) {
    if (value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/:+ ~%$@!*(),;=&") != std::string::npos)
        return true;                                                                                          // two ways to write it
    if (kind == "answer" && value.find_first_not_of("0123456789abcdef.:") != std::string::npos) return true;  // the table has addresses only
    if (kind == "status" && value == "100") return true;                                                      // no answer yet
    if (file == "flow/n-1kxun.pcap" && kind == "status" && value == "206") return true;                       // tshark waits for a body that never ends
    if (file == "l7/n-instagram.pcap" && kind == "status" && value == "200") return true;                     // so here
    if (file == "l7/n-openvpn.pcap" && kind.starts_with("ja3")) return true;                                  // inside of OpenVPN
    if (file == "vxlan/s-vxlan-decoder-01_input.pcap" && kind == "dns") return true;                          // on no port of DNS
    return file == "web/n-WebattackRCE.pcap" && value.find("netsonar") != std::string::npos;                  // a target with a blank in it
}

// As long as flow::L7 has it.
std::set<std::string> values_of(const Said& said, const std::string& file, const std::string& kind) {
    std::set<std::string> out;
    const auto found = said.find(kind);
    if (found == said.end()) return out;
    for (const auto& [value, count] : found->second) {
        const std::size_t before = kind == "http" ? value.find(' ') + 1 : 0;
        if (!is_other(file, kind, value)) out.insert(value.substr(0, before + flow::l7_text_max));
    }
    return out;
}

TEST_F(L7Captures, what_was_said_is_what_tshark_says) {
    int compared = 0;
    for (const auto& [file, kinds] : expected_) {
        const Said said = read(folder_ / file);
        for (const std::string kind : {"http", "status", "http2", "status2", "dns", "answer", "sni", "ja3", "ja3s"}) {
            const std::set<std::string> wanted = values_of(kinds, file, kind), seen = values_of(said, file, kind);
            compared += static_cast<int>(wanted.size());
            for (const std::string& value : seen) EXPECT_TRUE(wanted.contains(value)) << file << " " << kind << " " << value << " is said here only";
            if (said.contains("left out")) continue;  // more than a flow keeps
            for (const std::string& value : wanted) EXPECT_TRUE(seen.contains(value)) << file << " " << kind << " " << value << " is missing";
        }
    }
    EXPECT_GT(compared, 500);
}

// As the kernel hands payload up: what is read of the beginnings is never something else.
TEST_F(L7Captures, the_first_512_bytes_say_nothing_that_all_do_not_say) {
    for (const auto& [file, kinds] : expected_) {
        const Said all = read(folder_ / file), begun = read(folder_ / file, 512);
        for (const std::string kind : {"name", "sni", "ja3", "ja3s", "dns"}) {
            const std::set<std::string> wanted = values_of(all, file, kind);
            for (const std::string& value : values_of(begun, file, kind)) EXPECT_TRUE(wanted.contains(value)) << file << " " << kind << " " << value;
        }
    }
}

}  // namespace
}  // namespace bulkhead
