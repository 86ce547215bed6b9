// SPDX-License-Identifier: Apache-2.0
#include "build/yaml_tree.h"

#include <gtest/gtest.h>

namespace bulkhead::build {
namespace {

Tree parsed(std::string_view text) {
    const auto documents = parse_tree(text, "f", 3);
    EXPECT_TRUE(documents) << documents.error().message;
    return documents && !documents->empty() ? documents->front() : Tree{};
}

Error error_of(std::string_view text) {
    const auto documents = parse_tree(text, "f", 0);
    return documents ? Error{Code::internal, "parsed"} : documents.error();
}

TEST(yaml_tree, everything_knows_where_it_stands) {
    const Tree tree = parsed("a:\n  - b: \"1\"\n    c: 2\nd: ~\n");
    const Tree* list = tree.find("a");
    ASSERT_NE(list, nullptr);
    EXPECT_EQ(list->items[0].find("c")->place, (Place{3, {3, 8}}));
    EXPECT_EQ(list->items[0].find_key("c")->place, (Place{3, {3, 5}}));
    EXPECT_FALSE(list->items[0].find("b")->plain);
    EXPECT_TRUE(list->items[0].find("c")->plain);
    EXPECT_EQ(tree.find("d")->kind, TreeKind::nothing);
    EXPECT_EQ(tree.find("e"), nullptr);
}

TEST(yaml_tree, a_key_is_given_once_however_many_there_are) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += "k" + std::to_string(i) + ": " + std::to_string(i) + "\n";
    EXPECT_EQ(parsed(text).keys.size(), 40U);
    EXPECT_EQ(error_of(text + "k3: x\n").message, "f:41:1: the key k3 is given twice");
    EXPECT_EQ(error_of(text + "k39: x\n").message, "f:41:1: the key k39 is given twice");
    EXPECT_EQ(error_of("x: &x []\ny: {<<: *x, <<: *x}\n").message, "f:2:13: the key << is given twice");
}

TEST(yaml_tree, aliases_are_written_out_and_merge_keys_merged) {
    const Tree tree = parsed("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: {<<: [{a: 7}, *x]}\nw: *x\n");
    EXPECT_EQ(tree.find("y")->find("a")->text, "1");
    EXPECT_EQ(tree.find("y")->find("b")->text, "3");
    EXPECT_EQ(tree.find("z")->find("a")->text, "7");
    EXPECT_EQ(tree.find("z")->find("b")->text, "2");
    EXPECT_EQ(tree.find("w")->find("b")->text, "2");
}

TEST(yaml_tree, an_alias_bomb_stops_at_the_limit) {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int j = 1; j < 9; ++j) bomb += ", " + before;
        bomb += "]\n";
    }
    const Error error = error_of(bomb);
    EXPECT_EQ(error.code, Code::limit_exceeded);
    EXPECT_TRUE(error.message.starts_with("f:")) << error.message;
}

TEST(yaml_tree, depth_size_and_text_are_bounded) {
    EXPECT_EQ(error_of(std::string(1000, '[')).code, Code::limit_exceeded);
    EXPECT_EQ(error_of(std::string(tree_bytes_max + 1, ' ')).code, Code::limit_exceeded);
    EXPECT_EQ(error_of("a: \xff").code, Code::invalid_input);
}

TEST(yaml_tree, mistakes_name_the_place) {
    EXPECT_EQ(error_of("a: 1\na: 2\n").message, "f:2:1: the key a is given twice");
    EXPECT_EQ(error_of("a: *no\n").message.substr(0, 6), "f:1:4:");
    EXPECT_EQ(error_of("a: &a [*a]\n").message.substr(0, 6), "f:1:8:") << "an alias within its own anchor";
    EXPECT_EQ(error_of("a: !odd b\n").message.substr(0, 6), "f:1:4:");
    EXPECT_EQ(error_of("? [a]\n: b\n").message, "f:1:3: a key must be text");
    EXPECT_EQ(error_of("a: {<<: 1}\n").message, "f:1:9: << takes a mapping, or a list of them");
    EXPECT_EQ(error_of("a: [b\n").message.substr(0, 2), "f:");
}

TEST(yaml_tree, tags_of_compose_are_kept) {
    const Tree tree = parsed("a: !reset null\nb: !override [c]\n");
    EXPECT_EQ(tree.find("a")->tag, "!reset");
    EXPECT_EQ(tree.find("b")->tag, "!override");
}

TEST(yaml_tree, several_documents_are_all_read) { EXPECT_EQ(parse_tree("a: 1\n---\nb: 2\n", "f", 0)->size(), 2U); }

TEST(yaml_tree, keys_are_set_and_erased) {
    Tree tree = parsed("a: 1\nb: 2\n");
    tree.set({"a", {}}, *tree.find("b"));
    tree.set({"c", {}}, *tree.find("b"));
    EXPECT_EQ(tree.find("a")->text, "2");
    tree.erase("b");
    tree.erase("none");
    EXPECT_EQ(tree.keys.size(), 2U);
    EXPECT_EQ(tree.find("c")->text, "2");
}

}  // namespace
}  // namespace bulkhead::build
