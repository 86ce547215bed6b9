// SPDX-License-Identifier: Apache-2.0
#include "build/compose_canonical.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace bulkhead::build {

namespace {

Tree scalar_at(std::string text, const Tree& from) {
    Tree tree;
    tree.kind = TreeKind::scalar;
    tree.text = std::move(text);
    tree.known = from.known;
    tree.place = from.place;
    return tree;
}

Tree map_at(const Tree& from) {
    Tree tree;
    tree.kind = TreeKind::map;
    tree.known = from.known;
    tree.tag = from.tag;
    tree.place = from.place;
    return tree;
}

void put(Tree& map, std::string key, std::string value, const Tree& from) {
    map.keys.push_back({std::move(key), from.place});
    map.items.push_back(scalar_at(std::move(value), from));
}

// [[host_ip:]published:]target[/protocol]; ranges stay as they are written.
Tree long_port(const Tree& from) {
    std::string_view text = from.text;
    Tree port = map_at(from);
    std::string_view protocol = "tcp";
    if (const std::size_t slash = text.rfind('/'); slash != std::string_view::npos) {
        protocol = text.substr(slash + 1);
        text = text.substr(0, slash);
    }
    const std::size_t colon = text.rfind(':');
    put(port, "target", std::string(colon == std::string_view::npos ? text : text.substr(colon + 1)), from);
    put(port, "protocol", text::lower(protocol), from);
    if (colon == std::string_view::npos) return port;
    text = text.substr(0, colon);
    std::size_t before = text.rfind(':');
    if (text.ends_with(']')) before = std::string_view::npos;
    const std::string_view published = before == std::string_view::npos ? text : text.substr(before + 1);
    std::string_view address = before == std::string_view::npos ? std::string_view() : text.substr(0, before);
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    if (!published.empty()) put(port, "published", std::string(published), from);
    if (!address.empty()) put(port, "host_ip", std::string(address), from);
    return port;
}

bool is_path(std::string_view source) {
    return source.starts_with('/') || source.starts_with('.') || source.starts_with('~') || source.find('\\') != std::string_view::npos;
}

// [source:]target[:options]; a drive letter belongs to its path.
Tree long_volume(const Tree& from) {
    std::vector<std::string> parts;
    for (const std::string_view part : text::split(from.text, ':')) {
        const bool drive =
            !parts.empty() && parts.back().size() == 1 && (part.starts_with('\\') || part.starts_with('/')) && parts.back() >= "A" && parts.back() <= "z";
        if (drive) {
            parts.back().append(":").append(part);
        } else {
            parts.emplace_back(part);
        }
    }
    Tree volume = map_at(from);
    const bool has_source = parts.size() > 1;
    put(volume, "type", has_source && is_path(parts[0]) ? "bind" : "volume", from);
    if (has_source) put(volume, "source", parts[0], from);
    put(volume, "target", parts[has_source ? 1 : 0], from);
    if (parts.size() < 3) return volume;
    put(volume, "options", parts[2], from);
    for (const std::string_view option : text::split(parts[2], ',')) {
        if (option == "ro") put(volume, "read_only", "true", from);
        if (option.ends_with("shared") || option.ends_with("slave") || option.ends_with("private")) put(volume, "propagation", std::string(option), from);
    }
    return volume;
}

Tree long_source(const Tree& from) {
    Tree map = map_at(from);
    put(map, "source", from.text, from);
    return map;
}

std::string_view text_in(const Tree& map, std::string_view key) {
    const Tree* value = map.find(key);
    return value != nullptr && value->is_scalar() ? std::string_view(value->text) : std::string_view();
}

class Canonical {
  public:
    explicit Canonical(const std::string& file) : file_(file) {}

    Result<void> document(Tree& tree) {
        if (tree.kind == TreeKind::nothing) tree.kind = TreeKind::map;
        if (!tree.is_map()) return wrong(tree, "a Compose file is a mapping with services, networks, ...");
        for (const std::string_view section : {"services", "networks", "volumes", "secrets", "configs"}) {
            Tree* found = tree.find(section);
            if (found == nullptr) continue;
            if (found->kind == TreeKind::nothing) found->kind = TreeKind::map;
            if (!found->is_map()) return wrong(*found, fmt::format("{} must be a mapping of names", section));
            for (Tree& item : found->items) {
                if (item.kind == TreeKind::nothing && section != "services") item.kind = TreeKind::map;
                if (!item.is_map()) {
                    if (!item.tag.empty()) continue;  // !reset takes it away
                    return wrong(item, fmt::format("each of {} must be a mapping", section));
                }
                if (section == "services") {
                    if (auto done = service(item); !done) return done;
                }
                if (auto done = named_values(item, "labels"); !done) return done;
            }
        }
        return {};
    }

