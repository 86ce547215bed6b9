// SPDX-License-Identifier: Apache-2.0
#include "datapath/link_news.h"

#include <gtest/gtest.h>
#include <libmnl/libmnl.h>

#include <fstream>

namespace bulkhead::datapath {

// As the kernel sends it of a container's veth on a bridge.
std::string veth_message() {
    std::ifstream file(BULKHEAD_SOURCE_DIR "/fuzz/corpus/link_news/veth", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<LinkNews> read(std::string bytes, std::uint16_t type = 0) {
    auto* message = reinterpret_cast<nlmsghdr*>(bytes.data());
    message->nlmsg_len = static_cast<std::uint32_t>(bytes.size());
    if (type != 0) message->nlmsg_type = type;
    return read_link_news(*message);
}

TEST(LinkNews, a_veth_says_who_it_is_and_what_it_counted) {
    const auto news = read(veth_message());
    ASSERT_TRUE(news);
    EXPECT_EQ(news->interface.name, "veth0");
    EXPECT_EQ(news->interface.index, 7U);
    EXPECT_EQ(news->interface.kind, InterfaceKind::veth);
    EXPECT_EQ(news->interface.mac, "02:42:00:00:00:01");
    EXPECT_EQ(news->interface.peer_index, 6U);
    EXPECT_EQ(news->interface.peer_nsid, 1);
    EXPECT_EQ(news->interface.master_index, 3U);
    EXPECT_EQ(news->counters.received.packets, 0U);
    EXPECT_EQ(news->counters.sent.packets, 1U);
    EXPECT_EQ(news->counters.received.bytes, 2U);
    EXPECT_EQ(news->counters.sent.bytes, 3U);
    EXPECT_TRUE(is_metered(*news, Which::container_ends));
    EXPECT_FALSE(is_metered(*news, Which::children));
}

TEST(LinkNews, one_that_goes_is_metered_no_more) {
    const auto news = read(veth_message(), 17);
    ASSERT_TRUE(news);
    EXPECT_TRUE(news->gone);
    EXPECT_FALSE(is_metered(*news, Which::everything));
}

TEST(LinkNews, a_veth_of_which_nothing_leads_out_is_no_containers_end) {
    auto news = read(veth_message());
    ASSERT_TRUE(news);
    news->interface.master_index = 0;
    EXPECT_TRUE(is_metered(*news, Which::container_ends)) << "its peer lives elsewhere";
    news->interface.peer_nsid.reset();
    EXPECT_FALSE(is_metered(*news, Which::container_ends));
}

TEST(LinkNews, a_bridges_word_of_its_port_and_other_messages_are_none) {
    std::string bridge = veth_message();
    bridge[16] = 7;  // AF_BRIDGE
    EXPECT_FALSE(read(bridge));
    EXPECT_FALSE(read(veth_message(), 20));
    EXPECT_FALSE(read(veth_message().substr(0, 24)));
}

TEST(LinkNews, cut_anywhere_it_is_read_as_far_as_it_goes) {
    const std::string whole = veth_message();
    for (std::size_t length = 32; length < whole.size(); ++length) {
        const auto news = read(whole.substr(0, length));
        ASSERT_TRUE(news) << length;
        EXPECT_EQ(news->interface.index, 7U);
    }
}

}  // namespace bulkhead::datapath
