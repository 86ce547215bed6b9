// SPDX-License-Identifier: Apache-2.0
#include "trust/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>

namespace bulkhead::trust {

namespace {

constexpr std::size_t certificates_max = 64;
constexpr std::size_t pem_bytes_max = std::size_t{1} << 20U;

UnixMs time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    return static_cast<UnixMs>(timegm(&parts)) * 1000;
}

struct FreeStack {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

struct FreeNames {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

}  // namespace

Result<std::vector<Certificate>> Certificate::from_pem(std::string_view pem) {
    if (pem.size() > pem_bytes_max) return fail(Code::limit_exceeded, "certificates of more than 1 MiB");
    const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    std::vector<Certificate> certificates;
    while (bio) {
        X509* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr);
        if (one == nullptr) {
            // A damaged block must not shorten a chain in silence; only the end of the text ends it.
            const unsigned long error = ERR_peek_last_error();
            const bool at_end = ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
            ERR_clear_error();
            if (!at_end) return fail(Code::corrupt, "a damaged certificate");
            break;
        }
        certificates.push_back(Certificate(std::shared_ptr<X509>(one, X509_free)));
        if (certificates.size() > certificates_max) return fail(Code::limit_exceeded, "more than 64 certificates");
    }
    if (certificates.empty()) return fail(Code::corrupt, "no certificate (-----BEGIN CERTIFICATE-----)");
    return certificates;
}

Result<PublicKey> Certificate::key() const { return PublicKey::adopt(X509_get_pubkey(certificate_.get())); }

std::string Certificate::common_name() const {
    const X509_NAME* subject = X509_get_subject_name(certificate_.get());
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) return {};
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0) return {};
    std::string out(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return out;
}

std::vector<std::string> Certificate::identities() const {
    std::vector<std::string> out;
    const std::unique_ptr<GENERAL_NAMES, FreeNames> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate_.get(), NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        const ASN1_IA5STRING* text = name->type == GEN_EMAIL ? name->d.rfc822Name : name->type == GEN_URI ? name->d.uniformResourceIdentifier : nullptr;
        if (text != nullptr) out.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text)));
    }
    return out;
}

UnixMs Certificate::not_before() const { return time_of(X509_get0_notBefore(certificate_.get())); }
UnixMs Certificate::not_after() const { return time_of(X509_get0_notAfter(certificate_.get())); }

std::string Certificate::fingerprint() const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int size = 0;
    if (X509_digest(certificate_.get(), EVP_sha256(), out.data(), &size) != 1) return {};
    return hex({reinterpret_cast<const char*>(out.data()), size});
}

Result<void> Certificate::chains_to(const std::vector<Certificate>& roots, const std::vector<Certificate>& between, UnixMs at) const {
    const std::unique_ptr<X509_STORE, void (*)(X509_STORE*)> store(X509_STORE_new(), X509_STORE_free);
    const std::unique_ptr<STACK_OF(X509), FreeStack> others(sk_X509_new_null());
    const std::unique_ptr<X509_STORE_CTX, void (*)(X509_STORE_CTX*)> context(X509_STORE_CTX_new(), X509_STORE_CTX_free);
    if (!store || !others || !context) return fail(Code::internal, "no memory");
    for (const Certificate& root : roots) X509_STORE_add_cert(store.get(), root.certificate_.get());
    for (const Certificate& one : between) sk_X509_push(others.get(), one.certificate_.get());
    if (X509_STORE_CTX_init(context.get(), store.get(), certificate_.get(), others.get()) != 1) return fail(Code::internal, "no memory");
    X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(at / 1000));
    // A configured intermediate is a root of trust as it stands; the purpose of code signing is asked by the caller's policy alone.
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
    const bool good = X509_verify_cert(context.get()) == 1;
    const int error = X509_STORE_CTX_get_error(context.get());
    ERR_clear_error();
    if (good) return {};
    return fail(Code::invalid_input, X509_verify_cert_error_string(error));
}

}  // namespace bulkhead::trust
