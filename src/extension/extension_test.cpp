// SPDX-License-Identifier: Apache-2.0
// bulkhead.so as the programs meet that load it: over a snapshot, beside tables of their own, with an SQLite that is too old.
#define SQLITE_CORE 1  // of the header: its functions are the library's own here
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3ext.h>

#include <array>
#include <cstdio>

#include "base/version.h"
#include "world/snapshot/snapshot.h"
#include "world/testing/fake_reader.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::extension {
namespace {

using testing::HasSubstr;

constexpr const char* volumes = R"({"Volumes":[{"Name":"data","Driver":"local","Mountpoint":"/v/data","Scope":"local","Labels":{"a":"b"},"Options":null}]})";

class Extension : public testing::Test {
  protected:
    void SetUp() override {
        world::FakeReader reader;
        reader.set("engine:/volumes", volumes).set("engine:/version", R"({"Version":"24.0.7","ApiVersion":"1.43"})");
        reader.set_outcome("engine:/images/json?all=0", world::Outcome::denied, "permission denied");
        auto recorder = world::Recorder::create(reader, snapshot(), version);
        ASSERT_TRUE(recorder) << recorder.error().message;
        for (const char* path : {"/volumes", "/version", "/images/json?all=0"}) (*recorder)->read(world::engine_get(path));
        ASSERT_TRUE((*recorder)->finish());
        ASSERT_EQ(::setenv("BULKHEAD_FROM", snapshot().c_str(), 1), 0);
        ASSERT_EQ(sqlite3_open(":memory:", &database_), SQLITE_OK);
    }
    void TearDown() override {
        EXPECT_EQ(sqlite3_close(database_), SQLITE_OK) << "nothing may hold the connection";
        ::unsetenv("BULKHEAD_FROM");
        ::unsetenv("BULKHEAD_DIALECT");
    }
    [[nodiscard]] std::string snapshot() const { return folder_.at("host.snapshot"); }
    // The error; empty: it is loaded.
    std::string load() {
        sqlite3_db_config(database_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, nullptr);
        char* message = nullptr;
        if (sqlite3_load_extension(database_, BULKHEAD_EXTENSION, nullptr, &message) == SQLITE_OK) return {};
        std::string text = message == nullptr ? "?" : message;
        sqlite3_free(message);
        return text;
    }
    // All cells, joined by blanks; or "error: ...".
    std::string ask(const std::string& sql) {
        std::string out;
        char* message = nullptr;
        const auto row = [](void* data, int count, char** values, char**) {
            auto& text = *static_cast<std::string*>(data);
            for (int i = 0; i < count; ++i) text += (text.empty() ? "" : " ") + std::string(values[i] == nullptr ? "null" : values[i]);
            return 0;
        };
        if (sqlite3_exec(database_, sql.c_str(), row, &out, &message) != SQLITE_OK) out = "error: " + std::string(message == nullptr ? "?" : message);
        sqlite3_free(message);
        return out;
    }

