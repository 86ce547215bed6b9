// SPDX-License-Identifier: Apache-2.0
// What decides over a build or a change, as a user meets it: `bulkhead ci`, exceptions, baselines, --fail-on, --quiet; diffs and signatures
// of snapshots. No engine answers here: a run that asked one would fail.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <regex>

#include <cstdlib>
#include <string>

#include "base/json.h"
#include "base/text.h"
#include "image/testing/tar_maker.h"
#include "world/snapshot/snapshot.h"
#include "world/testing/fake_reader.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::tests {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Outcome {
    int exit_code = -1;
    std::string out;
    std::string err;
};

class Gate : public testing::Test {
  protected:
    Outcome shell(const std::string& command) {
        const std::string line =
            fmt::format("cd '{}' && DOCKER_HOST=unix:///nonexistent/docker.sock && export DOCKER_HOST && {{ {}; }} >'{}' 2>'{}' </dev/null",
                        folder_.at("project"), command, folder_.at("out"), folder_.at("err"));
        const int status = std::system(line.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, folder_.read("out"), folder_.read("err")};
    }
    Outcome run(const std::string& arguments) { return shell(fmt::format("'{}' {}", BULKHEAD_PROGRAM, arguments)); }
    void write(const std::string& name, std::string_view bytes) { (void)folder_.write("project/" + name, bytes); }

    // Alarms of dockerfile_1_2 (sudo) and cis_v160_5_5 (privileged), among others.
    void SetUp() override {
        write("Dockerfile", "FROM debian:12\nRUN sudo true\nUSER app\n");
        write("compose.yaml", "services:\n  web:\n    image: x\n    privileged: true\n");
    }
    static std::string exception(const std::string& control, const std::string& resource, const std::string& expires) {
        return "- control: " + control + "\n  resource: \"" + resource + "\"\n  reason: Replaced soon\n  owner: Shop team\n  expires: " + expires + "\n";
    }
    // A snapshot of an engine with the networks given, and nothing else.
    std::string snapshot(const std::string& name, const std::string& networks) {
        world::FakeReader reader;
        reader.set("engine:/info", R"({"ID":"x","Name":"shop-1","ServerVersion":"20.10.24"})");
        reader.set("engine:/containers/json?all=1", "[]");
        reader.set("engine:/networks", networks);
        // What a list has of a network is what its inspection tells here.
        std::vector<std::string> inspected;
        const std::regex object(R"re(\{[^{}]*"Id":"(\w+)"[^{}]*\})re");
        for (auto found = std::sregex_iterator(networks.begin(), networks.end(), object); found != std::sregex_iterator(); ++found) {
            inspected.push_back("/networks/" + found->str(1));
            reader.set("engine:" + inspected.back(), found->str());
        }
        std::filesystem::create_directories(folder_.path() / "project");
        auto recorder = world::Recorder::create(reader, folder_.at("project/" + name), "test");
        EXPECT_TRUE(recorder) << recorder.error().message;
        for (const char* path : {"/info", "/containers/json?all=1", "/networks"}) (void)(*recorder)->read(world::engine_get(path));
        for (const std::string& path : inspected) (void)(*recorder)->read(world::engine_get(path));
        EXPECT_TRUE((*recorder)->finish());
        return name;
    }

    world::TempFolder folder_;
};

TEST_F(Gate, ci_finds_what_a_project_is_built_from) {
    write("web/Dockerfile", "FROM debian:12\nRUN sudo true\nUSER app\n");
    const Outcome outcome = run("ci --format json");
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("bulkhead: judging Dockerfile, web/Dockerfile, compose.yaml\n"));
    for (const char* file : {R"("file": "Dockerfile")", R"("file": "web/Dockerfile")", R"("file": "compose.yaml")"}) EXPECT_THAT(outcome.out, HasSubstr(file));
    EXPECT_THAT(run("ci --dockerfile Dockerfile --format json").out, Not(HasSubstr("compose.yaml"))) << "what is named is judged and nothing else";
    EXPECT_THAT(run("ci web").err, HasSubstr("judging web/Dockerfile\n"));
    const Outcome nothing = shell(fmt::format("mkdir -p empty && '{}' ci empty", BULKHEAD_PROGRAM));
    EXPECT_EQ(nothing.exit_code, 2);
    EXPECT_THAT(nothing.err, HasSubstr("nothing to judge in empty"));
    EXPECT_EQ(run("ci --host unix:///x").exit_code, 2);
    write("web/Dockerfile", "INSTALL x\n");
    EXPECT_EQ(run("ci").exit_code, 2) << "a file that cannot be parsed is no pass";
}

