// SPDX-License-Identifier: Apache-2.0
#include "host/sockets.h"

#include <gtest/gtest.h>

#include "host/testing/netlink_bytes.h"

namespace bulkhead::host {
namespace {

using testing::socket_message;
using testing::SocketBytes;

TEST(Sockets, reads_a_listener_and_a_connection_of_both_families) {
    const std::string dump = socket_message({.local = "192.168.77.1", .local_port = 8082, .uid = 33, .inode = 4711}) + socket_message({.family = AF_INET6,
                                                                                                                                       .state = 1,
                                                                                                                                       .local = "fd00::2",
                                                                                                                                       .local_port = 40000,
                                                                                                                                       .remote = "fd00::1",
                                                                                                                                       .remote_port = 443,
                                                                                                                                       .inode = 4712,
                                                                                                                                       .rtt_us = 1500,
                                                                                                                                       .retransmits = 7});
    const auto sockets = parse_inet_sockets(dump, "tcp");
    ASSERT_TRUE(sockets) << sockets.error().message;
    ASSERT_EQ(sockets->size(), 2U);
    const Socket& listener = sockets->at(0);
    EXPECT_EQ(listener.family, "ipv4");
    EXPECT_EQ(listener.local_address.text(), "192.168.77.1");
    EXPECT_EQ(listener.local_port, 8082);
    EXPECT_EQ(listener.state, "LISTEN");
    EXPECT_TRUE(listener.is_listening());
    EXPECT_EQ(listener.uid, 33);
    EXPECT_EQ(listener.inode, 4711);
    EXPECT_FALSE(listener.rtt_us);
    const Socket& connection = sockets->at(1);
    EXPECT_EQ(connection.remote_address.text(), "fd00::1");
    EXPECT_EQ(connection.remote_port, 443);
    EXPECT_EQ(connection.state, "ESTABLISHED");
    EXPECT_EQ(connection.rtt_us, 1500);
    EXPECT_EQ(connection.retransmits, 7);
}

TEST(Sockets, a_udp_socket_without_a_peer_is_unconnected_not_closed) {
    const auto sockets = parse_inet_sockets(socket_message({.state = 7, .local_port = 53}), "udp");
    ASSERT_TRUE(sockets);
    EXPECT_EQ(sockets->front().state, "UNCONNECTED");
    EXPECT_TRUE(sockets->front().is_listening());
}

TEST(Sockets, a_dump_cut_at_any_byte_is_corrupt_except_between_messages) {
    const std::string one = socket_message({.local_port = 80});
    const std::string dump = one + one;
    for (std::size_t cut = 1; cut < dump.size(); ++cut) {
        const auto sockets = parse_inet_sockets(std::string(dump.substr(0, cut)), "tcp");
        EXPECT_EQ(sockets.has_value(), cut == one.size()) << cut;
    }
}

TEST(Sockets, a_length_beyond_the_buffer_is_corrupt) {
    std::string dump = socket_message({.local_port = 80});
    const std::uint32_t wrong = 0xFFFFFFF0;
    std::memcpy(dump.data(), &wrong, sizeof wrong);
    EXPECT_FALSE(parse_inet_sockets(dump, "tcp"));
    dump = socket_message({.local_port = 80});
    const std::uint16_t attribute_length = 0xFFFF;
    std::memcpy(dump.data() + sizeof(nlmsghdr) + sizeof(inet_diag_msg), &attribute_length, sizeof attribute_length);
    EXPECT_FALSE(parse_inet_sockets(dump, "tcp"));
}

TEST(Sockets, a_family_that_is_no_ip_family_is_corrupt) {
    std::string dump = socket_message({.local_port = 80});
    dump[sizeof(nlmsghdr)] = 1;
    EXPECT_FALSE(parse_inet_sockets(dump, "tcp"));
}

TEST(Sockets, tcp_info_of_an_old_kernel_leaves_the_figures_unknown) {
    inet_diag_msg header{};
    header.idiag_family = AF_INET;
    header.idiag_state = 1;
    const std::string dump = testing::message(SOCK_DIAG_BY_FAMILY, testing::raw(header) + testing::attribute(INET_DIAG_INFO, std::string(16, '\1')));
    const auto sockets = parse_inet_sockets(dump, "tcp");
    ASSERT_TRUE(sockets);
    EXPECT_FALSE(sockets->front().rtt_us);
    EXPECT_FALSE(sockets->front().retransmits);
}

}  // namespace
}  // namespace bulkhead::host
