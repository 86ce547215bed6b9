// SPDX-License-Identifier: Apache-2.0
// On the real kernel: what the programs count is what the interfaces count, whatever goes over them.
#include "datapath/datapath.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>

#include <csignal>
#include <map>
#include <thread>

#include "datapath/filters.h"
#include "datapath/link_news.h"
#include "datapath/testing/small_network.h"
#include "flow/record_text.h"

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
                told += compare(interface.name + " received", link->counters.received, interface.before_attachment.received, seen->received);
                told += compare(interface.name + " sent", link->counters.sent, interface.before_attachment.sent, seen->sent);
            }
            if (told.empty()) return;
            poll_for(datapath, 50ms);
        }
        ADD_FAILURE() << told;
    }

    static std::string compare(const std::string& what, const Counted& interface, const Counted& before, const Counted& seen) {
        if (interface.packets - before.packets == seen.packets && interface.bytes - before.bytes == seen.bytes) return {};
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
        ASSERT_TRUE(by_payload.contains(size)) << size;
        const flow::Record& record = by_payload[size];
        EXPECT_EQ(record.end, flow::End::closed);
        EXPECT_EQ(record.destination_port(), 8080);
        EXPECT_TRUE(record.source_certain);
        EXPECT_EQ(record.sent[1].payload_bytes, ("got " + std::to_string(size)).size());
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

constexpr const char* many_flows = R"(
import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in range(2000, 2600): u.sendto(b"flood", ("10.77.0.2", port))
)";

TEST_F(DatapathTest, a_full_table_loses_no_packet_and_lets_the_longest_silent_go) {
    auto datapath = open({.flows_max = 64, .going_on_ns = 50'000'000});
    ASSERT_TRUE(datapath);
    ASSERT_TRUE(datapath->watch(network_->path("host"), Which::container_ends));
    ASSERT_EQ(network_->python("a", many_flows), 0);
    EXPECT_GE(datapath->counts().unaccounted_full.packets, 500U);
    expect_equal_counters(*datapath);
    poll_for(*datapath, 500ms);
    EXPECT_GT(datapath->counts().evicted, 0U);
    expect_equal_counters(*datapath);
    // There is place again.
    const std::uint64_t begun = datapath->counts().flows_begun;
    ASSERT_EQ(network_->python("a", "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('10.77.0.2', 9))"), 0);
    EXPECT_GT(datapath->counts().flows_begun, begun);
}

TEST_F(DatapathTest, a_full_ring_loses_words_and_no_flow) {
    auto datapath = open({.ring_bytes = 4096});
    ASSERT_TRUE(datapath);
    ASSERT_TRUE(datapath->watch(network_->path("host"), Which::container_ends));
    ASSERT_EQ(network_->python("a", many_flows), 0);
    EXPECT_GT(datapath->counts().lost_begun, 500U);
    EXPECT_GT(datapath->counts().lost_payload, 500U);
    expect_equal_counters(*datapath);
    ASSERT_TRUE(datapath->finish());
    EXPECT_GE(over_on("vetha", 17).size(), 600U);
    EXPECT_EQ(datapath->counts().flows_over, datapath->counts().flows_begun);
    EXPECT_EQ(datapath->counts().bad_words, 0U);
}

TEST_F(DatapathTest, what_a_dead_agent_left_is_replaced_where_it_is_metered_and_removed_elsewhere) {
    const auto sockets = open_netns_sockets(network_->path("host"));
    ASSERT_TRUE(sockets);
    // It never detaches: as if it had been killed.
    static std::vector<std::unique_ptr<Datapath>> dead;
    dead.push_back(open());
    ASSERT_TRUE(dead.back());
    ASSERT_TRUE(dead.back()->watch(network_->path("host"), Which::everything));
    EXPECT_EQ(list_filters(*sockets->questions)->size(), 3U);  // both veths and the bridge
    auto datapath = open();
    ASSERT_TRUE(datapath->watch(network_->path("host"), Which::container_ends));
    EXPECT_EQ(datapath->counts().adopted, 3U);
    EXPECT_EQ(list_filters(*sockets->questions)->size(), 2U);
    ASSERT_EQ(network_->python("a", many_flows), 0);
    expect_equal_counters(*datapath);
    datapath.reset();
    EXPECT_EQ(list_filters(*sockets->questions)->size(), 0U);
    EXPECT_NE(network_->run("host", "tc qdisc show | grep clsact"), 0);
}

TEST_F(DatapathTest, flows_of_an_interface_that_goes_are_handed_over_and_then_its_number_is_free) {
    auto datapath = open();
    ASSERT_TRUE(datapath);
    ASSERT_TRUE(datapath->watch(network_->path("host"), Which::container_ends));
    ASSERT_EQ(network_->python("a", many_flows), 0);
    poll_for(*datapath, 50ms);
    ASSERT_EQ(network_->run("host", "ip link del vetha"), 0);
    for (int i = 0; i < 50 && left_.empty(); ++i) poll_for(*datapath, 20ms);
    EXPECT_THAT(left_, ::testing::ElementsAre("vetha"));
    const auto udp = over_on("vetha", 17);
    EXPECT_GE(udp.size(), 600U);
    for (const flow::Record& record : udp) EXPECT_EQ(record.end, flow::End::running);
    EXPECT_EQ(datapath->interfaces().size(), 1U);
    expect_equal_counters(*datapath);
}

