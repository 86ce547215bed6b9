// SPDX-License-Identifier: Apache-2.0
#include "host/dockerd_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parser.hpp>

#include "base/json.h"
#include "base/text.h"
#include "host/dockerd_flags.h"
#include "host/dockerd_settings.h"

namespace bulkhead::host {

namespace {

using Settings = std::map<std::string, std::string>;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // dockerd skips it too

// Line and column of the first byte that is not JSON; boost.json tells how far it came, simdjson does not.
std::string position_of_error(std::string_view bytes) {
    boost::json::parse_options options;
    options.max_depth = json::depth_max;
    boost::json::parser parser({}, options);
    boost::json::error_code error;
    const std::size_t taken = std::min(parser.write_some(bytes.data(), bytes.size(), error), bytes.size());
    const std::string_view before = bytes.substr(0, taken);
    const auto line = std::ranges::count(before, '\n') + 1;
    const std::size_t newline = before.rfind('\n');
    return fmt::format("line {}, column {}", line, newline == std::string_view::npos ? taken + 1 : taken - newline);
}

std::optional<int> major_of(const std::optional<std::string>& version) {
    if (!version) return std::nullopt;
    const auto major = text::to_integer(std::string_view(*version).substr(0, version->find('.')));
    return major && *major > 0 && *major < 1000 ? std::optional(static_cast<int>(*major)) : std::nullopt;
}

// "name:x:1000:1000:text:/home/name:/bin/sh" (passwd(5)).
std::optional<std::string> home_of(std::string_view passwd, std::int64_t uid) {
    for (const std::string_view line : text::lines(passwd)) {
        const auto fields = text::split(line, ':');
        if (fields.size() >= 7 && text::to_integer(fields[2]) == uid) return std::string(fields[5]);
    }
    return std::nullopt;
}

// Where the engine looks for its file. A rootless engine's is below the home of its user (XDG_CONFIG_HOME is in its environment).
Result<std::string> config_path(Host& host, const Settings& flags, std::int64_t engine) {
    if (const auto given = flags.find("config-file"); given != flags.end()) {
        const auto path = json::Document::parse(given->second);
        std::string text = path ? path->root().text_or() : "";
        if (!text.starts_with('/')) return fail(Code::unsupported, "the configuration file is given by a relative path: " + text::printable(text));
        return text;
    }
    if (const auto rootless = flags.find("rootless"); rootless == flags.end() || rootless->second != "true") return std::string("/etc/docker/daemon.json");
    const auto status = host.world().read(world::file_at(fmt::format("/proc/{}/status", engine)));
    const auto passwd = host.world().read(world::file_at("/etc/passwd", engine));
    const auto parsed_status = status->present() ? parse_proc_status(status->bytes) : std::unexpected(error_of(*status));
    const auto home = parsed_status && passwd->present() ? home_of(passwd->bytes, parsed_status->uid) : std::nullopt;
    if (!home) return fail(Code::unavailable, "the home of the rootless engine's user, where its configuration file is, cannot be found");
    return *home + "/.config/docker/daemon.json";
}

class Effective {
  public:
    Effective(Settings flags, std::string flags_locator, std::optional<int> major)
        : flags_(std::move(flags)), flags_locator_(std::move(flags_locator)), major_(major) {}

    void put_flags() {
        for (const auto& [name, value] : flags_) put(name, value, "flag", flags_locator_);
    }
    // dockerd refuses to start when a setting is in both, but for runtimes, which it adds together (skipDuplicates in moby).
    void put_file(const Settings& file, const std::string& locator) {
        for (const auto& [name, value] : file) {
            const auto found = std::ranges::find(out_, name, &DaemonSetting::name);
            if (found == out_.end()) {
                put(name, value, "file", locator);
            } else if (name == "runtimes") {
                found->note = "also in the file: " + value;
            } else {
                found->conflict = true;
            }
        }
    }
    void put_defaults(const std::string& locator) {
        for (const SettingInfo& info : dockerd_settings()) {
            if (std::ranges::find(out_, info.name, &DaemonSetting::name) == out_.end())
                put(std::string(info.name), info.default_for(major_), "default", locator);
        }
    }
    std::vector<DaemonSetting> take() {
        std::ranges::sort(out_, {}, &DaemonSetting::name);
        return std::move(out_);
    }

  private:
    void put(const std::string& name, std::optional<std::string> value, std::string source, const std::string& locator) {
        const SettingInfo* info = setting_by_name(name);
        DaemonSetting setting{name, std::move(value), std::move(source), locator, false, {}, {}};
        if (info != nullptr) {
            setting.documented_default = info->default_for(major_);
            setting.note = info->note;
        }
        out_.push_back(std::move(setting));
    }

    Settings flags_;
    std::string flags_locator_;
    std::optional<int> major_;
    std::vector<DaemonSetting> out_;
};

}  // namespace

Result<std::map<std::string, std::string>> parse_daemon_json(std::string_view bytes) {
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    Settings settings;
    if (text::trim(bytes).empty()) return settings;  // dockerd takes an empty file for no settings
    const auto document = json::Document::parse(bytes);
    if (!document) return std::unexpected(Error{document.error()}.in(position_of_error(bytes)));
    if (!document->root().is_object()) return fail(Code::corrupt, "line 1, column 1: not a JSON object");
    for (const auto& [name, value] : document->root().members()) {
        if (name != "proxies") {
            settings[name] = value.dump();
            continue;
        }
        for (const auto& [proxy, address] : value.members()) settings[proxy] = address.dump();
    }
    return settings;
}

Result<ConfigPath> dockerd_config_path(Host& host) {
    if (!host.engine_pid()) return std::unexpected(host.engine_pid().error());
    const auto cmdline = host.world().read(world::file_at(fmt::format("/proc/{}/cmdline", *host.engine_pid())));
    if (!cmdline->present()) return std::unexpected(error_of(*cmdline));
    auto path = config_path(host, parse_dockerd_flags(parse_cmdline(cmdline->bytes)), *host.engine_pid());
    if (!path) return std::unexpected(path.error());
    return ConfigPath{std::move(*path), cmdline->locator};
}

Found<DaemonSetting> dockerd_config(Host& host, const std::optional<std::string>& engine_version) {
    Found<DaemonSetting> found;
    if (!host.engine_pid()) return {{}, {host.engine_problem()}};
    const std::int64_t engine = *host.engine_pid();
    const auto cmdline = host.world().read(world::file_at(fmt::format("/proc/{}/cmdline", engine)));
    const auto words = cmdline->present() ? parse_cmdline(cmdline->bytes) : std::vector<std::string>{};
    if (words.empty()) {
        found.problems.push_back(cmdline->present() ? Problem{cmdline->locator, "the engine's command line is empty"} : problem_of(*cmdline));
        return found;
    }
    const Settings flags = parse_dockerd_flags(words);
    Effective effective(flags, cmdline->locator, major_of(engine_version));
    effective.put_flags();
    const auto path = config_path(host, flags, engine);
    if (!path) {
        found.problems.push_back({cmdline->locator, path.error().message});
    } else {
        const auto file = host.world().read(world::file_at(*path, engine));
        const std::size_t before = found.problems.size();
        const auto settings = parsed<Settings>(*file, parse_daemon_json, found.problems, Absent::is_nothing);
        if (settings) effective.put_file(*settings, file->locator);
        if (found.problems.size() == before) effective.put_defaults(file->locator);
    }
    found.items = effective.take();
    return found;
}

}  // namespace bulkhead::host
