// SPDX-License-Identifier: Apache-2.0
// X.509 certificates (RFC 5280) as far as signatures of images need them: what they say, and whether a chain leads to roots that the
// user configured. Any thread; a certificate is immutable.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "trust/public_key.h"

struct x509_st;

namespace bulkhead::trust {

class Certificate {
  public:
    static Result<std::vector<Certificate>> from_pem(std::string_view pem);  // at least one; bounded

    [[nodiscard]] Result<PublicKey> key() const;
    [[nodiscard]] std::string common_name() const;              // of the subject; empty where there is none
    [[nodiscard]] std::vector<std::string> identities() const;  // e-mail addresses and URIs of the subject alternative name
    [[nodiscard]] UnixMs not_before() const;
    [[nodiscard]] UnixMs not_after() const;
    [[nodiscard]] bool valid_at(UnixMs time) const { return not_before() <= time && time <= not_after(); }
    [[nodiscard]] std::string fingerprint() const;  // SHA-256 of the certificate, hex

    // Whether a chain through `between` leads to one of `roots`, all valid at `at`. The error says what is wrong.
    [[nodiscard]] Result<void> chains_to(const std::vector<Certificate>& roots, const std::vector<Certificate>& between, UnixMs at) const;

  private:
    explicit Certificate(std::shared_ptr<x509_st> certificate) : certificate_(std::move(certificate)) {}
    std::shared_ptr<x509_st> certificate_;
};

}  // namespace bulkhead::trust
