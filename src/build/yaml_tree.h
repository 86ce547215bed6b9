// SPDX-License-Identifier: Apache-2.0
// YAML as a tree that knows where everything stands, for files of other tools (Compose). Aliases are written out, merge keys (<<) are
// merged, duplicate keys are errors. Bounded: an alias bomb stops at tree_nodes_max. Pure. (The YAML of our own controls is read more
// strictly by audit/yaml_fields.h; libyaml is used here because it is eight times as fast.)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "build/position.h"

namespace bulkhead::build {

inline constexpr std::size_t tree_bytes_max = 4UL << 20U;
inline constexpr std::size_t tree_nodes_max = 200'000;  // aliases written out count each time
inline constexpr std::size_t tree_depth_max = 64;

struct Place {
    int file = 0;  // which of the files that were read, by a number its reader gives
    Position at;

    bool operator==(const Place&) const = default;
};

struct Key {
    std::string name;
    Place place;
};

enum class TreeKind : std::uint8_t { nothing, scalar, list, map };

struct Tree {
    TreeKind kind = TreeKind::nothing;
    bool plain = false;  // a scalar without quotes
    bool known = true;   // false: a variable in it has no value here
    std::string text;    // of a scalar
    std::string tag;     // !reset, !override, or none
    Place place;
    std::vector<Key> keys;    // of a map, in the file's order
    std::vector<Tree> items;  // of a list; the values of a map, by place of their keys

    [[nodiscard]] bool is_map() const { return kind == TreeKind::map; }
    [[nodiscard]] bool is_list() const { return kind == TreeKind::list; }
    [[nodiscard]] bool is_scalar() const { return kind == TreeKind::scalar; }
    [[nodiscard]] const Tree* find(std::string_view key) const;  // of a map; null: not there
    [[nodiscard]] Tree* find(std::string_view key);
    [[nodiscard]] const Key* find_key(std::string_view key) const;
    void set(Key key, Tree value);  // replaces, or adds at the end
    void erase(std::string_view key);
};

// The documents of a file. invalid_input and limit_exceeded: "FILE:LINE:COLUMN: what is wrong".
Result<std::vector<Tree>> parse_tree(std::string_view bytes, const std::string& file, int file_number);

}  // namespace bulkhead::build
