// SPDX-License-Identifier: Apache-2.0
// The programs in the kernel against the decoder and the flow table of this program, frame by frame (BPF_PROG_TEST_RUN): two implementations of one
// contract, of which the latter is tested for itself. What tunnels carry is left out: the kernel's side does not open them.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/text.h"
#include "datapath/programs.h"
#include "datapath/testing/small_network.h"
#include "datapath/to_record.h"
#include "flow/flow_table.h"
#include "packet/capture_file.h"
#include "packet/testing/capture_maker.h"
#include "packet/unpack.h"
#include "world/live/file_stream.h"

namespace bulkhead::datapath {
namespace {

constexpr std::size_t frame_bytes_max = 3000;  // a test's packet is one page
constexpr packet::DecodeOptions no_vxlan{.vxlan_ports = {0, 0}};

using Told = std::map<std::array<std::uint64_t, 5>, std::vector<std::string>>;

// All that both sides know of a flow but times, which are not the same clock's.
std::string text_of(const flow::Record& record) {
    std::string out = fmt::format("source_is_low {} certain {} end {} closed_by {} vlan {} fragments {} handshake {} syn {} initial {}", record.source_is_low,
                                  record.source_certain, flow::name(record.end), static_cast<int>(record.closed_by), record.vlan, record.fragments,
                                  record.handshake_ns >= 0, record.syn_ns >= 0, record.initial_sequence);
    for (std::size_t end = 0; end < 2; ++end) {
        const flow::Direction& sent = record.sent[end];
        const flow::TcpSender& tcp = record.tcp[end];
        out += fmt::format("\n  {} packets {} bytes {} payload; again {} resets {} zero {} flags {:x}; next {} hole {} {} finished {} trips {}", sent.packets,
                           sent.bytes, sent.payload_bytes, sent.retransmits, sent.resets, sent.zero_windows, sent.tcp_flags, tcp.next, tcp.hole_begin,
                           tcp.hole_end, tcp.finished, record.round_trip[end].count);
    }
    return out;
}

class Kernel {
  public:
    explicit Kernel(Programs programs) : programs_(std::move(programs)) { ring_ = ring_buffer__new(programs_.words(), on_word, this, nullptr); }
    ~Kernel() { ring_buffer__free(ring_); }
    Kernel(const Kernel&) = delete;
    Kernel& operator=(const Kernel&) = delete;

    // What became of it, as packet::Outcome; nothing where the kernel does not take such a frame for a test.
    std::optional<packet::Outcome> run(std::span<const std::uint8_t> frame) {
        const kernel::interface_counts before = programs_.counts_of(0);
        bpf_test_run_opts options{};
        options.sz = sizeof options;
        options.data_in = frame.data();
        options.data_size_in = static_cast<std::uint32_t>(frame.size());
        if (bpf_prog_test_run_opts(programs_.meter(), &options) != 0) return std::nullopt;
        ring_buffer__consume(ring_);
        const kernel::interface_counts after = programs_.counts_of(0);
        constexpr packet::Outcome outcomes[] = {packet::Outcome::not_ip, packet::Outcome::truncated, packet::Outcome::malformed, packet::Outcome::too_deep};
        for (std::size_t why = 0; why < std::size(outcomes); ++why) {
            if (after.none[why][0].packets == before.none[why][0].packets) continue;
            EXPECT_EQ(after.none[why][0].bytes - before.none[why][0].bytes, frame.size());
            return outcomes[why];
        }
        EXPECT_EQ(after.none[kernel::reason_full][0].packets, 0U);
        return packet::Outcome::ip;
    }

    Told finish() {
        std::vector<kernel::flow_key> keys;
        std::vector<kernel::flow_value> values;
        std::vector<kernel::retired> wanted;
        Programs::Place place;
        for (bool more = true; more;) {
            more = programs_.some_flows(place, keys, values).value();
            for (const auto& value : values) wanted.push_back({.key = value.state.key, .serial = value.state.first_ns, .not_after_ns = UINT64_MAX});
        }
        EXPECT_TRUE(programs_.retire(wanted));
        for (const kernel::retired& one : wanted) {
            EXPECT_EQ(one.taken, 1U);
            add(one.state);
        }
        Told out;
        out.swap(told_);
        return out;
    }

