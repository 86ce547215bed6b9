// SPDX-License-Identifier: Apache-2.0
// `bulkhead snapshot sign` and `verify`: who vouches for a snapshot, and whether it is still the file they signed (docs/snapshots.md).
#include <fmt/format.h>

#include <memory>

#include "audit/input_file.h"
#include "base/text.h"
#include "cli/output_file.h"
#include "cli/snapshot_parts.h"
#include "cli/terminal.h"
#include "world/snapshot/signature.h"
#include "world/snapshot/snapshot.h"

namespace bulkhead::cli {

namespace {

struct SignOptions {
    std::string file;
    std::string key;
    std::string signature;

    [[nodiscard]] std::string signature_file() const { return signature.empty() ? world::signature_path(file) : signature; }
};

int refuse(const Error& error) {
    complain(error);
    return exit_error;
}

bulkhead::Result<std::string> read_key(const SignOptions& options) { return audit::read_input_file(options.key, "the key", world::key_file_bytes_max); }

int sign(const SignOptions& options) {
    const auto key = read_key(options);
    if (!key) return refuse(key.error());
    // What is vouched for should be what it is thought to be.
    if (const auto snapshot = world::SnapshotReader::open(options.file); !snapshot) return refuse(snapshot.error());
    const auto bytes = audit::read_input_file(options.file, "the snapshot", world::signed_file_bytes_max);
    if (!bytes) return refuse(bytes.error());
    const auto signature = world::sign_bytes(*bytes, *key);
    if (!signature) return refuse(signature.error().in(options.key));
    auto file = OutputFile::create(options.signature_file());
    if (!file) return refuse(file.error());
    if (const auto finished = (*file)->finish(*signature); !finished) return refuse(finished.error());
    const auto fingerprint = world::key_fingerprint(*key);
    const auto written =
        write_out(fmt::format("{}: signed with the key {}\n", text::printable(options.signature_file()), fingerprint ? *fingerprint : std::string("?")));
    return written ? exit_good : refuse(written.error());
}

int verify(const SignOptions& options) {
    const auto key = read_key(options);
    if (!key) return refuse(key.error());
    const auto bytes = audit::read_input_file(options.file, "the snapshot", world::signed_file_bytes_max);
    if (!bytes) return refuse(bytes.error());
    const auto signature = audit::read_input_file(options.signature_file(), "the signature", world::signature_bytes);
    if (!signature && signature.error().code == Code::not_found)
        return refuse({Code::not_found, fmt::format("{} is not signed: there is no {}", options.file, options.signature_file())});
    if (!signature) return refuse(signature.error());
    const auto verdict = world::verify_bytes(*bytes, *signature, *key);
    if (!verdict) return refuse(verdict.error().in(verdict.error().code == Code::corrupt ? options.signature_file() : options.key));
    const auto fingerprint = world::key_fingerprint(*key);
    if (*verdict == world::Verdict::bad) {
        complain(fmt::format("{} was not signed so with the key {}: the file or its signature was changed, or another key signed it",
                             text::printable(options.file), fingerprint ? *fingerprint : std::string("?")));
        return exit_alarm;
    }
    const auto written =
        write_out(fmt::format("{}: good signature by the key {}\n", text::printable(options.file), fingerprint ? *fingerprint : std::string("?")));
    return written ? exit_good : refuse(written.error());
}

}  // namespace

void add_snapshot_sign(CLI::App& snapshot, Context& context) {
    auto options = std::make_shared<SignOptions>();
    CLI::App* sign_app = snapshot.add_subcommand("sign", "Sign FILE with an Ed25519 key; the signature goes to FILE.sig");
    sign_app->add_option("--key", options->key, "the private key, PEM (openssl genpkey -algorithm ed25519)")->required();
    sign_app->callback([&context, options] { context.action = [options] { return sign(*options); }; });
    CLI::App* verify_app = snapshot.add_subcommand("verify", "Check FILE against FILE.sig; exit code 1 where it is not what was signed");
    verify_app->add_option("--key", options->key, "the public key, PEM (openssl pkey -pubout)")->required();
    verify_app->callback([&context, options] { context.action = [options] { return verify(*options); }; });
    for (CLI::App* app : {sign_app, verify_app}) {
        app->add_option("FILE", options->file, "the snapshot")->required();
        app->add_option("--signature", options->signature, "where the signature is, in place of FILE.sig");
    }
}

}  // namespace bulkhead::cli
