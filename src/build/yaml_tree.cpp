// SPDX-License-Identifier: Apache-2.0
#include "build/yaml_tree.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"

namespace bulkhead::build {

namespace {

std::string text_of_bytes(const yaml_char_t* bytes) { return bytes == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(bytes)); }

Position position_of(const yaml_mark_t& mark) { return {static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1}; }

std::size_t count_nodes(const Tree& tree) {
    std::size_t count = 1 + tree.keys.size();
    for (const Tree& item : tree.items) count += count_nodes(item);
    return count;
}

struct Anchored {
    Tree tree;
    std::size_t nodes = 0;
};

// A list or map that is not closed yet.
struct Open {
    Tree tree;
    std::string anchor;
    std::optional<Key> key;                   // of a map: the value comes next
    std::set<std::string, std::less<>> seen;  // the keys, once there are many
    std::vector<Tree> merged;                 // values of <<
    bool has_merge = false;

    // False: the key is there already. Most maps have few keys, and looking through them costs less than a set.
    bool take_new(const std::string& name) {
        constexpr std::size_t few = 16;
        if (name == "<<") return !std::exchange(has_merge, true);
        if (tree.keys.size() < few) return std::ranges::find(tree.keys, name, &Key::name) == tree.keys.end();
        if (seen.empty()) {
            for (const Key& other : tree.keys) seen.insert(other.name);
        }
        return seen.insert(name).second;
    }
};

class Builder {
  public:
    Builder(const std::string& file, int number) : file_(file), number_(number) {}

    Result<std::vector<Tree>> run(std::string_view bytes) {
        yaml_parser_t parser;
        if (yaml_parser_initialize(&parser) == 0) return fail(Code::internal, "no memory for the YAML parser");
        const std::unique_ptr<yaml_parser_t, void (*)(yaml_parser_t*)> owner(&parser, yaml_parser_delete);
        yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
        for (bool done = false; !done;) {
            yaml_event_t event;
            if (yaml_parser_parse(&parser, &event) == 0) {
                const Position at = position_of(parser.problem_mark);
                return fail_at(file_, at, parser.problem == nullptr ? "not YAML" : text::printable(parser.problem));
            }
            const std::unique_ptr<yaml_event_t, void (*)(yaml_event_t*)> event_owner(&event, yaml_event_delete);
            done = event.type == YAML_STREAM_END_EVENT;
            if (auto taken = take(event); !taken) return std::unexpected(taken.error());
        }
        return std::move(documents_);
    }

  private:
    Result<void> take(const yaml_event_t& event) {
        const Position at = position_of(event.start_mark);
        switch (event.type) {
            case YAML_DOCUMENT_START_EVENT: anchors_.clear(); return {};
            case YAML_SCALAR_EVENT: {
                const auto& scalar = event.data.scalar;
                if (scalar.tag != nullptr) {
                    if (auto known = check_tag(text_of_bytes(scalar.tag), at); !known) return known;
                }
                Tree tree = make(TreeKind::scalar, at, scalar.tag);
                tree.text.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
                tree.plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
                const bool is_null = tree.plain && (tree.text.empty() || tree.text == "~" || tree.text == "null" || tree.text == "Null" || tree.text == "NULL");
                if (is_null) tree.kind = TreeKind::nothing;
                return add(std::move(tree), text_of_bytes(scalar.anchor));
            }
            case YAML_ALIAS_EVENT: return take_alias(text_of_bytes(event.data.alias.anchor), at);
            case YAML_SEQUENCE_START_EVENT: return open(TreeKind::list, at, event.data.sequence_start.tag, event.data.sequence_start.anchor);
            case YAML_MAPPING_START_EVENT: return open(TreeKind::map, at, event.data.mapping_start.tag, event.data.mapping_start.anchor);
            case YAML_SEQUENCE_END_EVENT:
            case YAML_MAPPING_END_EVENT: return close();
            default: return {};
        }
    }

    Tree make(TreeKind kind, Position at, const yaml_char_t* tag) const {
        Tree tree;
        tree.kind = kind;
        tree.place = {number_, at};
        if (const std::string name = text_of_bytes(tag); name == "!reset" || name == "!override") tree.tag = name;
        return tree;
    }

    Result<void> check_tag(const std::string& tag, Position at) const {
        if (tag == "!reset" || tag == "!override" || tag == "!" || tag.starts_with("tag:yaml.org,2002:")) return {};
        return fail_at(file_, at, fmt::format("unknown tag {}: Compose knows !reset and !override", text::printable(tag)));
    }

    Result<void> open(TreeKind kind, Position at, const yaml_char_t* tag, const yaml_char_t* anchor) {
        if (tag != nullptr) {
            if (auto known = check_tag(text_of_bytes(tag), at); !known) return known;
        }
        if (open_.size() == tree_depth_max) return fail_at(file_, at, fmt::format("nested deeper than {}", tree_depth_max), Code::limit_exceeded);
        open_.push_back({make(kind, at, tag), text_of_bytes(anchor), {}, {}, {}, false});
        return {};
    }