  private:
    static int on_word(void* self, void* data, std::size_t) {
        if (*static_cast<const std::uint8_t*>(data) == kernel::word_replaced)
            static_cast<Kernel*>(self)->add(static_cast<const kernel::replaced*>(data)->state);
        return 0;
    }
    void add(const kernel::flow_state& state) {
        const flow::Record record = to_record(state, clock_);
        told_[flow::words_of(record.key)].push_back(text_of(record));
    }
    Programs programs_;
    ring_buffer* ring_ = nullptr;
    WallClock clock_;
    Told told_;
};

class FramesTest : public ::testing::Test {
  protected:
    void SetUp() override {
        if (testing::is_root()) {
            auto programs = Programs::load({.payload_bytes = 0});
            ASSERT_TRUE(programs) << programs.error().message;
            kernel_.emplace(std::move(*programs));
            return;
        }
        if (testing::must_not_skip()) FAIL() << "needs root";
        GTEST_SKIP() << "needs root";
    }

    void take(std::span<const std::uint8_t> frame) {
        packet::Packet packet;
        const packet::Outcome expected = packet::decode(packet::Link::ethernet, frame, static_cast<std::uint32_t>(frame.size()), no_vxlan, packet);
        if (packet.tunnelled || is_left_to_user_space(frame) || frame.size() > frame_bytes_max) return;
        const auto outcome = kernel_->run(frame);
        if (!outcome) return;
        ++taken_;
        EXPECT_EQ(packet::name(*outcome), packet::name(expected)) << "frame of " << frame.size() << " bytes";
        if (expected == packet::Outcome::ip) table_.add(packet, static_cast<std::uint32_t>(frame.size()), now_ += 1000);
    }

    // MPLS and PPPoE, behind any tags: not in containers.
    static bool is_left_to_user_space(std::span<const std::uint8_t> frame) {
        for (std::size_t at = 12; at + 2 <= frame.size(); at += 4) {
            const int type = frame[at] << 8 | frame[at + 1];
            if (type == 0x8847 || type == 0x8848 || type == 0x8864) return true;
            if (type != 0x8100 && type != 0x88a8 && type != 0x9100) return false;
        }
        return false;
    }

    void expect_same(const std::string& name) {
        table_.finish();
        const Told told = kernel_->finish();
        EXPECT_EQ(told.size(), expected_.size()) << name;
        for (const auto& [key, records] : expected_) {
            const auto found = told.find(key);
            ASSERT_NE(found, told.end()) << name << ": the kernel has no such flow";
            EXPECT_EQ(found->second, records) << name;
        }
        expected_.clear();
    }

    std::optional<Kernel> kernel_;
    Told expected_;
    std::size_t taken_ = 0;
    std::int64_t now_ = 1;
    flow::FlowTable table_{flow::Limits{.tcp_idle_ns = 0, .other_idle_ns = 0, .linger_ns = 1'000'000'000'000},
                           [this](const flow::Record& record) { expected_[flow::words_of(record.key)].push_back(text_of(record)); }};
};

std::span<const std::uint8_t> bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

TEST_F(FramesTest, the_table_of_frames_gives_the_same_flows_in_the_kernel_and_here) {
    std::ifstream file(BULKHEAD_SOURCE_DIR "/tests/fixtures/frames/frames.tsv");
    ASSERT_TRUE(file);
    std::string line, name;
    std::size_t cases = 0, frames = 0;
    while (std::getline(file, line)) {
        if (line.starts_with('#')) continue;
        const auto parts = text::split(line, '\t');
        ASSERT_EQ(parts.size(), 2U) << line;
        if (parts[0] != name) {
            if (!name.empty()) expect_same(name);
            name = parts[0];
            ++cases;
        }
        SCOPED_TRACE(name);
        ++frames;
        take(bytes_of(packet::made::hex(parts[1])));
    }
    expect_same(name);
    EXPECT_GT(cases, 50U);
    EXPECT_EQ(taken_, frames) << "the kernel did not take a frame for a test";
}

TEST_F(FramesTest, captures_of_the_corpus_give_the_same_flows) {
    const char* corpus = std::getenv("BULKHEAD_CORPUS");
    if (corpus == nullptr) GTEST_SKIP() << "BULKHEAD_CORPUS names no folder of captures";
    constexpr std::size_t frames_max = 3000;  // of one file
    for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
        const std::string path = entry.path().string();
        if (!entry.is_regular_file() || path.find(".pcap") == path.npos) continue;
        auto bytes = world::open_file_stream(path);
        if (!bytes) continue;
        auto plain = packet::unpack(std::move(*bytes));
        if (!plain) continue;
        auto capture = packet::CaptureFile::open(std::move(*plain));
        if (!capture) continue;
        packet::Frame frame;
        for (std::size_t i = 0; i < frames_max; ++i) {
            const auto more = (*capture)->next(frame);
            if (!more || !*more) break;
            if ((*capture)->interfaces()[frame.interface].link == packet::Link::ethernet) take(frame.bytes);
        }
        expect_same(path);
    }
    EXPECT_GT(taken_, 1000U);
}

}  // namespace
}  // namespace bulkhead::datapath
