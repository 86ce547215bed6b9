// SPDX-License-Identifier: Apache-2.0
// On the real kernel: what the programs count is what the interfaces count, whatever goes over them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datapath/testing/datapath_fixture.h"

namespace bulkhead::datapath {

constexpr const char* server = R"(
import socket, threading
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("0.0.0.0", 8080)); s.listen(64)
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("0.0.0.0", 5353))
def echo():
    while True:
        d, who = u.recvfrom(65535); u.sendto(d[:100], who)
threading.Thread(target=echo, daemon=True).start()
open("READY", "w").close()
while True:
    c, _ = s.accept()
    n = 0
    while True:
        d = c.recv(65536)
        if not d: break
        n += len(d)
    c.sendall(b"got %d" % n); c.close()
)";

constexpr const char* client = R"(
import socket, os, time
for size in (1, 1000, 3000000):
    c = socket.create_connection(("10.77.0.2", 8080)); c.sendall(b"hello" + b"x" * (size - 5) if size >= 5 else b"h"); c.shutdown(socket.SHUT_WR)
    assert c.recv(100) == b"got %d" % size, size
    c.close()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.settimeout(5)
for size in (10, 1400, 9000):
    u.sendto(b"u" * size, ("10.77.0.2", 5353)); assert len(u.recv(65535)) == min(size, 100)
r = socket.socket()
try: r.connect(("10.77.0.2", 81))
except ConnectionRefusedError: pass
)";

constexpr const char* pings = R"(
import socket, struct
def checksum(d):
    s = sum(struct.unpack("!%dH" % (len(d) // 2), d)); s = (s >> 16) + (s & 0xffff); return ~(s + (s >> 16)) & 0xffff
four = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP); four.settimeout(5)
for i in range(3):
    d = struct.pack("!BBHHH", 8, 0, 0, 77, i) + b"p" * 56
    four.sendto(d[:2] + struct.pack("!H", checksum(d)) + d[4:], ("10.77.0.2", 0)); four.recv(2000)
six = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6); six.settimeout(5)
for i in range(2):
    six.sendto(struct.pack("!BBHHH", 128, 0, 0, 77, i) + b"p" * 4000, ("fd77::2", 0))
    while six.recv(5000)[0] != 129: pass
)";

TEST_F(DatapathTest, flows_and_interfaces_count_the_same_over_tcp_udp_icmp_and_fragments) {
    auto datapath = open({.linger_ns = 200'000'000});
    ASSERT_TRUE(datapath);
    ASSERT_TRUE(datapath->watch(network_->path("host"), Which::container_ends));
    ASSERT_EQ(attached_.size(), 2U) << failures_;
    const std::string ready = "/tmp/bulkhead-ready-" + std::to_string(getpid());
    std::string serving = server;
    serving.replace(serving.find("READY"), 5, ready);
    network_->serve("b", serving);
    for (int i = 0; i < 250 && access(ready.c_str(), F_OK) != 0; ++i) poll_for(*datapath, 20ms);
    ASSERT_EQ(network_->python("a", client), 0);
    EXPECT_EQ(network_->python("a", pings), 0);
    poll_for(*datapath, 600ms);
    expect_equal_counters(*datapath);
    // What the client did, flow by flow, seen on its own veth.
    const auto tcp = over_on("vetha", 6);
    ASSERT_EQ(tcp.size(), 4U);
    std::map<std::uint64_t, flow::Record> by_payload;
    for (const flow::Record& record : tcp) by_payload[record.sent[0].payload_bytes] = record;
    for (const std::uint64_t size : {1U, 1000U, 3000000U}) {
        // More than was said only where a busy kernel sent some of it again.
        const auto found = by_payload.lower_bound(size);
        ASSERT_TRUE(found != by_payload.end() && (found->first == size || found->second.sent[0].retransmits > 0)) << size;
        const flow::Record& record = found->second;
        EXPECT_EQ(record.end, flow::End::closed);
        EXPECT_EQ(record.destination_port(), 8080);
        EXPECT_TRUE(record.source_certain);
        if (record.sent[1].retransmits == 0) {
            EXPECT_EQ(record.sent[1].payload_bytes, ("got " + std::to_string(size)).size());
        }
        EXPECT_GT(record.handshake_ns, 0);
        EXPECT_GT(record.round_trip[1].count, 0U);
    }
    EXPECT_EQ(by_payload[0].end, flow::End::reset);
    EXPECT_EQ(by_payload[0].destination_port(), 81);
    EXPECT_EQ(by_payload[0].closed_by, flow::Side::destination);
    EXPECT_EQ(failures_, "");
    EXPECT_EQ(datapath->counts().lost_begun + datapath->counts().unaccounted_full.packets, 0U);
    // Left over are UDP and ICMP: handed over at the end, each once.
    ASSERT_TRUE(datapath->finish());
    const auto udp = over_on("vetha", 17);
    ASSERT_EQ(udp.size(), 1U);
    // Nine thousand bytes in seven pieces: the ports of the first are those of all.
    EXPECT_EQ(udp[0].sent[0].packets, 2U + 7U);
    EXPECT_EQ(udp[0].sent[1].payload_bytes, 10U + 100U + 100U);
    const auto pinged = over_on("vetha", 1);
    ASSERT_EQ(pinged.size(), 1U);
    EXPECT_EQ(pinged[0].sent[0].packets, 3U);
    EXPECT_EQ(pinged[0].sent[1].payload_bytes, 3U * 56);
    // Four thousand bytes are three pieces over IPv6, whose extension headers have to be stepped over.
    std::uint64_t pieces = 0;
    for (const flow::Record& record : over_on("vetha", 58)) pieces += record.source_port() == 77 ? record.sent[0].packets : 0;
    EXPECT_EQ(pieces, 2U * 3);
    EXPECT_EQ(datapath->counts().orphan_fragments, 0U);
    EXPECT_THAT(said_["vetha>"], ::testing::HasSubstr("hello"));
    EXPECT_THAT(said_["vetha<"], ::testing::HasSubstr("got 3000000"));
    unlink(ready.c_str());
}

