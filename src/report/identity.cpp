// SPDX-License-Identifier: Apache-2.0
#include "report/identity.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"
#include "base/text.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t fingerprint_bytes = 16;
// Made once at random; all our version 5 ids are within it.
constexpr std::string_view name_space("\x5d\x1f\xb9\x0e\x8c\x2a\x4e\x57\x9b\x64\x03\xd7\x71\xae\x5c\x28", 16);

std::string digest(const EVP_MD* algorithm, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int length = 0;
    CHECK(EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, algorithm, nullptr) == 1);
    return {out.begin(), out.begin() + length};
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4U];
        out += digits[static_cast<unsigned char>(c) & 0x0FU];
    }
    return out;
}

std::size_t count_from_1(const std::string& text) { return static_cast<std::size_t>(std::max<std::int64_t>(1, text::to_integer(text).value_or(1))); }

}  // namespace

std::optional<Place> place_of(const audit::Result& result) {
    Place place;
    bool has_line = false;
    for (const auto& [name, value] : result.dimensions) {
        if (name == "file") place.file = value;
        if (name == "column") place.column = count_from_1(value);
        if (name != "line" || value.empty()) continue;
        place.line = count_from_1(value);
        has_line = true;
    }
    if (place.file.empty() || !has_line) return std::nullopt;
    return place;
}

const std::string& name_of(const audit::Result& result) { return result.resource_name.empty() ? result.resource : result.resource_name; }

std::string host_name(const audit::Audit& audit) {
    for (const auto& [key, value] : audit.host) {
        if (key == "name" && !value.empty()) return value;
    }
    return "host";
}

std::string path_of(const audit::Audit& audit, const audit::Result& result) {
    if (const auto place = place_of(result)) {
        std::string_view path = place->file;
        while (path.starts_with("./")) path.remove_prefix(2);
        return std::string(path);
    }
    const std::string& name = name_of(result);
    return name.empty() ? host_name(audit) : host_name(audit) + "/" + name;
}

std::string Fingerprints::next(const audit::Result& result) {
    std::string key = result.control;
    key += '\0';
    if (const auto place = place_of(result)) key += place->file;
    key += '\0';
    key += name_of(result);
    const std::size_t before = seen_[key]++;
    if (before > 0) key += fmt::format("{}{}", '\0', before);
    return hex(digest(EVP_sha256(), key).substr(0, fingerprint_bytes));
}

std::string uuid_of(std::string_view name) {
    std::string bytes = digest(EVP_sha1(), std::string(name_space) + std::string(name)).substr(0, 16);
    bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0FU) | 0x50U);
    bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3FU) | 0x80U);
    const std::string digits = hex(bytes);
    return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(12, 4), digits.substr(16, 4), digits.substr(20));
}

int severity_rank(std::string_view severity) {
    constexpr std::string_view words[] = {"low", "medium", "high", "critical"};
    const auto* const found = std::ranges::find(words, severity);
    return found == std::end(words) ? 0 : static_cast<int>(found - std::begin(words)) + 1;
}

}  // namespace bulkhead::report
