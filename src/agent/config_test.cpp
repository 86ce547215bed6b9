// SPDX-License-Identifier: Apache-2.0
#include "agent/config.h"

#include <gmock/gmock.h>

#include "world/testing/temp_folder.h"

namespace bulkhead::agent {
namespace {

using testing::HasSubstr;

TEST(Config, is_what_the_file_says_and_the_rest_as_it_is_when_left_out) {
    const auto config = parse_config(
        "# a comment\nlisten: 127.0.0.1:9400\nhistory:\n  folder: /data/history  # elsewhere\n  days: 3\n  size: 512 MiB\ndatapath:\n  payload_bytes: 0\n",
        "f");
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_EQ(config->listen, "127.0.0.1:9400");
    EXPECT_EQ(config->history, "/data/history");
    EXPECT_EQ(config->retention.flow_days, 3);
    EXPECT_EQ(config->retention.bytes, 512ULL << 20U);
    EXPECT_EQ(config->retention.hour_days, 365);
    EXPECT_EQ(config->datapath.payload_bytes, 0u);
    EXPECT_EQ(config->datapath.flows_max, datapath::Options().flows_max);
    EXPECT_EQ(config->engine, "");
}

TEST(Config, file_of_comments_alone_changes_nothing) {
    for (const char* text : {"", "# nothing\n"}) {
        const auto config = parse_config(text, "f");
        ASSERT_TRUE(config.has_value()) << config.error().message;
        EXPECT_EQ(*config, Config());
    }
}

TEST(Config, mistake_names_its_file_line_and_column) {
    const std::pair<const char*, const char*> mistakes[] = {
        {"histroy:\n  days: 3\n", "f:1:"},
        {"history:\n  days: many\n", "f:2:"},
        {"history:\n  days: 0\n", "from 1 to"},
        {"history:\n  size: 1 KiB\n", "at least 16 MiB"},
        {"history:\n  size: much\n", "a size is wanted"},
        {"history:\n  folder: here\n", "from the root"},
        {"listen: 0.0.0.0:9400\n", "127.0.0.1:PORT"},
        {"listen: 192.0.2.1:9400\n", "127.0.0.1:PORT"},
        {"listen: unix:socket\n", "unix:/PATH"},
        {"datapath:\n  flows: 1\n", "f:2:"},
        {"datapath:\n  ring_bytes: 5000\n", "a power of two"},
        {"listen: [\n", "f:"},
    };
    for (const auto& [text, expected] : mistakes) {
        const auto config = parse_config(text, "f");
        ASSERT_FALSE(config.has_value()) << text;
        EXPECT_THAT(config.error().message, HasSubstr(expected)) << text;
        EXPECT_THAT(config.error().message, HasSubstr("f:")) << text;
    }
}

TEST(Config, sizes_are_read_with_both_kinds_of_units) {
    EXPECT_EQ(*parse_size("1000"), 1000u);
    EXPECT_EQ(*parse_size("2GB"), 2'000'000'000u);
    EXPECT_EQ(*parse_size("2 GiB"), 2ULL << 30U);
    for (const char* wrong : {"", "GB", "-1", "1 XB", "99999999999999999999", "9999999999 TiB", "1.5GB"}) EXPECT_FALSE(parse_size(wrong).has_value()) << wrong;
}

TEST(Config, file_that_is_not_there_is_told_apart_from_one_that_is_wrong) {
    const world::TempFolder folder;
    EXPECT_EQ(load_config(folder.at("none")).error().code, Code::not_found);
    EXPECT_EQ(load_config(folder.write("wrong", "x: 1\n")).error().code, Code::invalid_input);
    EXPECT_TRUE(load_config(std::string(BULKHEAD_SOURCE_DIR) + "/packaging/bulkhead.yaml").has_value());
    EXPECT_EQ(*load_config(std::string(BULKHEAD_SOURCE_DIR) + "/packaging/bulkhead.yaml"), Config());
}

}  // namespace
}  // namespace bulkhead::agent
