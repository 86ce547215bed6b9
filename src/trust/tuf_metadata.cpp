// SPDX-License-Identifier: Apache-2.0
#include "trust/tuf_metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "trust/canonical_json.h"

namespace bulkhead::trust {

namespace {

namespace json = boost::json;

const json::value* member(const json::value& value, std::string_view key) {
    const auto* object = value.if_object();
    return object == nullptr ? nullptr : object->if_contains(key);
}

std::string text_of(const json::value* value) {
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(*text);
}

std::optional<std::int64_t> integer_of(const json::value* value) {
    const auto* number = value == nullptr ? nullptr : value->if_int64();
    return number == nullptr ? std::nullopt : std::optional(*number);
}

std::unexpected<Error> corrupt(const std::string& what) { return fail(Code::corrupt, what); }

// The id that Notary gives a key: over its type and its public half alone.
std::string id_of(const std::string& type, const std::string& encoded) {
    return sha256_hex(R"({"keytype":")" + type + R"(","keyval":{"private":null,"public":")" + encoded + R"("}})");
}

Result<TufKey> parse_key(const std::string& id, const json::value& value) {
    const std::string type = text_of(member(value, "keytype"));
    const json::value* pair = member(value, "keyval");
    const std::string encoded = pair == nullptr ? "" : text_of(member(*pair, "public"));
    const auto bytes = base64_decode(encoded);
    if (!bytes) return corrupt("a key that is not base64");
    const bool plain = std::ranges::none_of(type, [](char c) { return c == '"' || c == '\\'; });
    if (!plain || id_of(type, encoded) != id) return corrupt("the key " + text::printable(id.substr(0, 64)) + " has another id by its content");
    if (type == "ecdsa-x509" || type == "rsa-x509") {
        auto certificates = Certificate::from_pem(*bytes);
        if (!certificates) return std::unexpected(certificates.error());
        auto key = certificates->front().key();
        if (!key) return std::unexpected(key.error());
        return TufKey{id, std::move(*key), std::move(*certificates)};
    }
    auto key = type == "ed25519"                  ? PublicKey::from_ed25519(*bytes)
               : type == "ecdsa" || type == "rsa" ? PublicKey::from_der(*bytes)
                                                  : Result<PublicKey>(fail(Code::unsupported, "a key of type " + text::printable(type.substr(0, 40))));
    if (!key) return std::unexpected(key.error());
    return TufKey{id, std::move(*key), {}};
}

std::optional<Scheme> scheme_of(std::string_view method) {
    if (method == "ecdsa") return Scheme::ecdsa_raw;
    if (method == "rsapss") return Scheme::rsa_pss;
    if (method == "rsapkcs1v15") return Scheme::rsa_pkcs1_v15;
    if (method == "eddsa") return Scheme::ed25519;
    return std::nullopt;
}

Result<std::vector<TufSignature>> parse_signatures(const json::value* list) {
    const auto* array = list == nullptr ? nullptr : list->if_array();
    if (array == nullptr) return corrupt("no list of signatures");
    if (array->size() > tuf_signatures_max) return fail(Code::limit_exceeded, fmt::format("more than {} signatures", tuf_signatures_max));
    std::vector<TufSignature> out;
    for (const json::value& item : *array) {
        auto bytes = base64_decode(text_of(member(item, "sig")));
        if (!bytes) return corrupt("a signature that is not base64");
        out.push_back({text_of(member(item, "keyid")), text::lower(text_of(member(item, "method"))), std::move(*bytes)});
    }
    return out;
}

}  // namespace

Result<TufMetadata> parse_tuf(std::string_view bytes, std::string_view type) {
    const auto document = parse_json(bytes);
    if (!document) return std::unexpected(document.error());
    const json::value* body = member(*document, "signed");
    if (body == nullptr || !body->is_object()) return corrupt("no signed part");
    TufMetadata metadata;
    metadata.type = text::lower(text_of(member(*body, "_type")));
    if (metadata.type != type) return corrupt(fmt::format("a file of type '{}' where {} belongs", text::printable(metadata.type.substr(0, 40)), type));
    const auto version = integer_of(member(*body, "version"));
    const auto expires = parse_rfc3339(text_of(member(*body, "expires")));
    if (!version || *version < 0 || !expires) return corrupt("no version or no expiry");
    metadata.version = *version;
    metadata.expires = *expires;
    auto message = canonical_json(*body);
    if (!message) return std::unexpected(message.error());
    metadata.message = std::move(*message);
    auto signatures = parse_signatures(member(*document, "signatures"));
    if (!signatures) return std::unexpected(signatures.error());
    metadata.signatures = std::move(*signatures);
    metadata.body = *body;
    return metadata;
}

Result<TufKeys> parse_tuf_keys(const json::value& keys) {
    const auto* object = keys.if_object();
    if (object == nullptr) return corrupt("no keys");
    if (object->size() > tuf_keys_max) return fail(Code::limit_exceeded, fmt::format("more than {} keys", tuf_keys_max));
    TufKeys out;
    for (const auto& [id, value] : *object) {
        auto key = parse_key(std::string(id), value);
        if (!key) return std::unexpected(key.error());
        out.emplace(std::string(id), std::move(*key));
    }
    return out;
}

Result<TufRole> parse_tuf_role(const json::value& role) {
    TufRole out;
    const auto threshold = integer_of(member(role, "threshold"));
    const json::value* ids = member(role, "keyids");
    if (!threshold || *threshold < 1 || ids == nullptr || !ids->is_array()) return corrupt("a role without keys or with a threshold below 1");
    if (ids->get_array().size() > tuf_keys_max) return fail(Code::limit_exceeded, fmt::format("more than {} keys of a role", tuf_keys_max));
    out.threshold = *threshold;
    for (const json::value& id : ids->get_array()) out.key_ids.push_back(text_of(&id));
    return out;
}

Result<std::map<std::string, TufFileMeta>> parse_tuf_files(const json::value& files) {
    const auto* object = files.if_object();
    if (object == nullptr) return corrupt("no list of files");
    if (object->size() > tuf_targets_max) return fail(Code::limit_exceeded, fmt::format("more than {} files", tuf_targets_max));
    std::map<std::string, TufFileMeta> out;
    for (const auto& [name, value] : *object) {
        TufFileMeta meta;
        const auto length = integer_of(member(value, "length"));
        const json::value* hashes = member(value, "hashes");
        if (!length || *length < 0 || hashes == nullptr) return corrupt("a file without length or hashes");
        meta.length = *length;
        for (const auto& [key, into, size] : {std::tuple{"sha256", &meta.sha256, std::size_t{32}}, std::tuple{"sha512", &meta.sha512, std::size_t{64}}}) {
            const json::value* hash = member(*hashes, key);
            if (hash == nullptr) continue;
            auto bytes = base64_decode(text_of(hash));
            if (!bytes || bytes->size() != size) return corrupt("a hash of the wrong size");
            *into = std::move(*bytes);
        }
        if (meta.sha256.empty() && meta.sha512.empty()) return corrupt("a file without a known hash");
        out.emplace(std::string(name), std::move(meta));
    }
    return out;
}

Result<void> check_tuf_signatures(const TufMetadata& metadata, const TufKeys& keys, const TufRole& role) {
    std::set<std::string> valid;
    for (const TufSignature& signature : metadata.signatures) {
        const auto key = keys.find(signature.key_id);
        if (key == keys.end() || std::ranges::find(role.key_ids, signature.key_id) == role.key_ids.end()) continue;
        const auto scheme = scheme_of(signature.method);
        if (scheme && key->second.key.verify(*scheme, metadata.message, signature.bytes)) valid.insert(signature.key_id);
    }
    if (role.threshold >= 1 && static_cast<std::int64_t>(valid.size()) >= role.threshold) return {};
    return fail(Code::invalid_input, fmt::format("{} of the {} signatures it needs are valid", valid.size(), role.threshold));
}

Result<void> check_tuf_file(std::string_view bytes, const TufFileMeta& meta) {
    if (static_cast<std::int64_t>(bytes.size()) != meta.length) return fail(Code::invalid_input, "another length than the file above it says");
    if (!meta.sha256.empty() && sha256(bytes) != meta.sha256) return fail(Code::invalid_input, "another SHA-256 than the file above it says");
    if (!meta.sha512.empty() && sha512(bytes) != meta.sha512) return fail(Code::invalid_input, "another SHA-512 than the file above it says");
    if (meta.sha256.empty() && meta.sha512.empty()) return fail(Code::invalid_input, "no hash above it");
    return {};
}

}  // namespace bulkhead::trust
