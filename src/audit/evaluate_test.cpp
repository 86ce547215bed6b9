// SPDX-License-Identifier: Apache-2.0
// How rows of a control become results: what was not read is never ok.
#include "audit/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world/testing/fake_reader.h"

namespace bulkhead::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string web(64, 'a');
const std::string job(64, 'b');
const std::string network(64, '1');

// The containers of the engine; `failures` is what reading them met.
tables::Table docker_container(const std::vector<tables::SourceFailure>& failures) {
    return tables::make_table<std::string>({.name = "docker_container",
                                            .help = "test",
                                            .columns = {{"id", tables::Type::text, "id", [](const std::string& id) { return tables::cell(id); }}},
                                            .rows = [&failures](tables::Scan& scan) {
                                                for (const auto& failure : failures) scan.failed(failure.locator, failure.reason, failure.container_id);
                                                std::vector<std::string> ids = {web, job};
                                                for (const auto& failure : failures) std::erase(ids, failure.container_id);
                                                return ids;
                                            }});
}

class Evaluate : public testing::Test {
  protected:
    std::vector<Result> run(const std::string& sql, sql::Limits limits = {}) {
        auto database = sql::Database::open(facts_, {docker_container(failures_)}, limits, sql::Database::Use::audit);
        EXPECT_TRUE(database);
        Control control;
        control.id = "test_1";
        control.sql = sql;
        return evaluate(control, **database);
    }
    static std::vector<std::string> statuses(const std::vector<Result>& results) {
        std::vector<std::string> names;
        for (const Result& result : results) names.emplace_back(name(result.status));
        return names;
    }

    std::vector<tables::SourceFailure> failures_;
    world::FakeReader reader_;
    world::World world_{reader_, 1};
    tables::Facts facts_{world_};
};

const std::string of_containers = "select id as resource, 'ok' as status, 'fine' as reason from docker_container";

TEST_F(Evaluate, rows_become_results) {
    const auto results =
        run("select id as resource, 'web' as resource_name, 'alarm' as status, 'bad' as reason, 'observed' as layer, 7 as pid, null as none, 1.5 as share from "
            "docker_container limit 1");
    ASSERT_THAT(results, SizeIs(1));
    EXPECT_EQ(results[0].control, "test_1");
    EXPECT_EQ(results[0].resource, web);
    EXPECT_EQ(results[0].resource_name, "web");
    EXPECT_EQ(results[0].status, Status::alarm);
    EXPECT_EQ(results[0].layer, "observed");
    EXPECT_THAT(results[0].dimensions, ElementsAre(std::pair{"pid", "7"}, std::pair{"none", ""}, std::pair{"share", "1.5"}));
}

TEST_F(Evaluate, no_rows_and_no_failure_is_a_skip) { EXPECT_THAT(statuses(run(of_containers + " where 0")), ElementsAre("skip")); }

TEST_F(Evaluate, no_rows_and_a_failure_is_unknown) {
    failures_ = {{"engine:/containers/json?all=1", "denied: no", ""}};
    const auto results = run(of_containers + " where id = 'none'");
    EXPECT_THAT(statuses(results), ElementsAre("unknown"));
    EXPECT_THAT(results[0].reason, HasSubstr("engine:/containers/json?all=1"));
}

TEST_F(Evaluate, a_failure_of_a_whole_table_withholds_every_ok) {
    failures_ = {{"file:/x", "failed: no", ""}};
    for (const char* status : {"ok", "info", "skip", "unknown"}) {
        const auto results = run("select id as resource, '" + std::string(status) + "' as status, 'because' as reason from docker_container");
        EXPECT_THAT(statuses(results), ElementsAre("unknown", "unknown")) << status;
        EXPECT_THAT(results[0].reason, HasSubstr("file:/x"));
        EXPECT_THAT(results[0].reason, HasSubstr("because")) << "what it would have been is said too";
        EXPECT_EQ(results[0].evidence.back().locator, "file:/x");
    }
}

TEST_F(Evaluate, an_alarm_stands_unless_it_rests_on_absence) {
    failures_ = {{"file:/x", "failed: no", ""}};
    EXPECT_THAT(statuses(run("select id as resource, 'alarm' as status, 'r' as reason from docker_container")), ElementsAre("alarm", "alarm"));
    EXPECT_THAT(statuses(run("select id as resource, 'alarm' as status, 'r' as reason, 1 as rests_on_absence from docker_container")),
                ElementsAre("unknown", "unknown"));
    EXPECT_THAT(statuses(run("select id as resource, 'alarm' as status, 'r' as reason, 0 as rests_on_absence from docker_container")),
                ElementsAre("alarm", "alarm"));
    failures_.clear();
    EXPECT_THAT(statuses(run("select id as resource, 'alarm' as status, 'r' as reason, 1 as rests_on_absence from docker_container")),
                ElementsAre("alarm", "alarm"));
}

