// SPDX-License-Identifier: Apache-2.0
// The program as a user meets it: its exit codes, what goes where, and one clear line for each wrong word. No engine is needed: the
// facts come from a snapshot made here.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "world/snapshot/snapshot.h"
#include "world/testing/fake_reader.h"

extern char** environ;

namespace bulkhead {

namespace {

using testing::HasSubstr;

struct Outcome {
    int exit_code = -1;
    std::string out;
    std::string err;
};

std::string slurp(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Cli : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "bulkhead-cli-test.XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override {
        std::error_code error;
        std::filesystem::remove_all(folder_, error);
    }

    // Starts the program; standard input from `input`, its output into files of the folder.
    pid_t start(std::vector<std::string> arguments, const std::string& input = "", const std::string& out = "") {
        std::ofstream(folder_ / "in") << input;
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        const std::string in_path = folder_ / "in";
        const std::string out_path = out.empty() ? (folder_ / "out").string() : out;
        const std::string err_path = folder_ / "err";
        posix_spawn_file_actions_addopen(&files, 0, in_path.c_str(), O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&files, 1, out_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_addopen(&files, 2, err_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        arguments.insert(arguments.begin(), BULKHEAD_PROGRAM);
        std::vector<char*> argv;
        for (std::string& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        pid_t pid = -1;
        EXPECT_EQ(posix_spawn(&pid, BULKHEAD_PROGRAM, &files, nullptr, argv.data(), environ), 0);
        posix_spawn_file_actions_destroy(&files);
        return pid;
    }
    Outcome finish(pid_t pid) {
        int status = 0;
        waitpid(pid, &status, 0);
        return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), slurp(folder_ / "out"), slurp(folder_ / "err")};
    }
    Outcome run(std::vector<std::string> arguments, const std::string& input = "", const std::string& out = "") {
        return finish(start(std::move(arguments), input, out));
    }
    void expect_refused(std::vector<std::string> arguments, const std::string& part) {
        const std::string line = text::join(arguments, " ");
        const Outcome outcome = run(std::move(arguments));
        EXPECT_EQ(outcome.exit_code, 2) << line;
        EXPECT_EQ(outcome.out, "") << line;
        EXPECT_THAT(outcome.err, testing::StartsWith("bulkhead: ")) << line;
        EXPECT_THAT(outcome.err, HasSubstr(part)) << line;
        EXPECT_THAT(text::lines(outcome.err), testing::SizeIs(1)) << line << '\n' << outcome.err;
    }

    // A snapshot of an engine without containers, and a folder of controls whose verdicts are known.
    std::string snapshot() {
        world::FakeReader reader;
        reader.set("engine:/info", R"({"ID":"x","Name":"shop-1","ServerVersion":"20.10.24"})");
        const std::string path = folder_ / "host.snapshot";
        auto recorder = world::Recorder::create(reader, path, "test");
        EXPECT_TRUE(recorder) << recorder.error().message;
        (*recorder)->read(world::engine_get("/info"));
        EXPECT_TRUE((*recorder)->finish());
        return path;
    }
    std::string controls() {
        const std::filesystem::path folder = folder_ / "controls";
        std::filesystem::create_directories(folder);
        for (const std::string status : {"alarm", "ok", "unknown"}) {
            std::ofstream(folder / ("selftest_" + status + ".yaml"))
                << "id: selftest_" << status << "\ntitle: Always " << status << "\nlevels: [1]\nseverity: medium\ntags: [selftest]\n"
                << "description: For tests.\nremediation: None.\n"
                << "sql: |\n  select 'host' as resource, 'host' as resource_name, '" << status
                << "' as status, 'because' as reason, 'configured' as layer, '[]' as evidence\n";
        }
        return folder;
    }
    std::vector<std::string> offline_audit(std::vector<std::string> more) {
        std::vector<std::string> arguments = {"audit", "--from", snapshot(), "--controls", controls()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    std::filesystem::path folder_;
};

TEST_F(Cli, version_and_help_exit_0) {
    EXPECT_THAT(run({"version"}).out, testing::MatchesRegex("bulkhead [0-9.]+\n"));
    EXPECT_EQ(run({"--version"}).exit_code, 0);
    for (const char* command : {"attest", "audit", "query", "snapshot", "explain", "lab", "list"}) {
        const Outcome help = run({command, "--help"});
        EXPECT_EQ(help.exit_code, 0) << command;
        EXPECT_THAT(help.out, HasSubstr("Examples:")) << command;
    }
    const Outcome bare = run({});
    EXPECT_EQ(bare.exit_code, 2);
    EXPECT_THAT(bare.err, HasSubstr("Examples:"));
}

TEST_F(Cli, wrong_words_get_one_line_with_what_is_allowed) {
    expect_refused({"adit"}, "did you mean audit?");
    expect_refused({"frobnicate"}, "(commands: attest, audit, ");
    expect_refused({"--host", "unix:///x", "adit"}, "unknown command \"adit\"");
    expect_refused({"audit", "--formt", "json"}, "unknown option --formt; did you mean --format");
    expect_refused({"audit", "--format", "xml"}, "json");
    expect_refused({"audit", "--level", "9"}, "1");
    expect_refused({"audit", "--level", "two"}, "--level");
    expect_refused({"audit", "--fail-on", "alarms"}, "severity>=low|medium|high|critical");
    expect_refused({"audit", "no_such_control"}, "no_such_control");
    expect_refused({"audit", "--controls", controls(), "selftest_alrm"}, "selftest_alarm");
    expect_refused({"audit", "--controls", controls(), "--tag", "no_such_tag"}, "no control matches");
    expect_refused({"audit", "--setting", "alowed_ports=80"}, "did you mean allowed_ports?");
    expect_refused({"audit", "--setting", "ca_age_max=soon"}, "a whole number of days");
    expect_refused({"audit", "--settings", "/nonexistent/settings.yaml"}, "/nonexistent/settings.yaml");
    expect_refused({"audit", "--attestations", "/nonexistent/attestations.yaml"}, "/nonexistent/attestations.yaml");
    expect_refused({"attest"}, "subcommand");
    expect_refused({"attest", "template", "csvs_3_1"}, "takes an attestation");
    expect_refused({"query", "select 1", "select 2"}, "one word too many");
    expect_refused({"query", "--timeout", "-1", "select 1"}, "--timeout");
    expect_refused({"query", "--param", "x", "select 1"}, "--param is NAME=VALUE");
    expect_refused({"query", "select param('x') as x"}, "there is no parameter 'x'");
    expect_refused({"query", "nosuchquery"}, "no query is named \"nosuchquery\"");
    expect_refused({"explain"}, "ID");
    expect_refused({"explain", "no_such_thing_at_all"}, "no control, benchmark, query, setting or table");
    expect_refused({"snapshot"}, "subcommand");
    expect_refused({"list", "tabels"}, "tables");
    expect_refused({"list", "--format", "json"}, "goes with one of");
}

TEST_F(Cli, a_missing_engine_or_snapshot_is_told_in_one_line) {
    expect_refused({"--host", "unix:///nonexistent/docker.sock", "audit"}, "/nonexistent/docker.sock");
    expect_refused({"audit", "--host", "unix:///nonexistent/docker.sock"}, "/nonexistent/docker.sock");
    expect_refused({"--host", "ssh://somewhere", "audit"}, "ssh");
    expect_refused({"--from", "/nonexistent/x.snapshot", "audit"}, "/nonexistent/x.snapshot");
    expect_refused({"--from", "/dev/null", "query", "select 1"}, "/dev/null");
    expect_refused({"--from", snapshot(), "--host", "unix:///x", "audit"}, "exclude each other");
    expect_refused({"--from", snapshot(), "audit", "--probe"}, "--probe");
    expect_refused({"--controls", "/nonexistent", "audit"}, "/nonexistent");
}

TEST_F(Cli, a_broken_control_file_is_told_with_file_and_line) {
    const std::string folder = controls();
    std::ofstream(std::filesystem::path(folder) / "selftest_broken.yaml") << "id: selftest_broken\ntitle: [\n";
    expect_refused({"audit", "--controls", folder}, "selftest_broken.yaml:");
}

TEST_F(Cli, what_people_attest_decides_where_no_machine_can) {
    const std::string path = folder_ / "attestations.yaml";
    const auto attested = [&](const std::string& id, const std::string& expires) {
        std::ofstream(path) << "- id: " << id << "\n  statement: Everybody was there.\n  owner: Platform\n  date: 2023-11-01\n  expires: " << expires << "\n";
        return run({"audit", "--from", snapshot(), "--attestations", path, "csvs_1_1", "--format", "csv"});
    };
    const Outcome none = run({"audit", "--from", snapshot(), "csvs_1_1", "--format", "csv"});
    EXPECT_EQ(none.exit_code, 0);
    EXPECT_THAT(none.out, HasSubstr("nobody attested it (bulkhead attest template csvs_1_1)"));
    const Outcome good = attested("csvs_1_1", "2024-06-01");  // the snapshot is of 2023-11-14
    EXPECT_EQ(good.exit_code, 0) << good.err;
    EXPECT_THAT(good.out, HasSubstr("Platform attested it on 2023-11-01; it holds until 2024-06-01."));
    EXPECT_EQ(attested("csvs_1_1", "2023-11-10").exit_code, 1);
    expect_refused({"audit", "--from", snapshot(), "--attestations", path, "--attestations", path}, "answered twice");
    EXPECT_EQ(attested("csvs_3_1", "2024-06-01").exit_code, 2);
    EXPECT_THAT(attested("csvs_3_1", "2024-06-01").err, HasSubstr("attestations.yaml:1:3: csvs_3_1 takes no attestation"));
    EXPECT_THAT(run({"--attestations", path, "--from", snapshot(), "query", "select 1"}).err, HasSubstr("takes no attestation"));
    EXPECT_THAT(run({"attest", "template", "csvs_v11"}).out, HasSubstr("- id: csvs_11_2\n  statement: |\n"));
}

TEST_F(Cli, query_answers_in_each_format) {
    EXPECT_EQ(run({"query", "select 1 as a, 'x' as b", "--format", "json"}).out, "[\n{\"a\": 1, \"b\": \"x\"}\n]\n");
    EXPECT_EQ(run({"query", "select 1 as a, 'x' as b", "--format", "jsonl"}).out, "{\"a\": 1, \"b\": \"x\"}\n");
    EXPECT_EQ(run({"query", "select 1 as a, 'x' as b", "--format", "csv"}).out, "a,b\r\n1,x\r\n");
    EXPECT_EQ(run({"query", "select 1 as a, 'x' as b", "--format", "line"}).out, "a = 1\nb = x\n");
    EXPECT_THAT(run({"query", "select 1 as a, 'x' as b"}).out, HasSubstr("1  x\n"));
    EXPECT_EQ(run({"query", "select param('a') || param('b') as x", "--param", "a=1=2", "--param", "b=", "--format", "jsonl"}).out, "{\"x\": \"1=2\"}\n");
    EXPECT_EQ(run({"query", "--format", "jsonl"}, "select 2 as two;").out, "{\"two\": 2}\n") << "SQL from standard input";
}

TEST_F(Cli, query_refuses_what_is_wrong_and_what_writes) {
    expect_refused({"query", "selct 1 as"}, "syntax error");
    expect_refused({"query", "select * from docker_contaner"}, "did you mean docker_container");
    expect_refused({"query", "create table x(a)"}, "");
    expect_refused({"query", "attach 'x.db' as x"}, "");
    expect_refused({"query", "--timeout", "0.2", "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"}, "");
}

TEST_F(Cli, query_says_when_rows_were_left_out) {
    const Outcome outcome = run({"query", "--max-rows", "2", "--format", "jsonl", "select 1 as a union all select 2 union all select 3"});
    EXPECT_THAT(text::lines(outcome.out), testing::SizeIs(2));
    EXPECT_THAT(outcome.err, HasSubstr("only the first 2 rows"));
}

TEST_F(Cli, query_on_sources_that_cannot_be_read_warns_and_exits_2) {
    const Outcome outcome = run({"query", "--host", "unix:///nonexistent/docker.sock", "select count(*) from docker_container"});
    EXPECT_EQ(outcome.exit_code, 2) << "a count of what could not be read is no answer";
    EXPECT_THAT(outcome.err, HasSubstr("could not read engine:/containers/json"));
}

TEST_F(Cli, audit_exits_by_what_it_found) {
    EXPECT_EQ(run(offline_audit({"selftest_ok"})).exit_code, 0);
    EXPECT_EQ(run(offline_audit({"selftest_alarm"})).exit_code, 1);
    EXPECT_EQ(run(offline_audit({"selftest_unknown"})).exit_code, 0);
    EXPECT_EQ(run(offline_audit({"selftest_unknown", "--fail-on", "alarm,unknown"})).exit_code, 1);
    EXPECT_EQ(run(offline_audit({"selftest_alarm", "--fail-on", "severity>=high"})).exit_code, 0);
    EXPECT_EQ(run(offline_audit({"--tag", "selftest", "--fail-on", "none"})).exit_code, 0);
}

TEST_F(Cli, audit_without_a_terminal_has_no_colour_and_no_progress) {
    const Outcome outcome = run(offline_audit({"--tag", "selftest"}));
    EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
    EXPECT_EQ(outcome.err, "");
    EXPECT_THAT(outcome.out, HasSubstr("ALARM"));
}

TEST_F(Cli, audit_output_appears_whole_in_the_file) {
    const std::string path = folder_ / "report.json";
    const Outcome outcome = run(offline_audit({"--tag", "selftest", "--format", "json", "--output", path}));
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.out, "");
    const auto document = json::Document::parse(slurp(path));
    ASSERT_TRUE(document);
    EXPECT_EQ(document->root()["summary"]["alarm"].integer_or(-1), 1);
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        EXPECT_THAT(entry.path().filename().string(), testing::Not(testing::StartsWith("report.json."))) << "left behind";
    }
}

TEST_F(Cli, audit_that_cannot_write_its_file_prints_it_and_exits_2) {
    const Outcome outcome = run(offline_audit({"--tag", "selftest", "--output", "/nonexistent/report.txt"}));
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("cannot write /nonexistent/report.txt"));
    EXPECT_THAT(outcome.out, HasSubstr("Summary")) << "the work is not lost";
}

TEST_F(Cli, one_audit_is_exported_to_many_files) {
    const std::string json = folder_ / "a.json";
    const std::string csv = folder_ / "b.csv";
    const std::string named = folder_ / "c";
    const Outcome outcome = run(offline_audit({"--tag", "selftest", "--export", json, "--export", csv, "--export", "brief:" + named}));
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.err, "");
    EXPECT_THAT(outcome.out, HasSubstr("Summary")) << "what --format wants goes where it always went";
    EXPECT_TRUE(json::Document::parse(slurp(json)));
    EXPECT_THAT(slurp(csv), testing::StartsWith("control,"));
    EXPECT_THAT(slurp(named), testing::StartsWith("ALARM"));
}

