// SPDX-License-Identifier: Apache-2.0
#include "world/redact.h"

#include <algorithm>
#include <boost/json.hpp>
#include <exception>

#include "base/text.h"

namespace bulkhead::world {

namespace {

namespace bj = boost::json;

constexpr std::size_t depth_max = 128;
constexpr std::size_t first_block_bytes = 64 * 1024;

std::string_view view(const bj::string& text) { return {text.data(), text.size()}; }

void assign(bj::string& text, const std::string& now) {
    if (view(text) != now) text.assign(now.data(), now.size());
}

class Redactor {
  public:
    explicit Redactor(std::string_view target)
        : data_is_secret_(target.starts_with("/configs") || target.starts_with("/secrets")), history_(target.ends_with("/history")) {}

    void walk(bj::value& value) const {
        if (auto* object = value.if_object()) {
            for (auto& member : *object) walk_member({member.key().data(), member.key().size()}, member.value());
        } else if (auto* array = value.if_array()) {
            walk_array(*array);
        } else if (auto* text = value.if_string()) {
            assign(*text, plain(view(*text)));
        }
    }

  private:
    static std::string plain(std::string_view text) { return text.find("#(nop)") == std::string_view::npos ? redact_text(text) : redact_build_step(text); }

    void walk_member(std::string_view key, bj::value& value) const {
        if (key == "Env" && value.is_array()) return names_only(value.get_array());
        if (key == "JoinTokens" || (key == "Data" && data_is_secret_)) return hide_all(value);
        if (history_ && key == "CreatedBy" && value.is_string()) return assign(value.get_string(), redact_build_step(view(value.get_string())));
        // Objects under such a key may be keyed by people's names for things (a network called "tokens"): their members are judged alone.
        if (!value.is_object() && looks_secret(key)) return hide_all(value);
        walk(value);
    }

    void walk_array(bj::array& array) const {
        bool hide_next = false;
        for (bj::value& item : array) {
            auto* text = item.if_string();
            if (text == nullptr) {
                walk(item);
                continue;
            }
            const std::string_view word = view(*text);
            const bool flag = word.starts_with('-') && word.find_first_of("= ") == std::string_view::npos && looks_secret(word);
            if (hide_next && !word.starts_with('-')) {
                *text = bj::string_view(redaction_mark.data(), redaction_mark.size());
            } else {
                assign(*text, plain(word));
            }
            hide_next = flag;
        }
    }

    static void names_only(bj::array& env) {
        for (bj::value& item : env) {
            if (auto* text = item.if_string()) {
                if (const auto equals = text->find('='); equals != bj::string::npos) text->resize(equals);
            } else {
                hide_all(item);
            }
        }
    }

    // Every text and number below; booleans and null say nothing.
    static void hide_all(bj::value& value) {
        if (auto* object = value.if_object()) {
            for (auto& member : *object) hide_all(member.value());
        } else if (auto* array = value.if_array()) {
            for (bj::value& item : *array) hide_all(item);
        } else if (auto* text = value.if_string()) {
            if (!text->empty()) *text = bj::string_view(redaction_mark.data(), redaction_mark.size());
        } else if (value.is_number()) {
            value = bj::string_view(redaction_mark.data(), redaction_mark.size());
        }
    }

    bool data_is_secret_;
    bool history_;
};

Result<std::string> redact_document(const Redactor& redactor, std::string_view json) {
    bj::monotonic_resource memory(std::max(first_block_bytes, json.size()));
    bj::parse_options options;
    options.max_depth = depth_max;
    bj::error_code error;
    bj::value document = bj::parse(bj::string_view(json.data(), json.size()), error, &memory, options);
    if (error) return fail(Code::corrupt, "not JSON: " + error.message());
    redactor.walk(document);
    return bj::serialize(document);
}

Result<std::string> redact_all(std::string_view target, std::string_view json) {
    const Redactor redactor(target);
    if (!target.starts_with("/events")) return redact_document(redactor, json);
    std::string out;
    out.reserve(json.size());
    for (const std::string_view line : text::lines(json)) {
        if (text::trim(line).empty()) continue;
        auto event = redact_document(redactor, line);
        if (!event) return event;
        out += *event;
        out += '\n';
    }
    return out;
}

}  // namespace

Result<std::string> redact(std::string_view engine_target, std::string_view json) {
    try {
        return redact_all(engine_target, json);
    } catch (const std::exception& thrown) {  // boost.json: a text or array too large for it, or no memory
        return fail(Code::limit_exceeded, std::string("JSON that cannot be redacted: ") + thrown.what());
    }
}

}  // namespace bulkhead::world