TEST_F(Evaluate, a_container_that_could_not_be_read_is_unknown_and_the_others_are_judged) {
    failures_ = {{"engine:/containers/" + job + "/json", "failed: 500", job}};
    const auto results = run(of_containers);
    ASSERT_THAT(results, SizeIs(2));
    EXPECT_EQ(results[0].resource, web);
    EXPECT_EQ(results[0].status, Status::ok);
    EXPECT_EQ(results[1].resource, job) << "it must not vanish from the verdicts";
    EXPECT_EQ(results[1].status, Status::unknown);
}

TEST_F(Evaluate, a_result_about_a_network_or_the_host_rests_on_every_container) {
    failures_ = {{"engine:/containers/" + job + "/json", "failed: 500", job}};
    for (const std::string& resource : {network, std::string("host"), "sha256:" + web, std::string()}) {
        const auto results = run("select '" + resource + "' as resource, 'ok' as status, 'r' as reason from docker_container limit 1");
        ASSERT_THAT(results, testing::Not(IsEmpty()));
        EXPECT_EQ(results[0].status, Status::unknown) << resource;
    }
}

TEST_F(Evaluate, the_column_container_id_says_whose_result_it_is) {
    failures_ = {{"engine:/containers/" + job + "/json", "failed: 500", job}};
    const auto port_of = [&](const std::string& container) {
        return run("select 'port 80' as resource, 'ok' as status, 'r' as reason, '" + container + "' as container_id from docker_container");
    };
    EXPECT_THAT(statuses(port_of(job)), ElementsAre("unknown"));
    const auto others = port_of(web);
    ASSERT_THAT(others, SizeIs(2));
    EXPECT_EQ(others[1].resource, "port 80");
    EXPECT_EQ(others[1].status, Status::ok);
}

TEST_F(Evaluate, a_status_of_no_known_name_is_an_error_that_shows_it) {
    for (const char* status : {"'fine'", "'OK'", "''", "null", "1", "'ok '"}) {
        const auto results = run("select id as resource, " + std::string(status) + " as status, 'why' as reason from docker_container limit 1");
        EXPECT_THAT(statuses(results), ElementsAre("error")) << status;
        EXPECT_THAT(results[0].reason, HasSubstr("gave the status"));
    }
}

TEST_F(Evaluate, missing_columns_and_broken_sql_are_errors) {
    EXPECT_THAT(run("select 1 as resource, 'ok' as status")[0].reason, HasSubstr("columns resource, status and reason"));
    EXPECT_THAT(statuses(run("select 1 as resource, 'ok' as status")), ElementsAre("error"));
    EXPECT_THAT(statuses(run("selekt")), ElementsAre("error"));
    EXPECT_THAT(run("select * from nothing_such")[0].reason, HasSubstr("no such table"));
    EXPECT_THAT(statuses(run("")), ElementsAre("error"));
}

TEST_F(Evaluate, rows_beyond_the_limit_are_told_as_an_error) {
    const auto results = run(of_containers, {.rows_max = 1});
    EXPECT_THAT(statuses(results), testing::UnorderedElementsAre("ok", "error"));
}

TEST_F(Evaluate, evidence_is_taken_out_of_any_nesting_once) {
    reader_.set("file:/a", "x");
    world_.read(world::file_at("/a"));
    const auto results =
        run("select 'x' as resource, 'ok' as status, 'r' as reason, json_array(evidence('file:/a', 'one'), null, json_array(evidence('file:/a', 'one'), "
            "evidence('file:/a', 'two')), "
            "(select json_group_array(evidence('file:/b', value)) from json_each('[1,2]'))) as evidence");
    ASSERT_THAT(results, SizeIs(1));
    ASSERT_THAT(results[0].evidence, SizeIs(4));
    EXPECT_EQ(results[0].evidence[0].source, "file");
    EXPECT_EQ(results[0].evidence[0].value, "one");
    EXPECT_EQ(results[0].evidence[0].read_at, reader_.as_of());
    EXPECT_EQ(results[0].evidence[3].locator, "file:/b");
    EXPECT_EQ(results[0].evidence[3].read_at, 0);
}

TEST_F(Evaluate, evidence_that_is_no_json_is_none) {
    for (const char* evidence : {"null", "''", "'{'", "'\"text\"'", "5", "'[[[[1]]]]'"}) {
        EXPECT_THAT(run("select 'x' as resource, 'ok' as status, 'r' as reason, " + std::string(evidence) + " as evidence")[0].evidence, IsEmpty()) << evidence;
    }
}

TEST_F(Evaluate, results_are_ordered_by_name_as_people_count) {
    const auto results = run("select value as resource, value as resource_name, 'ok' as status, 'r' as reason from json_each('[\"web-10\",\"web-9\",\"db\"]')");
    ASSERT_THAT(results, SizeIs(3));
    EXPECT_EQ(results[0].resource_name, "db");
    EXPECT_EQ(results[1].resource_name, "web-9");
}

TEST(Status, names_lead_back_and_nothing_else_does) {
    for (const Status status : statuses) EXPECT_EQ(parse_status(name(status)), status);
    for (const char* text : {"", "OK", " ok", "pass", "fail"}) EXPECT_FALSE(parse_status(text)) << text;
}

}  // namespace
}  // namespace bulkhead::audit
