// SPDX-License-Identifier: Apache-2.0
#include "l7/tls_certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

#include "flow/l7.h"

namespace bulkhead::l7 {

namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string text_of_name(const X509_NAME* name) {
    const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return data == nullptr || size <= 0 ? std::string() : std::string(data, static_cast<std::size_t>(size)).substr(0, flow::l7_text_max);
}

std::int64_t seconds_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    return timegm(&parts);
}

}  // namespace

std::optional<TlsCertificate> parse_certificate(Span der) {
    const unsigned char* at = der.data();
    const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free);
    if (!certificate) {
        ERR_clear_error();
        return std::nullopt;
    }
    TlsCertificate out;
    const X509_NAME* subject = X509_get_subject_name(certificate.get());
    const X509_NAME* issuer = X509_get_issuer_name(certificate.get());
    out.subject = text_of_name(subject);
    out.issuer = text_of_name(issuer);
    out.not_after = seconds_of(X509_get0_notAfter(certificate.get()));
    out.self_issued = X509_NAME_cmp(subject, issuer) == 0;
    ERR_clear_error();
    return out;
}

}  // namespace bulkhead::l7
