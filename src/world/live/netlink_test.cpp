// SPDX-License-Identifier: Apache-2.0
#include "world/live/netlink.h"

#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "world/reading.h"

namespace bulkhead::world {
namespace {

template <class T>
std::string raw(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string attribute(std::uint16_t type, const std::string& payload) {
    std::string out = raw(nlattr{static_cast<std::uint16_t>(sizeof(nlattr) + payload.size()), type}) + payload;
    out.resize((out.size() + 3) & ~std::size_t{3});
    return out;
}

std::string message(std::uint16_t type, const std::string& payload) {
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + payload.size());
    header.nlmsg_type = type;
    return raw(header) + payload;
}

TEST(NetlinkDump, links_of_this_machine_name_the_loopback) {
    const auto links = dump("link");
    ASSERT_TRUE(links) << links.error().message;
    EXPECT_NE(links->find(std::string("lo\0", 3)), std::string::npos);
    EXPECT_EQ(links->size() % 4, 0U);
}

TEST(NetlinkDump, every_declared_name_is_known) {
    for (const std::string_view name : netlink_names) {
        const auto answer = dump(name);
        if (!answer) {
            EXPECT_NE(answer.error().code, Code::invalid_input) << name;
        }
    }
}

TEST(NetlinkDump, a_name_that_is_not_declared_is_invalid_input) { EXPECT_EQ(dump("passwords").error().code, Code::invalid_input); }

TEST(NetlinkDump, a_listening_socket_is_in_the_tcp_dump) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(listen(fd, 1), 0);
    socklen_t length = sizeof address;
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
    const auto sockets = dump("sock_tcp");
    close(fd);
    ASSERT_TRUE(sockets) << sockets.error().message;
    // inet_diag_sockid: source port in network order, destination port 0, source address.
    const std::string wanted = raw(address.sin_port) + std::string(2, '\0') + raw(address.sin_addr);
    EXPECT_NE(sockets->find(wanted), std::string::npos);
}

TEST(NetlinkDump, a_listening_unix_socket_is_in_the_unix_dump_by_name) {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = "bulkhead-netlink-test-" + std::to_string(getpid());
    std::memcpy(address.sun_path + 1, name.data(), name.size());  // abstract: no file is left behind
    ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), static_cast<socklen_t>(sizeof(sa_family_t) + 1 + name.size())), 0);
    ASSERT_EQ(listen(fd, 1), 0);
    const auto sockets = dump("unix_listen");
    close(fd);
    ASSERT_TRUE(sockets) << sockets.error().message;
    EXPECT_NE(sockets->find(name), std::string::npos);
}

std::string state_with_keys() {
    const std::string name = std::string("rfc4106(gcm(aes))") + std::string(64 - 17, '\0');
    const std::string aead = name + raw(std::uint32_t{160}) + raw(std::uint32_t{64}) + "SECRETSECRETSECRET12";
    const std::string crypt = name + raw(std::uint32_t{128}) + "SECRETSECRETSECR";
    const std::string trunc = name + raw(std::uint32_t{128}) + raw(std::uint32_t{96}) + "SECRETSECRETSECR";
    return message(XFRM_MSG_NEWSA, raw(xfrm_usersa_info{}) + attribute(XFRMA_ALG_AEAD, aead) + attribute(XFRMA_ALG_CRYPT, crypt) +
                                       attribute(XFRMA_ALG_AUTH_TRUNC, trunc) + attribute(XFRMA_IF_ID, "\1\2\3\4"));
}

TEST(XfrmKeys, keys_are_zeroed_and_names_and_other_attributes_stay) {
    std::string bytes = state_with_keys() + state_with_keys();
    const std::string before = bytes;
    erase_xfrm_keys(bytes);
    EXPECT_EQ(bytes.find("SECR"), std::string::npos);
    EXPECT_NE(bytes.find("rfc4106(gcm(aes))"), std::string::npos);
    EXPECT_NE(bytes.find("\1\2\3\4"), std::string::npos);
    EXPECT_EQ(bytes.size(), before.size());
}

TEST(XfrmKeys, nothing_secret_survives_in_a_state_cut_at_any_byte) {
    const std::string whole = state_with_keys();
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        std::string bytes = whole.substr(0, cut);
        erase_xfrm_keys(bytes);
        EXPECT_EQ(bytes.find("SECR"), std::string::npos) << cut;
    }
}

TEST(XfrmKeys, an_attribute_with_a_wrong_length_is_zeroed_to_the_end) {
    std::string bytes = message(XFRM_MSG_NEWSA, raw(xfrm_usersa_info{}) + raw(nlattr{2, XFRMA_ALG_AEAD}) + "SECRETSECRET");
    erase_xfrm_keys(bytes);
    EXPECT_EQ(bytes.find("SECR"), std::string::npos);
}

}  // namespace
}  // namespace bulkhead::world
