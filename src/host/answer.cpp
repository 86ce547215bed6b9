// SPDX-License-Identifier: Apache-2.0
#include "host/answer.h"

#include "base/json.h"

namespace bulkhead::host {

namespace {

constexpr std::size_t answer_json_bytes_max = 256UL * 1024;  // certificates are in it

Result<std::string> bytes_of(std::string_view hex) {
    const auto digit = [](char sign) { return sign >= '0' && sign <= '9' ? sign - '0' : sign >= 'a' && sign <= 'f' ? sign - 'a' + 10 : -1; };
    if (hex.size() % 2 != 0) return fail(Code::corrupt, "the answer is cut");
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = digit(hex[i]);
        const int low = digit(hex[i + 1]);
        if (high < 0 || low < 0) return fail(Code::corrupt, "the answer is not hexadecimal");
        out += static_cast<char>(high << 4 | low);
    }
    return out;
}

}  // namespace

Result<Answer> parse_answer(std::string_view json) {
    if (json.size() > answer_json_bytes_max) return fail(Code::limit_exceeded, "the answer is too long");
    const auto document = json::Document::parse(json);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    const json::Value tls = root["tls"];
    const auto end = root["end"].text();
    const auto hex = root["answer"].text();
    if (!end || !hex) return fail(Code::corrupt, "not the answer of a server");
    auto bytes = bytes_of(*hex);
    if (!bytes) return std::unexpected(bytes.error());
    Answer answer{.tls = tls.is_object(), .tls_version = tls["version"].text_or(), .cipher = tls["cipher"].text_or(), .certificates = {}};
    for (const std::string& pem : tls["certificates"].texts()) answer.certificates += pem;
    answer.asks_certificate = root["asks_certificate"].boolean_or(false);
    answer.alert = root["alert"].integer();
    answer.end = *end;
    answer.bytes = std::move(*bytes);
    return answer;
}

}  // namespace bulkhead::host
