// SPDX-License-Identifier: Apache-2.0
#include "fix/validate.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "host/dockerd_config.h"
#include "host/dockerd_settings.h"
#include "world/live/errno_result.h"
#include "world/live/fd.h"

namespace bulkhead::fix {

namespace {

using world::fail_errno;
using world::Fd;

constexpr std::size_t words_bytes_max = 4096;

bool is_of_kind(const json::Value& value, host::SettingKind kind) {
    switch (kind) {
        case host::SettingKind::boolean: return value.boolean().has_value();
        case host::SettingKind::integer: return value.integer().has_value();
        case host::SettingKind::text: return value.text().has_value();
        case host::SettingKind::list: return value.is_array();
        case host::SettingKind::map: return value.is_object();
    }
    return false;
}

std::string_view kind_name(host::SettingKind kind) {
    switch (kind) {
        case host::SettingKind::boolean: return "true or false";
        case host::SettingKind::integer: return "a whole number";
        case host::SettingKind::text: return "text";
        case host::SettingKind::list: return "a list";
        case host::SettingKind::map: return "an object";
    }
    return "";
}

// What a program says until it ends its output or the time is up; only the first of it is kept.
std::string words_of(const Fd& from, bool& too_late) {
    std::string words;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(validate_time_max_ms);
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
        pollfd waiting{from.get(), POLLIN, 0};
        if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) == 0) {
            too_late = true;
            return words;
        }
        const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return words;
        if (words.size() < words_bytes_max) words.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

Result<void> check_program(const std::string& program) {
    struct stat status{};
    if (::stat(program.c_str(), &status) != 0) return fail_errno(errno, "the engine's program");
    if (!S_ISREG(status.st_mode) || status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return fail(Code::unsupported, "the engine's program is not root's alone to write, so it is not run");
    return {};
}

}  // namespace

Result<void> check_settings(std::string_view before, std::string_view after) {
    const auto old_settings = host::parse_daemon_json(before);
    const auto document = json::Document::parse(after.starts_with("\xEF\xBB\xBF") ? after.substr(3) : after);
    if (!document) return std::unexpected(document.error());
    if (!document->root().is_object()) return fail(Code::corrupt, "not a JSON object");
    for (const auto& [name, value] : document->root().members()) {
        const host::SettingInfo* info = host::setting_by_name(name);
        const bool was_there = name == "proxies" || (old_settings && old_settings->contains(name));
        if (info == nullptr && was_there) continue;
        if (info == nullptr) return fail(Code::invalid_input, fmt::format("\"{}\" is no setting of dockerd", text::printable(name)));
        if (info->note.starts_with("flag only")) return fail(Code::invalid_input, fmt::format("\"{}\" is a flag only", name));
        if (!is_of_kind(value, info->kind)) return fail(Code::invalid_input, fmt::format("\"{}\" has to be {}", name, kind_name(info->kind)));
    }
    return {};
}

Result<void> run_validate(const std::string& program, const std::string& file) {
    if (auto good = check_program(program); !good) return good;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno(errno, "pipe");
    const Fd out(ends[0]);
    Fd in(ends[1]);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, in.get(), 1);
    posix_spawn_file_actions_adddup2(&files, in.get(), 2);
    std::vector<std::string> words = {"dockerd", "--validate", "--config-file", file};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    std::array<char*, 2> environment = {path.data(), nullptr};
    pid_t pid = -1;
    const int error = ::posix_spawn(&pid, program.c_str(), &files, nullptr, arguments.data(), environment.data());
    posix_spawn_file_actions_destroy(&files);
    in.reset();
    if (error != 0) return fail_errno(error, "running dockerd --validate");
    bool too_late = false;
    const std::string said = words_of(out, too_late);
    if (too_late) ::kill(pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (too_late) return fail(Code::unavailable, fmt::format("dockerd --validate did not end within {} s", validate_time_max_ms / 1000));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return fail(Code::invalid_input, "dockerd --validate: " + text::printable(text::trim(said)));
}

}  // namespace bulkhead::fix
