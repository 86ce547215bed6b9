// SPDX-License-Identifier: Apache-2.0
// The live world as a whole, and its parts that need another namespace, program or connection.
#include "world/live/live_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <thread>

#include "base/json.h"
#include "world/live/fd.h"
#include "world/live/netns.h"
#include "world/live/probe.h"
#include "world/live/program.h"
#include "world/live/small_server.h"
#include "world/question.h"
#include "world/testing/child.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::world {
namespace {

using testing::HasSubstr;

ino_t own_netns() {
    struct stat info{};
    return ::stat("/proc/thread-self/ns/net", &info) == 0 ? info.st_ino : 0;
}

std::string unused_target() { return "tcp:[127.0.0.1]:1"; }

StayingChild child_in_other_netns() {
    return StayingChild([] { return ::unshare(CLONE_NEWNET) == 0; });
}

TEST(Netns, a_visit_enters_and_comes_back) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    const StayingChild child = child_in_other_netns();
    ASSERT_TRUE(child.prepared());
    const ino_t home = own_netns();
    {
        const auto visit = NetnsVisit::enter(child.pid());
        ASSERT_TRUE(visit) << visit.error().message;
        EXPECT_NE(own_netns(), home);
    }
    EXPECT_EQ(own_netns(), home);
}

TEST(Netns, a_moved_visit_comes_back_once) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    const StayingChild child = child_in_other_netns();
    const ino_t home = own_netns();
    {
        auto first = NetnsVisit::enter(child.pid());
        ASSERT_TRUE(first);
        const NetnsVisit second = std::move(*first);
        EXPECT_NE(own_netns(), home);
    }
    EXPECT_EQ(own_netns(), home);
}

TEST(Netns, of_no_process_or_of_one_that_is_gone_is_an_error) {
    StayingChild child([] { return true; });
    const pid_t pid = child.pid();
    child.end();
    const auto visit = NetnsVisit::enter(pid);
    ASSERT_FALSE(visit);
    EXPECT_EQ(visit.error().code, Code::not_found);
    EXPECT_TRUE(NetnsVisit::enter(0)) << "0: stay here";
    EXPECT_TRUE(NetnsVisit::enter(getpid())) << "the own one needs no right";
}

TEST(Netns, without_rights_it_is_denied) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    const StayingChild child = child_in_other_netns();
    EXPECT_EQ(in_child([&] {
                  if (!become_nobody()) return 1;
                  const auto visit = NetnsVisit::enter(child.pid());
                  return !visit && visit.error().code == Code::permission_denied ? 0 : 2;
              }),
              0);
}

TEST(Program, outside_the_closed_list_is_refused) {
    for (const char* name :
         {"true", "/bin/true", "sh -c id", "nft", "nft -j list ruleset; id", "nft  -j list ruleset", "nft -j list ruleset ", "nft flush ruleset", ""}) {
        const auto output = run_program(name);
        ASSERT_FALSE(output) << name;
        EXPECT_THAT(output.error().message, HasSubstr("closed list")) << name;
    }
}

// nft(8) and iptables-save(8) need rights over the namespace: without them they exit non-zero, which must not read as "no rules".
TEST(Program, without_rights_is_a_failure_and_not_an_empty_answer) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    EXPECT_EQ(
        in_child([] {
            if (!become_nobody()) return 1;
            const auto output = run_program("iptables-nft-save -c");
            return output                                                                                                                                   ? 2
                   : output.error().code == Code::permission_denied || output.error().code == Code::unsupported || output.error().code == Code::unavailable ? 0
                                                                                                                                                            : 3;
        }),
        0);
}

TEST(Program, that_is_not_installed_says_what_to_install) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    const TempFolder empty;
    EXPECT_EQ(in_child([&] {
                  if (::chroot(empty.path().c_str()) != 0) return 1;
                  const auto nft = run_program("nft -j list ruleset");
                  const auto iptables = run_program("iptables-legacy-save -c");
                  if (nft || iptables) return 2;
                  if (nft.error().code != Code::unsupported || !nft.error().message.contains("apt-get install nftables")) return 3;
                  return iptables.error().message.contains("apt-get install iptables") ? 0 : 4;
              }),
              0);
}

// Says its bytes to the first who connects, without being asked.
class Greeter {
  public:
    explicit Greeter(std::string greeting) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener_.get(), 1) != 0) return;
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this, greeting = std::move(greeting)] {
            const Fd connection(::accept(listener_.get(), nullptr, nullptr));
            SmallServer::send(connection.get(), greeting);
        });
    }
    [[nodiscard]] std::string target() const { return "tcp:[127.0.0.1]:" + std::to_string(port_); }

  private:
    Fd listener_;
    int port_ = 0;
    std::jthread thread_;
};

