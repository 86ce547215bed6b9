// SPDX-License-Identifier: Apache-2.0
#include "extension/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace bulkhead::extension {
namespace {

using testing::HasSubstr;

bulkhead::Result<Options> from_environment(std::map<std::string, std::string> variables) {
    return options_of([variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
}

TEST(ExtensionOptions, come_from_the_environment) {
    const auto options = from_environment({{"BULKHEAD_FROM", "host.snapshot"}, {"BULKHEAD_DIALECT", "osquery"}, {"BULKHEAD_PARTIAL", "1"}});
    ASSERT_TRUE(options);
    EXPECT_EQ(*options, (Options{.from = "host.snapshot", .dialect = "osquery", .partial = true}));
    EXPECT_EQ(*from_environment({}), Options{});
    EXPECT_EQ(*from_environment({{"BULKHEAD_FROM", ""}}), Options{}) << "an empty variable is as good as none";
}

TEST(ExtensionOptions, of_the_environment_that_mean_nothing_are_told_with_the_variable) {
    const auto options = from_environment({{"BULKHEAD_PARTIAL", "yes"}});
    ASSERT_FALSE(options);
    EXPECT_EQ(options.error().message, "BULKHEAD_PARTIAL: partial is 1 or 0, not \"yes\"");
    EXPECT_FALSE(from_environment({{"BULKHEAD_FROM", "a"}, {"BULKHEAD_IMAGE", "b"}}));
}

TEST(ExtensionOptions, of_a_call_stand_over_the_environment) {
    const Options environment{.from = "old.snapshot", .dialect = "osquery"};
    EXPECT_EQ(*options_of(environment, {}), environment);
    EXPECT_EQ(*options_of(environment, {{"values", "1"}}), (Options{.from = "old.snapshot", .dialect = "osquery", .show_values = true}));
    EXPECT_EQ(*options_of(environment, {{"dialect", ""}}), (Options{.from = "old.snapshot"}));
}

TEST(ExtensionOptions, of_a_call_that_name_a_world_set_aside_the_one_of_the_environment) {
    EXPECT_EQ(*options_of({.from = "old.snapshot"}, {{"host", "unix:///run/docker.sock"}}), Options{.host = "unix:///run/docker.sock"});
    EXPECT_EQ(*options_of({.image = "old.tar"}, {{"host", ""}}), Options{}) << "the live host of old";
}

TEST(ExtensionOptions, of_a_call_that_contradict_each_other_or_are_unknown_are_refused) {
    const auto both = options_of({}, {{"from", "a"}, {"image", "b"}});
    ASSERT_FALSE(both);
    EXPECT_THAT(both.error().message, HasSubstr("exclude each other"));
    const auto unknown = options_of({}, {{"form", "a"}});
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().message, HasSubstr("not \"form\""));
}

}  // namespace
}  // namespace bulkhead::extension
