// SPDX-License-Identifier: Apache-2.0
// image_signature: who signed the images of containers, judged by the trust file that the user gave (--trust).
#include <algorithm>
#include <map>
#include <set>

#include "tables/docker_rows.h"
#include "tables/facts.h"
#include "tables/table.h"
#include "trust/verify_image.h"

namespace bulkhead::tables {

namespace {

struct Row {
    std::string image_id;
    std::string image;
    std::string repository;
    std::string digest;
    std::string rule;
    trust::SignatureVerdict verdict;
};

Row without(const engine::Image& image, std::string state, std::string reason) {
    Row row{.image_id = image.id, .image = image.display_name(), .repository = "", .digest = "", .rule = "", .verdict = {}};
    row.verdict.state = std::move(state);
    row.verdict.reason = std::move(reason);
    return row;
}

// "name@sha256:..." as the engine keeps it: the digest under which the registry knows the image.
void add_digest(Scan& scan, const engine::Image& image, const std::string& repo_digest, std::vector<Row>& rows) {
    const std::size_t at = repo_digest.rfind('@');
    if (at == std::string::npos) return;
    const std::string repository = trust::full_repository(repo_digest.substr(0, at));
    const std::string digest = repo_digest.substr(at + 1);
    const trust::Policy* policy = scan.facts().trust_policy;
    const trust::RepositoryPolicy* rule = policy == nullptr ? nullptr : policy->find(repository);
    if (rule == nullptr) {
        rows.push_back(policy == nullptr ? without(image, "no_policy", "no trust file says whose signatures count (--trust FILE)")
                                         : without(image, "no_rule", "the trust file has no rule for " + repository));
        rows.back().repository = repository;
        rows.back().digest = digest;
        return;
    }
    // What could not be read is a state of its own: it concerns this image, not the others.
    for (trust::SignatureVerdict& verdict : trust::verify_image(scan.facts().world, *rule, repository, digest)) {
        rows.push_back({image.id, image.display_name(), repository, digest, rule->origin, std::move(verdict)});
    }
}

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    std::set<std::string> used;
    for (const auto& container : items_of(scan, scan.facts().engine.container_summaries())) used.insert(container.image_id);
    const auto wanted = scan.wanted("image_id");
    for (const engine::Image& image : items_of(scan, scan.facts().engine.images())) {
        const bool asked = wanted ? image.id == *wanted : used.contains(image.id);
        if (!asked) continue;
        if (image.repo_digests.empty()) {
            rows.push_back(without(image, scan.facts().trust_policy == nullptr ? "no_policy" : "no_digest",
                                   "no registry knows it: it was built or imported here, and there is no digest that could be signed"));
            continue;
        }
        for (const std::string& repo_digest : image.repo_digests) add_digest(scan, image, repo_digest, rows);
    }
    return rows;
}

template <class Member>
auto verdict(Member trust::SignatureVerdict::* member) {
    return [member](const Row& row) { return cell(row.verdict.*member); };
}

template <>
auto verdict(UnixMs trust::SignatureVerdict::* member) {
    return [member](const Row& row) { return row.verdict.*member == 0 ? Cell{} : cell(rfc3339(row.verdict.*member)); };
}

}  // namespace

Table image_signature() {
    return make_table<Row>({
        .name = "image_signature",
        .help = "Signatures of the images that containers use, judged by the trust file (--trust). At least one row an image.",
        .columns = {{"image_id", Type::text, "the engine's id of the image", of(&Row::image_id)},
                    {"image", Type::text, "its name", of(&Row::image)},
                    {"repository", Type::text, "full name in its registry", of(&Row::repository)},
                    {"digest", Type::text, "by which the registry knows it", of(&Row::digest)},
                    {"kind", Type::text, "cosign or notary", verdict(&trust::SignatureVerdict::kind)},
                    {"state", Type::text,
                     "trusted, absent, invalid, untrusted, expired, unreadable; no_policy: no trust file; no_rule: it says nothing; no_digest: in no registry",
                     verdict(&trust::SignatureVerdict::state)},
                    {"signer", Type::text, "who the certificate names, or the notary's role", verdict(&trust::SignatureVerdict::signer)},
                    {"key_id", Type::text, "SHA-256 of the key or certificate, or the notary's id of the key", verdict(&trust::SignatureVerdict::key_id)},
                    {"tag", Type::text, "under which a notary signed it", verdict(&trust::SignatureVerdict::tag)},
                    {"signed_at", Type::text, "by a transparency log that the trust file believes", verdict(&trust::SignatureVerdict::signed_at)},
                    {"expires", Type::text, "when the notary's word ends", verdict(&trust::SignatureVerdict::expires)},
                    {"reason", Type::text, "what decided", verdict(&trust::SignatureVerdict::reason)},
                    {"rule", Type::text, "where in the trust file the rule stands", of(&Row::rule)},
                    {"locator", Type::text, std::string(locator_help), verdict(&trust::SignatureVerdict::locator)}},
        .keys = {"image_id"},
        .examples = {"select image, kind, state, signer, reason from image_signature"},
        .rows = read,
    });
}

}  // namespace bulkhead::tables
