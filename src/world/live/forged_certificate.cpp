// SPDX-License-Identifier: Apache-2.0
#include "world/live/forged_certificate.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace bulkhead::world {

namespace {

constexpr long lifetime_s = 3600;

struct Freed {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};

bool name_entry(X509_NAME* name, const char* field, const char* value) {
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_ASC, reinterpret_cast<const unsigned char*>(value), -1, -1, 0) == 1;
}

}  // namespace

bool use_forged_certificate(ssl_ctx_st* context) {
    const std::unique_ptr<EVP_PKEY, Freed> key(EVP_EC_gen("P-256"));
    const std::unique_ptr<X509, Freed> certificate(X509_new());
    if (!key || !certificate) return false;
    X509* x509 = certificate.get();
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -lifetime_s);
    X509_gmtime_adj(X509_getm_notAfter(x509), lifetime_s);
    X509_NAME* name = X509_get_subject_name(x509);
    // The form of a manager's name: swarmkit, ca/certificates.go.
    if (!name_entry(name, "O", "bulkhead-probe") || !name_entry(name, "OU", "swarm-manager") || !name_entry(name, "CN", "bulkhead-probe")) return false;
    return X509_set_issuer_name(x509, name) == 1 && X509_set_pubkey(x509, key.get()) == 1 && X509_sign(x509, key.get(), EVP_sha256()) > 0 &&
           SSL_CTX_use_certificate(context, x509) == 1 && SSL_CTX_use_PrivateKey(context, key.get()) == 1;
}

}  // namespace bulkhead::world
