// SPDX-License-Identifier: Apache-2.0
#include "world/live/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <vector>

#include "base/text.h"
#include "world/live/errno_result.h"
#include "world/live/fd.h"
#include "world/live/files.h"
#include "world/reading.h"

namespace bulkhead::world {

namespace {

struct Pipe {
    Fd read;
    Fd write;
};

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno(errno, "pipe");
    return Pipe{Fd(ends[0]), Fd(ends[1])};
}

std::string find_program(const std::string& name) {
    for (const char* folder : {"/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/"}) {
        if (access((folder + name).c_str(), X_OK) == 0) return folder + name;
    }
    return {};
}

struct Output {
    std::string out;
    std::string err;
    bool too_long = false;
    bool too_late = false;
};

// Both pipes until they end, the bound is hit or the time is up.
Output drain(const Fd& out, const Fd& err) {
    Output output;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(program_time_max_ms);
    std::array<pollfd, 2> waiting = {pollfd{out.get(), POLLIN, 0}, pollfd{err.get(), POLLIN, 0}};
    std::vector<char> buffer(1U << 16U);
    while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
        output.too_late = left <= 0;
        if (output.too_late) return output;
        if (poll(waiting.data(), waiting.size(), static_cast<int>(left)) < 0 && errno != EINTR) return output;
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            if (waiting[i].fd < 0 || waiting[i].revents == 0) continue;
            const ssize_t got = ::read(waiting[i].fd, buffer.data(), buffer.size());
            if (got <= 0) {
                waiting[i].fd = -1;
            } else if (i == 0) {
                output.out.append(buffer.data(), static_cast<std::size_t>(got));
                output.too_long = output.out.size() > program_output_bytes_max;
                if (output.too_long) return output;
            } else if (output.err.size() < 4096) {
                output.err.append(buffer.data(), static_cast<std::size_t>(got));
            }
        }
    }
    return output;
}

Result<pid_t> spawn(const std::string& path, const std::vector<std::string>& words, const Pipe& out, const Pipe& err) {
    std::vector<char*> argv;
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));  // posix_spawn's signature
    argv.push_back(nullptr);
    std::array<const char*, 3> environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out.write.get(), 1);
    posix_spawn_file_actions_adddup2(&actions, err.write.get(), 2);
    pid_t pid = 0;
    const int error = posix_spawn(&pid, path.c_str(), &actions, nullptr, argv.data(), const_cast<char**>(environment.data()));
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return fail_errno(error, path);
    return pid;
}

// Without legacy tables in this network namespace the legacy programs print nothing, and the kernel's list of such tables says so
// at a hundredth of the cost (it is the file they read themselves). No file: the kernel, or its module, is not there.
bool has_no_legacy_tables(std::string_view name) {
    const bool ipv6 = name.starts_with("ip6tables-legacy");
    if (!ipv6 && !name.starts_with("iptables-legacy")) return false;
    const auto names = read_file(ipv6 ? "/proc/thread-self/net/ip6_tables_names" : "/proc/thread-self/net/ip_tables_names", 0);
    if (names) return names->empty();
    // Missing proves something only where /proc itself is there.
    return names.error().code == Code::not_found && access("/proc/thread-self/net/dev", F_OK) == 0;
}

}  // namespace

Result<std::string> run_program(std::string_view name) {
    if (std::ranges::find(program_names, name) == std::end(program_names)) return fail(Code::internal, "not a program of the closed list");
    if (has_no_legacy_tables(name)) return std::string();
    std::vector<std::string> words;
    for (const std::string_view word : text::words(name)) words.emplace_back(word);
    const std::string path = find_program(words[0]);
    if (path.empty()) {
        return fail(Code::unsupported, fmt::format("{} is not installed here (apt-get install {})", words[0], words[0] == "nft" ? "nftables" : "iptables"));
    }
    auto out = make_pipe();
    if (!out) return std::unexpected(out.error());
    auto err = make_pipe();
    if (!err) return std::unexpected(err.error());
    const auto pid = spawn(path, words, *out, *err);
    if (!pid) return std::unexpected(pid.error());
    out->write.reset();
    err->write.reset();
    Output output = drain(out->read, err->read);
    if (output.too_late || output.too_long) kill(*pid, SIGKILL);
    int status = 0;
    while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (output.too_late) return fail(Code::limit_exceeded, fmt::format("{}: no end after {} ms", name, program_time_max_ms));
    if (output.too_long) return fail(Code::limit_exceeded, fmt::format("{}: more than {} bytes", name, program_output_bytes_max));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        const std::string words_said(text::trim(output.err));
        const bool denied = words_said.find("ermission denied") != std::string::npos || words_said.find("not permitted") != std::string::npos;
        return fail(denied ? Code::permission_denied : Code::unavailable, fmt::format("{}: {}", name, words_said.empty() ? "ended with an error" : words_said));
    }
    return std::move(output.out);
}

}  // namespace bulkhead::world