TEST_F(Gate, ci_judges_the_image_beside_its_files_and_nothing_of_this_host) {
    image::TarMaker layer;
    layer.file("usr/bin/su", "x", 04755);
    write("app.tar", image::ImageMaker{.layers = {layer.take()}, .config = R"("User":"")", .history = "[]"}.docker_save());
    const Outcome outcome = run("ci --image app.tar --format json --fail-on never");
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto document = json::Document::parse(outcome.out);
    ASSERT_TRUE(document) << document.error().message;
    bool of_file = false;
    bool of_image = false;
    for (const json::Value& result : document->root()["results"].items()) {
        const std::string resource = result["resource"].text_or();
        of_file |= resource == "dockerfile:Dockerfile";
        of_image |= resource.starts_with("sha256:");
        EXPECT_TRUE(resource.starts_with("dockerfile:") || resource.starts_with("compose:") || resource.starts_with("sha256:") ||
                    result["status"].text_or() != "ok")
            << result.dump();
    }
    EXPECT_TRUE(of_file);
    EXPECT_TRUE(of_image);
    write("app.tar", "no archive");
    EXPECT_EQ(run("ci --image app.tar").exit_code, 2);
}

TEST_F(Gate, an_exception_skips_an_alarm_until_its_day) {
    const std::string control = "cis_v160_5_5";
    ASSERT_EQ(run("ci --control " + control).exit_code, 1);
    write("e.yaml", exception(control, "w*b", "2099-12-31"));
    const Outcome good = run("ci --exceptions e.yaml --format json --control " + control);
    EXPECT_EQ(good.exit_code, 0) << good.out;
    EXPECT_THAT(good.out, HasSubstr("\"status\": \"skip\", \"reason\": \"Excepted until 2099-12-31 by Shop team: Replaced soon (alarm: "));
    write("e.yaml", exception(control, "web", "2020-01-01"));
    const Outcome ended = run("ci --exceptions e.yaml --control " + control);
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(ended.out, HasSubstr("The exception at e.yaml:1:3 expired on 2020-01-01 (Shop team: Replaced soon)."));
    write("e.yaml", exception(control, "other", "2099-12-31"));
    EXPECT_THAT(run("ci --exceptions e.yaml --control " + control).out, HasSubstr("excepts nothing"));
    write("e.yaml", "- control: x\n");
    const Outcome broken = run("ci --exceptions e.yaml");
    EXPECT_EQ(broken.exit_code, 2);
    EXPECT_THAT(broken.err, HasSubstr("e.yaml:1:3: 'resource' is missing"));
    write("e.yaml", exception("cis_v160_5_55", "web", "2099-12-31"));
    EXPECT_THAT(run("audit --compose compose.yaml --exceptions e.yaml").err, HasSubstr("e.yaml:1:3: there is no control cis_v160_5_55"));
}

TEST_F(Gate, only_what_the_baseline_does_not_know_fails) {
    ASSERT_EQ(run("ci --format json --output main.json").exit_code, 1);
    const Outcome same = run("ci --baseline main.json --fail-on new");
    EXPECT_EQ(same.exit_code, 0) << same.out;
    EXPECT_THAT(same.out, HasSubstr("Compared with main.json"));
    EXPECT_THAT(same.out, HasSubstr(": 0 new alarms"));
    write("compose.yaml", "services:\n  db:\n    image: x\n    privileged: true\n");
    const Outcome changed = run("ci --baseline main.json --format json");
    EXPECT_EQ(changed.exit_code, 1);
    EXPECT_THAT(changed.out, HasSubstr(R"("baseline": "new")"));
    EXPECT_THAT(changed.out, HasSubstr(R"("baseline": {"file": "main.json")"));
    EXPECT_THAT(run("ci --baseline main.json --control cis_v160_5_5").out, HasSubstr("db (new): "));
    EXPECT_EQ(run("ci --baseline main.json --fail-on never").exit_code, 0);
    write("main.json", "{\"schema\": \"bulkhead.audit/1\",\n \"results\": [}");
    const Outcome broken = run("ci --baseline main.json");
    EXPECT_EQ(broken.exit_code, 2);
    EXPECT_THAT(broken.err, HasSubstr("main.json:2:14: "));
    write("main.json", "results");
    EXPECT_THAT(run("ci --baseline main.json").err, HasSubstr("a baseline is a report"));
    EXPECT_THAT(run("ci --baseline none.json").err, HasSubstr("cannot read the baseline none.json"));
    EXPECT_THAT(run("ci --fail-on new").err, HasSubstr("--fail-on new needs --baseline"));
}

TEST_F(Gate, a_snapshot_is_a_baseline_too) {
    const std::string open = R"([{"Name":"front","Id":"aa","Driver":"bridge","Scope":"local"}])";
    const std::string before = snapshot("a.snapshot", open);
    const std::string after = snapshot("b.snapshot", R"([{"Name":"front","Id":"bb","Driver":"bridge","Scope":"local"}])");
    const Outcome outcome = run("audit --from " + after + " --baseline " + before + " --format json --fail-on new");
    EXPECT_EQ(outcome.exit_code, 0) << "networks made anew under their names: " << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr(R"("new_alarms": 0)"));
}

