// SPDX-License-Identifier: Apache-2.0
#include "agent/config.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <tuple>

#include "audit/yaml_fields.h"
#include "base/ip.h"
#include "base/text.h"
#include "world/live/files.h"

namespace bulkhead::agent {

namespace {

using audit::YamlFields;

struct Unit {
    std::string_view name;
    std::uint64_t bytes;
};
constexpr std::array units{Unit{"", 1},
                           Unit{"b", 1},
                           Unit{"kb", 1000},
                           Unit{"mb", 1'000'000},
                           Unit{"gb", 1'000'000'000},
                           Unit{"tb", 1'000'000'000'000},
                           Unit{"kib", 1ULL << 10U},
                           Unit{"mib", 1ULL << 20U},
                           Unit{"gib", 1ULL << 30U},
                           Unit{"tib", 1ULL << 40U}};

Result<void> read_number(const YamlFields& fields, std::string_view key, std::int64_t least, std::int64_t most, auto& into) {
    if (!fields.has(key)) return {};
    const auto given = fields.text(key);
    if (!given) return std::unexpected(given.error());
    const auto number = text::to_integer(*given);
    if (!number || *number < least || *number > most) {
        return fields.fail_at(key, fmt::format("{}: a number from {} to {} is wanted, not \"{}\"", key, least, most, text::printable(*given)));
    }
    into = static_cast<std::remove_reference_t<decltype(into)>>(*number);
    return {};
}

Result<void> read_size(const YamlFields& fields, std::string_view key, std::uint64_t& into) {
    if (!fields.has(key)) return {};
    const auto given = fields.text(key);
    if (!given) return std::unexpected(given.error());
    const auto size = parse_size(*given);
    if (!size) return fields.fail_at(key, fmt::format("{}: {}", key, size.error().message));
    into = *size;
    return {};
}

Result<void> read_history(const YAML::Node& node, const std::string& file, Config& config) {
    const auto fields = YamlFields::read(node, file, {"folder", "days", "size", "minute_days", "hour_days"});
    if (!fields) return std::unexpected(fields.error());
    auto folder = fields->text_or("folder", config.history);
    if (!folder) return std::unexpected(folder.error());
    if (!folder->starts_with('/')) return fields->fail_at("folder", "folder: a path from the root is wanted");
    config.history = std::move(*folder);
    constexpr std::int64_t days_max = 36'500;
    history::Retention& retention = config.retention;
    for (const auto& [key, into] :
         {std::pair{"days", &retention.flow_days}, std::pair{"minute_days", &retention.minute_days}, std::pair{"hour_days", &retention.hour_days}}) {
        if (const auto read = read_number(*fields, key, 1, days_max, *into); !read) return read;
    }
    if (const auto read = read_size(*fields, "size", retention.bytes); !read) return read;
    constexpr std::uint64_t least = 16ULL << 20U;
    if (retention.bytes < least) return fields->fail_at("size", "size: at least 16 MiB");
    return {};
}

Result<void> read_datapath(const YAML::Node& node, const std::string& file, Config& config) {
    const auto fields = YamlFields::read(node, file, {"flows", "payload_bytes", "ring_bytes"});
    if (!fields) return std::unexpected(fields.error());
    if (const auto read = read_number(*fields, "flows", 1'024, 4'000'000, config.datapath.flows_max); !read) return read;
    if (const auto read = read_number(*fields, "payload_bytes", 0, datapath::payload_bytes_max, config.datapath.payload_bytes); !read) return read;
    std::uint64_t ring = config.datapath.ring_bytes;
    if (const auto read = read_size(*fields, "ring_bytes", ring); !read) return read;
    if (!std::has_single_bit(ring) || ring < (1U << 12U) || ring > (1U << 28U))
        return fields->fail_at("ring_bytes", "ring_bytes: a power of two from 4 KiB to 256 MiB");
    config.datapath.ring_bytes = static_cast<std::uint32_t>(ring);
    return {};
}

bool may_listen(std::string_view listen) {
    if (listen.starts_with("unix:/")) return listen.size() < 100;  // sockaddr_un has 108
    const auto colon = listen.rfind(':');
    if (colon == std::string_view::npos) return false;
    std::string_view host = listen.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const auto address = IpAddress::parse(host);
    const auto port = text::to_integer(listen.substr(colon + 1));
    return address && address->is_loopback() && port && *port >= 0 && *port <= 65'535;
}

}  // namespace

bool Config::operator==(const Config& other) const {
    const auto fields = [](const Config& one) {
        return std::tuple(one.engine, one.listen, one.history, one.retention.flow_days, one.retention.bytes, one.retention.minute_days, one.retention.hour_days,
                          one.datapath.flows_max, one.datapath.payload_bytes, one.datapath.ring_bytes);
    };
    return fields(*this) == fields(other);
}

Result<std::uint64_t> parse_size(std::string_view text) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = text::to_integer(text.substr(0, end));
    const std::string unit = text::lower(text::trim(text.substr(end)));
    for (const Unit& one : units) {
        if (!number || *number < 0 || one.name != unit) continue;
        if (static_cast<std::uint64_t>(*number) > (1ULL << 60U) / one.bytes) return fail(Code::invalid_input, "too large");
        return static_cast<std::uint64_t>(*number) * one.bytes;
    }
    return fail(Code::invalid_input, fmt::format("a size is wanted, as \"512 MiB\" or \"2GB\", not \"{}\"", text::printable(text)));
}

Result<Config> parse_config(std::string_view text, const std::string& file) {
    Config config;
    const auto node = audit::parse_yaml(text, file);
    if (!node) return std::unexpected(node.error());
    if (!node->IsDefined() || node->IsNull()) return config;  // comments alone
    const auto fields = YamlFields::read(*node, file, {"engine", "listen", "history", "datapath"});
    if (!fields) return std::unexpected(fields.error());
    auto engine = fields->text_or("engine", "");
    auto listen = fields->text_or("listen", default_listen);
    if (!engine) return std::unexpected(engine.error());
    if (!listen) return std::unexpected(listen.error());
    config.engine = std::move(*engine);
    config.listen = std::move(*listen);
    if (!may_listen(config.listen)) return fields->fail_at("listen", "listen: unix:/PATH, 127.0.0.1:PORT or [::1]:PORT is wanted");
    if (fields->has("history")) {
        if (const auto read = read_history(fields->node("history"), file, config); !read) return std::unexpected(read.error());
    }
    if (fields->has("datapath")) {
        if (const auto read = read_datapath(fields->node("datapath"), file, config); !read) return std::unexpected(read.error());
    }
    return config;
}

Result<Config> load_config(const std::string& path) {
    const auto bytes = world::read_file(path, 0);
    if (!bytes) return std::unexpected(bytes.error());
    return parse_config(*bytes, path);
}

}  // namespace bulkhead::agent
