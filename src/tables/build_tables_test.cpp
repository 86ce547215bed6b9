// SPDX-License-Identifier: Apache-2.0
// The tables of build files: dockerfile_instruction, dockerfile_stage, dockerfile_command, dockerfile_image, compose_service, compose_port,
// compose_volume, compose_network, compose_secret, compose_build.
#include <gtest/gtest.h>

#include <algorithm>

#include "tables/build_rows.h"
#include "tables/catalog.h"
#include "tables/compose_rows.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {
namespace {

constexpr std::string_view dockerfile_text =
    "ARG TAG=1\nFROM debian:$TAG AS base\n# why\nENV PASSWORD=hunter2 LEVEL=info\nRUN sudo apt-get update | tee log\nUSER 1000\nFROM base\nCOPY --chown=1 a b "
    "/c/\n";
constexpr std::string_view compose_text = R"(name: shop
services:
  web:
    image: "x:${TAG}"
    privileged: true
    environment: {DB_PASSWORD: hunter2, LEVEL: info}
    ports: ["127.0.0.1:80:8080", "81:81"]
    volumes: ["data:/d:ro"]
    secrets: [key]
    mem_limit: 1k
  debug: {image: y, profiles: [debug]}
networks: {back: {driver: overlay, internal: true}}
volumes: {data: {driver: local}}
secrets: {key: {file: ./key}}
configs: {c: {content: text}}
)";

class BuildTables : public testing::Test {
  protected:
    BuildTables() {
        reader_.set("file:D", std::string(dockerfile_text)).set("file:c.yaml", std::string(compose_text));
        reader_.set_outcome("file:.env", world::Outcome::absent);
        facts_.build().give({.dockerfiles = {"D"}, .compose = {.files = {"c.yaml"}}});
    }

    // One column of every row, as text; null is "-".
    std::vector<std::string> column(const std::string& table, const std::string& name) {
        const auto all = catalog();
        const auto found = std::ranges::find(all, table, &Table::name);
        EXPECT_NE(found, all.end()) << table;
        Scan scan(facts_, {});
        const RowSet rows = found->rows(scan);
        failures_ = scan.failures();
        const auto at = std::ranges::find(found->columns, name, &ColumnInfo::name);
        EXPECT_NE(at, found->columns.end()) << name;
        std::vector<std::string> values;
        for (std::size_t row = 0; row < rows.size; ++row) {
            const Cell value = rows.at(row, static_cast<std::size_t>(at - found->columns.begin()));
            if (const auto* text = std::get_if<std::string>(&value)) {
                values.push_back(*text);
            } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
                values.push_back(std::to_string(*number));
            } else {
                values.emplace_back("-");
            }
        }
        return values;
    }

    world::FakeReader reader_;
    world::World world_{reader_, 1};
    Facts facts_{world_};
    std::vector<SourceFailure> failures_;
};
using Texts = std::vector<std::string>;

TEST_F(BuildTables, dockerfile_instruction_has_places_and_no_secret_values) {
    EXPECT_EQ(column("dockerfile_instruction", "instruction"), (Texts{"arg", "from", "env", "run", "user", "from", "copy"}));
    EXPECT_EQ(column("dockerfile_instruction", "locator")[2], "dockerfile:D:4:1");
    EXPECT_EQ(column("dockerfile_instruction", "args")[2], R"(["PASSWORD=<redacted>","LEVEL=info"])");
    EXPECT_EQ(column("dockerfile_instruction", "secret_names")[2], R"(["PASSWORD"])");
    EXPECT_EQ(column("dockerfile_instruction", "prev_comment")[2], "why");
    EXPECT_EQ(column("dockerfile_instruction", "data")[6], R"({"sources":["a","b"],"dest":"/c/"})");
    EXPECT_EQ(column("dockerfile_instruction", "flags")[6], R"([{"name":"chown","value":"1"}])");
    EXPECT_EQ(column("dockerfile_instruction", "stage"), (Texts{"-", "base", "base", "base", "base", "1", "1"}));
    for (const std::string& source : column("dockerfile_instruction", "source")) EXPECT_EQ(source.find("hunter2"), std::string::npos);
    facts_.show_values = true;
    EXPECT_NE(column("dockerfile_instruction", "source")[2].find("hunter2"), std::string::npos);
}

TEST_F(BuildTables, dockerfile_stage_tells_what_holds_at_its_end) {
    EXPECT_EQ(column("dockerfile_stage", "image"), (Texts{"debian:1", "base"}));
    EXPECT_EQ(column("dockerfile_stage", "base_stage"), (Texts{"-", "0"}));
    EXPECT_EQ(column("dockerfile_stage", "user"), (Texts{"1000", "1000"}));
    EXPECT_EQ(column("dockerfile_stage", "is_final"), (Texts{"0", "1"}));
}

TEST_F(BuildTables, dockerfile_image_tells_what_is_taken_from_registries) {
    EXPECT_EQ(column("dockerfile_image", "image"), (Texts{"debian:1"}));
    EXPECT_EQ(column("dockerfile_image", "purpose"), (Texts{"FROM"}));
    EXPECT_EQ(column("dockerfile_image", "tag"), (Texts{"1"}));
    EXPECT_EQ(column("dockerfile_image", "locator"), (Texts{"dockerfile:D:2:1"}));
}

