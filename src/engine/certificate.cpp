// SPDX-License-Identifier: Apache-2.0
#include "engine/certificate.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <optional>

namespace bulkhead::engine {

namespace {

template <class T, void (*free)(T*)>
struct Free {
    void operator()(T* value) const { free(value); }
};
using Bio = std::unique_ptr<BIO, Free<BIO, BIO_free_all>>;
using X509Pointer = std::unique_ptr<X509, Free<X509, X509_free>>;

std::optional<UnixMs> time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return static_cast<UnixMs>(timegm(&parts)) * 1000;
}

std::string subject_of(X509* certificate) {
    const Bio text(BIO_new(BIO_s_mem()));
    if (!text || X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(text.get(), &bytes);
    return bytes == nullptr || size <= 0 ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

}  // namespace

Result<Certificate> parse_certificate(std::string_view pem) {
    if (pem.size() > certificate_bytes_max) return fail(Code::limit_exceeded, "a certificate of more than 256 KiB");
    const Bio bytes(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const X509Pointer certificate(bytes ? PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!certificate) return fail(Code::corrupt, "not a certificate in PEM");
    const auto not_before = time_of(X509_get0_notBefore(certificate.get()));
    const auto not_after = time_of(X509_get0_notAfter(certificate.get()));
    if (!not_before || !not_after) return fail(Code::corrupt, "a certificate whose times cannot be told");
    return Certificate{subject_of(certificate.get()), *not_before, *not_after};
}

}  // namespace bulkhead::engine
