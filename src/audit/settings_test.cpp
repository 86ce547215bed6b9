// SPDX-License-Identifier: Apache-2.0
#include "audit/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world/testing/temp_folder.h"

namespace bulkhead::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Catalog declared() {
    Catalog catalog;
    catalog.settings = {{"age", "days", "90", ""}, {"ports", "list", "", ""}, {"swarm", "boolean", "0", ""}, {"word", "text", "a b", ""}};
    return catalog;
}

std::string error_of_given(const std::string& given) {
    const auto values = resolve_settings(declared(), "", {given});
    return values ? "none" : values.error().message;
}

TEST(Settings, defaults_hold_until_the_user_says_otherwise) {
    const auto values = resolve_settings(declared(), "", {"age=30d", "ports = 80, 443", "swarm=yes", "age=31"});
    ASSERT_TRUE(values) << values.error().message;
    EXPECT_EQ(values->at("age"), "31") << "the last counts";
    EXPECT_EQ(values->at("ports"), "80, 443");
    EXPECT_EQ(values->at("swarm"), "1");
    EXPECT_EQ(values->at("word"), "a b");
    EXPECT_EQ(changed_settings(declared(), *values), "age=31, ports=80, 443, swarm=1");
    EXPECT_EQ(changed_settings(declared(), *resolve_settings(declared(), "", {"age=90"})), "") << "as declared is no change";
}

TEST(Settings, mistakes_are_named_with_what_would_be_right) {
    EXPECT_THAT(error_of_given("prots=1"), HasSubstr("no setting 'prots': did you mean ports?"));
    EXPECT_THAT(error_of_given("nothing_like_it=1"), HasSubstr("bulkhead list settings"));
    EXPECT_THAT(error_of_given("ports"), HasSubstr("NAME=VALUE"));
    EXPECT_THAT(error_of_given("age=soon"), HasSubstr("a whole number of days"));
    EXPECT_THAT(error_of_given("age=-1"), HasSubstr("a whole number of days"));
    EXPECT_THAT(error_of_given("age=999999999999"), HasSubstr("a whole number of days"));
    EXPECT_THAT(error_of_given("swarm=perhaps"), HasSubstr("true or false"));
}

TEST(Settings, a_file_gives_texts_and_lists_and_the_command_line_goes_before_it) {
    const world::TempFolder folder;
    const auto resolve = [&](const std::string& yaml, const std::vector<std::string>& given) {
        return resolve_settings(declared(), folder.write("settings.yaml", yaml), given);
    };
    const auto values = resolve("ports: [80, 443]\nage: 12\nswarm: true\n", {"age=13"});
    ASSERT_TRUE(values) << values.error().message;
    EXPECT_EQ(values->at("ports"), "80,443");
    EXPECT_EQ(values->at("age"), "13");
    EXPECT_EQ(values->at("swarm"), "1");
    EXPECT_THAT(resolve("age: 1\nage: 2\n", {}).error().message, HasSubstr(":2:1: the setting 'age' is given twice"));
    EXPECT_THAT(resolve("\nagge: 1\n", {}).error().message, HasSubstr(":2:1: there is no setting 'agge': did you mean age?"));
    EXPECT_THAT(resolve("ports: {a: b}\n", {}).error().message, HasSubstr("text or a list of texts"));
    EXPECT_THAT(resolve("- a\n", {}).error().message, HasSubstr("expected 'name: value'"));
    EXPECT_FALSE(resolve_settings(declared(), folder.at("nowhere.yaml"), {}));
}

TEST(Settings, the_sql_tells_which_it_uses) {
    EXPECT_THAT(settings_used("select setting('b') > 1, setting_has('a', x), setting('b'), 'setting(x)'"), ElementsAre("a", "b"));
    EXPECT_THAT(settings_used("select 1"), ElementsAre());
}

TEST(Settings, a_declaration_is_whole_and_its_default_of_its_type) {
    const auto error = [](const std::string& yaml) {
        const auto parsed = parse_settings(yaml, "s.yaml");
        return parsed ? std::string("none") : parsed.error().message;
    };
    EXPECT_EQ(error("- {name: a, type: days, default: '90', description: d}"), "none");
    EXPECT_THAT(error("- {name: a, type: days, default: long, description: d}"), HasSubstr("not of type days"));
    EXPECT_THAT(error("- {name: a, type: weeks, default: '1', description: d}"), HasSubstr("a type is one of text, list"));
    EXPECT_THAT(error("- {name: a, type: text, description: d}"), HasSubstr("'default' is missing"));
    EXPECT_THAT(error("- {name: a, type: text, default: ''}"), HasSubstr("'description' is missing"));
    EXPECT_THAT(error("a: b"), HasSubstr("expected a list of settings"));
}

}  // namespace
}  // namespace bulkhead::audit
