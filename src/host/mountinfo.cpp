// SPDX-License-Identifier: Apache-2.0
#include "host/mountinfo.h"

#include <algorithm>

#include "base/text.h"

namespace bulkhead::host {

namespace {

bool is_octal(char c) { return c >= '0' && c <= '7'; }

}  // namespace

bool MountOptions::contains(std::string_view name) const {
    for (std::string_view rest = text_; !rest.empty();) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        if (rest.substr(0, end) == name) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

std::vector<std::string> MountOptions::items() const {
    std::vector<std::string> out;
    for (const std::string_view part : text::split(text_, ',')) {
        if (!part.empty()) out.push_back(unescape_octal(part));
    }
    return out;
}

bool Mount::has_option(std::string_view name) const { return options.contains(name); }

bool Mount::is_read_only() const { return options.contains("ro") || super_options.contains("ro"); }

std::string unescape_octal(std::string_view text) {
    if (!text.contains('\\')) return std::string(text);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && text.size() - i > 3 && text[i + 1] <= '3' && is_octal(text[i + 1]) && is_octal(text[i + 2]) && is_octal(text[i + 3])) {
            out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

Result<std::vector<Mount>> parse_mountinfo(std::string_view bytes) {
    std::vector<Mount> mounts;
    for (const std::string_view line : text::lines(bytes)) {
        // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue: an empty source leaves an empty part.
        const auto parts = text::split(line, ' ');
        const auto dash = std::ranges::find(parts, "-");
        if (parts.size() < 6 || dash < parts.begin() + 6 || parts.end() - dash < 4)
            return fail(Code::corrupt, "not a mountinfo line: " + text::printable(line));
        const auto id = text::to_integer(parts[0]);
        const auto parent = text::to_integer(parts[1]);
        if (!id || !parent) return fail(Code::corrupt, "not a mountinfo line: " + text::printable(line));
        if (mounts.size() == mounts_max) return fail(Code::limit_exceeded, "more mounts than can be");
        Mount mount{*id, *parent, std::string(parts[2]), unescape_octal(parts[3]), unescape_octal(parts[4]), MountOptions(parts[5]), {}, {}, {}, {}};
        for (auto part = parts.begin() + 6; part != dash; ++part) mount.propagation.emplace_back(*part);
        mount.fs_type = unescape_octal(dash[1]);
        mount.source = unescape_octal(dash[2]);
        mount.super_options = MountOptions(dash[3]);
        mounts.push_back(std::move(mount));
    }
    return mounts;
}

}  // namespace bulkhead::host