TEST_F(Cli, an_export_that_cannot_be_written_takes_nothing_from_the_others) {
    const std::string json = folder_ / "a.json";
    Outcome outcome = run(offline_audit({"--tag", "selftest", "--export", "/nonexistent/a.csv", "--export", json}));
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("cannot write /nonexistent/a.csv"));
    EXPECT_THAT(text::lines(outcome.err), testing::SizeIs(1));
    EXPECT_THAT(outcome.out, HasSubstr("Summary"));
    EXPECT_TRUE(json::Document::parse(slurp(json)));
    outcome = run(offline_audit({"selftest_ok", "--export", "csv:/dev/full", "--export", json}));
    EXPECT_EQ(outcome.exit_code, 2) << "an ok audit whose report is lost";
    EXPECT_THAT(outcome.err, HasSubstr("cannot write /dev/full"));
    EXPECT_EQ(json::Document::parse(slurp(json))->root()["summary"]["ok"].integer_or(-1), 1);
}

TEST_F(Cli, exports_that_make_no_sense_are_refused_before_the_audit) {
    expect_refused({"audit", "--export", "report.xyz"}, "--export report.xyz: no format has files of this ending; there are .");
    expect_refused({"audit", "--export", "json:"}, "a file name must follow");
    expect_refused({"audit", "--export", "a.json", "--export", "json:./a.json"}, "another report goes to the same file");
    expect_refused({"audit", "--output", "a.json", "--export", "a.json"}, "another report goes to the same file");
    std::vector<std::string> many = {"audit"};
    for (int i = 0; i < 13; ++i) many.insert(many.end(), {"--export", std::to_string(i) + ".json"});
    expect_refused(many, "at most 12");
}