TEST(Probe, a_banner_is_what_the_server_says_first) {
    const Greeter greeter("SSH-2.0-test\r\n");
    EXPECT_EQ(probe_banner(greeter.target()).value_or("?"), "SSH-2.0-test\r\n");
}

TEST(Probe, a_banner_is_bounded) {
    const Greeter greeter(std::string(100'000, 'x'));
    EXPECT_EQ(probe_banner(greeter.target()).value_or("?"), std::string(probe_bytes_max, 'x'));
}

TEST(Probe, latency_is_the_handshakes) {
    const Greeter greeter("");
    EXPECT_THAT(probe_latency(greeter.target()).value_or(""), HasSubstr("\"rtt_us\":"));
}

TEST(Probe, a_closed_port_is_a_failure_and_no_silence) {
    for (auto* probe : {&probe_banner, &probe_latency}) {
        const auto result = (*probe)(unused_target());
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, Code::unavailable);
    }
}

TEST(Probe, of_no_address_and_port_is_refused) {
    for (const char* target : {"", "tcp:127.0.0.1:22", "tcp:[localhost]:22", "tcp:[127.0.0.1]:0", "tcp:[127.0.0.1]:65536", "tcp:[127.0.0.1]:-1",
                               "tcp:[127.0.0.1]:", "tcp:[]:22", "udp:[::1]:22"}) {
        EXPECT_FALSE(probe_banner(target)) << target;
        EXPECT_FALSE(probe_latency(target)) << target;
    }
}

class Live : public testing::Test {
  protected:
    LiveReader reader_{LiveOptions{}};
};

TEST_F(Live, a_missing_file_is_absent_and_a_missing_place_is_a_failure) {
    EXPECT_EQ(reader_.read(file_at("/no/such/file")).outcome, Outcome::absent);
    EXPECT_EQ(reader_.read(file_at("/etc/passwd")).outcome, Outcome::present);
    StayingChild child([] { return true; });
    const pid_t gone = child.pid();
    child.end();
    EXPECT_EQ(reader_.read(file_at("/etc/passwd", gone)).outcome, Outcome::failed);
    EXPECT_EQ(reader_.read(stat_at("/no/such/file", gone)).outcome, Outcome::failed);
    EXPECT_EQ(reader_.read(netlink_in("link", gone)).outcome, Outcome::failed) << "a namespace that is gone has no empty dump";
    EXPECT_EQ(reader_.read(program_in("nft -j list ruleset", gone)).outcome, Outcome::failed);
    EXPECT_EQ(reader_.read(namespaces_of(gone)).outcome, Outcome::absent);
}

TEST_F(Live, a_place_that_is_none_is_a_failure) {
    for (const char* place : {"root:", "root:0", "root:-1", "root:x", "netns:", "elsewhere", "root:1:2", "pid:1"}) {
        const Reading reading = reader_.read({Kind::file, "/etc/passwd", place});
        EXPECT_EQ(reading.outcome, Outcome::failed) << place;
        EXPECT_TRUE(reading.bytes.empty());
    }
}

TEST_F(Live, a_process_number_that_is_none_is_a_failure_and_not_absent) {
    for (const char* pid : {"", "self", "1x", "../1", "-1", "0"}) {
        EXPECT_EQ(reader_.read({Kind::namespaces, pid, ""}).outcome, Outcome::failed) << pid;
        EXPECT_EQ(reader_.read({Kind::socket_inodes, pid, ""}).outcome, Outcome::failed) << pid;
    }
}

TEST_F(Live, a_reading_says_what_and_when) {
    const Reading reading = reader_.read(stat_at("/"));
    EXPECT_EQ(reading.locator, "stat:/");
    EXPECT_GE(reading.read_at, reader_.as_of());
    EXPECT_TRUE(json::Document::parse(reading.bytes));
}

TEST_F(Live, no_probe_is_sent_unless_asked_for) {
    for (const Request& request : {banner_of("127.0.0.1", 1, 0), latency_of("127.0.0.1", 1, 0), answer_of("redis", Over::tcp, "127.0.0.1", 1, 0)}) {
        const Reading reading = reader_.read(request);
        EXPECT_EQ(reading.outcome, Outcome::failed);
        EXPECT_EQ(reading.reason, not_probed);
    }
}

}  // namespace
}  // namespace bulkhead::world