TEST_F(DatapathTest, a_namespace_that_ends_is_let_go) {
    auto datapath = open();
    ASSERT_TRUE(datapath);
    ASSERT_TRUE(datapath->watch(network_->path("host"), Which::container_ends));
    ASSERT_TRUE(datapath->watch(network_->path("host"), Which::everything)) << "twice the same is no error";
    EXPECT_EQ(datapath->interfaces().size(), 2U);
    EXPECT_EQ(datapath->watch("/run/netns/there-is-none", Which::everything).error().code, Code::not_found);
    network_.reset();
    for (int i = 0; i < 50 && !datapath->interfaces().empty(); ++i) poll_for(*datapath, 20ms);
    EXPECT_TRUE(datapath->interfaces().empty());
    EXPECT_EQ(left_.size(), 2U);
    EXPECT_EQ(failures_, "");
}

TEST_F(DatapathTest, a_second_agent_is_refused) {
    const std::string lock = ::testing::TempDir() + "bulkhead-lock-" + std::to_string(getpid());
    const auto first = Datapath::open({.lock_file = lock}, callbacks());
    ASSERT_TRUE(first) << first.error().message;
    const auto second = Datapath::open({.lock_file = lock}, callbacks());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::unavailable);
    unlink(lock.c_str());
}

TEST_F(DatapathTest, without_payload_nothing_of_it_is_read) {
    auto datapath = open({.payload_bytes = 0});
    ASSERT_TRUE(datapath->watch(network_->path("host"), Which::container_ends));
    ASSERT_EQ(network_->python("a", many_flows), 0);
    poll_for(*datapath, 50ms);
    EXPECT_GT(moments_[static_cast<int>(flow::Moment::begun)], 0);
    EXPECT_TRUE(said_.empty());
}

TEST_F(DatapathTest, two_hundred_interfaces_that_come_and_go_at_once_leave_nothing_behind) {
    auto datapath = open();
    ASSERT_TRUE(datapath->watch(network_->path("host"), Which::container_ends));
    attached_.clear();
    left_.clear();
    std::string come, go;
    for (int i = 0; i < 200; ++i) {
        const std::string name = "many" + std::to_string(i);
        come += "link add " + name + " type veth peer name in" + std::to_string(i) + " netns " + network_->path("a").substr(11) + "\n";
        come += "link set " + name + " master br0 up\n";
        go += "link del " + name + "\n";
    }
    ASSERT_EQ(network_->ip(come), 0);
    for (int i = 0; i < 200 && attached_.size() < 200; ++i) poll_for(*datapath, 20ms);
    EXPECT_EQ(attached_.size(), 200U);
    // And once more, gone before the word of their coming is read.
    ASSERT_EQ(network_->ip(go + come + go), 0);
    for (int i = 0; i < 200 && datapath->interfaces().size() > 2; ++i) poll_for(*datapath, 20ms);
    EXPECT_EQ(datapath->interfaces().size(), 2U);
    EXPECT_EQ(left_.size(), attached_.size());
    EXPECT_EQ(failures_, "");
    EXPECT_EQ(datapath->counts().bad_words, 0U);
    expect_equal_counters(*datapath);
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
        std::uint64_t most = 0;
        for (const flow::Record& record : over_on(name, 6)) most = std::max(most, record.sent[0].payload_bytes);
        EXPECT_EQ(most, 2'000'000U) << name;
    }
}

TEST_F(DatapathTest, where_we_are_ourselves_is_metered_on_when_the_process_it_was_named_by_ends) {
    std::thread([&] {
        const int host = ::open(network_->path("host").c_str(), O_RDONLY | O_CLOEXEC);
        ASSERT_EQ(setns(host, CLONE_NEWNET), 0);
        close(host);
        const pid_t engine = fork();
        if (engine == 0) {
            pause();
            _exit(0);
        }
        auto datapath = open();
        ASSERT_TRUE(datapath->watch("/proc/" + std::to_string(engine) + "/ns/net", Which::container_ends));
        EXPECT_EQ(datapath->interfaces().size(), 2U);
        kill(engine, SIGKILL);
        waitpid(engine, nullptr, 0);
        poll_for(*datapath, 500ms);
        EXPECT_EQ(datapath->interfaces().size(), 2U);
        EXPECT_TRUE(datapath->watch("", Which::container_ends)) << "under its own name it is the same";
        EXPECT_EQ(datapath->counts().attached, 2U);
        expect_equal_counters(*datapath);
    }).join();
}

}  // namespace bulkhead::datapath
