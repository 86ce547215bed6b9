// SPDX-License-Identifier: Apache-2.0
#include "host/process_limits.h"

#include "base/text.h"

namespace bulkhead::host {

namespace {

constexpr std::size_t lines_max = 64;

struct Name {
    std::string_view kernel, docker;
};
constexpr Name names[] = {{"Max cpu time", "cpu"},
                          {"Max file size", "fsize"},
                          {"Max data size", "data"},
                          {"Max stack size", "stack"},
                          {"Max core file size", "core"},
                          {"Max resident set", "rss"},
                          {"Max processes", "nproc"},
                          {"Max open files", "nofile"},
                          {"Max locked memory", "memlock"},
                          {"Max file locks", "locks"},
                          {"Max pending signals", "sigpending"},
                          {"Max msgqueue size", "msgqueue"},
                          {"Max nice priority", "nice"},
                          {"Max realtime priority", "rtprio"},
                          {"Max realtime timeout", "rttime"}};

bool read_value(std::string_view word, std::optional<std::int64_t>& into) {
    if (word == "unlimited") return true;
    into = text::to_integer(word);
    return into.has_value();
}

}  // namespace

// "Max open files            1048576              1048576              files     "
Result<std::vector<ProcessLimit>> parse_process_limits(std::string_view bytes) {
    std::vector<ProcessLimit> limits;
    const auto lines = text::lines(bytes);
    if (lines.size() > lines_max) return fail(Code::limit_exceeded, "too many lines for the limits of a process");
    for (const std::string_view line : lines) {
        for (const auto& [kernel, docker] : names) {
            if (!line.starts_with(kernel) || !line.substr(kernel.size()).starts_with(' ')) continue;
            const auto words = text::words(line.substr(kernel.size()));
            ProcessLimit limit{std::string(docker), {}, {}};
            if (words.size() < 2 || !read_value(words[0], limit.soft) || !read_value(words[1], limit.hard))
                return fail(Code::corrupt, "not a limit of a process: " + text::printable(line));
            limits.push_back(std::move(limit));
        }
    }
    if (limits.empty()) return fail(Code::corrupt, "no limits of a process");
    return limits;
}

}  // namespace bulkhead::host
