// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <fmt/format.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/text.h"
#include "report/layout.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t width_default = 80;
constexpr std::size_t width_min = 40;
constexpr std::size_t width_max = 500;

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

std::size_t width_of(int fd) {
    winsize size{};
    std::size_t width = width_default;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        width = size.ws_col;
    } else if (const char* columns = std::getenv("COLUMNS"); columns != nullptr) {
        if (const auto number = text::to_integer(columns); number && *number > 0) width = static_cast<std::size_t>(*number);
    }
    return std::clamp(width, width_min, width_max);
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

bool is_terminal(int fd) { return isatty(fd) == 1; }

report::RenderOptions render_options(bool no_color) {
    const char* term = std::getenv("TERM");
    const bool dumb = term == nullptr || std::strcmp(term, "dumb") == 0;
    const bool color = is_terminal(STDOUT_FILENO) && !no_color && !is_set("NO_COLOR") && !dumb;
    return {.width = width_of(STDOUT_FILENO),
            .color = color ? report::Color::on : report::Color::off,
            .glyphs = std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? report::Glyphs::unicode : report::Glyphs::ascii};
}

Result<void> write_out(std::string_view bytes) {
    if (write_all(STDOUT_FILENO, bytes) || errno == EPIPE) return {};
    return fail(Code::unavailable, fmt::format("cannot write to standard output: {}", std::strerror(errno)));
}

void complain(std::string_view message) { write_all(STDERR_FILENO, "bulkhead: " + text::printable(message) + "\n"); }

void complain(const Error& error) { complain(error.message); }

void ProgressLine::show(std::string_view line) {
    if (!on_) return;
    // CR and "erase to the end of the line" (ECMA-48 EL); one column stays free so that the terminal does not wrap.
    write_all(STDERR_FILENO, "\r" + report::cut(text::printable(line), width_of(STDERR_FILENO) - 1, "") + "\x1b[K");
    shown_ = true;
}

void ProgressLine::clear() {
    if (shown_) write_all(STDERR_FILENO, "\r\x1b[K");
    shown_ = false;
}

}  // namespace bulkhead::cli
