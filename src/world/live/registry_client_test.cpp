// SPDX-License-Identifier: Apache-2.0
// Which servers may be asked, and what is understood of their demands. Real ones are asked in tests/e2e/signatures.bats.
#include "world/live/registry_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bulkhead::world {
namespace {

using testing::HasSubstr;

TEST(RegistryClient, only_named_servers_are_asked) {
    RegistryClient client({{.base = "https://127.0.0.1:1", .ca_file = "", .user = "", .password = ""}});
    for (const char* url : {"https://127.0.0.1:2/v2/", "https://127.0.0.1:1.example.org/v2/", "http://127.0.0.1:1/v2/", "https://127.0.0.1:1"}) {
        const Reading reading = client.get(url);
        EXPECT_EQ(reading.outcome, Outcome::failed);
        EXPECT_THAT(reading.reason, HasSubstr("not among those")) << url;
    }
    EXPECT_THAT(client.get("https://127.0.0.1:1/v2/a b").reason, HasSubstr("not an address"));
    EXPECT_THAT(client.get("https://127.0.0.1:1/v2/../secret").reason, HasSubstr("not an address"));
}

TEST(RegistryClient, nobody_there_is_a_failure_and_no_proof_of_absence) {
    RegistryClient client({{.base = "https://127.0.0.1:1", .ca_file = "", .user = "", .password = ""}});
    const Reading reading = client.get("https://127.0.0.1:1/v2/shop/manifests/x");
    EXPECT_EQ(reading.outcome, Outcome::failed);
    EXPECT_EQ(reading.locator, "registry:https://127.0.0.1:1/v2/shop/manifests/x");
    EXPECT_FALSE(reading.reason.empty());
}

TEST(RegistryClient, challenges_are_taken_apart) {
    const auto parts = parse_challenge(R"(Bearer realm="https://auth.example.org/token",service="registry",scope="repository:a/b:pull,push")");
    EXPECT_EQ(parts.at("realm"), "https://auth.example.org/token");
    EXPECT_EQ(parts.at("scope"), "repository:a/b:pull,push");
    EXPECT_TRUE(parse_challenge("Basic realm=\"x\"").empty());
    EXPECT_TRUE(parse_challenge("Bearer realm=\"cut").empty());
    EXPECT_TRUE(parse_challenge("").empty());
}

TEST(RegistryClient, logins_are_those_of_docker_login) {
    const std::string config =
        R"({"auths":{"registry.example.org:5000":{"auth":"dXNlcjpwYXNzOndvcmQ="},"https://index.docker.io/v1/":{"auth":"aHViOng="},"bad":{"auth":"!!!!"}}})";
    EXPECT_EQ(docker_login(config, "registry.example.org:5000"), std::pair(std::string("user"), std::string("pass:word")));
    EXPECT_EQ(docker_login(config, "registry-1.docker.io").first, "hub");
    EXPECT_EQ(docker_login(config, "registry.example.org").first, "") << "another port is another server";
    EXPECT_EQ(docker_login(config, "bad").first, "");
    EXPECT_EQ(docker_login("not JSON", "bad").first, "");
}

}  // namespace
}  // namespace bulkhead::world
