// SPDX-License-Identifier: Apache-2.0
// One thing of one service changes, comments and layout stay, and what cannot be done so is refused.
#include "fix/compose_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fix/diff.h"
#include "fix/yaml_lines.h"

namespace bulkhead::fix {
namespace {

const std::string shop = R"(# the shop
services:
  web:  # in front
    image: shop/web:1   # pinned
    # who may call
    ports:
      - "8080:80"
      - 127.0.0.1:9000:9000
      - target: 443
        published: "8443"
    security_opt:
      - apparmor:web
    cap_drop: [SYS_TIME]
    restart: always  # for now
  db:
    image: shop/db:1
    environment: {A: "ä b"}
)";

std::string edited(const std::string& text, const ComposeEdit& edit) {
    const auto after = edit_compose(text, "compose.yaml", edit);
    return after ? *after : std::string(name(after.error().code)) + ": " + after.error().message;
}

// The changed lines of a diff.
std::string changes(const std::string& text, const ComposeEdit& edit) {
    const std::string after = edited(text, edit);
    std::string out;
    std::string line;
    for (const char c : unified_diff(text, after, "a", "b")) {
        line += c;
        if (c != '\n') continue;
        if ((line[0] == '+' || line[0] == '-') && !line.starts_with("+++") && !line.starts_with("---")) out += line;
        line.clear();
    }
    return out.empty() ? after : out;
}

ComposeEdit set(std::string service, std::string key, std::string value, std::vector<std::string> unless = {}) {
    return {ComposeChange::set, std::move(service), std::move(key), std::move(value), std::move(unless)};
}

TEST(ComposeEdit, a_new_key_stands_behind_the_first_and_comments_stay) {
    EXPECT_EQ(changes(shop, set("web", "read_only", "true")), "+    read_only: true\n");
    EXPECT_THAT(edited(shop, set("web", "read_only", "true")), testing::HasSubstr("image: shop/web:1   # pinned\n    read_only: true\n    # who may call"));
    EXPECT_EQ(changes(shop, set("db", "pids_limit", "200")), "+    pids_limit: 200\n");
}

TEST(ComposeEdit, a_value_is_replaced_and_its_comment_stays) {
    EXPECT_EQ(changes(shop, set("web", "restart", "\"on-failure:5\"")), "-    restart: always  # for now\n+    restart: \"on-failure:5\"  # for now\n");
    EXPECT_EQ(edited(shop, set("web", "restart", "always")), shop) << "already so";
}

TEST(ComposeEdit, an_item_joins_a_list_in_the_lists_own_form) {
    EXPECT_EQ(changes(shop, {ComposeChange::item, "web", "security_opt", "no-new-privileges:true", {}}), "+      - no-new-privileges:true\n");
    EXPECT_EQ(changes(shop, {ComposeChange::item, "web", "cap_drop", "NET_RAW", {}}), "-    cap_drop: [SYS_TIME]\n+    cap_drop: [SYS_TIME, \"NET_RAW\"]\n");
    EXPECT_EQ(changes(shop, {ComposeChange::item, "db", "cap_drop", "NET_RAW", {}}), "+    cap_drop:\n+      - NET_RAW\n");
    EXPECT_EQ(edited(shop, {ComposeChange::item, "web", "security_opt", "apparmor:web", {}}), shop);
    EXPECT_THAT(edited(shop, {ComposeChange::item, "web", "security_opt", "apparmor:other", {}}), testing::HasSubstr("says apparmor:web already"));
}

TEST(ComposeEdit, ports_get_an_address_where_they_have_none) {
    EXPECT_EQ(changes(shop, {ComposeChange::ports, "web", "ports", "127.0.0.1", {}}),
              "-      - \"8080:80\"\n+      - \"127.0.0.1:8080:80\"\n+        host_ip: \"127.0.0.1\"\n");
    EXPECT_EQ(edited(shop, {ComposeChange::ports, "db", "ports", "127.0.0.1", {}}), shop);
    EXPECT_EQ(edited("services:\n  a:\n    ports: [80, '0.0.0.0:81:81']\n", {ComposeChange::ports, "a", "ports", "127.0.0.1", {}}),
              "unsupported: it cannot be edited line by line without changing something else");
    EXPECT_EQ(edited("services:\n  a:\n    ports:\n    - 80\n    - '0.0.0.0:81:81/udp'\n", {ComposeChange::ports, "a", "ports", "127.0.0.1", {}}),
              "services:\n  a:\n    ports:\n    - \"127.0.0.1::80\"\n    - \"127.0.0.1:81:81/udp\"\n");
}

TEST(ComposeEdit, what_others_share_is_not_touched) {
    const std::string shared = "services:\n  a: &a\n    image: x\n    restart: always\n  b:\n    <<: *a\n    command: y\n  c: *a\n";
    EXPECT_THAT(edited(shared, set("a", "read_only", "true")), testing::HasSubstr("without changing something else"));
    EXPECT_EQ(changes(shared, set("b", "read_only", "true")), "+    read_only: true\n");
    EXPECT_EQ(changes(shared, set("b", "restart", "\"no\"")), "+    restart: \"no\"\n") << "its own goes before the shared one";
    EXPECT_THAT(edited(shared, set("c", "read_only", "true")), testing::HasSubstr("no lines of its own"));
}

TEST(ComposeEdit, what_cannot_be_done_safely_is_refused_with_the_reason) {
    EXPECT_THAT(edited(shop, set("nobody", "read_only", "true")), testing::HasSubstr("not_found: compose.yaml has no service nobody"));
    EXPECT_THAT(edited(shop, set("web", "mem_limit", "512m", {"restart"})), testing::HasSubstr("the service has restart"));
    EXPECT_THAT(edited(shop, set("web", "ports", "x")), testing::HasSubstr("not a single value"));
    EXPECT_THAT(edited("services:\n  a: {image: x,\n    b: c}\n", set("a", "read_only", "true")), testing::StartsWith("unsupported"));
    EXPECT_THAT(edited("services: {a: {image: x}}\n", set("a", "read_only", "true")), testing::HasSubstr("no lines of its own"));
    EXPECT_THAT(edited("services:\n  a:\n    restart: ${R}\n", set("a", "restart", "no")), testing::HasSubstr("comes from a variable"));
    EXPECT_THAT(edited("services: [", set("a", "read_only", "true")), testing::StartsWith("invalid_input: compose.yaml:"));
    EXPECT_THAT(edited("a: 1\n---\nb: 1\n", set("a", "b", "c")), testing::HasSubstr("more than one document"));
}

TEST(ComposeEdit, first_keys_of_several_lines_and_other_line_ends) {
    EXPECT_EQ(edited("services:\n  a:\n    command: >\n      x\n      y\n", set("a", "read_only", "true")),
              "services:\n  a:\n    read_only: true\n    command: >\n      x\n      y\n");
    EXPECT_EQ(edited("services:\r\n  a:\r\n    image: x\r\n", set("a", "read_only", "true")), "services:\r\n  a:\r\n    image: x\r\n    read_only: true\r\n");
    EXPECT_EQ(edited("services:\n  a:\n    image: x", set("a", "read_only", "true")), "services:\n  a:\n    image: x\n    read_only: true");
}

TEST(YamlLines, finds_places_behind_wide_characters_and_ends_of_scalars) {
    YamlLines lines("k: {ä: 'it''s', \"x\\\"y\": z}\n");
    EXPECT_TRUE(lines.replace_scalar({1, 8}, "N"));
    EXPECT_EQ(lines.text(), "k: {ä: N, \"x\\\"y\": z}\n");
    EXPECT_TRUE(lines.replace_scalar({1, 11}, "M"));
    EXPECT_EQ(lines.text(), "k: {ä: N, M: z}\n");
    EXPECT_FALSE(lines.replace_scalar({2, 1}, "N"));
    EXPECT_FALSE(lines.replace_scalar({1, 4}, "N")) << "a mapping";
    EXPECT_FALSE(lines.insert_at({1, 99}, "N"));
}

// Found by fuzzing: to YAML a lone carriage return ends a line, and the edit pointed behind the last one.
TEST(ComposeEdit, lines_that_only_yaml_sees_are_left_alone) {
    const std::string text = "services:\r  web:\n    image: x\n    ports:\n      - target: 1\n";
    EXPECT_THAT(edited(text, {ComposeChange::ports, "web", "ports", "127.0.0.1", {}}), testing::HasSubstr("unsupported"));
    YamlLines lines("a\nb\n");
    EXPECT_FALSE(lines.insert_after(3, "c"));
    EXPECT_FALSE(lines.insert_after(-1, "c"));
    EXPECT_TRUE(lines.insert_after(2, "c"));
    EXPECT_EQ(lines.text(), "a\nb\nc\n");
}

}  // namespace
}  // namespace bulkhead::fix
