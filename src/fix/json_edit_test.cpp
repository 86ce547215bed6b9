// SPDX-License-Identifier: Apache-2.0
// One setting changes and nothing else does, however the file was written.
#include "fix/json_edit.h"

#include <gtest/gtest.h>

namespace bulkhead::fix {
namespace {

std::string set(std::string_view text, const std::string& key, const std::string& value) {
    const auto after = set_member(text, key, value);
    return after ? *after : std::string(name(after.error().code)) + ": " + after.error().message;
}

std::string removed(std::string_view text, const std::string& key) {
    const auto after = remove_member(text, key);
    return after ? *after : std::string(name(after.error().code)) + ": " + after.error().message;
}

TEST(JsonEdit, a_new_setting_looks_as_the_others_do) {
    EXPECT_EQ(set("", "icc", "false"), "{\n  \"icc\": false\n}\n");
    EXPECT_EQ(set(" \n", "icc", "false"), "{\n  \"icc\": false\n}\n");
    EXPECT_EQ(set("{}\n", "icc", "false"), "{\n  \"icc\": false\n}\n");
    EXPECT_EQ(set("{\n    \"a\": 1\n}\n", "icc", "false"), "{\n    \"a\": 1,\n    \"icc\": false\n}\n");
    EXPECT_EQ(set("{\n\t\"a\": {\"b\": [1, \"}\"]}\n}", "icc", "false"), "{\n\t\"a\": {\"b\": [1, \"}\"]},\n\t\"icc\": false\n}");
    EXPECT_EQ(set("{\"a\": 1}", "icc", "false"), "{\"a\": 1, \"icc\": false}");
    EXPECT_EQ(set("{\r\n  \"a\": 1\r\n}\r\n", "icc", "false"), "{\r\n  \"a\": 1,\r\n  \"icc\": false\r\n}\r\n");
    EXPECT_EQ(set("\xEF\xBB\xBF{\n  \"a\": 1\n}", "icc", "false"), "\xEF\xBB\xBF{\n  \"a\": 1,\n  \"icc\": false\n}");
}

TEST(JsonEdit, a_value_is_replaced_where_it_stands) {
    EXPECT_EQ(set("{\n  \"icc\":true ,\n  \"b\": \"icc\"\n}", "icc", "false"), "{\n  \"icc\":false ,\n  \"b\": \"icc\"\n}");
    EXPECT_EQ(set("{\"h\": [\"a\", \"b\"], \"c\": {\"icc\": true}}", "h", "[]"), "{\"h\": [], \"c\": {\"icc\": true}}");
    EXPECT_EQ(set("{\"a\\\"b\": \"x\\\\\", \"l\": \"warn\"}", "l", "\"info\""), "{\"a\\\"b\": \"x\\\\\", \"l\": \"info\"}");
    EXPECT_EQ(set("{\"icc\" : false}", "icc", "false"), "{\"icc\" : false}") << "already so";
}

TEST(JsonEdit, a_setting_is_taken_out_with_its_comma) {
    EXPECT_EQ(removed("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}", "b"), "{\n  \"a\": 1,\n  \"c\": 3\n}");
    EXPECT_EQ(removed("{\n  \"a\": 1,\n  \"b\": 2\n}", "b"), "{\n  \"a\": 1\n}");
    EXPECT_EQ(removed("{\"b\": 2}", "b"), "{}");
    EXPECT_EQ(removed("{\"a\": 2}", "b"), "{\"a\": 2}");
    EXPECT_EQ(removed("", "b"), "");
}

TEST(JsonEdit, what_is_not_an_object_or_says_a_key_twice_is_refused) {
    EXPECT_EQ(set("[1]", "icc", "false"), "corrupt: not a JSON object");
    EXPECT_TRUE(set("{\"a\": }", "icc", "false").starts_with("corrupt"));
    EXPECT_EQ(set("{\"icc\": true, \"icc\": false}", "icc", "false"), "unsupported: \"icc\" is given twice");
    EXPECT_EQ(set("{\"icc\": true, \"\\u0069cc\": false}", "icc", "false"), "unsupported: \"icc\" is given twice") << "however it is spelt";
    EXPECT_TRUE(removed("{", "icc").starts_with("corrupt"));
    EXPECT_TRUE(set(std::string(daemon_json_bytes_max + 1, ' ') + "{}", "icc", "false").starts_with("limit_exceeded"));
}

}  // namespace
}  // namespace bulkhead::fix