    Result<void> close() {
        Open closed = std::move(open_.back());
        open_.pop_back();
        for (Tree& other : closed.merged) merge_missing(closed.tree, other);
        return add(std::move(closed.tree), closed.anchor);
    }

    Result<void> take_alias(const std::string& name, Position at) {
        const auto found = anchors_.find(name);
        if (found == anchors_.end()) return fail_at(file_, at, fmt::format("the alias *{} has no anchor before it", text::printable(name)));
        nodes_ += found->second.nodes;
        if (nodes_ > tree_nodes_max) return too_many(at);
        return add(Tree(found->second.tree), {});
    }

    [[nodiscard]] std::unexpected<Error> too_many(Position at) const {
        return fail_at(file_, at, fmt::format("more than {} values (aliases written out)", tree_nodes_max), Code::limit_exceeded);
    }

    Result<void> add(Tree&& tree, const std::string& anchor) {
        if (++nodes_ > tree_nodes_max) return too_many(tree.place.at);
        if (!anchor.empty()) anchors_[anchor] = {tree, count_nodes(tree)};
        if (open_.empty()) {
            documents_.push_back(std::move(tree));
            return {};
        }
        Open& into = open_.back();
        if (into.tree.is_list()) {
            into.tree.items.push_back(std::move(tree));
            return {};
        }
        if (!into.key) return take_key(into, std::move(tree));
        Key key = std::move(*into.key);
        into.key.reset();
        if (key.name == "<<") return take_merge(into, std::move(tree));
        if (into.tree.keys.empty()) {
            constexpr std::size_t usual = 4;
            into.tree.keys.reserve(usual);
            into.tree.items.reserve(usual);
        }
        into.tree.keys.push_back(std::move(key));
        into.tree.items.push_back(std::move(tree));
        return {};
    }

    Result<void> take_key(Open& into, Tree&& tree) const {
        if (tree.kind != TreeKind::scalar) return fail_at(file_, tree.place.at, "a key must be text");
        if (!into.take_new(tree.text)) return fail_at(file_, tree.place.at, fmt::format("the key {} is given twice", text::printable(tree.text)));
        into.key = Key{std::move(tree.text), tree.place};
        return {};
    }

    Result<void> take_merge(Open& into, Tree tree) const {
        const Position at = tree.place.at;
        if (tree.is_list()) {
            into.merged = std::move(tree.items);
        } else {
            into.merged.push_back(std::move(tree));
        }
        if (std::ranges::all_of(into.merged, &Tree::is_map)) return {};
        return fail_at(file_, at, "<< takes a mapping, or a list of them");
    }

    static void merge_missing(Tree& tree, Tree& other) {
        std::set<std::string_view> have;
        for (const Key& key : tree.keys) have.insert(key.name);
        std::vector<std::size_t> missing;
        for (std::size_t i = 0; i < other.keys.size(); ++i) {
            if (!have.contains(other.keys[i].name)) missing.push_back(i);
        }
        have.clear();
        for (const std::size_t i : missing) {
            tree.keys.push_back(std::move(other.keys[i]));
            tree.items.push_back(std::move(other.items[i]));
        }
    }

    const std::string& file_;
    int number_;
    std::vector<Tree> documents_;
    std::vector<Open> open_;
    std::map<std::string, Anchored> anchors_;
    std::size_t nodes_ = 0;
};

}  // namespace

const Key* Tree::find_key(std::string_view key) const {
    const auto found = std::ranges::find(keys, key, &Key::name);
    return found == keys.end() ? nullptr : &*found;
}

const Tree* Tree::find(std::string_view key) const {
    const Key* found = find_key(key);
    return found == nullptr ? nullptr : &items[static_cast<std::size_t>(found - keys.data())];
}

Tree* Tree::find(std::string_view key) {
    const Key* found = find_key(key);
    return found == nullptr ? nullptr : &items[static_cast<std::size_t>(found - keys.data())];
}

void Tree::set(Key key, Tree value) {
    if (Tree* found = find(key.name)) {
        keys[static_cast<std::size_t>(found - items.data())] = std::move(key);
        *found = std::move(value);
        return;
    }
    keys.push_back(std::move(key));
    items.push_back(std::move(value));
}

void Tree::erase(std::string_view key) {
    const Key* found = find_key(key);
    if (found == nullptr) return;
    const auto at = found - keys.data();
    keys.erase(keys.begin() + at);
    items.erase(items.begin() + at);
}

Result<std::vector<Tree>> parse_tree(std::string_view bytes, const std::string& file, int file_number) {
    if (bytes.size() > tree_bytes_max) return fail_at(file, {1, 1}, fmt::format("larger than {} bytes", tree_bytes_max), Code::limit_exceeded);
    if (!text::is_utf8(bytes)) return fail_at(file, {1, 1}, "not UTF-8");
    return Builder(file, file_number).run(bytes);
}

}  // namespace bulkhead::build
