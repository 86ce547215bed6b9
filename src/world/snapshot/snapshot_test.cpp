// SPDX-License-Identifier: Apache-2.0
#include "world/snapshot/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <thread>

#include "world/snapshot/sqlite_handle.h"
#include "world/snapshot/zlib_bytes.h"
#include "world/testing/child.h"
#include "world/testing/fake_reader.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::world {
namespace {

using testing::HasSubstr;

const std::string all_bytes = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    return bytes;
}();

class Snapshot : public testing::Test {
  protected:
    void SetUp() override {
        world_.set("file:/bytes", all_bytes).set("file:/empty", "").set("engine:/info", std::string(1U << 20U, 'x'));
        world_.set_outcome("file:/absent", Outcome::absent, "no such file").set_outcome("file:/denied", Outcome::denied, "permission denied");
    }
    static std::vector<Request> requests() {
        return {file_at("/bytes"), file_at("/empty"), engine_get("/info"), file_at("/absent"), file_at("/denied"), file_at("/failed")};
    }
    std::string record(const std::string& name) {
        auto recorder = Recorder::create(world_, folder_.at(name), "1.2.3");
        EXPECT_TRUE(recorder) << recorder.error().message;
        for (const Request& request : requests()) (*recorder)->read(request);
        EXPECT_TRUE((*recorder)->finish());
        return folder_.at(name);
    }
    // A sound snapshot after `sql` was done to it.
    std::string changed(const std::string& sql) {
        const std::string path = record("changed.bulkhead");
        sqlite3* database = nullptr;
        sqlite3_open(path.c_str(), &database);
        const SqliteDatabase owner(database);
        EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
        return path;
    }
    static Code code_of_opening(const std::string& path) {
        const auto reader = SnapshotReader::open(path);
        return reader ? Code::internal : reader.error().code;
    }

    TempFolder folder_;
    FakeReader world_;
};

TEST_F(Snapshot, gives_back_every_reading_as_it_was) {
    const auto reader = SnapshotReader::open(record("run.bulkhead"));
    ASSERT_TRUE(reader) << reader.error().message;
    for (const Request& request : requests()) {
        const Reading then = world_.read(request);
        const Reading now = (*reader)->read(request);
        EXPECT_EQ(now.locator, then.locator);
        EXPECT_EQ(now.outcome, then.outcome) << then.locator;
        EXPECT_EQ(now.bytes, then.bytes) << then.locator;
        EXPECT_EQ(now.reason, then.reason) << then.locator;
        EXPECT_EQ(now.read_at, then.read_at) << then.locator;
    }
    EXPECT_EQ((*reader)->as_of(), world_.as_of());
    EXPECT_EQ((*reader)->meta().at("tool_version"), "1.2.3");
    const auto entries = (*reader)->entries();
    ASSERT_TRUE(entries);
    EXPECT_EQ(entries->size(), requests().size());
    EXPECT_TRUE(std::ranges::is_sorted(*entries, {}, &SnapshotReader::Entry::locator));
}

TEST_F(Snapshot, what_was_not_recorded_is_a_failure_and_not_absent) {
    const auto reader = SnapshotReader::open(record("run.bulkhead"));
    ASSERT_TRUE(reader);
    const Reading reading = (*reader)->read(file_at("/never/asked"));
    EXPECT_EQ(reading.outcome, Outcome::failed);
    EXPECT_EQ(reading.reason, "not in this snapshot");
}

TEST_F(Snapshot, is_readable_by_its_owner_only_and_leaves_nothing_beside_it) {
    const mode_t before = ::umask(0);
    const std::string path = record("run.bulkhead");
    ::umask(before);
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777U, 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(Snapshot, replaces_an_older_one_whole_and_keeps_it_when_it_does_not_finish) {
    folder_.write("run.bulkhead", "an older one");
    {
        auto recorder = Recorder::create(world_, folder_.at("run.bulkhead"), "1");
        ASSERT_TRUE(recorder);
        (*recorder)->read(file_at("/bytes"));
    }
    EXPECT_EQ(folder_.read("run.bulkhead"), "an older one");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1) << "the unfinished one is gone";
    EXPECT_TRUE(SnapshotReader::open(record("run.bulkhead")));
}

