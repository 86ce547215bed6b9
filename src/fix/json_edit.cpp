// SPDX-License-Identifier: Apache-2.0
#include "fix/json_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/json.h"
#include "base/text.h"

namespace bulkhead::fix {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // dockerd skips it

struct Member {
    std::string key;
    std::size_t key_start = 0;
    std::size_t value_start = 0;
    std::size_t value_end = 0;
};

struct Object {
    std::size_t open = 0;   // of {
    std::size_t close = 0;  // of }
    std::vector<Member> members;
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Where the parts of the outermost object stand in a text that is known to be JSON.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::optional<Object> scan() {
        Object object;
        if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
        skip_blanks();
        if (!is('{')) return std::nullopt;
        object.open = at_++;
        for (skip_blanks(); !is('}'); skip_blanks()) {
            Member member;
            member.key_start = at_;
            if (!is('"')) return std::nullopt;
            skip_value();
            const auto key = json::Document::parse(text_.substr(member.key_start, at_ - member.key_start));
            if (!key) return std::nullopt;
            member.key = key->root().text_or();
            skip_blanks();
            if (!is(':')) return std::nullopt;
            ++at_;
            skip_blanks();
            member.value_start = at_;
            skip_value();
            member.value_end = at_;
            object.members.push_back(std::move(member));
            skip_blanks();
            if (is(',')) ++at_;
            if (at_ >= text_.size()) return std::nullopt;
        }
        object.close = at_;
        return object;
    }

  private:
    [[nodiscard]] bool is(char c) const { return at_ < text_.size() && text_[at_] == c; }
    void skip_blanks() {
        while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    }
    void skip_string() {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\') ++at_;
        }
        ++at_;
    }
    void skip_value() {
        std::size_t depth = 0;
        do {
            if (is('"')) {
                skip_string();
                continue;
            }
            if (is('{') || is('[')) ++depth;
            if (is('}') || is(']')) {
                if (depth == 0) return;
                --depth;
                ++at_;
                continue;
            }
            if (depth == 0 && (is(',') || is(':') || (at_ < text_.size() && is_blank(text_[at_])))) return;
            ++at_;
        } while (at_ < text_.size() && (depth > 0 || !(is(',') || is('}') || is(']') || is(':') || is_blank(text_[at_]))));
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

struct Parsed {
    json::Document document;
    Object object;
};

Result<Parsed> parse(std::string_view text) {
    if (text.size() > daemon_json_bytes_max) return fail(Code::limit_exceeded, fmt::format("larger than {} bytes", daemon_json_bytes_max));
    std::string_view json = text;
    if (json.starts_with(byte_order_mark)) json.remove_prefix(byte_order_mark.size());
    auto document = json::Document::parse(json);
    if (!document) return std::unexpected(document.error());
    auto object = document->root().is_object() ? Scanner(text).scan() : std::nullopt;
    if (!object) return fail(Code::corrupt, "not a JSON object");
    return Parsed{std::move(*document), std::move(*object)};
}

Result<const Member*> find(const Object& object, const std::string& key) {
    const Member* found = nullptr;
    for (const Member& member : object.members) {
        if (member.key != key) continue;
        if (found != nullptr) return fail(Code::unsupported, fmt::format("\"{}\" is given twice", text::printable(key)));
        found = &member;
    }
    return found;
}

// What stands between { and the first key, or between two members: it makes a new member look as the others do.
std::string_view lead_of(std::string_view text, const Object& object) {
    return text.substr(object.open + 1, object.members.front().key_start - object.open - 1);
}

// The result must say what was meant, and nothing else may have changed.
Result<std::string> checked(std::string_view before, std::string after, const std::string& key, const std::string* value) {
    const auto old_side = parse(before);
    const auto new_side = parse(after);
    if (!old_side || !new_side) return fail(Code::unsupported, "cannot be edited safely");
    std::vector<std::pair<std::string, std::string>> wanted;
    bool placed = false;
    for (const auto& [name, member] : old_side->document.root().members()) {
        if (name != key) wanted.emplace_back(name, member.dump());
        if (name == key && value != nullptr) wanted.emplace_back(name, *value);
        placed = placed || name == key;
    }
    if (!placed && value != nullptr) wanted.emplace_back(key, *value);
    std::vector<std::pair<std::string, std::string>> got;
    for (const auto& [name, member] : new_side->document.root().members()) got.emplace_back(name, member.dump());
    if (wanted != got) return fail(Code::unsupported, "cannot be edited safely");
    return after;
}

}  // namespace

Result<std::string> set_member(std::string_view text, const std::string& key, const std::string& value) {
    const auto parsed_value = json::Document::parse(value);
    if (!parsed_value) return std::unexpected(parsed_value.error().in("the new value"));
    const std::string wanted = parsed_value->root().dump();
    const std::string member = fmt::format("{}: {}", json::quote(key), value);
    if (text::trim(text).empty() || text::trim(text) == byte_order_mark) return fmt::format("{{\n  {}\n}}\n", member);
    const auto parsed = parse(text);
    if (!parsed) return std::unexpected(parsed.error());
    const auto found = find(parsed->object, key);
    if (!found) return std::unexpected(found.error());
    const Object& object = parsed->object;
    std::string after(text);
    if (*found != nullptr) {
        if (parsed->document.root()[key].dump() == wanted) return after;
        after.replace((*found)->value_start, (*found)->value_end - (*found)->value_start, value);
    } else if (object.members.empty()) {
        after.replace(object.open + 1, object.close - object.open - 1, fmt::format("\n  {}\n", member));
    } else {
        const std::string_view lead = lead_of(text, object);
        const bool one_line = !lead.contains('\n');
        after.insert(object.members.back().value_end, fmt::format(",{}{}", one_line ? " " : lead, member));
    }
    return checked(text, std::move(after), key, &wanted);
}

Result<std::string> remove_member(std::string_view text, const std::string& key) {
    if (text::trim(text).empty()) return std::string(text);
    const auto parsed = parse(text);
    if (!parsed) return std::unexpected(parsed.error());
    const auto found = find(parsed->object, key);
    if (!found) return std::unexpected(found.error());
    std::string after(text);
    if (*found == nullptr) return after;
    const std::vector<Member>& members = parsed->object.members;
    const auto place = static_cast<std::size_t>(*found - members.data());
    if (members.size() == 1) {
        after.erase(parsed->object.open + 1, parsed->object.close - parsed->object.open - 1);
    } else if (place + 1 < members.size()) {
        after.erase(members[place].key_start, members[place + 1].key_start - members[place].key_start);
    } else {
        after.erase(members[place - 1].value_end, members[place].value_end - members[place - 1].value_end);
    }
    return checked(text, std::move(after), key, nullptr);
}

}  // namespace bulkhead::fix
