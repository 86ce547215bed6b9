// SPDX-License-Identifier: Apache-2.0
// Flows out of a file of lines of JSON.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "cli/flow_sources.h"
#include "flow/observed_parse.h"

namespace bulkhead::cli {

namespace {

constexpr int wait_ms = 200;  // for more of a pipe, before it is asked whether to stop

class FlowFile : public flow::FlowSource {
  public:
    FlowFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
    ~FlowFile() override {
        if (fd_ != STDIN_FILENO) ::close(fd_);
    }
    FlowFile(const FlowFile&) = delete;
    FlowFile& operator=(const FlowFile&) = delete;

    Result<void> run(const std::stop_token& stop, const flow::Taken& taken) override {
        std::array<char, 65536> buffer{};
        while (!stop.stop_requested()) {
            pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
            if (::poll(&ready, 1, wait_ms) == 0) continue;
            const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return fail(Code::unavailable, fmt::format("cannot read {}: {}", path_, std::strerror(errno)));
            if (got == 0) {
                if (const auto last = give(rest_, taken); !last) return std::unexpected(last.error());
                return {};
            }
            rest_.append(buffer.data(), static_cast<std::size_t>(got));
            const auto more = give_lines(taken);
            if (!more) return std::unexpected(more.error());
            if (!*more) return {};
            if (rest_.size() > flow::flow_line_bytes_max)
                return fail(Code::limit_exceeded, fmt::format("{}:{}: the line is longer than a flow can be", path_, line_ + 1));
        }
        return {};
    }

    [[nodiscard]] std::string account(std::uint64_t chosen) const override {
        return chosen == flows_ ? fmt::format("{} flows", flows_) : fmt::format("{} flows, {} of them chosen", flows_, chosen);
    }

  private:
    // Whether more is wanted.
    Result<bool> give_lines(const flow::Taken& taken) {
        std::size_t at = 0;
        for (std::size_t end; (end = rest_.find('\n', at)) != std::string::npos; at = end + 1) {
            const auto more = give(std::string_view(rest_).substr(at, end - at), taken);
            if (!more || !*more) return more;
        }
        rest_.erase(0, at);
        return true;
    }
    Result<bool> give(std::string_view line, const flow::Taken& taken) {
        ++line_;
        if (text::trim(line).empty()) return true;
        const auto parsed = flow::parse_observed(line);
        if (!parsed) return std::unexpected(parsed.error().in(fmt::format("{}:{}", path_, line_)));
        ++flows_;
        return taken(*parsed, flow::Moment::over);
    }

    std::string path_;
    int fd_;
    std::string rest_;
    std::uint64_t line_ = 0, flows_ = 0;
};

}  // namespace

Result<FlowSourcePtr> open_flow_file(const std::string& path) {
    if (path == "-") return std::make_unique<FlowFile>("standard input", STDIN_FILENO);
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        const Code code = errno == ENOENT ? Code::not_found : errno == EACCES ? Code::permission_denied : Code::unavailable;
        return fail(code, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
    }
    return std::make_unique<FlowFile>(path, fd);
}

}  // namespace bulkhead::cli
