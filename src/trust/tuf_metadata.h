// SPDX-License-Identifier: Apache-2.0
// One signed file of The Update Framework as Notary v1 writes it (https://theupdateframework.github.io/specification/, TUF 0.x with
// Notary's key types): what it says, and whether enough keys of a role signed it. Values; any thread.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "trust/certificate.h"
#include "trust/public_key.h"

namespace bulkhead::trust {

struct TufKey {
    std::string id;  // SHA-256 of the canonical form: what it must be, not what the file calls it
    PublicKey key;
    std::vector<Certificate> certificates;  // of keys of type ...-x509: the leaf first, then intermediates
};
using TufKeys = std::map<std::string, TufKey>;  // by id

struct TufRole {
    std::vector<std::string> key_ids;
    std::int64_t threshold = 0;
};

struct TufSignature {
    std::string key_id;
    std::string method;
    std::string bytes;
};

struct TufMetadata {
    std::string type;  // root, targets, snapshot or timestamp; Notary writes them with a capital letter
    std::int64_t version = 0;
    UnixMs expires = 0;
    std::string message;  // the canonical bytes that are signed
    std::vector<TufSignature> signatures;
    boost::json::value body;  // "signed"
};

struct TufFileMeta {
    std::int64_t length = 0;
    std::string sha256, sha512;  // bytes; empty where the file has none
};

inline constexpr std::size_t tuf_keys_max = 256;
inline constexpr std::size_t tuf_signatures_max = 256;
inline constexpr std::size_t tuf_targets_max = 100'000;

// corrupt, limit_exceeded: the file is not what `type` must be.
Result<TufMetadata> parse_tuf(std::string_view bytes, std::string_view type);

// Keys of "signed" (root) or of "delegations". A key whose content does not give its id is corrupt: two names for one key would count twice.
Result<TufKeys> parse_tuf_keys(const boost::json::value& keys);
Result<TufRole> parse_tuf_role(const boost::json::value& role);
Result<std::map<std::string, TufFileMeta>> parse_tuf_files(const boost::json::value& files);

// Whether at least `threshold` different keys of the role signed; the error tells how many did.
Result<void> check_tuf_signatures(const TufMetadata& metadata, const TufKeys& keys, const TufRole& role);
// Whether these are the bytes that a file one level above vouches for.
Result<void> check_tuf_file(std::string_view bytes, const TufFileMeta& meta);

}  // namespace bulkhead::trust
