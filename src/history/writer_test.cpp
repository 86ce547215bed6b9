// SPDX-License-Identifier: Apache-2.0
#include "history/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "history/database.h"
#include "history/folder.h"
#include "history/reader.h"
#include "history/schema.h"
#include "history/testing/made_flows.h"
#include "world/testing/child.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::history {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class HistoryWriter : public testing::Test {
  protected:
    WriterOptions options() {
        WriterOptions out;
        out.folder = folder_.at("history");
        out.now = [this] { return now_.load(); };
        return out;
    }
    std::unique_ptr<Writer> open(const WriterOptions& given) {
        auto writer = Writer::open(given);
        EXPECT_TRUE(writer) << writer.error().message;
        return writer ? std::move(*writer) : nullptr;
    }
    std::vector<flow::Observed> kept(const Query& query = {}) {
        std::vector<flow::Observed> out;
        auto reader = Reader::open(folder_.at("history"));
        EXPECT_TRUE(reader) << reader.error().message;
        if (!reader) return out;
        auto read = (*reader)->flows(query, [&](const flow::Observed& one) {
            out.push_back(one);
            return true;
        });
        EXPECT_TRUE(read) << read.error().message;
        return out;
    }
    std::string day_path(std::int64_t day_offset = 0) { return folder_.at("history/" + day_file_name(test_day_ms / ms_per_day + day_offset)); }
    static std::string integrity(const std::string& path) {
        auto database = Database::open_to_read(path);
        if (!database) return database.error().message;
        auto statement = database->prepare("pragma integrity_check");
        if (!statement) return statement.error().message;
        sqlite3_step(statement->get());
        return text_at(statement->get(), 0);
    }

    world::TempFolder folder_;
    std::atomic<UnixMs> now_{test_noon_ms};
};

std::uint64_t lost(const WriterStatus& status, Lost cause) { return status.lost[static_cast<std::size_t>(cause)]; }

TEST_F(HistoryWriter, keeps_what_it_is_given_and_counts_it) {
    auto writer = open(options());
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(writer->add(made_flow(test_noon_ms * ns_in_ms + i * ns_in_ms)));
    writer->flush();
    EXPECT_EQ(writer->status().flows_written, 1000U);
    EXPECT_THAT(writer->status().last_error, IsEmpty());
    EXPECT_THAT(kept(), SizeIs(1000)) << "while it is still being written";
    writer->close();
    EXPECT_FALSE(writer->add(made_flow(test_noon_ms * ns_in_ms)));
    EXPECT_EQ(lost(writer->status(), Lost::closed), 1U);
    EXPECT_THAT(kept(), SizeIs(1000));
    EXPECT_FALSE(std::filesystem::exists(day_path() + "-wal")) << "a closed history stands for itself";
}

TEST_F(HistoryWriter, commits_by_itself_after_the_interval) {
    auto given = options();
    given.batch_interval = std::chrono::milliseconds(20);
    auto writer = open(given);
    writer->add(made_flow(test_noon_ms * ns_in_ms));
    for (int i = 0; i < 500 && writer->status().flows_written == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(writer->status().flows_written, 1U);
}

TEST_F(HistoryWriter, is_for_its_owner_only) {
    auto writer = open(options());
    writer->add(made_flow(test_noon_ms * ns_in_ms));
    writer->flush();
    struct stat found{};
    ASSERT_EQ(::stat(folder_.at("history").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0700U);
    for (const auto& entry : std::filesystem::directory_iterator(folder_.at("history"))) {
        ASSERT_EQ(::stat(entry.path().c_str(), &found), 0);
        EXPECT_EQ(found.st_mode & 0777U, 0600U) << entry.path();
    }
}

TEST_F(HistoryWriter, a_full_queue_drops_the_newest_and_says_so_in_the_history) {
    auto given = options();
    given.queue_max = 10;
    given.batch_interval = std::chrono::hours(1);
    auto writer = open(given);
    int taken = 0;
    for (int i = 0; i < 25; ++i) taken += writer->add(made_flow(test_noon_ms * ns_in_ms)) ? 1 : 0;
    EXPECT_EQ(taken, 10);
    EXPECT_EQ(lost(writer->status(), Lost::queue_full), 15U);
    writer->flush();
    EXPECT_EQ(writer->status().flows_written, 10U);
    writer->close();
    auto coverage = (*Reader::open(given.folder))->coverage(0, INT64_MAX);
    ASSERT_TRUE(coverage);
    ASSERT_THAT(coverage->blind, SizeIs(1));
    EXPECT_EQ(coverage->blind[0].cause, "queue_full");
    EXPECT_EQ(coverage->blind[0].count, 15);
}

TEST_F(HistoryWriter, the_second_one_is_refused_and_told_who_is_there) {
    auto writer = open(options());
    const auto second = Writer::open(options());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::unavailable);
    EXPECT_THAT(second.error().message, HasSubstr("process " + std::to_string(::getpid())));
    writer->close();
    EXPECT_TRUE(Writer::open(options()));
}

TEST_F(HistoryWriter, a_read_only_folder_is_a_clear_error) {
    std::filesystem::create_directory(folder_.at("history"));
    ::chmod(folder_.at("history").c_str(), 0555);
    ::chmod(folder_.path().c_str(), 0755);
    const int answer = world::in_child([&] {
        if (::getuid() == 0 && !world::become_nobody()) return 9;
        const auto writer = Writer::open(options());
        if (writer) return 1;
        return writer.error().code == Code::permission_denied && writer.error().message.find(folder_.at("history")) != std::string::npos ? 0 : 2;
    });
    EXPECT_EQ(answer, 0);
}

TEST_F(HistoryWriter, what_is_no_history_is_not_written_to) {
    folder_.write("history/index.sqlite", std::string(9000, 'x'));
    const auto writer = Writer::open(options());
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().code, Code::corrupt);
    EXPECT_EQ(folder_.read("history/index.sqlite"), std::string(9000, 'x'));
}

