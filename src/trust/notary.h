// SPDX-License-Identifier: Apache-2.0
// Docker Content Trust (Notary v1): the signed collection of one repository, verified from root keys that the user configured down to
// the digests that tags stand for. Nothing is trusted on first use. Without memory between runs an old collection that has not expired
// yet cannot be told from the newest one: the timestamp's expiry bounds how old it can be. Pure but for `fetch`; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trust/tuf_metadata.h"

namespace bulkhead::trust {

struct NotaryPins {
    std::vector<std::string> root_key_ids;                             // ids of root keys as `notary key list` and root.json show them
    std::vector<Certificate> root_certificates;                        // authorities of the certificates of root keys
    std::vector<std::string> roles = {"targets", "targets/releases"};  // whose word counts
};

enum class Refused : std::uint8_t {
    absent,      // the server has no collection of this name
    unreadable,  // could not be fetched
    invalid,     // signatures, hashes or form are wrong
    untrusted,   // well signed, but by keys that lead to none that the user configured
    expired,
};

struct Refusal {
    Refused why = Refused::invalid;
    std::string reason;
};

struct SignedTarget {
    std::string name;    // a tag
    std::string sha256;  // hex
    std::string role;    // who signed it
    UnixMs expires = 0;  // of the file it stands in
    std::vector<std::string> key_ids;
};

struct Collection {
    std::vector<SignedTarget> targets;
    std::vector<std::string> root_key_ids;  // by which it was trusted
    UnixMs expires = 0;                     // the earliest of all files it rests on
};

// A file of the collection ("root.json", "3.root.json", "snapshot.<sha256>.json"): bytes, nothing (the server has none), or an error.
using FetchMetadata = std::function<Result<std::optional<std::string>>(const std::string& name)>;

std::expected<Collection, Refusal> verify_collection(std::string_view repository, const NotaryPins& pins, const FetchMetadata& fetch, UnixMs now);

}  // namespace bulkhead::trust