TEST_F(Snapshot, of_a_killed_run_never_takes_the_name) {
    in_child([&] {
        auto recorder = Recorder::create(world_, folder_.at("run.bulkhead"), "1");
        if (recorder) (*recorder)->read(file_at("/bytes"));
        ::raise(SIGKILL);
        return 0;
    });
    EXPECT_FALSE(std::filesystem::exists(folder_.at("run.bulkhead")));
}

TEST_F(Snapshot, is_never_written_through_what_somebody_else_put_there) {
    const std::string planted = folder_.at("run.bulkhead.partial-" + std::to_string(getpid()));
    std::filesystem::create_symlink(folder_.write("victim", "untouched"), planted);
    const auto recorder = Recorder::create(world_, folder_.at("run.bulkhead"), "1");
    EXPECT_FALSE(recorder);
    EXPECT_EQ(folder_.read("victim"), "untouched");
    EXPECT_TRUE(std::filesystem::is_symlink(planted)) << "nor is it taken away: it is not ours";
}

TEST_F(Snapshot, that_cannot_be_written_is_an_error_with_its_path) {
    const auto recorder = Recorder::create(world_, folder_.at("no/such/folder/run"), "1");
    ASSERT_FALSE(recorder);
    EXPECT_THAT(recorder.error().message, HasSubstr("no/such/folder/run"));
}

TEST_F(Snapshot, is_recorded_by_several_threads_at_once) {
    auto recorder = Recorder::create(world_, folder_.at("run.bulkhead"), "1");
    ASSERT_TRUE(recorder);
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < 50; ++i) (*recorder)->read(file_at("/" + std::to_string(t) + "/" + std::to_string(i)));
            });
        }
    }
    ASSERT_TRUE((*recorder)->finish());
    const auto reader = SnapshotReader::open(folder_.at("run.bulkhead"));
    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->entries()->size(), 200U);
}

TEST_F(Snapshot, that_is_something_else_is_refused) {
    EXPECT_EQ(code_of_opening(folder_.at("missing")), Code::not_found);
    EXPECT_EQ(code_of_opening(folder_.path().string()), Code::invalid_input);
    EXPECT_EQ(code_of_opening(folder_.write("empty", "")), Code::corrupt);
    EXPECT_EQ(code_of_opening(folder_.write("text", "not a database, but long enough to be taken for one: " + std::string(5000, 'x'))), Code::corrupt);
    EXPECT_EQ(code_of_opening(folder_.write("header", std::string("SQLite format 3\0", 16) + std::string(84, '\xFF'))), Code::corrupt);
    ASSERT_EQ(mkfifo(folder_.at("fifo").c_str(), 0600), 0);
    EXPECT_EQ(code_of_opening(folder_.at("fifo")), Code::invalid_input) << "and does not wait for a writer";
}

TEST_F(Snapshot, cut_anywhere_is_corrupt) {
    const std::string path = record("run.bulkhead");
    const std::string whole = folder_.read("run.bulkhead");
    for (std::size_t length = 0; length < whole.size(); length += length < 600 ? 7 : 509) {
        EXPECT_EQ(code_of_opening(folder_.write("cut", std::string_view(whole).substr(0, length))), Code::corrupt)
            << "cut after " << length << " of " << whole.size();
    }
}

TEST_F(Snapshot, with_changed_bytes_never_crashes_and_never_invents_an_outcome) {
    record("run.bulkhead");
    const std::string whole = folder_.read("run.bulkhead");
    for (std::size_t at = 0; at < whole.size(); at += at < 200 ? 1 : 97) {
        std::string bytes = whole;
        bytes[at] = static_cast<char>(~bytes[at]);
        const auto reader = SnapshotReader::open(folder_.write("changed", bytes));
        if (!reader) continue;
        for (const Request& request : requests()) {
            const Reading reading = (*reader)->read(request);
            EXPECT_TRUE(reading.unreadable() || reading.outcome == world_.read(request).outcome) << "byte " << at << ", " << reading.locator;
            EXPECT_TRUE(!reading.present() || reading.bytes.size() == world_.read(request).bytes.size()) << "byte " << at;
        }
    }
}

