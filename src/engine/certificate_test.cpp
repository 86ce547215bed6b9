// SPDX-License-Identifier: Apache-2.0
#include "engine/certificate.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace bulkhead::engine {
namespace {

std::string fixture(const std::string& name) {
    std::ifstream file(std::string(BULKHEAD_SOURCE_DIR) + "/tests/fixtures/certificates/" + name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Certificate, tells_names_validity_and_key) {
    const auto parsed = parse_certificates(fixture("node.crt"));
    ASSERT_TRUE(parsed) << parsed.error().message;
    ASSERT_EQ(parsed->size(), 1U);
    const Certificate& node = parsed->front();
    EXPECT_EQ(node.subject, "O=s1,OU=swarm-manager,CN=n1");
    EXPECT_EQ(node.issuer, "CN=swarm-ca");
    EXPECT_EQ(node.serial, "1234abcd5678");
    EXPECT_EQ(rfc3339(node.not_before.value_or(0)), "2026-01-08T00:00:00.000Z");
    EXPECT_EQ(rfc3339(node.not_after.value_or(0)), "2026-04-08T00:00:00.000Z");
    EXPECT_EQ(node.key_kind, "EC 256");
    EXPECT_EQ(node.fingerprint.size(), 64U);
    EXPECT_FALSE(node.is_ca);
    EXPECT_FALSE(node.self_issued);
}

TEST(Certificate, a_signature_is_proved_by_the_key_and_not_by_the_name) {
    const auto node = parse_certificates(fixture("node.crt"));
    const auto root = parse_certificates(fixture("root.crt"));
    const auto former = parse_certificates(fixture("oldroot.crt"));
    ASSERT_TRUE(node && root && former);
    EXPECT_EQ(root->front().subject, former->front().subject);
    EXPECT_TRUE(is_signed_by(node->front(), root->front()));
    EXPECT_FALSE(is_signed_by(node->front(), former->front()));
    EXPECT_FALSE(is_signed_by(node->front(), Certificate{}));
}

TEST(Certificate, several_in_one_text_keep_their_order) {
    const auto parsed = parse_certificates(fixture("node.crt") + "what openssl x509 -text says\n" + fixture("root.crt"));
    ASSERT_TRUE(parsed) << parsed.error().message;
    ASSERT_EQ(parsed->size(), 2U);
    EXPECT_TRUE((*parsed)[1].is_ca);
    EXPECT_TRUE((*parsed)[1].self_issued);
}

TEST(Certificate, what_is_cut_or_empty_is_corrupt_and_no_empty_list) {
    const std::string whole = fixture("root.crt");
    for (const std::string& text : {std::string(), std::string("no certificate"), whole.substr(0, whole.size() / 2), whole + whole.substr(0, 100)}) {
        const auto parsed = parse_certificates(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, Code::corrupt) << text;
    }
    std::string damaged = whole;
    damaged.replace(40, 4, "AAAA");
    EXPECT_FALSE(parse_certificates(damaged));
}

TEST(Certificate, too_much_is_refused_before_it_is_read) {
    EXPECT_EQ(parse_certificates(std::string(pem_bytes_max + 1, 'x')).error().code, Code::limit_exceeded);
    std::string many;
    for (std::size_t i = 0; i <= certificates_max; ++i) many += fixture("root.crt");
    EXPECT_EQ(parse_certificates(many).error().code, Code::limit_exceeded);
}

}  // namespace
}  // namespace bulkhead::engine
