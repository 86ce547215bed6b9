// SPDX-License-Identifier: Apache-2.0
#include "agent/attachments.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "host/testing/netlink_bytes.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::agent {
namespace {

using host::testing::attribute;
using host::testing::message;
using host::testing::raw;

const std::string id(64, 'a');

std::string link(int index, const std::string& kind, std::uint32_t peer) {
    ifinfomsg header{};
    header.ifi_index = index;
    return message(RTM_NEWLINK, raw(header) + attribute(IFLA_IFNAME, std::string("eth0\0", 5)) + attribute(IFLA_LINK, raw(peer)) +
                                    attribute(IFLA_LINK_NETNSID, raw(std::int32_t{0})) + attribute(IFLA_LINKINFO, attribute(IFLA_INFO_KIND, kind)));
}

std::string address(int index, const char* text) {
    ifaddrmsg header{};
    header.ifa_family = AF_INET;
    header.ifa_prefixlen = 16;
    header.ifa_index = static_cast<std::uint32_t>(index);
    in_addr binary{};
    inet_pton(AF_INET, text, &binary);
    return message(RTM_NEWADDR, raw(header) + attribute(IFA_LOCAL, raw(binary)) + attribute(IFA_ADDRESS, raw(binary)));
}

Claim claim(const char* ip, const std::string& network) { return {mapped_address(*IpAddress::parse(ip)), network, std::make_shared<const flow::Identity>()}; }

struct AttachmentsTest : testing::Test {
    Holding holding{"container:" + id, 0, {claim("172.18.0.2", "n1"), claim("10.50.0.3", "n2")}, {}};
    std::vector<NetworkFacts> networks{{"n1", "front", "bridge", {}, {}, "", {}}, {"n2", "ov", "overlay", {}, {}, "", {}}};
    Spaces spaces{111, {{"n2", 222}}};
    std::string links = link(5, "veth", 17) + link(6, "veth", 9) + link(7, "macvlan", 2) + link(8, "veth", 30);
    std::string addresses = address(5, "172.18.0.2") + address(6, "10.50.0.3") + address(8, "192.0.2.1");
};

TEST_F(AttachmentsTest, each_veth_leads_to_its_outer_end_in_the_namespace_of_its_network) {
    const auto found = attachments_of(links, addresses, holding, spaces, networks);
    ASSERT_TRUE(found.has_value());
    ASSERT_EQ(found->size(), 2u);
    EXPECT_EQ((*found)[0].place, (Place{111, 17}));
    EXPECT_EQ((*found)[0].network_id, "n1");
    EXPECT_EQ((*found)[1].place, (Place{222, 9}));
}

TEST_F(AttachmentsTest, namespace_that_is_not_known_leads_nowhere) {
    const auto found = attachments_of(links, addresses, holding, {}, networks);
    ASSERT_TRUE(found.has_value());
    EXPECT_TRUE(found->empty());
    EXPECT_FALSE(attachments_of("x", addresses, holding, spaces, networks).has_value());
}

TEST_F(AttachmentsTest, process_that_is_another_containers_by_now_is_not_looked_at) {
    world::FakeReader reader;
    reader.set("netlink:link@netns:7", links).set("netlink:address@netns:7", addresses);
    reader.set("file:/proc/7/cgroup", "0::/docker/" + std::string(64, 'b') + "\n");
    EXPECT_TRUE(read_attachments(reader, id, 7, holding, spaces, networks).empty());
    reader.set("file:/proc/7/cgroup", "0::/docker/" + id + "\n");
    EXPECT_EQ(read_attachments(reader, id, 7, holding, spaces, networks).size(), 2u);
    EXPECT_TRUE(read_attachments(reader, id, 8, holding, spaces, networks).empty());
}

TEST_F(AttachmentsTest, spaces_are_the_engines_and_one_for_each_overlay) {
    world::FakeReader reader;
    reader.set("engine_process:", R"({"pid":100})").set("namespaces:100", R"({"net":"net:[111]"})");
    networks[1].id = "0123456789abcdef";
    reader.set("stat:/run/docker/netns/1-0123456789@root:100", R"({"type":"file","ino":222})");
    const Spaces found = read_spaces(reader, networks);
    EXPECT_EQ(found.engine, 111u);
    EXPECT_EQ(found.overlays.at("0123456789abcdef"), 222u);
}

}  // namespace
}  // namespace bulkhead::agent