TEST_F(BuildTables, compose_build_tells_what_is_followed_and_what_is_not) {
    reader_.set("file:b.yaml", "name: p\nservices: {web: {build: {context: app, target: t, args: {A_TOKEN: abc}}}, out: {build: ..}}\n");
    reader_.set("file:app/Dockerfile", "FROM x AS t\nUSER a\nFROM y\n");
    facts_.build().give({.compose = {.files = {"b.yaml"}}});
    EXPECT_EQ(column("compose_build", "service"), (Texts{"web", "out"}));
    EXPECT_EQ(column("compose_build", "dockerfile"), (Texts{"app/Dockerfile", "../Dockerfile"}));
    EXPECT_EQ(column("compose_build", "stage_line"), (Texts{"1", "-"}));
    EXPECT_EQ(column("compose_build", "args")[0], R"({"A_TOKEN":"<redacted>"})");
    EXPECT_NE(column("compose_build", "problem")[1].find("outside"), std::string::npos);
    EXPECT_TRUE(failures_.empty());
    EXPECT_EQ(column("dockerfile_stage", "is_final"), (Texts{"1", "0"}));
    ASSERT_EQ(failures_.size(), 1U);
    EXPECT_EQ(failures_[0].container_id, "build:p:out") << "the others do not rest on it";
    EXPECT_EQ(failures_[0].locator, "compose:b.yaml:2:88");
}

TEST_F(BuildTables, dockerfile_command_tells_programs) {
    EXPECT_EQ(column("dockerfile_command", "name"), (Texts{"sudo", "apt-get", "tee"}));
    EXPECT_EQ(column("dockerfile_command", "locator")[1], "dockerfile:D:5:10");
}

TEST_F(BuildTables, compose_service_is_judged_where_it_is_known) {
    EXPECT_EQ(column("compose_service", "service"), (Texts{"web", "debug"}));
    EXPECT_EQ(column("compose_service", "active"), (Texts{"1", "0"}));
    EXPECT_EQ(column("compose_service", "image"), (Texts{"-", "y"}));
    EXPECT_EQ(column("compose_service", "unresolved")[0], R"(["image"])");
    EXPECT_EQ(column("compose_service", "privileged"), (Texts{"1", "-"}));
    EXPECT_EQ(column("compose_service", "memory_bytes")[0], "1024");
    EXPECT_EQ(column("compose_service", "environment")[0], R"({"DB_PASSWORD":"<redacted>","LEVEL":"info"})");
    EXPECT_EQ(column("compose_service", "secret_environment")[0], R"([{"name":"DB_PASSWORD","locator":"compose:c.yaml:6:19"}])");
    EXPECT_NE(column("compose_service", "positions")[0].find(R"("privileged":{"locator":"compose:c.yaml:5:5","file":"c.yaml","line":5,"column":5})"),
              std::string::npos);
    EXPECT_EQ(column("compose_service", "project")[0], "shop");
}

TEST_F(BuildTables, parts_of_services_have_rows_of_their_own) {
    EXPECT_EQ(column("compose_port", "resource"), (Texts{"web:127.0.0.1:80->8080/tcp", "web::81->81/tcp"}));
    EXPECT_EQ(column("compose_port", "locator")[1], "compose:c.yaml:7:34");
    EXPECT_EQ(column("compose_volume", "driver"), (Texts{"local"}));
    EXPECT_EQ(column("compose_volume", "read_only"), (Texts{"1"}));
    EXPECT_EQ(column("compose_network", "internal"), (Texts{"1"}));
    EXPECT_EQ(column("compose_secret", "content_from"), (Texts{"file", "content"}));
    EXPECT_EQ(column("compose_secret", "services"), (Texts{R"(["web"])", "[]"}));
}

TEST_F(BuildTables, a_file_that_cannot_be_read_is_a_failure_and_no_empty_table) {
    for (const world::Outcome outcome : {world::Outcome::absent, world::Outcome::denied, world::Outcome::failed}) {
        world::FakeReader reader;
        reader.set_outcome("file:D", outcome).set_outcome("file:c.yaml", outcome).set_outcome("file:.env", world::Outcome::absent);
        world::World world(reader, 1);
        Facts facts(world);
        facts.build().give({.dockerfiles = {"D"}, .compose = {.files = {"c.yaml"}}});
        for (const Table& table : catalog()) {
            if (!table.name.starts_with("dockerfile_") && !table.name.starts_with("compose_")) continue;
            Scan scan(facts, {});
            EXPECT_EQ(table.rows(scan).size, 0U) << table.name;
            // Which Dockerfiles there are rests on the Compose file too.
            const bool two = table.name == "compose_secret" || table.name.starts_with("dockerfile_");
            EXPECT_EQ(scan.failures().size(), two ? 2U : 1U) << table.name;
        }
    }
}

TEST_F(BuildTables, nothing_named_is_empty_without_a_failure) {
    facts_.build().give({});
    EXPECT_TRUE(column("dockerfile_instruction", "path").empty());
    EXPECT_TRUE(failures_.empty());
    EXPECT_TRUE(column("compose_service", "path").empty());
    EXPECT_TRUE(failures_.empty());
}

}  // namespace
}  // namespace bulkhead::tables
