// SPDX-License-Identifier: Apache-2.0
#include "host/xfrm.h"

#include <gtest/gtest.h>
#include <linux/xfrm.h>
#include <netinet/in.h>

#include "host/testing/netlink_bytes.h"

namespace bulkhead::host {
namespace {

using testing::attribute;
using testing::message;
using testing::raw;

// As the driver of encrypted overlays sets it: ESP in transport mode, AES-GCM with an ICV of 64 bits, a mark on the policy.
std::string overlay_state() {
    xfrm_usersa_info header{};
    header.family = AF_INET;
    inet_pton(AF_INET, "10.99.0.1", &header.saddr);
    inet_pton(AF_INET, "10.99.0.2", &header.id.daddr);
    header.id.spi = htonl(0x1234);
    header.id.proto = IPPROTO_ESP;
    header.curlft.packets = 12;
    header.curlft.add_time = 1'700'000'000;
    const std::string name = std::string("rfc4106(gcm(aes))") + std::string(64 - 17, '\0');
    return message(XFRM_MSG_NEWSA, raw(header) + attribute(XFRMA_ALG_AEAD, name + raw(std::uint32_t{160}) + raw(std::uint32_t{64}) + std::string(20, '\0')) +
                                       attribute(XFRMA_MARK, raw(xfrm_mark{0xd0c4e3, 0xffffffff})) +
                                       attribute(XFRMA_REPLAY_VAL, raw(xfrm_replay_state{77, 78, 0})));
}

std::string overlay_policy() {
    xfrm_userpolicy_info header{};
    header.sel.family = AF_INET;
    inet_pton(AF_INET, "10.99.0.1", &header.sel.saddr);
    inet_pton(AF_INET, "10.99.0.2", &header.sel.daddr);
    header.sel.prefixlen_s = header.sel.prefixlen_d = 32;
    header.sel.proto = IPPROTO_UDP;
    header.sel.dport = htons(4789);
    header.sel.dport_mask = 0xFFFF;
    header.dir = XFRM_POLICY_OUT;
    xfrm_user_tmpl one{};
    one.family = AF_INET;
    one.id.proto = IPPROTO_ESP;
    one.id.spi = htonl(0x99);
    return message(XFRM_MSG_NEWPOLICY, raw(header) + attribute(XFRMA_TMPL, raw(one)) + attribute(XFRMA_MARK, raw(xfrm_mark{0xd0c4e3, 0xffffffff})));
}

TEST(Xfrm, reads_a_state_of_an_encrypted_overlay) {
    const auto states = parse_xfrm_states(overlay_state());
    ASSERT_TRUE(states) << states.error().message;
    const XfrmState& state = states->front();
    EXPECT_EQ(state.source, "10.99.0.1");
    EXPECT_EQ(state.destination, "10.99.0.2");
    EXPECT_EQ(state.spi, 0x1234);
    EXPECT_EQ(state.protocol, "esp");
    EXPECT_EQ(state.mode, "transport");
    EXPECT_EQ(state.mark, 0xd0c4e3);
    ASSERT_EQ(state.algorithms.size(), 1U);
    EXPECT_EQ(state.algorithms[0].name, "rfc4106(gcm(aes))");
    EXPECT_EQ(state.algorithms[0].key_bits, 160);
    EXPECT_EQ(state.algorithms[0].icv_bits, 64);
    EXPECT_EQ(state.sequence_out, 77);
    EXPECT_EQ(state.packets, 12);
}

TEST(Xfrm, reads_the_policy_that_sends_vxlan_through_esp) {
    const auto policies = parse_xfrm_policies(overlay_policy());
    ASSERT_TRUE(policies) << policies.error().message;
    const XfrmPolicy& policy = policies->front();
    EXPECT_EQ(policy.direction, "out");
    EXPECT_EQ(policy.action, "allow");
    EXPECT_EQ(policy.selector.destination, "10.99.0.2/32");
    EXPECT_EQ(policy.selector.protocol, "udp");
    EXPECT_EQ(policy.selector.destination_port, 4789);
    EXPECT_EQ(policy.selector.source_port, 0);
    ASSERT_EQ(policy.templates.size(), 1U);
    EXPECT_EQ(policy.templates[0].spi, 0x99);
    EXPECT_FALSE(policy.templates[0].optional);
}

TEST(Xfrm, dumps_cut_anywhere_are_corrupt) {
    const std::string state = overlay_state();
    for (std::size_t cut = 1; cut < state.size(); ++cut) EXPECT_FALSE(parse_xfrm_states(state.substr(0, cut))) << cut;
    const std::string policy = overlay_policy();
    for (std::size_t cut = 1; cut < policy.size(); ++cut) EXPECT_FALSE(parse_xfrm_policies(policy.substr(0, cut))) << cut;
}

TEST(Xfrm, a_selector_with_a_prefix_that_does_not_fit_is_corrupt) {
    xfrm_userpolicy_info header{};
    header.sel.family = AF_INET;
    header.sel.prefixlen_s = 200;
    EXPECT_FALSE(parse_xfrm_policies(message(XFRM_MSG_NEWPOLICY, raw(header))));
}

TEST(Xfrm, a_dump_of_another_kind_is_corrupt_and_not_empty) {
    EXPECT_FALSE(parse_xfrm_states(overlay_policy()));
    EXPECT_TRUE(parse_xfrm_states("")->empty());
}

}  // namespace
}  // namespace bulkhead::host
