// SPDX-License-Identifier: Apache-2.0
#include "engine/certificate.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

namespace bulkhead::engine {

namespace {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Freed<BN_free>>;

std::string text_of(const X509_NAME* name) {
    const Bio out(BIO_new(BIO_s_mem()));
    if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::optional<UnixMs> time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return static_cast<UnixMs>(timegm(&parts)) * 1000;
}

std::string hex(const unsigned char* bytes, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) out += fmt::format("{:02x}", bytes[i]);
    return out;
}

std::string serial_of(X509* certificate) {
    const BigNumber number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    if (!number) return {};
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    auto* data = reinterpret_cast<unsigned char*>(bytes.data());
    BN_bn2bin(number.get(), data);
    return hex(data, bytes.size());
}

std::string key_kind_of(X509* certificate) {
    const EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (key == nullptr) return {};
    const char* name = EVP_PKEY_get0_type_name(key);
    if (name == nullptr) return {};
    const std::string_view kind = name;
    // The size of an Edwards key is in its name.
    if (kind.starts_with("ED") || kind.starts_with("X")) return std::string(kind);
    return fmt::format("{} {}", kind, EVP_PKEY_get_bits(key));
}

Certificate certificate_from(X509* x509) {
    Certificate certificate;
    certificate.subject = text_of(X509_get_subject_name(x509));
    certificate.issuer = text_of(X509_get_issuer_name(x509));
    certificate.serial = serial_of(x509);
    certificate.not_before = time_of(X509_get0_notBefore(x509));
    certificate.not_after = time_of(X509_get0_notAfter(x509));
    certificate.key_kind = key_kind_of(x509);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(x509, EVP_sha256(), digest.data(), &size) == 1) certificate.fingerprint = hex(digest.data(), size);
    certificate.is_ca = X509_check_ca(x509) == 1;
    unsigned char* der = nullptr;
    const int size_of_der = i2d_X509(x509, &der);
    if (size_of_der > 0) certificate.der.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size_of_der));
    OPENSSL_free(der);
    certificate.self_issued = X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0;
    return certificate;
}

X509Ptr x509_of(const Certificate& certificate) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(certificate.der.data());
    return X509Ptr(d2i_X509(nullptr, &bytes, static_cast<long>(certificate.der.size())));
}

}  // namespace

bool is_signed_by(const Certificate& child, const Certificate& issuer) {
    const X509Ptr signed_one = x509_of(child);
    const X509Ptr signer = x509_of(issuer);
    EVP_PKEY* key = signer ? X509_get0_pubkey(signer.get()) : nullptr;
    const bool proved = signed_one && key != nullptr && X509_verify(signed_one.get(), key) == 1;
    ERR_clear_error();
    return proved;
}

Result<std::vector<Certificate>> parse_certificates(std::string_view pem) {
    if (pem.size() > pem_bytes_max) return fail(Code::limit_exceeded, fmt::format("certificates of more than {} bytes", pem_bytes_max));
    const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!in) return fail(Code::internal, "OpenSSL has no memory");
    std::vector<Certificate> certificates;
    ERR_clear_error();
    for (;;) {
        const X509Ptr x509(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
        if (!x509) break;
        if (certificates.size() == certificates_max) return fail(Code::limit_exceeded, fmt::format("more than {} certificates", certificates_max));
        certificates.push_back(certificate_from(x509.get()));
    }
    // The end of the text is told as "no start line"; anything else is a certificate that cannot be read.
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!at_end) return fail(Code::corrupt, fmt::format("certificate {} cannot be read", certificates.size() + 1));
    if (certificates.empty()) return fail(Code::corrupt, "no certificate in it");
    return certificates;
}

}  // namespace bulkhead::engine
