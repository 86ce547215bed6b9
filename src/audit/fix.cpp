// SPDX-License-Identifier: Apache-2.0
#include "audit/fix.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "audit/yaml_fields.h"
#include "base/json.h"
#include "base/text.h"

namespace bulkhead::audit {

namespace {

constexpr std::string_view then_words[] = {"reload", "restart", "recreate"};
constexpr std::size_t fixes_max = 16;  // of one control
constexpr std::int64_t id_max = 4294967294;

bool takes_value(FixKind kind) {
    return kind == FixKind::daemon_json || kind == FixKind::compose || kind == FixKind::compose_item || kind == FixKind::unit_drop_in;
}

bool is_unit(std::string_view name) {
    const bool known_type = name.ends_with(".service") || name.ends_with(".socket");
    return known_type && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
}

bool is_owner(std::string_view text) {
    const auto parts = text::split(text, ':');
    return parts.size() == 2 && std::ranges::all_of(parts, [](std::string_view part) {
               const auto id = text::to_integer(part);
               return id && *id >= 0 && *id <= id_max;
           });
}

// What is wrong with the words of one fix; nothing: they are good.
std::optional<std::string> mistake_of(const Fix& fix) {
    switch (fix.kind) {
        case FixKind::daemon_json:
            if (fix.value != remove_value && !json::Document::parse(fix.value)) return "the value of daemon_json is JSON, or remove";
            return std::nullopt;
        case FixKind::compose:
        case FixKind::compose_item:
            if (fix.value.contains('\n')) return "the value of a Compose key stands on one line";
            return std::nullopt;
        case FixKind::file_mode:
            if (const auto mode = text::to_integer(fix.target, 8); !mode || *mode < 0 || *mode > 07777) return "file_mode is octal, '0644'";
            return std::nullopt;
        case FixKind::file_owner: return is_owner(fix.target) ? std::nullopt : std::optional<std::string>("file_owner is UID:GID");
        case FixKind::unit_drop_in:
            if (!is_unit(fix.target)) return "unit_drop_in is the name of a .service or .socket";
            if (!fix.value.starts_with('[')) return "the value of unit_drop_in begins with its [Section]";
            return std::nullopt;
        default: return std::nullopt;
    }
}

bulkhead::Result<Fix> parse_fix(const YAML::Node& node, const std::string& file) {
    std::vector<std::string_view> keys = {"value", "unless", "then", "mind", "risk"};
    for (const FixKind kind : fix_kinds) keys.push_back(name(kind));
    const auto fields = YamlFields::read(node, file, keys);
    if (!fields) return std::unexpected(fields.error());
    const auto given = std::ranges::count_if(fix_kinds, [&](FixKind kind) { return fields->has(name(kind)); });
    if (given != 1)
        return fail_at(node.Mark(), file,
                       "a fix has one kind: daemon_json, compose, compose_item, compose_ports, file_mode, file_owner, "
                       "unit_drop_in, command or by_hand");
    Fix fix;
    fix.kind = *std::ranges::find_if(fix_kinds, [&](FixKind kind) { return fields->has(name(kind)); });
    auto target = fields->text(name(fix.kind));
    auto value = takes_value(fix.kind) ? fields->text("value") : fields->text_or("value", "");
    auto unless = fields->texts("unless");
    auto then = fields->texts("then");
    auto mind = fields->text_or("mind", "");
    auto risk = fields->text_or("risk", "");
    for (const auto* text : {&target, &value, &mind, &risk}) {
        if (!*text) return std::unexpected(text->error());
    }
    for (const auto* texts : {&unless, &then}) {
        if (!*texts) return std::unexpected(texts->error());
    }
    if (!takes_value(fix.kind) && fields->has("value")) return fields->fail_at("value", fmt::format("{} takes no value", name(fix.kind)));
    for (const std::string& word : *then) {
        if (std::ranges::find(then_words, word) == std::end(then_words)) return fields->fail_at("then", "then lists reload, restart, recreate");
    }
    fix.target = std::move(*target);
    fix.value = std::move(*value);
    fix.unless = std::move(*unless);
    fix.then = std::move(*then);
    fix.mind = std::move(*mind);
    fix.risk = std::move(*risk);
    if (const auto mistake = mistake_of(fix)) return fields->fail_at(takes_value(fix.kind) ? "value" : name(fix.kind), *mistake);
    return fix;
}

}  // namespace

std::string_view name(FixKind kind) {
    switch (kind) {
        case FixKind::daemon_json: return "daemon_json";
        case FixKind::compose: return "compose";
        case FixKind::compose_item: return "compose_item";
        case FixKind::compose_ports: return "compose_ports";
        case FixKind::file_mode: return "file_mode";
        case FixKind::file_owner: return "file_owner";
        case FixKind::unit_drop_in: return "unit_drop_in";
        case FixKind::command: return "command";
        case FixKind::by_hand: break;
    }
    return "by_hand";
}

bulkhead::Result<std::vector<Fix>> parse_fixes(const YAML::Node& node, const std::string& file) {
    if (!node.IsSequence()) return fail_at(node.Mark(), file, "'fix' must be a list of fixes");
    if (node.size() > fixes_max) return fail_at(node.Mark(), file, fmt::format("more than {} fixes", fixes_max));
    std::vector<Fix> fixes;
    for (const auto& item : node) {
        auto fix = parse_fix(item, file);
        if (!fix) return std::unexpected(fix.error());
        fixes.push_back(std::move(*fix));
    }
    return fixes;
}

}  // namespace bulkhead::audit
