// SPDX-License-Identifier: Apache-2.0
// From results and fixes to a plan: one change for each file, nothing that would change nothing, and a reason for all that is left.
#include "fix/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "build/build_files.h"
#include "fix/change.h"
#include "fix/plan_json.h"
#include "fix/plan_text.h"
#include "fix/planner.h"
#include "fix/targets.h"
#include "host/testing/fake_host.h"

namespace bulkhead::fix {
namespace {

using audit::FixKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string stat_text(const std::string& type, const std::string& mode, int inode, const std::string& path, const std::string& acl = "[]") {
    return fmt::format(R"({{"type":"{}","mode":"{}","uid":0,"gid":0,"size":1,"dev":"8:1","ino":{},"mtime_ms":0,"path":"{}","acl":{}}})", type, mode, inode,
                       path, acl);
}

struct PlanTest : testing::Test {
    world::FakeReader reader;
    audit::Audit audit;
    PlanOptions options;
    build::BuildInput build;
    std::string flags = "dockerd";

    void SetUp() override {
        host::testing::fill(reader, {});
        reader.set("engine:/version", R"({"Version":"20.10.24","ApiVersion":"1.41"})");
        reader.set_outcome("stat:/run/systemd/system@root:100", world::Outcome::absent);
        daemon_json("{\n  \"mtu\": 1400\n}\n");
    }
    void daemon_json(const std::string& text) {
        reader.set("file:/etc/docker/daemon.json@root:100", text);
        reader.set("stat:/etc/docker/daemon.json@root:100", stat_text("regular", "0644", 7, "/etc/docker/daemon.json"));
    }
    void control(const std::string& id, std::vector<audit::Fix> fixes) {
        audit::Control control;
        control.id = id;
        control.title = "Title of " + id;
        control.remediation = "Do it.";
        control.fixes = std::move(fixes);
        audit.controls.push_back(std::move(control));
    }
    void result(const std::string& id, const std::string& name, audit::Status status = audit::Status::alarm, const std::string& resource = "r",
                std::vector<audit::Evidence> evidence = {}) {
        audit::Result result;
        result.control = id;
        result.resource = resource;
        result.resource_name = name;
        result.status = status;
        result.layer = resource.starts_with("compose:") ? "declared" : "configured";
        result.evidence = std::move(evidence);
        audit.results.push_back(std::move(result));
    }
    Plan plan() {
        for (char& c : flags) c = c == ' ' ? '\0' : c;
        reader.set("file:/proc/100/cmdline", flags + '\0');
        world::World world(reader);
        tables::Facts facts(world);
        facts.build().give(build);
        return make_plan(audit, facts, options);
    }
    static audit::Fix setting(const std::string& key, const std::string& value) { return {FixKind::daemon_json, key, value, {}, {"restart"}, "look", ""}; }
};

TEST_F(PlanTest, settings_of_several_controls_are_one_change_of_one_file) {
    control("a", {setting("icc", "false")});
    control("b", {setting("icc", "false")});
    control("c", {setting("live-restore", "true")});
    for (const char* id : {"a", "b", "c"}) result(id, "host");
    const Plan made = plan();
    ASSERT_THAT(made.changes, SizeIs(1));
    EXPECT_EQ(made.changes[0].after, "{\n  \"mtu\": 1400,\n  \"icc\": false,\n  \"live-restore\": true\n}\n");
    EXPECT_EQ(made.changes[0].root_pid, 100);
    EXPECT_TRUE(made.changes[0].is_daemon_json);
    EXPECT_THAT(made.changes[0].causes, SizeIs(3));
    EXPECT_THAT(made.changes[0].minds, ElementsAre("look"));
    EXPECT_EQ(made.answered, 3U);
    ASSERT_THAT(made.steps, SizeIs(1));
    EXPECT_EQ(made.steps[0].text, "restart the engine (process 100)");
    EXPECT_THAT(made.by_hand, IsEmpty());
}

TEST_F(PlanTest, a_setting_by_flag_is_left_to_the_user_because_dockerd_refuses_both) {
    flags = "dockerd --log-level warn";
    control("a", {setting("log-level", "\"info\"")});
    result("a", "host");
    const Plan made = plan();
    EXPECT_THAT(made.changes, IsEmpty());
    ASSERT_THAT(made.by_hand, SizeIs(1));
    EXPECT_THAT(made.by_hand[0].why, HasSubstr("--log-level on the engine's command line decides it"));
}

TEST_F(PlanTest, what_is_so_already_is_no_change) {
    daemon_json(R"({"icc": false})");
    control("a", {setting("icc", "false"), setting("debug", "remove")});
    result("a", "host");
    const Plan made = plan();
    EXPECT_THAT(made.changes, IsEmpty());
    ASSERT_THAT(made.by_hand, SizeIs(1));
    EXPECT_THAT(made.by_hand[0].why, HasSubstr("icc is so already (file)"));
    EXPECT_EQ(made.answered, 0U);
}

TEST_F(PlanTest, a_file_that_is_not_there_is_made_and_one_that_cannot_be_read_is_not) {
    control("a", {setting("icc", "false")});
    result("a", "host");
    reader.set_outcome("file:/etc/docker/daemon.json@root:100", world::Outcome::absent);
    reader.set_outcome("stat:/etc/docker/daemon.json@root:100", world::Outcome::absent);
    reader.set("stat:/etc/docker@root:100", stat_text("directory", "0755", 6, "/etc/docker"));
    Plan made = plan();
    ASSERT_THAT(made.changes, SizeIs(1));
    EXPECT_FALSE(made.changes[0].exists);
    EXPECT_EQ(made.changes[0].id, (FileId{"8:1", 6}));
    EXPECT_EQ(state_before(made.changes[0]), "absent");
    reader.set_outcome("file:/etc/docker/daemon.json@root:100", world::Outcome::denied, "permission denied");
    reader.set_outcome("stat:/etc/docker/daemon.json@root:100", world::Outcome::denied, "permission denied");
    made = plan();
    EXPECT_THAT(made.changes, IsEmpty());
    ASSERT_THAT(made.by_hand, SizeIs(1));
    EXPECT_THAT(made.by_hand[0].why, HasSubstr("permission denied"));
}

TEST_F(PlanTest, a_file_behind_a_link_is_changed_where_it_really_is_or_not_at_all) {
    control("a", {setting("icc", "false")});
    result("a", "host");
    reader.set("stat:/etc/docker/daemon.json@root:100", stat_text("regular", "0644", 7, "/srv/daemon.json"));
    reader.set("stat:/srv/daemon.json@root:100", stat_text("regular", "0644", 7, "/srv/daemon.json"));
    Plan made = plan();
    ASSERT_THAT(made.changes, SizeIs(1));
    EXPECT_EQ(made.changes[0].path, "/srv/daemon.json");
    EXPECT_EQ(made.changes[0].refused, "");
    reader.set("stat:/srv/daemon.json@root:100", stat_text("regular", "0644", 8, "/srv/daemon.json"));
    made = plan();
    ASSERT_THAT(made.changes, SizeIs(1));
    EXPECT_THAT(made.changes[0].refused, HasSubstr("cannot be reached from here as the file that the engine reads"));
}

TEST_F(PlanTest, risky_fixes_and_results_that_are_info_are_planned_on_request_only) {
    audit::Fix risky = setting("userns-remap", "\"default\"");
    risky.risk = "containers are gone";
    control("a", {risky});
    result("a", "host", audit::Status::info);
    EXPECT_EQ(plan().alarms, 0U);
    options.info = true;
    Plan made = plan();
    ASSERT_THAT(made.by_hand, SizeIs(1));
    EXPECT_EQ(made.by_hand[0].why, "left out as risky (--risky plans it): containers are gone");
    options.risky = true;
    made = plan();
    ASSERT_THAT(made.changes, SizeIs(1));
    EXPECT_THAT(made.changes[0].minds, ElementsAre("look", "containers are gone"));
}

TEST_F(PlanTest, modes_and_owners_are_those_that_the_results_rest_on) {
    control("owner", {{FixKind::file_owner, "0:0", "", {}, {}, "", ""}});
    control("mode", {{FixKind::file_mode, "0644", "", {}, {}, "", ""}});
    const std::string locator = "stat:/etc/docker/daemon.json@root:100";
    reader.set(locator,
               R"({"type":"regular","mode":"0666","uid":5,"gid":6,"size":1,"dev":"8:1","ino":7,"mtime_ms":0,"path":"/etc/docker/daemon.json","acl":[]})");
    result("mode", "daemon.json", audit::Status::alarm, "r", {{"stat", locator, "mode 0666", 0}});
    result("owner", "daemon.json", audit::Status::alarm, "r", {{"stat", locator, "uid 5", 0}});
    Plan made = plan();
    ASSERT_THAT(made.changes, SizeIs(2));
    EXPECT_EQ(exact(made.changes[0]), "owner /etc/docker/daemon.json of the engine 5:6 -> 0:0");
    EXPECT_EQ(exact(made.changes[1]), "mode /etc/docker/daemon.json of the engine 0666 -> 0644");
    EXPECT_EQ(made.changes[1].uid_before, 0) << "by then the owner is the new one";
    reader.set(locator, stat_text("regular", "0666", 7, "/etc/docker/daemon.json", R"(["user:5:rw-"])"));
    made = plan();
    ASSERT_THAT(made.by_hand, Not(IsEmpty()));
    EXPECT_THAT(made.by_hand[0].why, HasSubstr("has an ACL"));
}

TEST_F(PlanTest, a_finding_in_a_build_file_changes_no_host) {
    control("a", {setting("icc", "false"), {FixKind::command, "docker update {name}", "", {}, {}, "", ""}});
    result("a", "web", audit::Status::alarm, "compose:srv:web");
    result("a", "Dockerfile", audit::Status::alarm, "dockerfile:/srv/Dockerfile");
    const Plan made = plan();
    EXPECT_THAT(made.changes, IsEmpty());
    EXPECT_THAT(made.steps, IsEmpty());
    EXPECT_EQ(made.answered, 0U);
    ASSERT_THAT(made.by_hand, SizeIs(1));
}

TEST_F(PlanTest, commands_name_what_was_judged_as_one_word_of_a_shell) {
    control("a", {{FixKind::command, "docker update --pids-limit 200 {name}", "", {}, {}, "few", ""}});
    result("a", "web-1");
    result("a", "x'; rm -rf /");
    const Plan made = plan();
    ASSERT_THAT(made.steps, SizeIs(2));
    EXPECT_EQ(made.steps[0].text, "docker update --pids-limit 200 web-1");
    EXPECT_EQ(made.steps[1].text, "docker update --pids-limit 200 'x'\\''; rm -rf /'");
    EXPECT_EQ(shell_word(""), "''");
}

TEST_F(PlanTest, a_drop_in_is_made_where_systemd_runs_and_has_the_unit) {
    control("a", {{FixKind::unit_drop_in, "docker.socket", "[Socket]\nSocketMode=0660", {}, {}, "", ""}});
    result("a", "host");
    EXPECT_THAT(plan().by_hand[0].why, HasSubstr("systemd does not run"));
    reader.set("stat:/run/systemd/system@root:100", stat_text("directory", "0755", 3, "/run/systemd/system"));
    for (const char* folder : {"/etc/systemd/system/", "/run/systemd/system/", "/usr/lib/systemd/system/"})
        reader.set_outcome("stat:" + std::string(folder) + "docker.socket@root:100", world::Outcome::absent);
    reader.set("stat:/lib/systemd/system/docker.socket@root:100", stat_text("regular", "0644", 4, "/usr/lib/systemd/system/docker.socket"));
    reader.set_outcome("stat:/etc/systemd/system/docker.socket.d/bulkhead.conf@root:100", world::Outcome::absent);
    reader.set_outcome("stat:/etc/systemd/system/docker.socket.d@root:100", world::Outcome::absent);
    reader.set("stat:/etc/systemd/system@root:100", stat_text("directory", "0755", 5, "/etc/systemd/system"));
    const Plan made = plan();
    ASSERT_THAT(made.changes, SizeIs(1));
    EXPECT_EQ(made.changes[0].path, "/etc/systemd/system/docker.socket.d/bulkhead.conf");
    EXPECT_EQ(made.changes[0].folder, "/etc/systemd/system");
    EXPECT_EQ(made.changes[0].after, "[Socket]\nSocketMode=0660\n");
    ASSERT_THAT(made.steps, SizeIs(1));
    EXPECT_EQ(made.steps[0].text, "systemctl daemon-reload && systemctl restart docker.socket");
}

struct ComposePlan : PlanTest {
    void SetUp() override {
        PlanTest::SetUp();
        file("/srv/compose.yaml",
             "services:\n  web:\n    image: x\n  db:\n    image: y\n    deploy: {replicas: 1}\n    environment:\n      DB_PASSWORD: hunter2\n", 1);
        reader.set_outcome("file:/srv/.env", world::Outcome::absent);
        build.compose.files = {"/srv/compose.yaml"};
        control("ro", {{FixKind::compose, "read_only", "true", {}, {}, "", ""}});
        control("mem", {{FixKind::compose, "mem_limit", "512m", {"deploy"}, {}, "", ""}});
    }
    void file(const std::string& path, const std::string& text, int inode) {
        reader.set("file:" + path, text);
        reader.set("stat:" + path, stat_text("regular", "0644", inode, path));
    }
    void service(const std::string& id, const std::string& name) { result(id, name, audit::Status::alarm, "compose:srv:" + name); }
};

TEST_F(ComposePlan, services_are_changed_in_their_file_and_made_again_by_the_user) {
    service("ro", "web");
    service("ro", "db");
    service("mem", "web");
    service("mem", "db");
    const Plan made = plan();
    ASSERT_THAT(made.changes, SizeIs(1));
    EXPECT_EQ(made.changes[0].root_pid, 0);
    EXPECT_EQ(made.changes[0].after,
              "services:\n  web:\n    image: x\n    mem_limit: 512m\n    read_only: true\n  db:\n    image: y\n    read_only: true\n    deploy: {replicas: 1}\n"
              "    environment:\n      DB_PASSWORD: hunter2\n");
    ASSERT_THAT(made.by_hand, SizeIs(1));
    EXPECT_EQ(made.by_hand[0].why, "the service has deploy, which has to be thought of together with it");
    ASSERT_THAT(made.steps, SizeIs(1));
    EXPECT_EQ(made.steps[0].text, "docker compose -f /srv/compose.yaml up -d db web");
}

TEST_F(ComposePlan, the_last_file_that_has_the_service_is_changed) {
    file("/srv/more.yaml", "services:\n  web:\n    command: z\n", 2);
    build.compose.files.push_back("/srv/more.yaml");
    service("ro", "web");
    service("ro", "db");
    const Plan made = plan();
    ASSERT_THAT(made.changes, SizeIs(2));
    EXPECT_THAT(made.changes[0].after, HasSubstr("  db:\n    image: y\n    read_only: true\n"));
    EXPECT_EQ(made.changes[1].after, "services:\n  web:\n    command: z\n    read_only: true\n");
}

TEST_F(ComposePlan, the_text_shows_diffs_without_secrets_within_the_width) {
    service("ro", "db");
    const Plan made = plan();
    const std::string text = plan_text(made, {.width = 80, .color = report::Color::off}, "", Secrets::masked);
    EXPECT_THAT(text, HasSubstr("  +    read_only: true")) << text;
    EXPECT_THAT(text, HasSubstr("ro Title of ro"));
    EXPECT_THAT(text, HasSubstr("docker compose -f /srv/compose.yaml up -d db"));
    EXPECT_THAT(text, HasSubstr("Nothing was changed yet"));
    EXPECT_THAT(text, Not(HasSubstr("hunter2")));
    EXPECT_THAT(plan_text(made, {}, "it was made of a snapshot", Secrets::masked), HasSubstr("None of it can be applied: it was made of a snapshot"));
    for (const std::string_view line : text::lines(text)) EXPECT_LE(text::display_width(line), 80U) << line;
}

TEST_F(ComposePlan, a_kept_plan_is_compared_and_never_carried_out) {
    service("ro", "db");
    const Plan made = plan();
    const Asked asked{.ids = {"ro"},
                      .compose_files = {"/srv/compose.yaml"},
                      .env_files = {},
                      .profiles = {"*"},
                      .settings = {"a=b"},
                      .settings_file = "s",
                      .use_environment = true,
                      .options = {.info = true, .risky = false}};
    const std::string json = plan_json(made, asked, Secrets::masked);
    EXPECT_THAT(json, Not(HasSubstr("hunter2")));
    const auto reviewed = parse_plan_json(json, "plan.json");
    ASSERT_TRUE(reviewed) << reviewed.error().message;
    EXPECT_THAT(reviewed->asked.ids, ElementsAre("ro"));
    EXPECT_THAT(reviewed->asked.profiles, ElementsAre("*"));
    EXPECT_TRUE(reviewed->asked.use_environment);
    EXPECT_TRUE(reviewed->asked.options.info);
    EXPECT_TRUE(check_reviewed(made, *reviewed));

    reader.set("file:/srv/compose.yaml", "services:\n  db:\n    image: z\n");
    const auto changed = check_reviewed(plan(), *reviewed);
    ASSERT_FALSE(changed);
    EXPECT_THAT(changed.error().message, HasSubstr("its target has changed since"));
    fix::Reviewed less = *reviewed;
    less.changes.clear();
    EXPECT_FALSE(check_reviewed(made, less)) << "more than was looked at";
}

TEST(PlanJson, what_is_no_plan_is_told) {
    for (const char* text :
         {"", "{", "[]", "{}", R"({"bulkhead_fix_plan": 2, "asked": {}, "changes": []})", R"({"bulkhead_fix_plan": 1, "asked": {}, "changes": [1]})"}) {
        const auto parsed = parse_plan_json(text, "plan.json");
        ASSERT_FALSE(parsed) << text;
        EXPECT_THAT(parsed.error().message, testing::StartsWith("plan.json: ")) << text;
    }
}

TEST(Targets, the_root_of_a_reading) {
    EXPECT_EQ(root_pid_of("root:812"), 812);
    EXPECT_EQ(root_pid_of(""), 0);
    EXPECT_EQ(root_pid_of("netns:3"), 0);
}

}  // namespace
}  // namespace bulkhead::fix
