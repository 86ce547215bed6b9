// SPDX-License-Identifier: Apache-2.0
#include "trust/canonical_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <vector>

#include "base/json.h"

namespace bulkhead::trust {

namespace {

constexpr std::size_t metadata_bytes_max = std::size_t{8} << 20U;
constexpr double exact_max = 9007199254740992.0;  // 2^53: Go decodes numbers to doubles before it writes them canonically

void append_text(std::string_view text, std::string& out) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

bool append_number(double number, std::string& out) {
    if (!std::isfinite(number) || std::floor(number) != number || std::abs(number) > exact_max) return false;
    out += fmt::format("{}", static_cast<std::int64_t>(number));
    return true;
}

bool append(const boost::json::value& value, std::string& out) {  // NOLINT(misc-no-recursion): depth is bounded by the parser
    switch (value.kind()) {
        case boost::json::kind::null: out += "null"; return true;
        case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; return true;
        case boost::json::kind::int64: return append_number(static_cast<double>(value.get_int64()), out);
        case boost::json::kind::uint64: return append_number(static_cast<double>(value.get_uint64()), out);
        case boost::json::kind::double_: return append_number(value.get_double(), out);
        case boost::json::kind::string: append_text(value.get_string(), out); return true;
        case boost::json::kind::array: {
            out += '[';
            bool first = true;
            for (const auto& item : value.get_array()) {
                if (!first) out += ',';
                first = false;
                if (!append(item, out)) return false;
            }
            out += ']';
            return true;
        }
        case boost::json::kind::object: break;
    }
    std::vector<std::string_view> keys;
    for (const auto& member : value.get_object()) keys.emplace_back(member.key());
    std::ranges::sort(keys);
    out += '{';
    for (const std::string_view key : keys) {
        if (out.back() != '{') out += ',';
        append_text(key, out);
        out += ':';
        if (!append(value.get_object().at(key), out)) return false;
    }
    out += '}';
    return true;
}

}  // namespace

Result<boost::json::value> parse_json(std::string_view bytes) {
    if (bytes.size() > metadata_bytes_max) return fail(Code::limit_exceeded, fmt::format("larger than {} bytes", metadata_bytes_max));
    boost::json::parse_options options;
    options.max_depth = json::depth_max;
    boost::json::error_code error;
    try {
        boost::json::value value = boost::json::parse(bytes, error, {}, options);
        if (error) return fail(Code::corrupt, "not JSON: " + error.message());
        return value;
    } catch (const std::exception& problem) {
        return fail(Code::corrupt, std::string("not JSON: ") + problem.what());
    }
}

Result<std::string> canonical_json(const boost::json::value& value) {
    std::string out;
    if (!append(value, out)) return fail(Code::invalid_input, "a number that is not whole has no canonical form");
    return out;
}

}  // namespace bulkhead::trust
