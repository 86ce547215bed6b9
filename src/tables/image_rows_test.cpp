// SPDX-License-Identifier: Apache-2.0
// The image_* tables over content made by hand: what they tell, and that what could not be read of one image is a failure about that image.
#include "tables/image_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tables/catalog.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ImageTables : public testing::Test {
  protected:
    void SetUp() override {
        reader_.set("engine:/images/json?all=0", R"([{"Id":"sha256:a","RepoTags":["shop:1"]},{"Id":"sha256:b","RepoTags":["other:1"]}])");
        reader_.set("engine:/containers/json?all=1", R"([{"Id":"c1","Names":["/c"],"Image":"gone:1","ImageID":"sha256:c"}])");
        reader_.set(
            "image:sha256:a",
            R"({"id":"sha256:a","user":"app","layers":["sha256:1","sha256:2"],"history":[{"created_by":"COPY x"},{"created_by":"ENV a","empty_layer":true},
            {"created_by":"RUN y"}],"secrets":[{"place":"env","secret":{"kind":"secret_setting","name":"TOKEN","line":1,"hash":"01234567"}}]})");
        reader_.set(
            "image_layer:sha256:1",
            R"({"digest":"sha256:1","bytes":10240,"os_name":"Some Linux","files":"f 4755 0 0 5 - bin/su\nf 666 7 0 5 - data\nf 644 0 0 5 - readme\nf 600 0 0 5 - id\n",
            "databases":[{"path":"var/lib/dpkg/status","manager":"dpkg","packages":[{"name":"curl","version":"7"}]}],
            "account_files":[{"path":"etc/passwd","accounts":[{"line":1,"name":"app","uid":1000,"gid":1000,"password":"shadow"}]}],
            "secret_files":[{"path":"id","secrets":[{"kind":"private_key","line":1}]}],"searched_files":4})");
        reader_.set("image_layer:sha256:2", R"({"digest":"sha256:2","files":"w 0 0 0 0 - id\nl 777 0 0 0 - bin/sh\tbusybox\nf 644 0 0 9 - etc/passwd\n",
            "account_files":[{"path":"etc/passwd","accounts":[{"line":1,"name":"app","uid":1000,"gid":1000,"password":"empty"}]}]})");
        reader_.set("image:sha256:b", R"({"id":"sha256:b","layers":[]})");
        reader_.set_outcome("image:sha256:c", world::Outcome::absent);
    }
    struct Answer {
        std::vector<std::string> rows;  // cells of the wanted columns, joined by blanks
        std::vector<SourceFailure> failures;
    };
    Answer ask(const std::string& name, const std::vector<std::string>& columns, std::map<std::string, std::string> wanted = {}) {
        world::World world(reader_, 2);
        Facts facts(world);
        Scan scan(facts, std::move(wanted));
        const auto tables = catalog();
        const auto table = std::ranges::find(tables, name, &Table::name);
        const RowSet set = table->rows(scan);
        Answer answer;
        for (std::size_t row = 0; row < set.size; ++row) {
            std::string line;
            for (const std::string& column : columns) {
                const auto at = std::ranges::find(table->columns, column, &ColumnInfo::name) - table->columns.begin();
                const Cell value = set.at(row, static_cast<std::size_t>(at));
                line += line.empty() ? "" : " ";
                if (const auto* text = std::get_if<std::string>(&value)) line += *text;
                if (const auto* number = std::get_if<std::int64_t>(&value)) line += std::to_string(*number);
                if (std::holds_alternative<std::monostate>(value)) line += "null";
            }
            answer.rows.push_back(line);
        }
        answer.failures = scan.failures();
        return answer;
    }
    world::FakeReader reader_;
};

TEST_F(ImageTables, tell_of_images_with_a_name_or_a_container_and_leave_out_what_vanished) {
    const auto answer = ask("image_config", {"image_name", "user", "os_name", "package_databases", "searched_files"});
    EXPECT_THAT(answer.rows, ElementsAre(R"(shop:1 app Some Linux ["var/lib/dpkg/status"] 4)", "other:1   [] 0"));
    EXPECT_THAT(answer.failures, IsEmpty());
}