TEST_F(Gate, quiet_tells_what_fails_and_nothing_else) {
    const Outcome failing = run("ci --quiet --fail-on 'severity>=low' --control cis_v160_5_5");
    EXPECT_EQ(failing.exit_code, 1);
    EXPECT_THAT(text::lines(failing.out), testing::SizeIs(1)) << failing.out;
    EXPECT_THAT(failing.out, testing::StartsWith("compose.yaml:4:5: alarm cis_v160_5_5 web: "));
    EXPECT_EQ(failing.err, "");
    const Outcome good = run("ci --quiet --fail-on never --format json --output all.json");
    EXPECT_EQ(good.exit_code, 0);
    EXPECT_EQ(good.out + good.err, "");
    EXPECT_THAT(folder_.read("project/all.json"), HasSubstr("\"status\": \"alarm\"")) << "files are whole";
    EXPECT_EQ(run("ci --fail-on 'level<=3,unknown'").exit_code, 1) << "one word with commas";
}

TEST_F(Gate, a_diff_of_snapshots_tells_results_and_facts) {
    const std::string before = snapshot("a.snapshot", R"([{"Name":"front","Id":"aa","Driver":"bridge","Scope":"local","Internal":false}])");
    const std::string after = snapshot(
        "b.snapshot",
        R"([{"Name":"front","Id":"bb","Driver":"bridge","Scope":"local","Internal":true},{"Name":"back","Id":"cc","Driver":"bridge","Scope":"local"}])");
    const Outcome same = run("snapshot diff a.snapshot a.snapshot");
    EXPECT_EQ(same.exit_code, 0) << same.out;
    EXPECT_THAT(same.out, HasSubstr("No difference"));
    const Outcome outcome = run("snapshot diff a.snapshot b.snapshot");
    EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("Networks\n"));
    EXPECT_THAT(outcome.out, HasSubstr("  ~ front\n      internal: 0 -> 1\n"));
    EXPECT_THAT(outcome.out, HasSubstr("  + back\n"));
    const auto document = json::Document::parse(run("snapshot diff a.snapshot b.snapshot --format json").out);
    ASSERT_TRUE(document);
    EXPECT_EQ(document->root()["schema"].text_or(), "bulkhead.snapshot_diff/1");
    EXPECT_EQ(run("snapshot diff a.snapshot none.snapshot").exit_code, 2);
    EXPECT_EQ(run("snapshot diff a.snapshot b.snapshot --from a.snapshot").exit_code, 2);
}

TEST_F(Gate, a_signed_snapshot_is_what_was_signed) {
    snapshot("a.snapshot", "[]");
    ASSERT_EQ(shell("openssl genpkey -algorithm ed25519 -out k.pem && openssl pkey -in k.pem -pubout -out k.pub && "
                    "openssl genpkey -algorithm ed25519 -out o.pem && openssl pkey -in o.pem -pubout -out o.pub")
                  .exit_code,
              0);
    const Outcome unsigned_yet = run("snapshot verify a.snapshot --key k.pub");
    EXPECT_EQ(unsigned_yet.exit_code, 2);
    EXPECT_THAT(unsigned_yet.err, HasSubstr("a.snapshot is not signed: there is no a.snapshot.sig"));
    ASSERT_EQ(run("snapshot sign a.snapshot --key k.pem").exit_code, 0);
    EXPECT_THAT(run("snapshot verify a.snapshot --key k.pub").out, HasSubstr("good signature by the key sha256:"));
    EXPECT_EQ(shell("openssl pkeyutl -verify -pubin -inkey k.pub -rawin -in a.snapshot -sigfile a.snapshot.sig").exit_code, 0) << "openssl agrees";
    EXPECT_EQ(shell("openssl pkeyutl -sign -inkey k.pem -rawin -in a.snapshot -out a.snapshot.sig").exit_code, 0);
    EXPECT_EQ(run("snapshot verify a.snapshot --key k.pub").exit_code, 0) << "and what it signs is good here";
    EXPECT_EQ(run("snapshot verify a.snapshot --key o.pub").exit_code, 1) << "another key";
    EXPECT_EQ(run("snapshot verify a.snapshot --key k.pem").exit_code, 2) << "no public key";
    EXPECT_EQ(run("snapshot sign a.snapshot --key k.pub").exit_code, 2) << "no private key";
    ASSERT_EQ(shell("printf x >>a.snapshot").exit_code, 0);
    const Outcome changed = run("snapshot verify a.snapshot --key k.pub");
    EXPECT_EQ(changed.exit_code, 1);
    EXPECT_THAT(changed.err, HasSubstr("was not signed so with the key sha256:"));
    write("a.snapshot.sig", "short");
    EXPECT_EQ(run("snapshot verify a.snapshot --key k.pub").exit_code, 2);
    write("note.txt", "no snapshot");
    EXPECT_EQ(run("snapshot sign note.txt --key k.pem").exit_code, 2);
}

}  // namespace
}  // namespace bulkhead::tests
