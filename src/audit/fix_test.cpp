// SPDX-License-Identifier: Apache-2.0
// The remedies of a control are read whole, and each mistake in them is told with its place.
#include "audit/fix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/yaml_fields.h"

namespace bulkhead::audit {
namespace {

bulkhead::Result<std::vector<Fix>> fixes(const std::string& yaml) {
    const auto node = parse_yaml(yaml, "c.yaml");
    if (!node) return std::unexpected(node.error());
    return parse_fixes(*node, "c.yaml");
}

std::string refused(const std::string& yaml) {
    const auto parsed = fixes(yaml);
    return parsed ? "accepted" : parsed.error().message;
}

TEST(Fix, has_one_kind_and_what_belongs_to_it) {
    const auto parsed = fixes(
        "- daemon_json: icc\n  value: \"false\"\n  then: [restart, recreate]\n  mind: look\n"
        "- compose_item: cap_drop\n  value: NET_RAW\n  unless: [privileged]\n- file_mode: '0644'\n- file_owner: '0:0'\n"
        "- unit_drop_in: docker.socket\n  value: |\n    [Socket]\n    SocketMode=0660\n- command: docker rm {name}\n- by_hand: look\n  risk: it may break\n");
    ASSERT_TRUE(parsed) << parsed.error().message;
    ASSERT_EQ(parsed->size(), 7U);
    EXPECT_EQ((*parsed)[0].kind, FixKind::daemon_json);
    EXPECT_EQ((*parsed)[0].target, "icc");
    EXPECT_EQ((*parsed)[0].value, "false");
    EXPECT_THAT((*parsed)[0].then, testing::ElementsAre("restart", "recreate"));
    EXPECT_THAT((*parsed)[1].unless, testing::ElementsAre("privileged"));
    EXPECT_EQ((*parsed)[4].value, "[Socket]\nSocketMode=0660");
    EXPECT_EQ((*parsed)[6].risk, "it may break");
}

TEST(Fix, each_mistake_is_told_with_its_place) {
    EXPECT_EQ(refused("icc: false"), "c.yaml:1:1: 'fix' must be a list of fixes");
    EXPECT_THAT(refused("- value: x"), testing::StartsWith("c.yaml:1:3: a fix has one kind"));
    EXPECT_THAT(refused("- daemon_json: icc\n  compose: icc\n  value: x"), testing::HasSubstr("one kind"));
    EXPECT_THAT(refused("- daemon_json: icc\n  value: '{'"), testing::StartsWith("c.yaml:2:10: the value of daemon_json is JSON"));
    EXPECT_THAT(refused("- daemon_json: icc"), testing::HasSubstr("'value' is missing"));
    EXPECT_THAT(refused("- file_mode: rw"), testing::HasSubstr("octal"));
    EXPECT_THAT(refused("- file_mode: '17777'"), testing::HasSubstr("octal"));
    EXPECT_THAT(refused("- file_owner: root"), testing::HasSubstr("UID:GID"));
    EXPECT_THAT(refused("- unit_drop_in: ../x.service\n  value: '[A]'"), testing::HasSubstr("name of a .service"));
    EXPECT_THAT(refused("- unit_drop_in: x.service\n  value: A=1"), testing::HasSubstr("[Section]"));
    EXPECT_THAT(refused("- by_hand: look\n  value: x"), testing::HasSubstr("takes no value"));
    EXPECT_THAT(refused("- by_hand: look\n  then: [reboot]"), testing::HasSubstr("then lists"));
    EXPECT_THAT(refused("- by_hand: look\n  when: now"), testing::HasSubstr("unknown key 'when'"));
    EXPECT_THAT(refused("- compose: x\n  value: \"a\\nb\""), testing::HasSubstr("one line"));
}

}  // namespace
}  // namespace bulkhead::audit
