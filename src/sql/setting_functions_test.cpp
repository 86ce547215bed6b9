// SPDX-License-Identifier: Apache-2.0
#include "sql/setting_functions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/database.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::sql {
namespace {

using testing::HasSubstr;

class SettingFunctions : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = Database::open(facts_, {}, {});
        ASSERT_TRUE(opened);
        database_ = std::move(*opened);
        database_->use_settings({{"ports", "80, 443,8[01]*"}, {"none", ""}, {"age", "90"}, {"name", "9 lives"}});
    }
    std::string value(const std::string& expression) {
        const auto set = database_->run("select " + expression);
        if (!set) return "error: " + set.error().message;
        const tables::Cell& cell = set->rows.at(0).at(0);
        if (const auto* text = std::get_if<std::string>(&cell)) return *text;
        if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
        return "null";
    }

    world::FakeReader reader_;
    world::World world_{reader_, 1};
    tables::Facts facts_{world_};
    std::unique_ptr<Database> database_;
};

TEST_F(SettingFunctions, a_number_is_a_number_and_text_is_text) {
    EXPECT_EQ(value("typeof(setting('age'))"), "integer");
    EXPECT_EQ(value("setting('age') > 100"), "0");
    EXPECT_EQ(value("setting('name')"), "9 lives");
    EXPECT_EQ(value("setting('none')"), "");
}

TEST_F(SettingFunctions, a_list_is_asked_by_globs) {
    EXPECT_EQ(value("setting_has('ports', 443)"), "1");
    EXPECT_EQ(value("setting_has('ports', '80')"), "1");
    EXPECT_EQ(value("setting_has('ports', 8080)"), "1");
    EXPECT_EQ(value("setting_has('ports', 8200)"), "0");
    EXPECT_EQ(value("setting_has('ports', '')"), "0");
    EXPECT_EQ(value("setting_has('none', '')"), "0") << "an empty list allows nothing";
    EXPECT_EQ(value("setting_has('ports', null)"), "null");
}

TEST_F(SettingFunctions, a_name_that_is_not_declared_is_an_error_and_not_an_empty_list) {
    EXPECT_THAT(value("setting('port')"), HasSubstr("no setting is named 'port'"));
    EXPECT_THAT(value("setting_has(null, 1)"), HasSubstr("no setting is named ''"));
    EXPECT_THAT(value("setting('a' || char(27))"), HasSubstr("a\\x1b"));
}

TEST_F(SettingFunctions, a_database_beside_another_has_its_settings) {
    const auto beside = database_->beside(facts_);
    ASSERT_TRUE(beside);
    const auto set = (*beside)->run("select setting('age')");
    ASSERT_TRUE(set) << set.error().message;
    EXPECT_EQ(std::get<std::int64_t>(set->rows[0][0]), 90);
}

TEST_F(SettingFunctions, a_list_has_a_bound) {
    database_->use_settings({{"long", std::string(5000, ',')}});
    EXPECT_THAT(value("setting_has('long', 'a')"), HasSubstr("too many words"));
}

}  // namespace
}  // namespace bulkhead::sql
