// SPDX-License-Identifier: Apache-2.0
// All changes or none: what is not as the plan saw it, or is reached over a link, is refused, and what was done before is undone.
#include "fix/apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "fix/folder.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::fix {
namespace {

using testing::HasSubstr;

struct Apply : testing::Test {
    world::TempFolder folder;
    std::string base = std::filesystem::canonical(folder.path()).string();

    [[nodiscard]] struct stat status(const std::string& name) const {
        struct stat info{};
        EXPECT_EQ(::lstat((base + "/" + name).c_str(), &info), 0) << name;
        return info;
    }
    // A change as a plan would make it of what is there now.
    [[nodiscard]] Change content(const std::string& name, const std::string& after) const {
        Change change;
        change.path = base + "/" + name;
        change.exists = std::filesystem::exists(change.path);
        change.folder = base;
        change.id = id_of(status(change.exists ? name : "."));
        if (change.exists) change.before = folder.read(name);
        change.after = after;
        return change;
    }
    [[nodiscard]] Change mode(const std::string& name, std::int64_t after) const {
        const struct stat now = status(name);
        Change change;
        change.what = What::mode;
        change.path = base + "/" + name;
        change.id = id_of(now);
        change.mode_before = now.st_mode & 07777U;
        change.mode_after = after;
        change.uid_before = change.uid_after = now.st_uid;
        change.gid_before = change.gid_after = now.st_gid;
        return change;
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> out;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(base)) out.push_back(entry.path().lexically_relative(base).string());
        std::ranges::sort(out);
        return out;
    }
    static std::string refused(const Result<Applied>& applied) { return applied ? "applied" : applied.error().message; }
    static Result<void> good(const std::string&, const Change&) { return {}; }
};

TEST_F(Apply, a_file_gets_its_new_content_and_keeps_mode_and_a_backup) {
    folder.write("daemon.json", "{}\n");
    ::chmod((base + "/daemon.json").c_str(), 0640);
    const auto applied = apply({content("daemon.json", "{\"icc\": false}\n")}, "T", good);
    ASSERT_TRUE(applied) << applied.error().message;
    EXPECT_EQ(folder.read("daemon.json"), "{\"icc\": false}\n");
    EXPECT_EQ(status("daemon.json").st_mode & 07777U, 0640U);
    EXPECT_EQ(folder.read("daemon.json.bulkhead-T"), "{}\n");
    EXPECT_THAT(applied->backups, testing::ElementsAre(base + "/daemon.json.bulkhead-T"));
    EXPECT_THAT(names(), testing::ElementsAre("daemon.json", "daemon.json.bulkhead-T"));
}

TEST_F(Apply, a_new_file_is_made_with_its_folders) {
    Change change = content("x.service.d/bulkhead.conf", "[Service]\n");
    const auto applied = apply({change}, "T", good);
    ASSERT_TRUE(applied) << applied.error().message;
    EXPECT_EQ(folder.read("x.service.d/bulkhead.conf"), "[Service]\n");
    EXPECT_EQ(status("x.service.d/bulkhead.conf").st_mode & 07777U, 0644U);
    EXPECT_THAT(applied->backups, testing::IsEmpty());
}

TEST_F(Apply, what_changed_since_the_plan_is_refused) {
    folder.write("a", "one");
    const Change change = content("a", "two");
    folder.write("a", "ONE");
    EXPECT_THAT(refused(apply({change}, "T", good)), HasSubstr("its content has changed since the plan was made: make a new one; nothing was changed"));
    EXPECT_EQ(folder.read("a"), "ONE");
    folder.write("b", "one");
    ASSERT_EQ(::rename((base + "/b").c_str(), (base + "/a").c_str()), 0);
    EXPECT_THAT(refused(apply({change}, "T", good)), HasSubstr("the file was replaced"));
    ASSERT_EQ(::unlink((base + "/a").c_str()), 0);
    EXPECT_THAT(refused(apply({change}, "T", good)), HasSubstr("it was removed"));
    const Change fresh = content("a", "two");
    folder.write("a", "three");
    EXPECT_THAT(refused(apply({fresh}, "T", good)), HasSubstr("it was made since"));
    EXPECT_THAT(names(), testing::ElementsAre("a"));
}