TEST_F(ImageTables, layers_have_the_step_that_made_them) {
    EXPECT_THAT(ask("image_layer", {"layer", "created_by", "files", "deletions", "setuid_files", "world_writable", "owners", "secret_candidates"}).rows,
                ElementsAre("0 COPY x 4 0 1 1 2 1", "1 RUN y 2 1 0 0 1 0"));
}

TEST_F(ImageTables, files_are_those_that_give_rights_and_all_on_request) {
    EXPECT_THAT(ask("image_file", {"path", "mode", "uid", "setuid", "world_writable", "layer"}).rows,
                ElementsAre("/bin/su 4755 0 1 0 0", "/data 0666 7 0 1 0"));
    EXPECT_THAT(ask("image_file_list", {"path", "layer"}, {{"image_id", "sha256:a"}}).rows,
                ElementsAre("/bin/sh 1", "/bin/su 0", "/data 0", "/etc/passwd 1", "/readme 0"));
}

TEST_F(ImageTables, programs_packages_and_users) {
    EXPECT_THAT(ask("image_program", {"name", "link", "layer"}).rows, ElementsAre("sh busybox 1", "su  0"));
    EXPECT_THAT(ask("image_package", {"name", "version", "manager", "database"}).rows, ElementsAre("curl 7 dpkg /var/lib/dpkg/status"));
    EXPECT_THAT(ask("image_user", {"name", "uid", "password", "layer"}).rows, ElementsAre("app 1000 empty 0"));
}

TEST_F(ImageTables, secrets_in_settings_and_in_files_that_were_deleted) {
    EXPECT_THAT(ask("image_secret_candidate", {"place", "kind", "path", "name", "layer", "deleted_in_layer"}).rows,
                ElementsAre("env secret_setting null TOKEN null null", "file private_key /id null 0 1"));
}

TEST_F(ImageTables, a_query_for_one_image_reads_one) {
    EXPECT_THAT(ask("image_package", {"name"}, {{"image_id", "sha256:b"}}).rows, IsEmpty());
    EXPECT_THAT(reader_.asked(), testing::Not(testing::Contains("image:sha256:a")));
}

TEST_F(ImageTables, a_layer_that_cannot_be_read_is_a_failure_about_its_image) {
    reader_.set_outcome("image_layer:sha256:2", world::Outcome::denied);
    for (const char* table : {"image_layer", "image_file", "image_program", "image_package", "image_user", "image_secret_candidate", "image_config"}) {
        const auto answer = ask(table, {"image_id"});
        ASSERT_THAT(answer.failures, SizeIs(1)) << table;
        EXPECT_EQ(answer.failures[0].locator, "image_layer:sha256:2");
        EXPECT_EQ(answer.failures[0].container_id, "sha256:a");
    }
    EXPECT_THAT(ask("image_package", {"name"}).rows, IsEmpty());
    EXPECT_THAT(ask("image_secret_candidate", {"place"}).rows, ElementsAre("env")) << "what the configuration shows stands";
    EXPECT_THAT(ask("image_config", {"image_name", "package_databases"}).rows, ElementsAre("shop:1 null", "other:1 []"));
}

TEST_F(ImageTables, a_database_that_was_not_understood_is_a_failure_about_its_image) {
    reader_.set("image_layer:sha256:2", R"({"digest":"sha256:2","files":"","databases":[{"path":"lib/apk/db/installed","manager":"apk","problem":"broken"}],
        "account_files":[{"path":"etc/shadow","problem":"too large"}]})");
    EXPECT_THAT(ask("image_package", {"name"}).failures, SizeIs(1));
    EXPECT_THAT(ask("image_file", {"path"}).failures, IsEmpty());
}

TEST_F(ImageTables, without_the_lists_of_the_engine_say_why) {
    reader_.set_outcome("engine:/images/json?all=0", world::Outcome::failed);
    EXPECT_THAT(ask("image_package", {"name"}).failures, testing::Not(IsEmpty()));
    SetUp();
    reader_.set_outcome("engine:/containers/json?all=1", world::Outcome::failed);
    EXPECT_THAT(ask("image_package", {"name"}).failures, testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace bulkhead::tables
