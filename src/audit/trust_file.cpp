// SPDX-License-Identifier: Apache-2.0
#include "audit/trust_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "audit/yaml_fields.h"
#include "base/text.h"

namespace bulkhead::audit {

namespace {

constexpr std::size_t file_bytes_max = std::size_t{1} << 20U;

bulkhead::Result<std::string> read_bounded(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(Code::not_found, "cannot read " + path.string());
    std::string bytes(file_bytes_max + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    if (bytes.size() > file_bytes_max) return fail(Code::limit_exceeded, path.string() + ": larger than 1 MiB");
    return bytes;
}

bool is_this_machine(std::string_view host) { return host == "localhost" || host.starts_with("127.") || host.starts_with("[::1]"); }

// One file's way through: where it lies, and what it has added so far.
class Loader {
  public:
    explicit Loader(const std::string& path) : path_(path), folder_(std::filesystem::path(path).parent_path()) {}

    bulkhead::Result<TrustFile> run() {
        const auto bytes = read_bounded(path_);
        if (!bytes) return std::unexpected(bytes.error());
        const auto node = parse_yaml(*bytes, path_);
        if (!node) return std::unexpected(node.error());
        const auto fields = YamlFields::read(*node, path_, {"repositories"});
        if (!fields) return std::unexpected(fields.error());
        if (!fields->has("repositories") || !fields->node("repositories").IsSequence())
            return fields->fail_at("repositories", "'repositories' must be a list of rules: match, and cosign or notary or both");
        for (const auto& rule : fields->node("repositories")) {
            if (auto added = add_rule(rule); !added) return std::unexpected(added.error());
        }
        return std::move(out_);
    }

  private:
    // Keys and certificates of the files that a list names.
    template <class Item, class Parse>
    bulkhead::Result<void> read_list(const YamlFields& fields, std::string_view key, std::vector<Item>& into, Parse parse) {
        const auto names = fields.texts(key);
        if (!names) return std::unexpected(names.error());
        for (const std::string& name : *names) {
            const auto bytes = read_bounded(folder_ / name);
            if (!bytes) return fields.fail_at(key, bytes.error().message);
            if (auto added = parse(*bytes, into); !added) return fields.fail_at(key, name + ": " + added.error().message);
        }
        return {};
    }
    static bulkhead::Result<void> add_key(const std::string& bytes, std::vector<trust::PublicKey>& into) {
        auto key = trust::PublicKey::from_pem(bytes);
        if (!key) return std::unexpected(key.error());
        into.push_back(std::move(*key));
        return {};
    }
    static bulkhead::Result<void> add_certificates(const std::string& bytes, std::vector<trust::Certificate>& into) {
        auto certificates = trust::Certificate::from_pem(bytes);
        if (!certificates) return std::unexpected(certificates.error());
        into.insert(into.end(), certificates->begin(), certificates->end());
        return {};
    }

    bulkhead::Result<void> add_server(const YamlFields& fields, std::string_view key, const std::string& base, const std::string& ca_key) {
        const bool plain = base.starts_with("http://");
        if (!plain && !base.starts_with("https://")) return fields.fail_at(key, "an address begins with https://");
        if (plain && !is_this_machine(std::string_view(base).substr(7)))
            return fields.fail_at(key, "http:// is only for this machine itself (127.0.0.1, localhost)");
        if (base.find_first_of("*?[ #@", plain ? 7 : 8) != std::string::npos && !base.contains("[::1]"))
            return fields.fail_at(key, "the registry's name has no wildcards here: give 'registry: https://...'");
        auto ca = fields.text_or(ca_key, "");
        if (!ca) return std::unexpected(ca.error());
        const std::string ca_file = ca->empty() ? "" : (folder_ / *ca).string();
        if (!ca_file.empty() && !read_bounded(ca_file)) return fields.fail_at(ca_key, "cannot read " + ca_file);
        out_.servers.push_back({base, ca_file});
        return {};
    }

    bulkhead::Result<trust::CosignPolicy> cosign(const YAML::Node& node) {
        const auto fields = YamlFields::read(node, path_, {"keys", "roots", "identities", "rekor_keys"});
        if (!fields) return std::unexpected(fields.error());
        trust::CosignPolicy policy;
        auto identities = fields->texts("identities");
        for (auto result : {read_list(*fields, "keys", policy.keys, add_key), read_list(*fields, "rekor_keys", policy.rekor_keys, add_key),
                            read_list(*fields, "roots", policy.roots, add_certificates)}) {
            if (!result) return std::unexpected(result.error());
        }
        if (!identities) return std::unexpected(identities.error());
        policy.identities = std::move(*identities);
        if (policy.empty()) return fail_at(node.Mark(), path_, "cosign needs 'keys' or 'roots'");
        if (!policy.roots.empty() && policy.identities.empty()) return fields->fail_at("roots", "'roots' needs 'identities': whom a certificate must name");
        return policy;
    }

    bulkhead::Result<trust::NotaryPolicy> notary(const YAML::Node& node) {
        const auto fields = YamlFields::read(node, path_, {"server", "ca", "root_keys", "root_certificates", "roles"});
        if (!fields) return std::unexpected(fields.error());
        trust::NotaryPolicy policy;
        auto server = fields->text("server");
        auto ids = fields->texts("root_keys");
        auto roles = fields->texts("roles");
        if (!server) return std::unexpected(server.error());
        if (!ids) return std::unexpected(ids.error());
        if (!roles) return std::unexpected(roles.error());
        policy.server = server->ends_with('/') ? server->substr(0, server->size() - 1) : *server;
        policy.pins.root_key_ids = std::move(*ids);
        if (!roles->empty()) policy.pins.roles = std::move(*roles);
        if (auto read = read_list(*fields, "root_certificates", policy.pins.root_certificates, add_certificates); !read) return std::unexpected(read.error());
        if (policy.pins.root_key_ids.empty() && policy.pins.root_certificates.empty())
            return fail_at(node.Mark(), path_, "notary needs 'root_keys' or 'root_certificates': nothing is trusted on first use");
        if (auto added = add_server(*fields, "server", policy.server, "ca"); !added) return std::unexpected(added.error());
        return policy;
    }

    bulkhead::Result<void> add_rule(const YAML::Node& node) {
        const auto fields = YamlFields::read(node, path_, {"match", "registry", "ca", "cosign", "notary"});
        if (!fields) return std::unexpected(fields.error());
        auto match = fields->text("match");
        auto registry = fields->text_or("registry", "");
        if (!match) return std::unexpected(match.error());
        if (!registry) return std::unexpected(registry.error());
        trust::RepositoryPolicy rule{.match = *match, .registry = *registry, .origin = fmt::format("{}:{}", path_, node.Mark().line + 1)};
        if (rule.registry.ends_with('/')) rule.registry.pop_back();
        if (!fields->has("cosign") && !fields->has("notary")) return fields->fail_at("match", "a rule needs 'cosign' or 'notary': whose signatures count");
        if (fields->has("cosign")) {
            auto policy = cosign(fields->node("cosign"));
            if (!policy) return std::unexpected(policy.error());
            rule.cosign = std::move(*policy);
            const std::string base = rule.registry.empty() ? trust::registry_of(rule.match) : rule.registry;
            if (auto added = add_server(*fields, rule.registry.empty() ? "match" : "registry", base, "ca"); !added) return added;
        }
        if (fields->has("notary")) {
            auto policy = notary(fields->node("notary"));
            if (!policy) return std::unexpected(policy.error());
            rule.notary = std::move(*policy);
        }
        out_.policy.repositories.push_back(std::move(rule));
        return {};
    }

    std::string path_;
    std::filesystem::path folder_;
    TrustFile out_;
};

}  // namespace

bulkhead::Result<TrustFile> load_trust_file(const std::string& path) { return Loader(path).run(); }

}  // namespace bulkhead::audit