TEST_F(Cli, a_full_disk_is_no_success) {
    EXPECT_EQ(run({"query", "select 1"}, "", "/dev/full").exit_code, 2);
    EXPECT_EQ(run(offline_audit({"selftest_ok"}), "", "/dev/full").exit_code, 2);
    EXPECT_THAT(slurp(folder_ / "err"), HasSubstr("cannot write to standard output"));
}

TEST_F(Cli, lab_passes_words_and_exit_code_and_leaves_nothing_behind) {
    const std::filesystem::path scratch = folder_ / "scratch";
    std::filesystem::create_directories(scratch);
    ::setenv("TMPDIR", scratch.c_str(), 1);
    const Outcome outcome = run({"lab", "no-such-verb"});
    ::unsetenv("TMPDIR");
    EXPECT_NE(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out + outcome.err, HasSubstr("usage"));
    EXPECT_TRUE(std::filesystem::is_empty(scratch));
}

TEST_F(Cli, an_interrupt_ends_with_130_and_a_message) {
    const pid_t pid = start({"query", "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"});
    // Waits until the program has its handler (SigCgt of proc(5)): before that, a signal just ends it.
    constexpr unsigned sigint_bit = 1U << (SIGINT - 1);
    for (bool ready = false; !ready; ::sched_yield()) {
        const std::string status = slurp("/proc/" + std::to_string(pid) + "/status");
        const std::size_t at = status.find("SigCgt:\t");
        ready = at == std::string::npos || (std::stoull(status.substr(at + 8, 16), nullptr, 16) & sigint_bit) != 0;
    }
    ::kill(pid, SIGINT);
    const Outcome outcome = finish(pid);
    EXPECT_EQ(outcome.exit_code, 130);
    EXPECT_THAT(outcome.err, HasSubstr("interrupted"));
}

}  // namespace

}  // namespace bulkhead
