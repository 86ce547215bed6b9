// SPDX-License-Identifier: Apache-2.0
// What runs and what is shown, of what the user asked for.
#include "audit/select.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/catalog.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Control control(std::string id, std::vector<int> levels, std::vector<std::string> tags = {}, std::vector<std::string> aliases = {}) {
    Control made;
    made.id = std::move(id);
    made.levels = std::move(levels);
    made.tags = std::move(tags);
    made.aliases = std::move(aliases);
    made.severity = "high";
    return made;
}

const Catalog catalog = {
    .controls = {control("a_2", {2, 3}, {"area=net"}), control("a_10", {1}, {"area=host", "never_ok"}, {"old_10"}), control("b_1", {3}, {"area=net"})},
    .benchmarks = {{"all", "All", "", {"part", "b_1"}}, {"part", "Part", "", {"a_10", "a_2"}}, {"ring", "Ring", "", {"ring", "a_2"}}},
    .queries = {}};

std::vector<std::string> chosen(const Selection& selection) {
    const auto made = choose(catalog, selection);
    if (!made) return {"error: " + made.error().message};
    std::vector<std::string> ids;
    for (const Control* one : made->controls) ids.push_back(one->id);
    return ids;
}

TEST(Choose, nothing_named_is_everything_once_in_natural_order) { EXPECT_THAT(chosen({}), ElementsAre("a_2", "a_10", "b_1")); }

TEST(Choose, controls_aliases_and_benchmarks_by_name) {
    EXPECT_THAT(chosen({.ids = {"a_2"}}), ElementsAre("a_2"));
    EXPECT_THAT(chosen({.ids = {"old_10"}}), ElementsAre("a_10"));
    EXPECT_THAT(chosen({.ids = {"part", "a_2"}}), ElementsAre("a_2", "a_10"));
    EXPECT_THAT(chosen({.ids = {"ring"}}), ElementsAre("a_2")) << "a benchmark that holds itself ends";
    const auto all = choose(catalog, {.ids = {"all"}});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->benchmarks.size(), 2U) << "with the one below it";
}

TEST(Choose, full_names_of_powerpipe_are_welcome) {
    for (const char* id : {"docker_compliance.control.a_2", "control.a_2"}) EXPECT_THAT(chosen({.ids = {id}}), ElementsAre("a_2"));
    EXPECT_THAT(chosen({.ids = {"docker_compliance.benchmark.part"}}), ElementsAre("a_2", "a_10"));
}

TEST(Choose, an_unknown_name_is_refused_with_the_nearest) {
    EXPECT_THAT(chosen({.ids = {"a_11"}}), ElementsAre(HasSubstr("did you mean a_10?")));
    EXPECT_THAT(chosen({.ids = {"prat"}}), ElementsAre(HasSubstr("did you mean part?")));
    EXPECT_THAT(chosen({.ids = {"something_else_entirely"}}), ElementsAre(HasSubstr("bulkhead list")));
    EXPECT_EQ(choose(catalog, {.ids = {""}}).error().code, Code::invalid_input);
}

TEST(Choose, a_level_holds_all_below_it) {
    EXPECT_THAT(chosen({.level = 1}), ElementsAre("a_10"));
    EXPECT_THAT(chosen({.level = 2}), ElementsAre("a_2", "a_10"));
    EXPECT_THAT(chosen({.level = 3}), ElementsAre("a_2", "a_10", "b_1"));
    for (const int level : {0, 4, -1}) EXPECT_THAT(chosen({.level = level}), ElementsAre(HasSubstr("a level is 1, 2 or 3")));
}

TEST(Choose, every_tag_must_be_there_by_key_or_whole) {
    EXPECT_THAT(chosen({.tags = {"area=net"}}), ElementsAre("a_2", "b_1"));
    EXPECT_THAT(chosen({.tags = {"area"}}), ElementsAre("a_2", "a_10", "b_1"));
    EXPECT_THAT(chosen({.tags = {"area", "never_ok"}}), ElementsAre("a_10"));
    EXPECT_THAT(chosen({.tags = {"are"}}), IsEmpty()) << "a part of a key is no key";
    EXPECT_THAT(chosen({.tags = {"area=ne"}}), IsEmpty());
}

class Filter : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = sql::Database::open(facts_, {}, {});
        ASSERT_TRUE(opened);
        database_ = std::move(*opened);
    }
    static std::vector<Result> results() {
        return {{"a_2", std::string(64, 'a'), "web-1", Status::ok, "fine", "observed", {}, {}},
                {"a_2", std::string(64, 'b'), "web-2", Status::alarm, "it's bad", "configured", {}, {}},
                {"a_10", "host", "host", Status::unknown, "no", "", {}, {}},
                {"b_1", "port 80", "80", Status::alarm, "open", "", {}, {{"container_id", std::string(64, 'b')}, {"container_name", "web-2"}}}};
    }
    // The names of what is left.
    std::vector<std::string> left(const Selection& selection) {
        auto given = results();
        const auto filtered = filter_results(given, catalog, selection, *database_);
        if (!filtered) return {"error: " + filtered.error().message};
        std::vector<std::string> names;
        for (const Result& result : given) names.push_back(result.resource_name);
        return names;
    }

    world::FakeReader reader_;
    world::World world_{reader_, 1};
    tables::Facts facts_{world_};
    std::unique_ptr<sql::Database> database_;
};