TEST_F(DatapathTest, a_new_interface_is_metered_within_milliseconds_and_before_it_counted_anything) {
    auto datapath = open();
    ASSERT_TRUE(datapath);
    ASSERT_TRUE(datapath->watch(network_->path("host"), Which::container_ends));
    attached_.clear();
    for (const char* name : {"vethx", "vethy", "vethz"}) ASSERT_EQ(network_->add_veth(name), 0);
    for (int i = 0; i < 100 && attached_.size() < 3; ++i) poll_for(*datapath, 10ms);
    ASSERT_EQ(attached_.size(), 3U) << failures_;
    for (const Interface& interface : attached_) {
        EXPECT_LT(interface.attach_took_ns, 100'000'000) << interface.name;
        EXPECT_EQ(interface.kind, InterfaceKind::veth);
        EXPECT_TRUE(interface.peer_nsid);
        EXPECT_NE(interface.master_index, 0U);
        EXPECT_EQ(interface.netns, network_->path("host"));
    }
    expect_equal_counters(*datapath);
}

TEST_F(DatapathTest, without_payload_nothing_of_it_is_read) {
    auto datapath = open({.payload_bytes = 0});
    ASSERT_TRUE(datapath->watch(network_->path("host"), Which::container_ends));
    ASSERT_EQ(network_->python("a", many_flows), 0);
    poll_for(*datapath, 50ms);
    EXPECT_GT(moments_[static_cast<int>(flow::Moment::begun)], 0);
    EXPECT_TRUE(said_.empty());
}

// No ARP and no IPv6: of a broadcast between siblings macvlan counts the Ethernet header twice (macvlan_broadcast in the kernel, 6.18), we once.
TEST_F(DatapathTest, macvlans_are_metered_within_their_containers) {
    int number = 0;
    for (const std::string which : {"a", "b"}) {
        const std::string name = "mac" + which, netns = network_->path(which).substr(11);
        ASSERT_EQ(
            network_->run("host", "ip link add link br0 name " + name + " address 02:00:00:00:79:0" + std::to_string(number + 1) + " type macvlan mode bridge"),
            0);
        ASSERT_EQ(network_->run("host", "ip link set " + name + " addrgenmode none"), 0);
        ASSERT_EQ(network_->run("host", "ip link set " + name + " netns " + netns), 0);
        ASSERT_EQ(network_->run(which, "ip addr add 10.79.0." + std::to_string(++number) + "/24 dev " + name), 0);
        ASSERT_EQ(network_->run(which, "ip link set " + name + " up"), 0);
        const std::string other = std::to_string(3 - number);
        ASSERT_EQ(network_->run(which, "ip neigh add 10.79.0." + other + " lladdr 02:00:00:00:79:0" + other + " nud permanent dev " + name), 0);
    }
    auto datapath = open();
    ASSERT_TRUE(datapath->watch(network_->path("a"), Which::children));
    ASSERT_TRUE(datapath->watch(network_->path("b"), Which::children));
    ASSERT_EQ(attached_.size(), 2U) << failures_;
    EXPECT_EQ(attached_[0].kind, InterfaceKind::macvlan);
    network_->serve("b", "import socket\ns = socket.socket(); s.bind(('10.79.0.2', 8080)); s.listen(5); c, _ = s.accept()\nwhile c.recv(65536): pass\n");
    const char* send =
        "import socket, time\nfor i in range(100):\n  try: c = socket.create_connection(('10.79.0.2', 8080)); break\n  except OSError: "
        "time.sleep(0.05)\nc.sendall(b'm' * 2000000)\nc.close()\n";
    ASSERT_EQ(network_->python("a", send), 0);
    expect_equal_counters(*datapath);
    ASSERT_TRUE(datapath->finish());
    for (const char* name : {"maca", "macb"}) {
        flow::Direction most;
        for (const flow::Record& record : over_on(name, 6)) {
            if (record.sent[0].payload_bytes > most.payload_bytes) most = record.sent[0];
        }
        // What a busy kernel sent again was on the wire twice, and is counted twice.
        EXPECT_GE(most.payload_bytes, 2'000'000U) << name;
        if (most.retransmits == 0) {
            EXPECT_EQ(most.payload_bytes, 2'000'000U) << name;
        }
    }
}

}  // namespace bulkhead::datapath
