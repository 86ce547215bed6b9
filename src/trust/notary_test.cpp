// SPDX-License-Identifier: Apache-2.0
// A notary's collection is believed only when every link from the configured root keys to the digest holds: each test breaks one.
// What a real notary server sends is in tests/e2e/signatures.bats.
#include "trust/notary.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "trust/canonical_json.h"
#include "trust/testing/signer.h"

namespace bulkhead::trust {
namespace {

using testing::HasSubstr;

constexpr UnixMs now = 1'768'046'400'000;  // 2026-01-10T12:00:00Z
const std::string later = "2026-06-01T00:00:00Z";
const std::string earlier = "2026-01-01T00:00:00Z";
const std::string digest(32, '\x61');

std::string key_json(const Signer& key) {
    return fmt::format(R"({{"keytype":"ed25519","keyval":{{"private":null,"public":"{}"}}}})", base64(key.raw_public()));
}
std::string id_of(const Signer& key) { return sha256_hex(key_json(key)); }

std::string quoted_ids(const std::vector<Signer>& keys) {
    std::string out;
    for (const Signer& key : keys) out += (out.empty() ? "\"" : ",\"") + id_of(key) + "\"";
    return "[" + out + "]";
}

// A signed file: the body as canonical bytes, signed by each key.
std::string signed_file(const std::string& body, const std::vector<Signer>& keys) {
    const std::string message = *canonical_json(boost::json::parse(body));
    std::string signatures;
    for (const Signer& key : keys) {
        signatures += fmt::format(R"({}{{"keyid":"{}","method":"eddsa","sig":"{}"}})", signatures.empty() ? "" : ",", id_of(key), base64(key.sign(message)));
    }
    return fmt::format(R"({{"signed":{},"signatures":[{}]}})", message, signatures);
}

std::string meta_of(const std::string& bytes) { return fmt::format(R"({{"length":{},"hashes":{{"sha256":"{}"}}}})", bytes.size(), base64(sha256(bytes))); }

// A notary server with one repository; publish() signs all of it anew.
struct Server {
    Signer root = Signer::ed25519(), targets = Signer::ed25519(), snapshot = Signer::ed25519(), timestamp = Signer::ed25519(), release = Signer::ed25519();
    int root_version = 1;
    int root_threshold = 1;
    std::vector<Signer> root_signers = {root};
    std::vector<Signer> root_keys = {root};
    std::string root_expires = later, targets_expires = later, snapshot_expires = later, timestamp_expires = later;
    std::string paths = R"([""])";
    std::string released = "v1";
    Signer release_signer = release;
    std::map<std::string, std::string> files;