TEST_F(HistoryWriter, a_broken_day_is_set_aside_and_noted) {
    folder_.write("history/" + day_file_name(test_day_ms / ms_per_day), std::string(9000, 'x'));
    auto writer = open(options());
    writer->add(made_flow(test_noon_ms * ns_in_ms));
    writer->close();
    EXPECT_THAT(kept(), SizeIs(1));
    const auto coverage = (*Reader::open(options().folder))->coverage(0, INT64_MAX);
    ASSERT_THAT(coverage->blind, SizeIs(1));
    EXPECT_EQ(coverage->blind[0].cause, "file_broken");
}

TEST_F(HistoryWriter, flows_go_to_the_day_of_their_end_and_impossible_times_nowhere) {
    auto writer = open(options());
    const std::int64_t noon = test_noon_ms * ns_in_ms;
    const std::int64_t day = ms_per_day * ns_in_ms;
    for (const std::int64_t end : {noon, noon - day, noon - 6 * day, noon - 30 * day, noon + 40 * day, std::int64_t{0}}) writer->add(made_flow(end));
    writer->flush();
    EXPECT_EQ(writer->status().flows_written, 3U);
    EXPECT_EQ(lost(writer->status(), Lost::wrong_time), 3U);
    EXPECT_TRUE(std::filesystem::exists(day_path()));
    EXPECT_TRUE(std::filesystem::exists(day_path(-1)));
    EXPECT_TRUE(std::filesystem::exists(day_path(-6)));
    EXPECT_THAT(kept(), SizeIs(3));
}

TEST_F(HistoryWriter, age_takes_the_oldest_day_and_notes_it) {
    auto writer = open(options());
    for (int day = 0; day < 10; ++day) {
        now_ = test_noon_ms + day * ms_per_day;
        for (int i = 0; i <= day; ++i) writer->add(made_flow(now_ * ns_in_ms));
        writer->flush();
    }
    EXPECT_FALSE(std::filesystem::exists(day_path(0)));
    EXPECT_FALSE(std::filesystem::exists(day_path(1)));
    EXPECT_TRUE(std::filesystem::exists(day_path(2))) << "seven days and the one that runs";
    EXPECT_FALSE(std::filesystem::exists(day_path(7) + "-wal"));
    EXPECT_EQ(writer->status().flows_pruned, 3U);
    auto pruned = (*Reader::open(options().folder))->pruned();
    ASSERT_TRUE(pruned);
    ASSERT_THAT(*pruned, SizeIs(2));
    EXPECT_EQ((*pruned)[1].what, "flows");
    EXPECT_EQ((*pruned)[1].cause, "age");
    EXPECT_EQ((*pruned)[1].rows, 2);
    EXPECT_EQ((*pruned)[1].from_ms, test_day_ms + ms_per_day);
    EXPECT_EQ((*pruned)[1].until_ms, test_day_ms + 2 * ms_per_day);
    const auto edges = (*Reader::open(options().folder))->edges(test_day_ms, test_noon_ms + 10 * ms_per_day);
    ASSERT_THAT(*edges, SizeIs(1)) << "sums outlive the rows";
    EXPECT_EQ((*edges)[0].flows, 55U);
    EXPECT_EQ((*edges)[0].first_seen_ms, test_noon_ms - 3);
}

