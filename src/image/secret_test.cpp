// SPDX-License-Identifier: Apache-2.0
#include "image/secret.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bulkhead::image {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::string kind_of(const std::string& path, const std::string& bytes) {
    const auto found = find_secrets(path, bytes);
    return found.empty() ? "" : found.front().kind;
}

const std::string key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAABFwAAAAdzc2gtcn\n";

TEST(Secrets, are_found_by_their_form) {
    EXPECT_EQ(kind_of("root/.ssh/id", key), "private_key");
    EXPECT_EQ(kind_of("a", "x = \"AKIAQWERTYUIOPASDFGH\""), "aws_access_key");
    EXPECT_EQ(kind_of("a", "ghp_0123456789abcdefghijABCDEFGHIJ012345"), "github_token");
    EXPECT_EQ(kind_of("a", "t: glpat-AbCdEfGhIjKlMnOpQrSt"), "gitlab_token");
    EXPECT_EQ(kind_of("a", R"({"key":"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\nMzEfYyjiWA4R4"})"),
              "private_key")
        << "in JSON, with line ends as text";
}

TEST(Secrets, are_not_seen_where_there_are_none) {
    for (const char* text : {"-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo4lgO",
                             "if (line == \"-----BEGIN RSA PRIVATE KEY-----\") { parse(); }", "AKIAIOSFODNN7EXAMPLE", "AKIAXXXXXXXXXXXXXXXX", "aws_key = AKIA",
                             "ghp_short", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "AKIAQWERTYUIOPASDFGHJKLZXC", "akiaqwertyuiopasdfgh", ""}) {
        EXPECT_THAT(find_secrets("a", text), IsEmpty()) << text;
    }
}

TEST(Secrets, tell_their_line_and_hash_and_never_their_value) {
    const auto found = find_secrets("a", "one\ntwo\nAKIAQWERTYUIOPASDFGH\n\nghp_0123456789abcdefghijABCDEFGHIJ012345");
    ASSERT_THAT(found, SizeIs(2));
    EXPECT_EQ(found[0].line, 3);
    EXPECT_EQ(found[1].line, 5);
    EXPECT_EQ(found[0].hash.size(), 8U);
    EXPECT_NE(found[0].hash, found[1].hash);
}

TEST(Secrets, in_samples_are_less_likely) {
    EXPECT_FALSE(find_secrets("usr/share/doc/x/key.pem", key).at(0).likely);
    EXPECT_FALSE(find_secrets("app/tests/key.pem", key).at(0).likely);
    EXPECT_TRUE(find_secrets("app/key.pem", key).at(0).likely);
}

TEST(Secrets, files_of_credentials_are_known_by_name) {
    EXPECT_EQ(kind_of("root/.docker/config.json", R"({"auths":{"x":{"auth":"dTpw"}}})"), "docker_credentials");
    EXPECT_EQ(kind_of("root/.docker/config.json", R"({"auths":{}})"), "") << "nothing in it";
    EXPECT_EQ(kind_of("root/.netrc", "machine x login a password b\n"), "netrc_credentials");
    EXPECT_EQ(kind_of("root/.npmrc", "//r/:_authToken=${NPM_TOKEN}\n"), "") << "a variable is no value";
    EXPECT_EQ(kind_of("app/.env", "# DB_PASSWORD=old\nexport DB_PASSWORD='correct horse'\n"), "secret_setting");
    EXPECT_EQ(kind_of("app/.env", "DB_PASSWORD=changeme\nAPI_TOKEN=${TOKEN}\nPASSWORD_FILE=/run/secrets/x\nPORT=80\n"), "");
    EXPECT_TRUE(is_key_store("a/b.p12"));
    EXPECT_FALSE(is_key_store("etc/ssl/certs/java/cacerts.jks"));
}

TEST(Secrets, in_settings_need_a_name_that_says_so_or_a_form) {
    EXPECT_THAT(find_secrets_in_setting("DB_PASSWORD", "s3cr3t-value"), SizeIs(1));
    EXPECT_THAT(find_secrets_in_setting("HOME", "ghp_0123456789abcdefghijABCDEFGHIJ012345"), SizeIs(1));
    EXPECT_THAT(find_secrets_in_setting("GPG_KEY_URL_FILE", "/usr/share/x"), IsEmpty());
    EXPECT_THAT(find_secrets_in_setting("PATH", "/usr/bin:/bin"), IsEmpty());
    EXPECT_THAT(find_secrets_in_setting("DB_PASSWORD_FILE", "/run/secrets/db"), IsEmpty());
}

TEST(Secrets, in_build_steps) {
    EXPECT_THAT(find_secrets_in_text("RUN curl https://deploy:hunter22@git.example.net/x"), SizeIs(1));
    EXPECT_THAT(find_secrets_in_text("|1 NPM_TOKEN=s3cr3t-value /bin/sh -c npm ci"), SizeIs(1));
    EXPECT_THAT(find_secrets_in_text("RUN tool --password='two words here' x"), SizeIs(1));
    EXPECT_THAT(find_secrets_in_text("RUN apt-get install -y curl && TOKEN=$(cat /run/x) true"), IsEmpty());
}

TEST(Entropy, is_bits_a_byte) {
    EXPECT_DOUBLE_EQ(entropy("aaaa"), 0);
    EXPECT_DOUBLE_EQ(entropy("abab"), 1);
    EXPECT_DOUBLE_EQ(entropy(""), 0);
}

}  // namespace
}  // namespace bulkhead::image
