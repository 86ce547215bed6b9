// SPDX-License-Identifier: Apache-2.0
#include "trust/notary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"

namespace bulkhead::trust {

namespace {

namespace json = boost::json;

constexpr int root_rotations_max = 32;

template <class T>
using Checked = std::expected<T, Refusal>;

std::unexpected<Refusal> refuse(Refused why, std::string reason) { return std::unexpected(Refusal{why, std::move(reason)}); }

struct Root {
    TufMetadata metadata;
    std::string bytes;
    TufKeys keys;
    std::map<std::string, TufRole> roles;
};

const json::value* member(const json::value& value, std::string_view key) {
    const auto* object = value.if_object();
    return object == nullptr ? nullptr : object->if_contains(key);
}

// "registry.example/shop/*" in a certificate's common name covers what begins so, as in Notary's own client.
bool names_repository(const std::string& common_name, std::string_view repository) {
    if (common_name.ends_with('*')) return repository.starts_with(std::string_view(common_name).substr(0, common_name.find_last_not_of('*') + 1));
    return common_name == repository;
}

class Verifier {
  public:
    Verifier(std::string_view repository, const NotaryPins& pins, const FetchMetadata& fetch, UnixMs now)
        : repository_(repository), pins_(pins), fetch_(fetch), now_(now) {}

    Checked<Collection> run() {
        if (pins_.root_key_ids.empty() && pins_.root_certificates.empty()) return refuse(Refused::untrusted, "no root keys are configured");
        auto root = trusted_root();
        if (!root) return std::unexpected(root.error());
        auto timestamp = file("timestamp.json", "timestamp", root->keys, root->roles["timestamp"], nullptr);
        if (!timestamp) return std::unexpected(timestamp.error());
        const auto snapshot_meta = metas(*timestamp);
        if (!snapshot_meta) return std::unexpected(snapshot_meta.error());
        auto snapshot = listed("snapshot", "snapshot", *snapshot_meta, root->keys, root->roles["snapshot"]);
        if (!snapshot) return std::unexpected(snapshot.error());
        const auto all = metas(*snapshot);
        if (!all) return std::unexpected(all.error());
        if (const auto told = all->find("root"); told != all->end()) {
            if (const auto same = check_tuf_file(root->bytes, told->second); !same) return refuse(Refused::invalid, "root.json: " + same.error().message);
        }
        auto targets = listed("targets", "targets", *all, root->keys, root->roles["targets"]);
        if (!targets) return std::unexpected(targets.error());
        return collect(*root, *all, *targets);
    }

  private:
    Checked<std::string> bytes_of(const std::string& name, Refused when_absent) {
        auto bytes = fetch_(name);
        if (!bytes) return refuse(Refused::unreadable, name + ": " + bytes.error().message);
        if (!*bytes) return refuse(when_absent, name + ": the server has none");
        return std::move(**bytes);
    }

    Checked<void> check_expiry(const TufMetadata& metadata, const std::string& name) {
        collection_.expires = collection_.expires == 0 ? metadata.expires : std::min(collection_.expires, metadata.expires);
        if (metadata.expires < now_) return refuse(Refused::expired, fmt::format("{} expired at {}", name, rfc3339(metadata.expires)));
        return {};
    }

    Checked<Root> parse_root(const std::string& name, Refused when_absent) {
        auto bytes = bytes_of(name, when_absent);
        if (!bytes) return std::unexpected(bytes.error());
        const auto wrong = [&](const Error& error) { return refuse(Refused::invalid, name + ": " + error.message); };
        auto metadata = parse_tuf(*bytes, "root");
        if (!metadata) return wrong(metadata.error());
        const json::value* keys = member(metadata->body, "keys");
        auto parsed = keys == nullptr ? Result<TufKeys>(fail(Code::corrupt, "no keys")) : parse_tuf_keys(*keys);
        if (!parsed) return wrong(parsed.error());
        Root root{std::move(*metadata), std::move(*bytes), std::move(*parsed), {}};
        for (const char* role : {"root", "targets", "snapshot", "timestamp"}) {
            const json::value* roles = member(root.metadata.body, "roles");
            const json::value* one = roles == nullptr ? nullptr : member(*roles, role);
            auto read = one == nullptr ? Result<TufRole>(fail(Code::corrupt, std::string("no role ") + role)) : parse_tuf_role(*one);
            if (!read) return wrong(read.error());
            root.roles.emplace(role, std::move(*read));
        }
        // A root vouches for itself before anybody asks whether it is trusted.
        if (const auto good = check_tuf_signatures(root.metadata, root.keys, root.roles["root"]); !good) return wrong(good.error());
        return root;
    }