TEST_F(Snapshot, of_a_newer_format_asks_for_an_update) {
    const auto reader = SnapshotReader::open(changed("update meta set value = '99' where key = 'format_version'"));
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, Code::unsupported);
    EXPECT_THAT(reader.error().message, HasSubstr("update bulkhead"));
}

TEST_F(Snapshot, without_its_meta_is_corrupt) {
    for (const char* sql : {"delete from meta", "update meta set value = 'x' where key = 'format_version'", "delete from meta where key = 'as_of_ms'",
                            "drop table meta", "drop table reading"}) {
        EXPECT_EQ(code_of_opening(changed(sql)), Code::corrupt) << sql;
    }
}

TEST_F(Snapshot, that_holds_code_of_its_author_is_refused) {
    for (const char* sql : {"alter table reading rename to r; create view reading as select * from r", "create view v as select 1",
                            "create trigger t after insert on reading begin select 1; end", "create table other(x)",
                            "drop table reading; create virtual table reading using dbstat",
                            "drop table reading; create view reading as select 'file:/bytes' as locator, 'file' as source, 'present' as outcome, '' as reason, "
                            "0 as read_at_ms, 0 as size, x'' as bytes"}) {
        EXPECT_EQ(code_of_opening(changed(sql)), Code::corrupt) << sql;
    }
}

TEST_F(Snapshot, whose_table_computes_its_columns_is_refused) {
    EXPECT_EQ(code_of_opening(
                  changed("drop table reading; create table reading(locator text primary key, source text, outcome text, reason text, read_at_ms integer, "
                          "size integer, bytes blob as (zeroblob(900000000)))")),
              Code::corrupt);
}

TEST_F(Snapshot, that_lies_about_a_size_gives_a_failure) {
    for (const char* size : {"0", "1", "255", "257", "-1", "9223372036854775807", "134217728", "'many'"}) {
        const auto reader = SnapshotReader::open(changed(std::string("update reading set size = ") + size + " where locator = 'file:/bytes'"));
        ASSERT_TRUE(reader);
        const Reading reading = (*reader)->read(file_at("/bytes"));
        EXPECT_EQ(reading.outcome, Outcome::failed) << size;
        EXPECT_TRUE(reading.bytes.empty());
    }
}

TEST_F(Snapshot, with_a_status_of_no_known_name_gives_a_failure) {
    for (const char* value : {"'ok'", "''", "1", "x'00'"}) {
        const auto reader = SnapshotReader::open(changed(std::string("update reading set outcome = ") + value + " where locator = 'file:/bytes'"));
        ASSERT_TRUE(reader);
        EXPECT_EQ((*reader)->read(file_at("/bytes")).outcome, Outcome::failed) << value;
    }
}

TEST(ZlibBytes, lead_back_to_what_they_were) {
    for (const std::string& bytes : {std::string(), std::string("x"), all_bytes, std::string(3U << 20U, 'a')}) {
        const auto small = deflate_bytes(bytes);
        ASSERT_TRUE(small);
        EXPECT_EQ(inflate_bytes(*small, bytes.size()).value_or("?"), bytes);
    }
}

TEST(ZlibBytes, that_unpack_to_more_than_they_say_stop_there) {
    const auto bomb = deflate_bytes(std::string(64U << 20U, '\0'));
    ASSERT_TRUE(bomb);
    const auto inflated = inflate_bytes(*bomb, 10);
    ASSERT_FALSE(inflated);
    EXPECT_EQ(inflated.error().code, Code::corrupt);
    EXPECT_EQ(inflate_bytes(*bomb, snapshot_reading_bytes_max + 1).error().code, Code::limit_exceeded);
}

TEST(ZlibBytes, that_are_cut_or_no_stream_are_corrupt) {
    const std::string stream = deflate_bytes(all_bytes).value_or("");
    for (std::size_t length = 0; length < stream.size(); ++length) EXPECT_FALSE(inflate_bytes(stream.substr(0, length), all_bytes.size())) << length;
    EXPECT_FALSE(inflate_bytes("not a stream", 3));
    EXPECT_FALSE(inflate_bytes("", 0));
}

}  // namespace
}  // namespace bulkhead::world
