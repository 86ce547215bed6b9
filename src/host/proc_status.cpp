// SPDX-License-Identifier: Apache-2.0
#include "host/proc_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/text.h"

namespace bulkhead::host {

namespace {

constexpr std::int64_t ticks_per_second = 100;

// The lines that are asked for, in the order in which the kernel writes them; hundreds of processes are read in one run.
constexpr std::array<std::string_view, 14> names = {"Name",   "State",  "PPid",   "Uid",    "Gid",        "NSpid",   "CapInh",
                                                    "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "Seccomp_filters"};

class Fields {
  public:
    explicit Fields(std::string_view bytes) {
        std::size_t next = 0;
        while (!bytes.empty()) {
            const std::size_t end = std::min(bytes.find('\n'), bytes.size());
            const std::string_view line = bytes.substr(0, end);
            bytes.remove_prefix(std::min(end + 1, bytes.size()));
            const std::size_t colon = line.find(':');
            if (colon == std::string_view::npos) continue;
            const std::size_t place = place_of(line.substr(0, colon), next);
            if (place == names.size() || values_[place].data() != nullptr) continue;
            values_[place] = text::trim(line.substr(colon + 1));
            next = place + 1;
        }
    }
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const {
        const std::string_view value = values_[place_of(name, 0)];
        return value.data() == nullptr ? std::nullopt : std::optional(value);
    }

  private:
    static std::size_t place_of(std::string_view name, std::size_t likely) {
        if (likely < names.size() && names[likely] == name) return likely;
        return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
    }
    std::array<std::string_view, names.size()> values_;  // no data: not there
};

std::optional<std::int64_t> number(const Fields& fields, std::string_view name, std::size_t position = 0) {
    auto rest = fields.find(name);
    if (!rest) return std::nullopt;
    constexpr std::string_view blanks = " \t";
    for (std::size_t i = 0; i < position; ++i) {
        rest->remove_prefix(std::min(rest->find_first_of(blanks), rest->size()));
        rest->remove_prefix(std::min(rest->find_first_not_of(blanks), rest->size()));
    }
    const auto value = text::to_integer(rest->substr(0, rest->find_first_of(blanks)));
    return value && *value >= 0 ? value : std::nullopt;
}

std::optional<std::uint64_t> mask(const Fields& fields, std::string_view name) {
    const auto hex = fields.find(name);
    if (!hex) return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(hex->data(), hex->data() + hex->size(), value, 16);
    if (error != std::errc{} || end != hex->data() + hex->size()) return std::nullopt;
    return value;
}

template <class Number>
bool put(Number& target, const std::optional<Number>& value) {
    if (value) target = *value;
    return value.has_value();
}

}  // namespace

Result<ProcStatus> parse_proc_status(std::string_view bytes) {
    const Fields fields(bytes);
    ProcStatus status;
    const auto missing = [](std::string_view what) { return fail(Code::corrupt, fmt::format("process status without a right {} line", what)); };
    if (const auto found = fields.find("Name")) status.name = *found;
    if (const auto found = fields.find("State")) status.state = found->substr(0, 1);
    if (!put(status.ppid, number(fields, "PPid"))) return missing("PPid");
    if (!put(status.uid, number(fields, "Uid", 0)) || !put(status.euid, number(fields, "Uid", 1))) return missing("Uid");
    if (!put(status.gid, number(fields, "Gid", 0)) || !put(status.egid, number(fields, "Gid", 1))) return missing("Gid");
    if (!put(status.cap_inheritable, mask(fields, "CapInh"))) return missing("CapInh");
    if (!put(status.cap_permitted, mask(fields, "CapPrm"))) return missing("CapPrm");
    if (!put(status.cap_effective, mask(fields, "CapEff"))) return missing("CapEff");
    if (!put(status.cap_bounding, mask(fields, "CapBnd"))) return missing("CapBnd");
    status.cap_ambient = mask(fields, "CapAmb").value_or(0);  // Linux 4.3
    if (const auto flag = number(fields, "NoNewPrivs")) status.no_new_privs = *flag != 0;
    status.seccomp_mode = number(fields, "Seccomp");
    status.seccomp_filters = number(fields, "Seccomp_filters");
    if (const auto found = fields.find("NSpid")) {
        for (const std::string_view part : text::words(*found)) {
            const auto pid = text::to_integer(part);
            if (!pid || *pid < 0) return missing("NSpid");
            status.ns_pids.push_back(*pid);
        }
    }
    return status;
}

Result<std::int64_t> parse_start_ticks(std::string_view stat) {
    // The name may hold blanks and parentheses: the fields start behind the last one.
    const std::size_t close = stat.rfind(')');
    constexpr std::size_t start_time_behind_name = 22 - 3;
    if (close != std::string_view::npos) {
        const auto parts = text::words(text::trim(stat.substr(close + 1)));
        if (parts.size() > start_time_behind_name) {
            const auto ticks = text::to_integer(parts[start_time_behind_name]);
            if (ticks && *ticks >= 0) return *ticks;
        }
    }
    return fail(Code::corrupt, "process stat without a start time");
}

Result<UnixMs> parse_boot_time(std::string_view proc_stat) {
    for (const std::string_view line : text::lines(proc_stat)) {
        if (!line.starts_with("btime ")) continue;
        const auto seconds = text::to_integer(text::trim(line.substr(6)));
        if (seconds && *seconds >= 0 && *seconds < std::numeric_limits<UnixMs>::max() / 1000) return *seconds * 1000;
    }
    return fail(Code::corrupt, "/proc/stat without a boot time");
}

UnixMs start_time(UnixMs boot_time, std::int64_t start_ticks) {
    const std::int64_t seconds = start_ticks / ticks_per_second;
    const std::int64_t rest_ms = start_ticks % ticks_per_second * (1000 / ticks_per_second);
    if (seconds > (std::numeric_limits<UnixMs>::max() - boot_time) / 1000 - 1) return boot_time;
    return boot_time + seconds * 1000 + rest_ms;
}

std::vector<std::string> parse_cmdline(std::string_view bytes) {
    std::vector<std::string> arguments;
    if (bytes.ends_with('\0')) bytes.remove_suffix(1);
    if (bytes.empty()) return arguments;
    for (const std::string_view part : text::split(bytes, '\0')) arguments.emplace_back(part);
    return arguments;
}

}  // namespace bulkhead::host