    world::TempFolder folder_;
    sqlite3* database_ = nullptr;
};

TEST_F(Extension, answers_from_the_snapshot_of_the_environment) {
    ASSERT_EQ(load(), "");
    EXPECT_EQ(ask("select name, mountpoint from docker_volume"), "data /v/data");
    EXPECT_EQ(ask("select version from docker_version"), "24.0.7");
    EXPECT_EQ(ask("select octal('0644'), prefix_contains('10.0.0.0/8', '10.1.2.3')"), "420 1");
}

TEST_F(Extension, stands_beside_tables_of_the_program) {
    ASSERT_EQ(ask("create table wanted(name, why); insert into wanted values ('data', 'kept')"), "");
    ASSERT_EQ(load(), "");
    EXPECT_EQ(ask("select why from wanted join docker_volume using (name)"), "kept");
    EXPECT_EQ(ask("create table copy as select name from docker_volume; select * from copy"), "data");
    EXPECT_EQ(load(), "") << "once more is no harm";
    EXPECT_EQ(ask("select name from docker_volume"), "data");
}

TEST_F(Extension, ends_a_statement_over_what_could_not_be_read) {
    ASSERT_EQ(load(), "");
    EXPECT_THAT(ask("select count(*) from docker_image"),
                HasSubstr("error: docker_image: could not read engine:/images/json?all=0: denied: permission denied"));
    EXPECT_THAT(ask("select count(*) from docker_network"), HasSubstr("error: docker_network: could not read engine:/networks: failed: not in this snapshot"));
    EXPECT_THAT(ask("select bulkhead_open('partial', 1)"), HasSubstr("snapshot "));
    EXPECT_EQ(ask("select count(*) from docker_image"), "0");
    EXPECT_EQ(ask("select value ->> 'locator' from json_each(bulkhead_failures())"), "engine:/images/json?all=0");
}

TEST_F(Extension, opens_another_world_but_not_under_a_statement_that_reads_one) {
    ASSERT_EQ(load(), "");
    EXPECT_THAT(ask("select bulkhead_open('from', '/nowhere')"), HasSubstr("error: bulkhead_open: "));
    EXPECT_EQ(ask("select name from docker_volume"), "data") << "what was open stays";
    EXPECT_THAT(ask("select bulkhead_open() from docker_volume"), HasSubstr("a statement of its own"));
    EXPECT_THAT(ask("select bulkhead_open('from')"), HasSubstr("pairs"));
    EXPECT_THAT(ask("select bulkhead_open('host', 'unix:///nowhere.sock')"), HasSubstr("engine unix:///nowhere.sock"));
    EXPECT_THAT(ask("select name from docker_volume"), HasSubstr("error: docker_volume: could not read engine:/volumes"));
    EXPECT_EQ(ask("select bulkhead_open('from', '" + snapshot() + "')"), "snapshot " + snapshot());
    EXPECT_EQ(ask("select name from docker_volume"), "data");
}

TEST_F(Extension, speaks_the_dialects_of_other_programs) {
    ASSERT_EQ(load(), "");
    EXPECT_EQ(ask("select mount_point from docker_volumes"), "/v/data");
    EXPECT_EQ(ask("select count(*) from pragma_table_info('docker_version')"), "11") << "ours";
    EXPECT_THAT(ask("select bulkhead_open('dialect', 'osquery')"), HasSubstr("snapshot "));
    EXPECT_EQ(ask("select count(*) from pragma_table_info('docker_version')"), "9");
    EXPECT_EQ(ask("select version from docker_version"), "24.0.7");
    EXPECT_THAT(ask("select bulkhead_open('dialect', 'mysql')"), HasSubstr("no dialect"));
    EXPECT_THAT(ask("select bulkhead_open('dialect', 'steampipe')"), HasSubstr("snapshot "));
    EXPECT_EQ(ask("select json_extract(labels, '$.a') from docker_volume"), "b");
}

TEST_F(Extension, does_not_hide_what_the_program_has) {
    ASSERT_EQ(ask("create table docker_volumes(mine); insert into docker_volumes values ('own')"), "");
    ASSERT_EQ(load(), "");
    EXPECT_EQ(ask("select * from docker_volumes"), "own");
}

// A file that somebody sends must not read this host when it is opened.
TEST_F(Extension, is_not_for_schemas) {
    ASSERT_EQ(load(), "");
    ASSERT_EQ(ask("create view trap as select name from docker_volume; create view trap2 as select bulkhead_open('host', '') as o"), "");
    EXPECT_THAT(ask("select * from trap"), HasSubstr("unsafe use"));
    EXPECT_THAT(ask("select * from trap2"), HasSubstr("unsafe use"));
}

TEST_F(Extension, does_not_load_with_wrong_options) {
    ::setenv("BULKHEAD_DIALECT", "mysql", 1);
    EXPECT_THAT(load(), HasSubstr("bulkhead: no dialect is named \"mysql\""));
}

const sqlite3_api_routines* api_of_this_sqlite = nullptr;

int keep_api(sqlite3*, char**, const sqlite3_api_routines* api) {
    api_of_this_sqlite = api;
    return SQLITE_OK;
}

TEST_F(Extension, refuses_an_sqlite_that_is_too_old) {
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_auto_extension(reinterpret_cast<void (*)()>(keep_api)), SQLITE_OK);
    sqlite3_open(":memory:", &other);
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(keep_api));
    sqlite3_close(other);
    ASSERT_NE(api_of_this_sqlite, nullptr);
    sqlite3_api_routines old = *api_of_this_sqlite;
    old.libversion_number = [] { return 3'030'001; };
    old.libversion = [] { return "3.30.1"; };
    void* library = ::dlopen(BULKHEAD_EXTENSION, RTLD_NOW);
    ASSERT_NE(library, nullptr) << ::dlerror();
    const auto init = reinterpret_cast<decltype(&keep_api)>(::dlsym(library, "sqlite3_bulkhead_init"));
    ASSERT_NE(init, nullptr);
    char* message = nullptr;
    EXPECT_EQ(init(database_, &message, &old), SQLITE_ERROR);
    EXPECT_STREQ(message, "bulkhead: SQLite 3.38 or newer is needed; this is 3.30.1");
    sqlite3_free(message);
    ::dlclose(library);
}

TEST(ExtensionFile, shows_one_symbol_and_no_other) {
    FILE* pipe = ::popen("nm -D --defined-only " BULKHEAD_EXTENSION, "r");
    ASSERT_NE(pipe, nullptr);
    std::string symbols;
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) symbols += buffer.data();
    ::pclose(pipe);
    EXPECT_THAT(symbols, testing::MatchesRegex("[0-9a-f]+ T sqlite3_bulkhead_init\n"));
}

}  // namespace
}  // namespace bulkhead::extension
