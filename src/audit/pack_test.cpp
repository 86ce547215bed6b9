// SPDX-License-Identifier: Apache-2.0
// The program's own controls are what the project's YAML says, and a damaged pack is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/catalog_parts.h"

namespace bulkhead::audit {
namespace {

Catalog small() {
    Catalog catalog;
    Control control;
    control.id = "x_1";
    control.title = "1:a colon\nand a line";
    control.aliases = {"old_1", ""};
    control.levels = {1, 3};
    control.sql = std::string("select '\0'", 10);
    control.params = {{"a", ""}, {"b", "1:x"}};
    control.fixes = {{FixKind::daemon_json, "icc", "false", {}, {"restart"}, "mind", ""}, {FixKind::by_hand, "look", "", {"deploy"}, {}, "", "2:risk"}};
    catalog.controls = {control, Control{}};
    catalog.benchmarks = {{"b", "B", "", {"x_1"}}};
    catalog.queries = {{"q", "select 1"}};
    catalog.settings = {{"ports", "list", "", "what: ports"}};
    return catalog;
}

TEST(Pack, gives_back_what_was_put_in) {
    const auto back = unpack(pack(small()));
    ASSERT_TRUE(back) << back.error().message;
    ASSERT_EQ(back->controls.size(), 2U);
    EXPECT_EQ(back->controls[0].title, small().controls[0].title);
    EXPECT_EQ(back->controls[0].sql.size(), 10U);
    EXPECT_THAT(back->controls[0].aliases, testing::ElementsAre("old_1", ""));
    EXPECT_THAT(back->controls[0].levels, testing::ElementsAre(1, 3));
    EXPECT_EQ(back->controls[0].params, small().controls[0].params);
    EXPECT_EQ(back->benchmarks[0].children, small().benchmarks[0].children);
    ASSERT_EQ(back->controls[0].fixes.size(), 2U);
    EXPECT_EQ(back->controls[0].fixes[0].kind, FixKind::daemon_json);
    EXPECT_EQ(back->controls[0].fixes[0].value, "false");
    EXPECT_THAT(back->controls[0].fixes[0].then, testing::ElementsAre("restart"));
    EXPECT_THAT(back->controls[0].fixes[1].unless, testing::ElementsAre("deploy"));
    EXPECT_EQ(back->controls[0].fixes[1].risk, "2:risk");
    EXPECT_EQ(back->queries, small().queries);
    ASSERT_EQ(back->settings.size(), 1U);
    EXPECT_EQ(back->settings[0].description, "what: ports");
}

TEST(Pack, every_cut_is_refused) {
    const std::string bytes = pack(small());
    for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(unpack(std::string_view(bytes).substr(0, size))) << size;
    EXPECT_FALSE(unpack(bytes + "1:x"));
    EXPECT_FALSE(unpack("99999999999:"));
}

TEST(Pack, the_program_carries_the_projects_controls) {
    Catalog from_yaml;
    for (const char* folder : {"controls", "queries"}) {
        const auto added = add_folder(from_yaml, std::string(BULKHEAD_SOURCE_DIR "/") + folder, folder);
        ASSERT_TRUE(added) << added.error().message;
    }
    ASSERT_TRUE(finish(from_yaml));
    const auto carried = load_catalog({});
    ASSERT_TRUE(carried) << carried.error().message;
    EXPECT_GT(carried->controls.size(), 20U);
    EXPECT_EQ(pack(*carried), pack(from_yaml));
    EXPECT_EQ(carried->controls[0].file.find("controls/"), 0U) << "named as in the project: " << carried->controls[0].file;
}

}  // namespace
}  // namespace bulkhead::audit
