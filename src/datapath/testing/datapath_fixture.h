// SPDX-License-Identifier: Apache-2.0
// For tests as root: the small network, a datapath over it, and everything that it hands over.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "datapath/datapath.h"
#include "datapath/link_news.h"
#include "datapath/testing/small_network.h"

namespace bulkhead::datapath {

using namespace std::chrono_literals;

class DatapathTest : public ::testing::Test {
  protected:
    void SetUp() override {
        if (testing::is_root()) {
            network_.emplace();
            ASSERT_TRUE(network_->ready()) << "ip(8) could not make the namespaces";
            return;
        }
        if (testing::must_not_skip()) FAIL() << "needs root";
        GTEST_SKIP() << "needs root";
    }

    std::unique_ptr<Datapath> open(Options options = {}) {
        options.lock_file.clear();
        auto opened = Datapath::open(options, callbacks());
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }

    Callbacks callbacks() {
        return {.flow =
                    [this](const Interface& interface, const FlowRef& ref, const flow::Record& record, flow::Moment moment) {
                        ++moments_[static_cast<int>(moment)];
                        if (moment == flow::Moment::begun) ++begun_[{ref.interface, ref.serial}];
                        if (moment == flow::Moment::over) over_.emplace_back(interface.name, record);
                    },
                .payload =
                    [this](const Interface& interface, const Payload& piece) {
                        said_[interface.name + (piece.from_source ? ">" : "<")].append(reinterpret_cast<const char*>(piece.bytes.data()), piece.bytes.size());
                    },
                .attached = [this](const Interface& interface) { attached_.push_back(interface); },
                .left = [this](const Interface& interface) { left_.push_back(interface.name); },
                .failed = [this](std::string_view where, const Error& error) { failures_ += std::string(where) + ": " + error.message + "\n"; }};
    }

    static void poll_for(Datapath& datapath, std::chrono::milliseconds time) {
        const auto until = std::chrono::steady_clock::now() + time;
        while (std::chrono::steady_clock::now() < until) ASSERT_TRUE(datapath.poll(20ms));
    }

    // The interface's own counters since the programs are there, and what these say they saw. At rest, so a few looks may be needed.
    void expect_equal_counters(Datapath& datapath) {
        std::string told = "no interface";
        for (int look = 0; look < 50; ++look) {
            told.clear();
            for (const Interface& interface : datapath.interfaces()) {
                const auto sockets = open_netns_sockets(interface.netns.starts_with("/run/netns/") ? interface.netns : network_->path("host"));
                ASSERT_TRUE(sockets);
                const auto link = look_at_link(*sockets->questions, interface.index);
                const auto seen = datapath.seen_on(interface.id);
                ASSERT_TRUE(link && seen);
                told += compare(interface.name + " received", link->counters.received, interface.before_attachment.received,
                                interface.during_attachment.received, seen->received);
                told += compare(interface.name + " sent", link->counters.sent, interface.before_attachment.sent, interface.during_attachment.sent, seen->sent);
            }
            if (told.empty()) return;
            poll_for(datapath, 50ms);
        }
        ADD_FAILURE() << told;
    }

    // What came while the programs were being attached may be in both or in one; where nothing did, and that is the rule, all must be equal.
    static std::string compare(const std::string& what, const Counted& interface, const Counted& before, const Counted& during, const Counted& seen) {
        const auto missing_packets = interface.packets - before.packets - seen.packets, missing_bytes = interface.bytes - before.bytes - seen.bytes;
        if (missing_packets <= during.packets && missing_bytes <= during.bytes) return {};
        return what + ": the interface has " + std::to_string(interface.packets - before.packets) + " packets, " +
               std::to_string(interface.bytes - before.bytes) + " bytes; seen are " + std::to_string(seen.packets) + ", " + std::to_string(seen.bytes) + "\n";
    }

    std::vector<flow::Record> over_on(const std::string& name, std::uint8_t protocol) {
        std::vector<flow::Record> out;
        for (const auto& [interface, record] : over_) {
            if (interface == name && record.key.protocol() == protocol) out.push_back(record);
        }
        return out;
    }

    std::optional<testing::SmallNetwork> network_;
    std::vector<std::pair<std::string, flow::Record>> over_;
    std::map<int, int> moments_;
    std::map<std::pair<std::uint16_t, std::uint64_t>, int> begun_;
    std::map<std::string, std::string> said_;
    std::vector<Interface> attached_;
    std::vector<std::string> left_;
    std::string failures_;
};

constexpr const char* many_flows = R"(
import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in range(2000, 2600): u.sendto(b"flood", ("10.77.0.2", port))
)";

}  // namespace bulkhead::datapath