    // The root keys that the user's configuration reaches: by id, or by a certificate for this repository under a configured authority.
    std::vector<std::string> pinned(const Root& root) {
        std::vector<std::string> ids;
        for (const std::string& id : root.roles.at("root").key_ids) {
            const auto key = root.keys.find(id);
            if (key == root.keys.end()) continue;
            const auto& certificates = key->second.certificates;
            const bool by_id = std::ranges::find(pins_.root_key_ids, id) != pins_.root_key_ids.end();
            const bool fits = certificates.empty() || (names_repository(certificates[0].common_name(), repository_) && certificates[0].valid_at(now_));
            const bool by_authority = !certificates.empty() && !pins_.root_certificates.empty() &&
                                      certificates[0].chains_to(pins_.root_certificates, {certificates.begin() + 1, certificates.end()}, now_).has_value();
            if (fits && (by_id || by_authority)) ids.push_back(id);
        }
        return ids;
    }

    bool is_pinned(const Root& root) {
        const auto ids = pinned(root);
        if (ids.empty() || !check_tuf_signatures(root.metadata, root.keys, {ids, root.roles.at("root").threshold})) return false;
        collection_.root_key_ids = ids;
        return true;
    }

    // Root keys may have been rotated since the user wrote them down: back to a version that they signed, and forward again link by link.
    Checked<Root> trusted_root() {
        auto newest = parse_root("root.json", Refused::absent);
        if (!newest) return newest;
        if (const auto fresh = check_expiry(newest->metadata, "root.json"); !fresh) return std::unexpected(fresh.error());
        if (is_pinned(*newest)) return newest;
        std::vector<Root> chain;
        const std::int64_t last = newest->metadata.version;
        const std::int64_t oldest = std::max<std::int64_t>(1, last - root_rotations_max);
        bool found = false;
        for (std::int64_t version = last - 1; version >= oldest && !found; --version) {
            auto older = parse_root(fmt::format("{}.root.json", version), Refused::untrusted);
            if (!older && older.error().why == Refused::unreadable) return older;
            if (!older || older->metadata.version != version) break;
            found = is_pinned(*older);
            chain.push_back(std::move(*older));
        }
        if (!found) return refuse(Refused::untrusted, "root.json: its root keys are none of those configured, and no rotation leads from those to it");
        for (std::size_t i = chain.size(); i-- > 0;) {
            const Root& next = i == 0 ? *newest : chain[i - 1];
            TufKeys both = chain[i].keys;
            both.insert(next.keys.begin(), next.keys.end());
            const auto linked = check_tuf_signatures(next.metadata, both, chain[i].roles["root"]);
            if (!linked)
                return refuse(Refused::untrusted, fmt::format("root version {} is not signed by version {}", next.metadata.version, chain[i].metadata.version));
        }
        return newest;
    }

    Checked<TufMetadata> file(const std::string& name, std::string_view type, const TufKeys& keys, const TufRole& role, const TufFileMeta* meta) {
        auto bytes = bytes_of(name, Refused::invalid);
        if (!bytes) return std::unexpected(bytes.error());
        if (meta != nullptr) {
            if (const auto same = check_tuf_file(*bytes, *meta); !same) return refuse(Refused::invalid, name + ": " + same.error().message);
        }
        auto metadata = parse_tuf(*bytes, type);
        if (!metadata) return refuse(Refused::invalid, name + ": " + metadata.error().message);
        if (const auto good = check_tuf_signatures(*metadata, keys, role); !good) return refuse(Refused::invalid, name + ": " + good.error().message);
        if (const auto fresh = check_expiry(*metadata, name); !fresh) return std::unexpected(fresh.error());
        return std::move(*metadata);
    }