TEST_F(Apply, a_symbolic_link_on_the_way_is_refused) {
    folder.write("real/a", "one");
    Change change = content("real/a", "two");
    std::filesystem::create_symlink("real", base + "/link");
    change.path = base + "/link/a";
    EXPECT_THAT(refused(apply({change}, "T", good)), HasSubstr("a symbolic link is on the way"));
    ASSERT_EQ(::rename((base + "/real/a").c_str(), (base + "/real/b").c_str()), 0);
    std::filesystem::create_symlink("b", base + "/real/a");
    change.path = base + "/real/a";
    EXPECT_THAT(refused(apply({change}, "T", good)), HasSubstr("symbolic link"));
    EXPECT_EQ(folder.read("real/b"), "one");
}

TEST_F(Apply, hard_links_and_folders_are_refused) {
    folder.write("a", "one");
    const Change change = content("a", "two");
    ASSERT_EQ(::link((base + "/a").c_str(), (base + "/b").c_str()), 0);
    EXPECT_THAT(refused(apply({change}, "T", good)), HasSubstr("2 names (hard links)"));
}

TEST_F(Apply, a_failure_undoes_all_that_was_done_before_it) {
    folder.write("a", "one");
    folder.write("b", "one");
    folder.write("c", "one");
    ::chmod((base + "/c").c_str(), 0666);
    Change broken = content("b", "two");
    broken.before = "other";
    EXPECT_THAT(refused(apply({mode("c", 0600), content("a", "two"), content("d/e", "new"), broken}, "T", good)), HasSubstr("; everything was undone"));
    EXPECT_EQ(folder.read("a"), "one");
    EXPECT_EQ(status("c").st_mode & 07777U, 0666U);
    EXPECT_THAT(names(), testing::ElementsAre("a", "b", "c")) << "no backup, no new file and no new folder is left";
}

TEST_F(Apply, a_daemon_json_that_the_engine_refuses_never_takes_the_place) {
    folder.write("daemon.json", "{}");
    Change change = content("daemon.json", "{\"icc\": 1}");
    change.is_daemon_json = true;
    std::string seen;
    const auto applied = apply({change}, "T", [&](const std::string& file, const Change&) -> Result<void> {
        std::ifstream in(file);
        seen.assign(std::istreambuf_iterator<char>(in), {});
        return fail(Code::invalid_input, "dockerd --validate: icc");
    });
    EXPECT_EQ(seen, "{\"icc\": 1}") << "what is validated is the new content";
    EXPECT_THAT(refused(applied), HasSubstr("is not taken by the engine: dockerd --validate: icc; nothing was changed"));
    EXPECT_EQ(folder.read("daemon.json"), "{}");
    EXPECT_THAT(names(), testing::ElementsAre("daemon.json"));
}

TEST_F(Apply, a_mode_is_set_on_the_path_that_was_seen_only) {
    folder.write("a", "one");
    ::chmod((base + "/a").c_str(), 0666);
    const Change change = mode("a", 0644);
    ASSERT_TRUE(apply({change}, "T", good));
    EXPECT_EQ(status("a").st_mode & 07777U, 0644U);
    EXPECT_THAT(refused(apply({change}, "T", good)), HasSubstr("its mode or owner, or the file itself, has changed"));
}

TEST_F(Apply, a_target_may_change_mode_and_content_in_one_run) {
    folder.write("a", "one");
    ::chmod((base + "/a").c_str(), 0666);
    ASSERT_TRUE(apply({mode("a", 0644), content("a", "two")}, "T", good));
    EXPECT_EQ(folder.read("a"), "two");
    EXPECT_EQ(status("a").st_mode & 07777U, 0644U);
}

TEST(OpenRoot, of_a_process_that_is_gone_is_an_error) {
    const auto root = open_root(1LL << 40);
    ASSERT_FALSE(root);
    EXPECT_THAT(root.error().message, HasSubstr("is gone"));
    EXPECT_TRUE(open_root(::getpid()));
}

}  // namespace
}  // namespace bulkhead::fix