  private:
    [[nodiscard]] std::unexpected<Error> wrong(const Tree& tree, const std::string& message) const { return fail_at(file_, tree.place.at, message); }

    Result<void> service(Tree& tree) {
        for (const std::string_view key : {"environment", "labels", "annotations", "sysctls", "extra_hosts"}) {
            if (auto done = named_values(tree, key); !done) return done;
        }
        for (const std::string_view key : {"env_file", "dns", "dns_search", "dns_opt", "tmpfs"}) make_list(tree, key);
        if (Tree* build = tree.find("build"); build != nullptr && build->is_scalar()) {
            Tree map = map_at(*build);
            put(map, "context", build->text, *build);
            *build = std::move(map);
        }
        if (Tree* build = tree.find("build"); build != nullptr && build->is_map()) {
            for (const std::string_view key : {"args", "labels"}) {
                if (auto done = named_values(*build, key); !done) return done;
            }
            if (auto done = items_as(*build, "secrets", long_source); !done) return done;
        }
        for (const std::string_view key : {"depends_on", "networks"}) names_as_map(tree, key);
        if (auto done = items_as(tree, "ports", long_port); !done) return done;
        if (auto done = items_as(tree, "volumes", long_volume); !done) return done;
        for (const std::string_view key : {"secrets", "configs"}) {
            if (auto done = items_as(tree, key, long_source); !done) return done;
        }
        return check_shapes(tree);
    }

    Result<void> check_shapes(const Tree& tree) const {
        constexpr std::array<std::string_view, 8> lists = {"cap_add", "cap_drop", "security_opt", "devices", "group_add", "profiles", "expose", "volumes_from"};
        constexpr std::array<std::string_view, 5> maps = {"deploy", "healthcheck", "logging", "ulimits", "build"};
        constexpr std::array<std::string_view, 4> booleans = {"privileged", "read_only", "init", "oom_kill_disable"};
        constexpr std::array<std::string_view, 13> texts = {
            "image", "user", "network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup", "cgroup_parent", "runtime", "restart", "container_name", "hostname"};
        for (std::size_t i = 0; i < tree.keys.size(); ++i) {
            const Tree& value = tree.items[i];
            const std::string& key = tree.keys[i].name;
            if (value.kind == TreeKind::nothing || !value.tag.empty() || (value.is_scalar() && !value.known)) continue;
            const auto is_in = [&](const auto& names) { return std::ranges::find(names, key) != names.end(); };
            if (is_in(lists) && !value.is_list()) return wrong(value, fmt::format("{} must be a list", key));
            if (is_in(lists) && !std::ranges::all_of(value.items, [](const Tree& item) { return item.is_scalar() || item.is_map(); }))
                return wrong(value, fmt::format("{} must be a list of texts", key));
            if (is_in(maps) && !value.is_map()) return wrong(value, fmt::format("{} must be a mapping", key));
            if (is_in(booleans) && !boolean_of(value)) return wrong(value, fmt::format("{} must be true or false", key));
            if (is_in(texts) && !value.is_scalar()) return wrong(value, fmt::format("{} must be text", key));
        }
        return {};
    }

    // A list of NAME=VALUE (or NAME:VALUE for hosts) becomes a mapping.
    Result<void> named_values(Tree& owner, std::string_view key) const {
        Tree* tree = owner.find(key);
        if (tree == nullptr || tree->is_map() || tree->kind == TreeKind::nothing || !tree->tag.empty()) return {};
        if (!tree->is_list()) return wrong(*tree, fmt::format("{} must be a mapping or a list of NAME=VALUE", key));
        Tree map = map_at(*tree);
        for (const Tree& item : tree->items) {
            if (!item.is_scalar()) return wrong(item, fmt::format("{} must be a mapping or a list of NAME=VALUE", key));
            std::size_t end = item.text.find('=');
            if (end == std::string::npos && key == "extra_hosts") end = item.text.find(':');
            Tree value = scalar_at(end == std::string::npos ? "" : item.text.substr(end + 1), item);
            if (end == std::string::npos) value.kind = TreeKind::nothing;
            map.set({item.text.substr(0, end), item.place}, std::move(value));
        }
        *tree = std::move(map);
        return {};
    }

