// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "l7/testing/talk.h"
#include "l7/tls_certificate.h"
#include "l7/tls_fingerprint.h"
#include "l7/tls_hello.h"

namespace bulkhead::l7 {
namespace {

using testing::big;
using testing::hex;
using testing::Talk;

std::string extension(int type, const std::string& value) { return big(static_cast<std::uint64_t>(type), 2) + big(value.size(), 2) + value; }
std::string client_body() {
    const std::string host = "shop.example";
    const std::string extensions = extension(0x0a0a, "") + extension(0, big(host.size() + 3, 2) + hex("00") + big(host.size(), 2) + host) +
                                   extension(10, hex("0004 0a0a 001d")) + extension(11, hex("01 00")) + extension(13, hex("0004 0403 0804")) +
                                   extension(16, hex("0003 02") + "h2") + extension(43, hex("04 0304 0303"));
    return hex("0303") + std::string(32, 'r') + hex("00") + hex("0006 0a0a 1301 c02f") + hex("01 00") + big(extensions.size(), 2) + extensions;
}
std::string record_of(int type, const std::string& body) {
    const std::string message = big(static_cast<std::uint64_t>(type), 1) + big(body.size(), 3) + body;
    return hex("16 0301") + big(message.size(), 2) + message;
}
std::string server_body(bool tls13) {
    return hex("0303") + std::string(32, 's') + hex("00") + (tls13 ? hex("1301 00") + hex("0006 002b 0002 0304") : hex("0005 00"));
}

TEST(Tls, both_hellos_make_a_session) {
    Talk talk(8443);
    EXPECT_TRUE(talk.ask(record_of(1, client_body())));
    EXPECT_FALSE(talk.answer(record_of(2, server_body(true))));
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.name, "tls");
    ASSERT_EQ(l7.tls.size(), 1U);
    EXPECT_EQ(l7.tls[0].server_name, "shop.example");
    EXPECT_EQ(l7.tls[0].alpn, "h2");
    EXPECT_EQ(l7.tls[0].version, "1.3");
    EXPECT_EQ(l7.tls[0].cipher, "TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(l7.tls[0].ja3.size(), 32U);
    EXPECT_EQ(l7.tls[0].ja4.substr(0, 11), "t13d0206h2_");
}

TEST(Tls, a_hello_in_many_pieces_is_one_and_a_warning_may_come_first) {
    Talk talk(443);
    const std::string hello = record_of(1, client_body());
    talk.ask(hello.substr(0, 50));
    talk.ask(hello.substr(50, 20));
    talk.ask(hello.substr(70));
    talk.answer(hex("15 0303 0002 01 70"));
    talk.answer(record_of(2, server_body(false)));
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.tls.at(0).server_name, "shop.example");
    EXPECT_EQ(l7.tls.at(0).version, "1.2");
    EXPECT_EQ(l7.risks, (std::vector<std::string>{"tls_weak_cipher"}));
}

TEST(Tls, a_hello_that_was_cut_gives_its_name_and_no_fingerprint) {
    Talk talk(443);
    const std::string hello = record_of(1, client_body());
    talk.ask(hello.substr(0, hello.size() - 12), static_cast<std::uint32_t>(hello.size()));
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.tls.at(0).server_name, "shop.example");
    EXPECT_EQ(l7.tls.at(0).ja3, "") << "a cut hello would look like another client";
}

TEST(Tls, an_endless_handshake_is_not_kept) {
    Talk talk(443);
    talk.ask(record_of(1, client_body()));
    bool more = true;
    for (int i = 0; i < 40 && more; ++i) more = talk.answer(hex("16 0303 1000 0b ffffff") + std::string(4092, 'x'));
    EXPECT_FALSE(more);
}

TEST(TlsFingerprint, texts_leave_out_what_means_nothing) {
    const std::string body = client_body();
    const ClientHello hello = parse_client_hello(span_of(body), body.size());
    ASSERT_TRUE(hello.whole);
    EXPECT_EQ(ja3_text(hello), "771,4865-49199,0-10-11-13-16-43,29,0");
}

// The example of FoxIO's technical description of JA4.
TEST(TlsFingerprint, ja4_is_that_of_its_description) {
    ClientHello hello;
    hello.version = 0x0303;
    hello.supported_versions = {0x0a0a, 0x0304, 0x0303};
    hello.ciphers = {0x0a0a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
    hello.extensions = {0x0a0a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015};
    hello.signature_algorithms = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
    hello.alpn = {"h2", "http/1.1"};
    EXPECT_EQ(ja4(hello), "t13d1516h2_8daaf6152771_e5627efa2ab1");
    EXPECT_EQ(ja4({.version = 0x0301, .ciphers = {0x0005}}).substr(0, 11), "t10i010000_");
}

TEST(TlsHello, ssl_2_is_read_and_what_only_looks_like_it_is_not) {
    const std::string hello = hex("802b 01 0002 0012 0000 0010 010080 020080 030080 040080 050080 060040") + std::string(16, 'c');
    ASSERT_TRUE(parse_ssl2_hello(span_of(hello)).has_value());
    EXPECT_EQ(tls_version_name(parse_ssl2_hello(span_of(hello))->version), "ssl2");
    std::string other = hello;
    other[1] = '\x2c';
    EXPECT_FALSE(parse_ssl2_hello(span_of(other)).has_value());
}

TEST(TlsNames, what_has_no_name_keeps_its_number) {
    EXPECT_EQ(tls_cipher_name(0xc02f), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    EXPECT_EQ(tls_cipher_name(0x4711), "0x4711");
    EXPECT_EQ(tls_version_name(0x7f1c), "1.3-draft28");
    EXPECT_EQ(tls_version_name(0x1234), "0x1234");
}

TEST(TlsCertificate, rubbish_is_none) {
    EXPECT_FALSE(parse_certificate(span_of("\x30\x82\x01\x01 no certificate")).has_value());
    EXPECT_FALSE(parse_certificate({}).has_value());
}

}  // namespace
}  // namespace bulkhead::l7
