// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/text.h"

namespace bulkhead::json {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Document parse(std::string_view text) {
    auto document = Document::parse(text);
    EXPECT_TRUE(document) << text;
    return document ? std::move(*document) : std::move(*Document::parse("null"));
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, what_is_not_json_is_corrupt) {
    for (const std::string_view text : {"", " ", "{", "[1,]", "{\"a\"}", "nul", "1 2", "{\"a\":1}}", "'a'", "[01]", "\"\\u12\"", "\"\n\"", "NaN", "\xEF\xBB"}) {
        const auto document = Document::parse(text);
        ASSERT_FALSE(document) << text;
        EXPECT_EQ(document.error().code, Code::corrupt) << text;
    }
}

TEST(Json, broken_utf8_is_corrupt) {
    for (const std::string_view text : {"\"\xFF\"", "{\"\xC0\x80\":1}", "\"\xED\xA0\x80\""}) EXPECT_EQ(Document::parse(text).error().code, Code::corrupt);
}

TEST(Json, nesting_ends_at_the_bound) {
    EXPECT_TRUE(Document::parse(nested(depth_max - 1)));
    for (const std::size_t depth : {depth_max + 1, std::size_t{100'000}}) {
        const auto document = Document::parse(nested(depth));
        ASSERT_FALSE(document);
        EXPECT_EQ(document.error().code, Code::limit_exceeded);
    }
}

TEST(Json, wrong_types_read_as_nothing) {
    const Document document = parse(R"({"text":"x","number":1.5,"list":[1],"object":{},"null":null,"yes":true})");
    const Value root = document.root();
    EXPECT_EQ(root["text"].integer(), std::nullopt);
    EXPECT_EQ(root["text"].boolean(), std::nullopt);
    EXPECT_EQ(root["number"].text(), std::nullopt);
    EXPECT_EQ(root["yes"].integer(), std::nullopt);
    EXPECT_EQ(root["list"].text_or("other"), "other");
    EXPECT_THAT(root["object"].items(), IsEmpty());
    EXPECT_THAT(root["list"].members(), IsEmpty());
    EXPECT_FALSE(root["text"]["deeper"]["still"].exists());
    EXPECT_FALSE(root["list"]["0"].exists());
    EXPECT_TRUE(root["null"].exists());
    EXPECT_TRUE(root["null"].is_null());
    EXPECT_FALSE(root["missing"].exists());
    EXPECT_TRUE(root["missing"].is_null());
    EXPECT_FALSE(Value().exists());
    EXPECT_EQ(Value().dump(), "null");
    EXPECT_FALSE(Value()["x"].is_object());
}

TEST(Json, numbers_that_do_not_fit_are_no_integer) {
    const Document document = parse("[9223372036854775807, 9223372036854775808, 1e300, -1e300, 2.9, -0.0]");
    const auto items = document.root().items();
    EXPECT_EQ(items[0].integer(), 9223372036854775807);
    EXPECT_EQ(items[1].integer(), std::nullopt);
    EXPECT_EQ(items[2].integer(), std::nullopt);
    EXPECT_EQ(items[3].integer(), std::nullopt);
    EXPECT_EQ(items[4].integer(), 2);
    EXPECT_EQ(items[5].integer(), 0);
}

TEST(Json, values_stay_valid_while_their_document_moves) {
    Document first = parse(R"({"a":["x","y",3]})");
    const Value list = first.root()["a"];
    Document second = std::move(first);
    Document third = parse("1");
    third = std::move(second);
    EXPECT_THAT(list.texts(), ElementsAre("x", "y"));
    EXPECT_EQ(third.root()["a"].dump(), R"(["x","y",3])");
}

TEST(Json, the_bytes_may_go_away_after_parsing) {
    auto bytes = std::make_unique<std::string>(R"({"key":"a value long enough to be on the heap, not inside the string"})");
    const Document document = parse(*bytes);
    std::ranges::fill(*bytes, '#');
    bytes.reset();
    EXPECT_EQ(document.root()["key"].text_or(), "a value long enough to be on the heap, not inside the string");
}

TEST(Json, the_first_of_two_equal_keys_counts_and_both_are_members) {
    const Document document = parse(R"({"a":1,"a":2})");
    EXPECT_EQ(document.root()["a"].integer(), 1);
    EXPECT_EQ(document.root().members().size(), 2U);
}

TEST(Json, quote_makes_json_out_of_any_bytes) {
    for (int first = 0; first < 256; ++first) {
        const std::string bytes = std::string("a\"\\") + static_cast<char>(first) + "z";
        const auto document = Document::parse(quote(bytes));
        ASSERT_TRUE(document) << text::printable(bytes);
        if (first < 0x80) {
            EXPECT_EQ(document->root().text_or(), bytes);
        } else {
            EXPECT_EQ(document->root().text_or(), "a\"\\\xEF\xBF\xBDz");
        }
    }
    EXPECT_EQ(quote("Größe"), "\"Größe\"");
}

}  // namespace
}  // namespace bulkhead::json
