// SPDX-License-Identifier: Apache-2.0
#include "engine/certificate.h"

#include <gtest/gtest.h>

namespace bulkhead::engine {
namespace {

// Made with openssl: CN=swarm-ca, 2025-06-01 to 2045-06-01.
constexpr std::string_view root =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBWzCCAQCgAwIBAgIUfO4rS6Lgp0FQA2AeI2yghn5Y+OYwCgYIKoZIzj0EAwIw\n"
    "EzERMA8GA1UEAwwIc3dhcm0tY2EwHhcNMjUwNjAxMDAwMDAwWhcNNDUwNjAxMDAw\n"
    "MDAwWjATMREwDwYDVQQDDAhzd2FybS1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n"
    "A0IABEFFZJH0lq1li/E9nrIG2DrvedSWd3TBTvYHxxT1iALfCXyCfCSm/3XBxhOH\n"
    "fTfwDB5NYiTlrEfpXILcC7jUoT6jMjAwMA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0O\n"
    "BBYEFDlobpHqZhRTAIkrZpRR+FIutRnZMAoGCCqGSM49BAMCA0kAMEYCIQDBg5To\n"
    "DubIPjZ+VDCV96e6Ju7gTbM9xrpcHCg9uY9DTwIhAKhXUFcGWaJz0+qTeaByObLf\n"
    "GrYN0bqBt2JFidbe13eb\n"
    "-----END CERTIFICATE-----\n";

TEST(Certificate, tells_its_life_and_whose_it_is) {
    const auto parsed = parse_certificate(root);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->subject, "CN = swarm-ca");
    EXPECT_EQ(parsed->not_before, 1'748'736'000'000);
    EXPECT_EQ(parsed->not_after, 2'379'888'000'000);
}

TEST(Certificate, what_is_none_is_refused) {
    EXPECT_FALSE(parse_certificate(""));
    EXPECT_FALSE(parse_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
    EXPECT_FALSE(parse_certificate(root.substr(0, root.size() / 2)));
    EXPECT_EQ(parse_certificate(std::string(certificate_bytes_max + 1, 'a')).error().code, Code::limit_exceeded);
}

}  // namespace
}  // namespace bulkhead::engine
