// SPDX-License-Identifier: Apache-2.0
// On the real kernel: what is full, dies, goes or comes in a hurry costs no packet's count.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>

#include <csignal>
#include <thread>

#include "datapath/filters.h"
#include "datapath/testing/datapath_fixture.h"

namespace bulkhead::datapath {

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