    static void make_list(Tree& owner, std::string_view key) {
        Tree* tree = owner.find(key);
        if (tree == nullptr || !tree->is_scalar()) return;
        Tree list = map_at(*tree);
        list.kind = TreeKind::list;
        list.items.push_back(scalar_at(tree->text, *tree));
        *tree = std::move(list);
    }

    static void names_as_map(Tree& owner, std::string_view key) {
        Tree* tree = owner.find(key);
        if (tree == nullptr || !tree->is_list()) return;
        Tree map = map_at(*tree);
        for (const Tree& item : tree->items) {
            Tree empty = map_at(item);
            if (item.is_scalar()) map.set({item.text, item.place}, std::move(empty));
        }
        *tree = std::move(map);
    }

    Result<void> items_as(Tree& owner, std::string_view key, Tree (*make)(const Tree&)) const {
        Tree* tree = owner.find(key);
        if (tree == nullptr || tree->kind == TreeKind::nothing || (!tree->is_list() && !tree->tag.empty())) return {};
        if (!tree->is_list()) return wrong(*tree, fmt::format("{} must be a list", key));
        for (Tree& item : tree->items) {
            if (item.is_scalar()) item = make(item);
            if (!item.is_map()) return wrong(item, fmt::format("each of {} must be text or a mapping", key));
        }
        return {};
    }

    const std::string& file_;
};

std::string identity(std::string_view list, const Tree& item) {
    if (item.is_scalar()) return item.text;
    if (!item.is_map()) return {};
    if (list == "ports")
        return fmt::format("{}|{}|{}|{}", text_in(item, "host_ip"), text_in(item, "published"), text_in(item, "target"), text_in(item, "protocol"));
    if (list == "volumes") return std::string(text_in(item, "target"));
    if (const auto target = text_in(item, "target"); !target.empty()) return std::string(target);
    return std::string(text_in(item, "source"));
}

void merge_lists(std::string_view name, Tree& base, Tree over) {
    for (Tree& item : over.items) {
        const std::string wanted = identity(name, item);
        const auto same = std::ranges::find_if(base.items, [&](const Tree& other) { return !wanted.empty() && identity(name, other) == wanted; });
        if (same == base.items.end()) {
            base.items.push_back(std::move(item));
        } else {
            *same = std::move(item);
        }
    }
}

bool is_whole(std::string_view key) { return key == "command" || key == "entrypoint" || key == "test"; }

}  // namespace

Result<void> make_canonical(Tree& document, const std::string& file) { return Canonical(file).document(document); }

std::optional<bool> boolean_of(const Tree& tree) {
    if (!tree.is_scalar() || !tree.known) return std::nullopt;
    const std::string text = text::lower(tree.text);
    if (text == "true" || text == "yes" || text == "on" || text == "y" || text == "1") return true;
    if (text == "false" || text == "no" || text == "off" || text == "n" || text == "0") return false;
    return std::nullopt;
}

std::optional<std::int64_t> bytes_of(const Tree& tree) {
    if (!tree.is_scalar() || !tree.known) return std::nullopt;
    const std::string text = text::lower(text::trim(tree.text));
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
    if (error != std::errc() || end != text.data() + digits) return std::nullopt;
    const std::string_view unit = text::trim(std::string_view(text).substr(digits));
    constexpr std::string_view prefixes = "bkmgtp";
    std::size_t power = 0;
    if (!unit.empty()) {
        power = prefixes.find(unit[0]);
        const std::string_view rest = unit.substr(1);
        if (power == std::string_view::npos || (!rest.empty() && rest != "b" && rest != "ib")) return std::nullopt;
    }
    for (; power > 0; --power) number *= 1024;
    constexpr double most = 9e18;
    return number > most ? std::nullopt : std::optional(static_cast<std::int64_t>(number));
}

void merge_over(Tree& base, Tree over) {
    if (!base.is_map() || !over.is_map()) {
        base = std::move(over);
        return;
    }
    for (std::size_t i = 0; i < over.keys.size(); ++i) {
        Key& key = over.keys[i];
        Tree& value = over.items[i];
        if (value.tag == "!reset") {
            base.erase(key.name);
            continue;
        }
        Tree* mine = base.find(key.name);
        if (mine == nullptr || value.tag == "!override" || is_whole(key.name)) {
            base.set(std::move(key), std::move(value));
        } else if (mine->is_map() && value.is_map()) {
            merge_over(*mine, std::move(value));
        } else if (mine->is_list() && value.is_list()) {
            merge_lists(key.name, *mine, std::move(value));
        } else if (value.kind != TreeKind::nothing) {
            base.set(std::move(key), std::move(value));
        }
    }
}

}  // namespace bulkhead::build
