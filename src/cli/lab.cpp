// SPDX-License-Identifier: Apache-2.0
// `bulkhead lab`: runs the lab's scripts, which travel inside the program, from a private folder that is removed when they end.
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/resources.h"
#include "cli/command.h"
#include "cli/terminal.h"

extern char** environ;

namespace bulkhead::cli {

namespace {

std::atomic<pid_t> child = 0;

// A signal from the terminal reaches the child by itself, for it is in the same process group; one that was sent to us alone
// (si_code <= 0: by a process, sigaction(2)) is passed on.
void forward(int signal, siginfo_t* info, void* /*context*/) {
    if (const pid_t pid = child; pid > 0 && info->si_code <= 0) ::kill(pid, signal);
}

class ScriptFolder {
  public:
    static Result<ScriptFolder> unpack() {
        const char* base = std::getenv("TMPDIR");
        std::string name = fmt::format("{}/bulkhead-lab.XXXXXX", base != nullptr && *base == '/' ? base : "/tmp");
        if (::mkdtemp(name.data()) == nullptr) return fail(Code::unavailable, fmt::format("cannot make {}: {}", name, std::strerror(errno)));
        ScriptFolder folder(name);
        bool complete = false;
        for (const Resource& resource : resources()) {
            if (!resource.path.starts_with("lab/")) continue;
            if (!write(folder.path_ / resource.path, resource.bytes)) return fail(Code::unavailable, fmt::format("cannot write {}/{}", name, resource.path));
            complete = complete || resource.path == "lab/lab.sh";
        }
        if (!complete) return fail(Code::unsupported, "this bulkhead was built without the lab");
        return folder;
    }
    ~ScriptFolder() {
        std::error_code error;
        if (!path_.empty()) std::filesystem::remove_all(path_, error);
    }
    ScriptFolder(ScriptFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
    ScriptFolder& operator=(ScriptFolder&&) = delete;

    [[nodiscard]] std::string script() const { return path_ / "lab/lab.sh"; }

  private:
    explicit ScriptFolder(std::string path) : path_(std::move(path)) {}

    static bool write(const std::filesystem::path& path, std::string_view bytes) {
        std::error_code error;
        std::filesystem::create_directories(path.parent_path(), error);
        std::ofstream file(path, std::ios::binary);
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        file.close();
        using std::filesystem::perms;
        const perms plain = perms::owner_read | perms::owner_write | perms::group_read | perms::others_read;
        const perms runnable = plain | perms::owner_exec | perms::group_exec | perms::others_exec;
        std::filesystem::permissions(path, bytes.starts_with("#!") ? runnable : plain, error);
        return file.good() && !error;
    }

    std::filesystem::path path_;
};

int run_script(const std::string& script, const std::vector<std::string>& arguments) {
    std::vector<std::string> words = {"bash", script};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    struct sigaction action{};
    action.sa_sigaction = forward;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
    // Handlers do not survive exec, ignored signals do: the script gets SIGPIPE as it should be.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    const int failed = ::posix_spawnp(&pid, "bash", nullptr, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) {
        complain(fmt::format("cannot run bash for the lab: {}", std::strerror(failed)));
        return exit_error;
    }
    child = pid;
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    child = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int run_lab(const std::vector<std::string>& arguments) {
    const auto folder = ScriptFolder::unpack();
    if (!folder) {
        complain(folder.error());
        return exit_error;
    }
    return run_script(folder->script(), arguments);
}

}  // namespace

Command lab() {
    return {"lab", [](CLI::App& root, Context& context) {
                CLI::App* app = root.add_subcommand("lab", "Throw-away Docker engines to try bulkhead on");
                app->prefix_command();
                app->fallthrough(false);  // every word is the lab's
                app->footer(
                    "Verbs:\n"
                    "  up [leaky|hardened|swarm]   start one (default leaky); needs root\n"
                    "  down [NAME]                 end one, or all\n"
                    "  status                      what is up\n"
                    "  env NAME                    print its DOCKER_HOST= line\n\n"
                    "Examples:\n"
                    "  bulkhead lab up leaky\n"
                    "  env $(bulkhead lab env leaky) bulkhead audit\n"
                    "  bulkhead lab down");
                app->callback([&context, app] { context.action = [arguments = app->remaining()] { return run_lab(arguments); }; });
            }};
}

}  // namespace bulkhead::cli