    void publish() {
        std::vector<Signer> all = root_keys;
        all.insert(all.end(), {targets, snapshot, timestamp});
        std::string keys;
        for (const Signer& key : all) keys += fmt::format(R"({}"{}":{})", keys.empty() ? "" : ",", id_of(key), key_json(key));
        const auto role = [](const std::string& ids, int threshold) { return fmt::format(R"({{"keyids":{},"threshold":{}}})", ids, threshold); };
        files["root.json"] = signed_file(
            fmt::format(
                R"({{"_type":"Root","version":{},"expires":"{}","consistent_snapshot":false,"keys":{{{}}},"roles":{{"root":{},"targets":{},"snapshot":{},"timestamp":{}}}}})",
                root_version, root_expires, keys, role(quoted_ids(root_keys), root_threshold), role(quoted_ids({targets}), 1), role(quoted_ids({snapshot}), 1),
                role(quoted_ids({timestamp}), 1)),
            root_signers);
        files[fmt::format("{}.root.json", root_version)] = files["root.json"];
        const std::string target = fmt::format(R"({{"length":10,"hashes":{{"sha256":"{}"}}}})", base64(digest));
        const std::string delegations = fmt::format(R"({{"keys":{{"{}":{}}},"roles":[{{"name":"targets/releases","keyids":{},"threshold":1,"paths":{}}}]}})",
                                                    id_of(release), key_json(release), quoted_ids({release}), paths);
        const std::string top = signed_file(
            fmt::format(R"({{"_type":"Targets","version":3,"expires":"{}","delegations":{},"targets":{{"latest":{}}}}})", targets_expires, delegations, target),
            {targets});
        const std::string below =
            signed_file(fmt::format(R"({{"_type":"Targets","version":1,"expires":"{}","delegations":{{"keys":{{}},"roles":[]}},"targets":{{"{}":{}}}}})", later,
                                    released, target),
                        {release_signer});
        const std::string list =
            signed_file(fmt::format(R"({{"_type":"Snapshot","version":4,"expires":"{}","meta":{{"root":{},"targets":{},"targets/releases":{}}}}})",
                                    snapshot_expires, meta_of(files["root.json"]), meta_of(top), meta_of(below)),
                        {snapshot});
        files["timestamp.json"] = signed_file(
            fmt::format(R"({{"_type":"Timestamp","version":5,"expires":"{}","meta":{{"snapshot":{}}}}})", timestamp_expires, meta_of(list)), {timestamp});
        files["snapshot." + sha256_hex(list) + ".json"] = list;
        files["targets." + sha256_hex(top) + ".json"] = top;
        files["targets/releases." + sha256_hex(below) + ".json"] = below;
    }
    std::string& file(const std::string& prefix) {
        for (auto& [name, bytes] : files) {
            if (name.starts_with(prefix)) return bytes;
        }
        ADD_FAILURE() << prefix;
        return files[prefix];
    }
    std::expected<Collection, Refusal> verify(const Signer& pinned) const {
        const auto fetch = [this](const std::string& name) -> Result<std::optional<std::string>> {
            const auto found = files.find(name);
            return found == files.end() ? std::nullopt : std::optional(found->second);
        };
        return verify_collection("example.org/shop/web", {.root_key_ids = {id_of(pinned)}, .root_certificates = {}}, fetch, now);
    }
};

std::string refusal(const std::expected<Collection, Refusal>& result, Refused why) {
    EXPECT_FALSE(result) << "it was believed";
    if (result) return {};
    EXPECT_EQ(static_cast<int>(result.error().why), static_cast<int>(why)) << result.error().reason;
    return result.error().reason;
}

TEST(Notary, a_whole_chain_gives_the_signed_tags_and_when_they_end) {
    Server server;
    server.timestamp_expires = "2026-01-20T00:00:00Z";
    server.publish();
    const auto collection = server.verify(server.root);
    ASSERT_TRUE(collection) << collection.error().reason;
    ASSERT_EQ(collection->targets.size(), 2U);
    EXPECT_EQ(collection->targets[0].name, "latest");
    EXPECT_EQ(collection->targets[0].sha256, hex(digest));
    EXPECT_EQ(collection->targets[1].role, "targets/releases");
    EXPECT_EQ(rfc3339(collection->expires), "2026-01-20T00:00:00.000Z");
}

TEST(Notary, root_keys_that_nobody_configured_are_not_trusted) {
    Server server;
    server.publish();
    EXPECT_THAT(refusal(server.verify(Signer::ed25519()), Refused::untrusted), HasSubstr("none of those configured"));
}

TEST(Notary, no_collection_is_absent_and_a_missing_part_is_invalid) {
    Server server;
    EXPECT_THAT(refusal(server.verify(server.root), Refused::absent), HasSubstr("root.json"));
    server.publish();
    server.files.erase("timestamp.json");
    EXPECT_THAT(refusal(server.verify(server.root), Refused::invalid), HasSubstr("timestamp.json"));
}

TEST(Notary, every_expired_file_ends_the_trust) {
    for (std::string Server::* expires : {&Server::root_expires, &Server::targets_expires, &Server::snapshot_expires, &Server::timestamp_expires}) {
        Server server;
        server.*expires = earlier;
        server.publish();
        EXPECT_THAT(refusal(server.verify(server.root), Refused::expired), HasSubstr("expired at 2026-01-01"));
    }
}

TEST(Notary, a_changed_byte_anywhere_is_noticed) {
    for (const char* name : {"snapshot.", "targets.", "targets/releases."}) {
        Server server;
        server.publish();
        std::string& bytes = server.file(name);
        bytes[bytes.find("version") + 9] = '9';
        EXPECT_THAT(refusal(server.verify(server.root), Refused::invalid), HasSubstr("another SHA-256")) << name;
    }
    Server server;
    server.publish();
    std::string& bytes = server.file("timestamp.json");
    bytes[bytes.find("version") + 9] = '9';
    EXPECT_THAT(refusal(server.verify(server.root), Refused::invalid), HasSubstr("0 of the 1 signatures"));
}

TEST(Notary, one_key_under_two_names_counts_once) {
    Server server;
    server.root_threshold = 2;
    server.publish();
    EXPECT_THAT(refusal(server.verify(server.root), Refused::invalid), HasSubstr("1 of the 2 signatures"));
    std::string& root = server.file("root.json");
    const std::string id = id_of(server.root);
    const std::size_t at = root.find("\"" + id + "\":");
    root.insert(at, "\"" + std::string(64, 'f') + "\":" + key_json(server.root) + ",");
    EXPECT_THAT(refusal(server.verify(server.root), Refused::invalid), HasSubstr("another id by its content"));
}

TEST(Notary, a_delegation_signed_by_somebody_else_or_beyond_its_paths_gives_nothing) {
    Server server;
    server.release_signer = Signer::ed25519();
    server.publish();
    EXPECT_THAT(refusal(server.verify(server.root), Refused::invalid), HasSubstr("targets/releases"));
    Server narrow;
    narrow.paths = R"(["release-"])";
    narrow.publish();
    const auto collection = narrow.verify(narrow.root);
    ASSERT_TRUE(collection);
    EXPECT_EQ(collection->targets.size(), 1U) << "v1 does not begin with release-";
}

TEST(Notary, rotated_root_keys_are_followed_link_by_link) {
    Server server;
    server.publish();
    const Signer old = server.root;
    const Signer fresh = Signer::ed25519();
    server.root_version = 2;
    server.root_keys = {fresh};
    server.root_signers = {fresh, old};
    server.publish();
    const auto followed = server.verify(old);
    EXPECT_TRUE(followed) << followed.error().reason;
    EXPECT_TRUE(server.verify(fresh)) << "whoever configured the new key needs no chain";

    server.root_signers = {fresh};  // a thief of the server's storage has the new key only
    server.publish();
    EXPECT_THAT(refusal(server.verify(old), Refused::untrusted), HasSubstr("not signed by version 1"));
}

TEST(Notary, an_unreadable_answer_is_no_verdict) {
    const auto fetch = [](const std::string&) -> Result<std::optional<std::string>> { return fail(Code::unavailable, "timeout"); };
    EXPECT_THAT(refusal(verify_collection("r", {.root_key_ids = {"aa"}, .root_certificates = {}}, fetch, now), Refused::unreadable), HasSubstr("timeout"));
    EXPECT_THAT(refusal(verify_collection("r", {}, fetch, now), Refused::untrusted), HasSubstr("no root keys"));
}

TEST(Notary, a_file_of_another_kind_in_its_place_is_refused) {
    Server server;
    server.publish();
    server.files["timestamp.json"] = server.file("snapshot.");
    EXPECT_THAT(refusal(server.verify(server.root), Refused::invalid), HasSubstr("of type 'snapshot' where timestamp belongs"));
}

}  // namespace
}  // namespace bulkhead::trust