TEST_F(HistoryWriter, size_takes_whole_days_and_then_the_oldest_of_today) {
    auto given = options();
    given.retention.bytes = 3 << 20;
    given.queue_max = 1 << 20;
    auto writer = open(given);
    for (int day = 0; day < 3; ++day) {
        now_ = test_noon_ms + day * ms_per_day;
        for (int i = 0; i < (day == 2 ? 60'000 : 12'000); ++i) writer->add(made_flow(now_ * ns_in_ms + i * 1000));
        writer->flush();
    }
    now_ += 60'000;
    writer->flush();
    EXPECT_FALSE(std::filesystem::exists(day_path(0)));
    EXPECT_FALSE(std::filesystem::exists(day_path(1)));
    const WriterStatus status = writer->status();
    EXPECT_LE(status.bytes_on_disk, given.retention.bytes);
    EXPECT_GT(status.flows_pruned, 24'000U);
    const auto left = kept();
    EXPECT_EQ(left.size() + status.flows_pruned, 84'000U) << "each flow is there or counted";
    ASSERT_THAT(left, Not(IsEmpty()));
    EXPECT_EQ(left.back().record.last_ns, (test_noon_ms + 2 * ms_per_day) * ns_in_ms + 59'999 * 1000) << "the newest stays";
    writer->close();
    EXPECT_EQ(integrity(day_path(2)), "ok");
}

TEST_F(HistoryWriter, a_full_file_drops_the_newest_counts_it_and_goes_on_when_there_is_room) {
    auto given = options();
    given.file_bytes_max = 1 << 20;
    given.queue_max = 1 << 20;
    auto writer = open(given);
    for (int batch = 0; batch < 10; ++batch) {
        for (int i = 0; i < 5'000; ++i) writer->add(made_flow(test_noon_ms * ns_in_ms + i));
        writer->flush();
    }
    const WriterStatus full = writer->status();
    EXPECT_GT(full.flows_written, 0U);
    EXPECT_GT(lost(full, Lost::disk_full), 0U);
    EXPECT_EQ(full.flows_written + lost(full, Lost::disk_full), 50'000U);
    EXPECT_THAT(full.last_error, HasSubstr("no room"));
    now_ = test_noon_ms + ms_per_day;  // another file has room
    writer->add(made_flow(now_ * ns_in_ms));
    writer->flush();
    EXPECT_EQ(writer->status().flows_written, full.flows_written + 1);
    EXPECT_THAT(writer->status().last_error, IsEmpty());
    writer->close();
    EXPECT_EQ(kept().size(), full.flows_written + 1);
    EXPECT_EQ(integrity(day_path()), "ok");
    std::int64_t noted = 0;
    for (const BlindSpot& spot : (*Reader::open(given.folder))->coverage(0, INT64_MAX)->blind) noted += spot.cause == "disk_full" ? spot.count : 0;
    EXPECT_EQ(noted, static_cast<std::int64_t>(lost(full, Lost::disk_full)));
}

// A filesystem of 4 MB that somebody else fills and clears again.
int fill_and_clear_a_disk(const std::string& place, const WriterOptions& given) {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 9;
    if (::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=4m") != 0) return 9;
    auto writer = Writer::open(given);
    if (!writer) return 2;
    const auto add_some = [&] {
        for (int i = 0; i < 2'000; ++i) (*writer)->add(made_flow(test_noon_ms * ns_in_ms + i));
        (*writer)->flush();
    };
    add_some();
    const std::uint64_t before = (*writer)->status().flows_written;
    const std::string filler = place + "/filler";
    if (std::ofstream out(filler); true) {
        while (out << std::string(4096, 'x') << std::flush) {
        }
    }
    add_some();
    add_some();
    const WriterStatus full = (*writer)->status();
    if (lost(full, Lost::disk_full) == 0) return 3;
    ::unlink(filler.c_str());
    add_some();
    add_some();
    const WriterStatus after = (*writer)->status();
    if (after.flows_written <= before || after.flows_written < full.flows_written + 2'000) return 4;
    if (after.flows_written + lost(after, Lost::disk_full) != 10'000) return 5;
    (*writer)->close();
    std::uint64_t rows = 0;
    auto reader = Reader::open(given.folder);
    if (!reader) return 6;
    const auto read = (*reader)->flows({}, [&](const flow::Observed&) { return ++rows > 0; });
    return read && rows == after.flows_written ? 0 : 7;
}

TEST_F(HistoryWriter, a_full_disk_is_survived) {
    if (::getuid() != 0) GTEST_SKIP() << "a small filesystem needs root";
    std::filesystem::create_directory(folder_.at("disk"));
    auto given = options();
    given.folder = folder_.at("disk/history");
    const int answer = world::in_child([&] { return fill_and_clear_a_disk(folder_.at("disk"), given); });
    if (answer == 9) GTEST_SKIP() << "mounting needs more than root has here";
    EXPECT_EQ(answer, 0);
}

// What was committed before the kill is there, whole, and at most the last interval is missing.
TEST_F(HistoryWriter, a_kill_at_any_moment_loses_no_more_than_a_batch) {
    auto given = options();
    given.batch_interval = std::chrono::milliseconds(5);
    std::uint64_t committed_before = 0;
    for (int round = 0; round < 12; ++round) {
        std::array<int, 2> told{};
        ASSERT_EQ(::pipe(told.data()), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            auto writer = Writer::open(given);
            if (!writer) ::_exit(1);
            for (std::int64_t i = 0;; ++i) {
                (*writer)->add(made_flow(test_noon_ms * ns_in_ms + i));
                if (i % 100 != 0) continue;
                const std::uint64_t written = (*writer)->status().flows_written;
                if (::write(told[1], &written, sizeof written) != sizeof written) ::_exit(2);
            }
        }
        ::close(told[1]);
        std::uint64_t written = 0;
        for (int i = 0; i < 30 + 17 * round; ++i) ASSERT_EQ(::read(told[0], &written, sizeof written), static_cast<ssize_t>(sizeof written));
        ::kill(child, SIGKILL);
        while (::read(told[0], &written, sizeof written) == static_cast<ssize_t>(sizeof written)) {
        }
        ::waitpid(child, nullptr, 0);
        ::close(told[0]);
        EXPECT_EQ(integrity(day_path()), "ok");
        EXPECT_EQ(integrity(given.folder + "/index.sqlite"), "ok");
        const std::uint64_t rows = kept().size();
        EXPECT_GE(rows, committed_before + written) << "round " << round;
        committed_before = rows;
    }
    auto writer = open(given);  // and it goes on
    writer->add(made_flow(test_noon_ms * ns_in_ms));
    writer->close();
    EXPECT_EQ(kept().size(), committed_before + 1);
}

TEST_F(HistoryWriter, says_when_it_watched) {
    open(options())->close();
    now_ += 60'000;
    auto writer = open(options());
    now_ += 30'000;
    writer->flush();
    const auto coverage = (*Reader::open(options().folder))->coverage(test_noon_ms - 1000, now_);
    ASSERT_TRUE(coverage);
    ASSERT_THAT(coverage->watched, SizeIs(2));
    EXPECT_EQ(coverage->watched[1].from_ms, test_noon_ms + 60'000);
    EXPECT_EQ(coverage->watched_ms(), 30'000) << "not the minute between both";
}

TEST_F(HistoryWriter, keeps_lives_counters_and_blind_spots) {
    auto writer = open(options());
    writer->add(ContainerEvent{test_noon_ms, ContainerEvent::What::born, "abc", "web", "nginx", "shop", "web", -1, R"({"Id":"abc"})"});
    writer->add(ContainerEvent{test_noon_ms + 5, ContainerEvent::What::died, "abc", "web", "nginx", "shop", "web", 137, ""});
    writer->add(BlindSpot{test_noon_ms, test_noon_ms + 9, "ring_full", "veth1", 12, "the ring was full"});
    writer->add(DatapathCounters{test_noon_ms, "ring", {{"events", 5}, {"lost", 1}}});
    writer->close();
    auto reader = *Reader::open(options().folder);
    const auto lives = reader->containers(0, INT64_MAX);
    ASSERT_THAT(*lives, SizeIs(2));
    EXPECT_EQ((*lives)[0].inspect, R"({"Id":"abc"})");
    EXPECT_EQ((*lives)[1].exit_code, 137);
    EXPECT_EQ((*lives)[1].what, ContainerEvent::What::died);
    EXPECT_THAT(*reader->containers(test_noon_ms + 1, INT64_MAX), SizeIs(1));
    const auto counters = reader->counters(0, INT64_MAX);
    ASSERT_THAT(*counters, SizeIs(1));
    EXPECT_THAT((*counters)[0].values,
                testing::ElementsAre(std::pair<std::string, std::uint64_t>{"events", 5}, std::pair<std::string, std::uint64_t>{"lost", 1}));
    EXPECT_EQ(reader->coverage(0, INT64_MAX)->blind[0].place, "veth1");
}

}  // namespace
}  // namespace bulkhead::history