TEST_F(Filter, nothing_asked_leaves_everything) { EXPECT_THAT(left({}), ElementsAre("web-1", "web-2", "host", "80")); }

TEST_F(Filter, a_condition_sees_the_results_columns) {
    EXPECT_THAT(left({.where = "status = 'alarm'"}), ElementsAre("web-2", "80"));
    EXPECT_THAT(left({.where = "status in ('ok','unknown') and level >= 1"}), ElementsAre("web-1", "host"));
    EXPECT_THAT(left({.where = "severity = 'high' and layer = 'observed' or control = 'b_1'"}), ElementsAre("web-1", "80"));
    EXPECT_THAT(left({.where = "reason like '%''%' -- with a remark"}), ElementsAre("web-2"));
    EXPECT_THAT(left({.where = "0"}), IsEmpty());
}

TEST_F(Filter, a_condition_that_is_none_is_refused) {
    for (const char* where : {"stauts = 'ok'", "status = ", "1) ; drop table result; --", ")", "(select", "status = 'ok' order by", "delete from result",
                              "n = (with recursive x(i) as (select 1 union all select i + 1 from x) select max(i) from x)", "load_extension('x')"}) {
        EXPECT_THAT(left({.where = where}), ElementsAre(testing::StartsWith("error: --where: "))) << where;
    }
    EXPECT_THAT(left({.where = "stauts = 'ok'"}), ElementsAre(HasSubstr("columns: control, resource")));
}

TEST_F(Filter, a_condition_that_yields_rows_of_its_own_does_no_harm) {
    for (const char* where : {"0) union select 999999 where (1", "0) union select -1 where (1"})
        EXPECT_THAT(left({.where = where}), ElementsAre(HasSubstr("not a condition"))) << where;
}

TEST_F(Filter, containers_by_name_glob_or_start_of_their_id) {
    EXPECT_THAT(left({.containers = {"web-1"}}), ElementsAre("web-1"));
    EXPECT_THAT(left({.containers = {"web-*"}}), ElementsAre("web-1", "web-2", "80"));
    EXPECT_THAT(left({.containers = {"web-[2]"}}), ElementsAre("web-2", "80"));
    EXPECT_THAT(left({.containers = {"bbbb"}}), ElementsAre("web-2", "80")) << "also what belongs to it";
    EXPECT_THAT(left({.containers = {"bbb"}}), IsEmpty()) << "too short to be an id";
    EXPECT_THAT(left({.containers = {"web-1", "bbbbbbbbbbbb"}}), ElementsAre("web-1", "web-2", "80"));
    EXPECT_THAT(left({.containers = {"none", "["}}), IsEmpty());
}

TEST_F(Filter, a_project_is_its_containers_and_networks) {
    const auto labels =
        tables::make_table<int>({.name = "docker_container_label",
                                 .help = "test",
                                 .columns = {{"container_id", tables::Type::text, "id", [](const int&) { return tables::cell(std::string(64, 'b')); }},
                                             {"key", tables::Type::text, "key", [](const int&) { return tables::cell("com.docker.compose.project"); }},
                                             {"value", tables::Type::text, "value", [](const int&) { return tables::cell("sh'op"); }}},
                                 .rows = [](tables::Scan&) { return std::vector{1}; }});
    const auto networks = tables::make_table<int>({.name = "docker_network",
                                                   .help = "test",
                                                   .columns = {{"id", tables::Type::text, "id", [](const int&) { return tables::cell("n"); }},
                                                               {"labels", tables::Type::json, "labels", [](const int&) { return tables::cell("{}"); }}},
                                                   .rows = [](tables::Scan&) { return std::vector{1}; }});
    auto opened = sql::Database::open(facts_, {labels, networks}, {});
    ASSERT_TRUE(opened);
    database_ = std::move(*opened);
    EXPECT_THAT(left({.project = "sh'op"}), ElementsAre("web-2", "80")) << "quoted as a text";
    EXPECT_THAT(left({.project = "other"}), ElementsAre(HasSubstr("no container or network belongs to the project 'other'")));
    EXPECT_THAT(left({.project = "' or 1=1 --"}), ElementsAre(HasSubstr("no container or network")));
}

}  // namespace
}  // namespace bulkhead::audit