    // A file by the hash that the file above it gives: a publication in between cannot mix two states.
    Checked<TufMetadata> listed(const std::string& role_name, std::string_view type, const std::map<std::string, TufFileMeta>& metas, const TufKeys& keys,
                                const TufRole& role) {
        const auto meta = metas.find(role_name);
        if (meta == metas.end()) return refuse(Refused::invalid, role_name + " is not listed above");
        const std::string name = meta->second.sha256.empty() ? role_name + ".json" : fmt::format("{}.{}.json", role_name, hex(meta->second.sha256));
        return file(name, type, keys, role, &meta->second);
    }

    static Checked<std::map<std::string, TufFileMeta>> metas(const TufMetadata& metadata) {
        const json::value* list = member(metadata.body, "meta");
        auto files = list == nullptr ? Result<std::map<std::string, TufFileMeta>>(fail(Code::corrupt, "no list of files")) : parse_tuf_files(*list);
        if (!files) return refuse(Refused::invalid, metadata.type + ": " + files.error().message);
        return std::move(*files);
    }

    bool counts(const std::string& role) const { return std::ranges::find(pins_.roles, role) != pins_.roles.end(); }

    Checked<void> add_targets(const TufMetadata& metadata, const std::string& role_name, const TufRole& role, const std::vector<std::string>& paths) {
        const json::value* list = member(metadata.body, "targets");
        const auto files = list == nullptr ? Result<std::map<std::string, TufFileMeta>>(fail(Code::corrupt, "no targets")) : parse_tuf_files(*list);
        if (!files) return refuse(Refused::invalid, role_name + ": " + files.error().message);
        for (const auto& [name, meta] : *files) {
            const bool allowed = std::ranges::any_of(paths, [&](const std::string& prefix) { return name.starts_with(prefix); });
            if (allowed && !meta.sha256.empty()) collection_.targets.push_back({name, hex(meta.sha256), role_name, metadata.expires, role.key_ids});
        }
        return {};
    }

    Checked<Collection> collect(Root& root, const std::map<std::string, TufFileMeta>& all, const TufMetadata& targets) {
        if (counts("targets")) {
            if (auto added = add_targets(targets, "targets", root.roles["targets"], {""}); !added) return std::unexpected(added.error());
        }
        const json::value* delegations = member(targets.body, "delegations");
        const json::value* roles = delegations == nullptr ? nullptr : member(*delegations, "roles");
        const json::value* keys_list = delegations == nullptr ? nullptr : member(*delegations, "keys");
        if (roles == nullptr || !roles->is_array() || keys_list == nullptr || !keys_list->is_object()) return std::move(collection_);
        auto keys = parse_tuf_keys(*keys_list);
        if (!keys) return refuse(Refused::invalid, "delegations: " + keys.error().message);
        for (const json::value& one : roles->get_array()) {
            const json::value* name_value = member(one, "name");
            const std::string name = name_value != nullptr && name_value->is_string() ? std::string(name_value->get_string()) : "";
            if (!counts(name) || !all.contains(name)) continue;  // nobody has signed there yet
            auto role = parse_tuf_role(one);
            if (!role) return refuse(Refused::invalid, name + ": " + role.error().message);
            std::vector<std::string> paths;
            if (const json::value* list = member(one, "paths"); list != nullptr && list->is_array()) {
                for (const json::value& path : list->get_array()) {
                    if (path.is_string()) paths.emplace_back(path.get_string());
                }
            }
            auto metadata = listed(name, "targets", all, *keys, *role);
            if (!metadata) return std::unexpected(metadata.error());
            if (auto added = add_targets(*metadata, name, *role, paths); !added) return std::unexpected(added.error());
        }
        return std::move(collection_);
    }

    std::string_view repository_;
    const NotaryPins& pins_;
    const FetchMetadata& fetch_;
    UnixMs now_;
    Collection collection_;
};

}  // namespace

std::expected<Collection, Refusal> verify_collection(std::string_view repository, const NotaryPins& pins, const FetchMetadata& fetch, UnixMs now) {
    return Verifier(repository, pins, fetch, now).run();
}

}  // namespace bulkhead::trust
