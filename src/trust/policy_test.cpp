// SPDX-License-Identifier: Apache-2.0
// Names become full names and registries by Docker's rule; the first rule that matches decides.
#include "trust/policy.h"

#include <gtest/gtest.h>

#include "trust/canonical_json.h"

namespace bulkhead::trust {
namespace {

TEST(Repository, names_are_completed_as_docker_does) {
    EXPECT_EQ(full_repository("nginx"), "docker.io/library/nginx");
    EXPECT_EQ(full_repository("shop/web"), "docker.io/shop/web");
    EXPECT_EQ(full_repository("localhost/web"), "localhost/web");
    EXPECT_EQ(full_repository("registry:5000/web"), "registry:5000/web");
    EXPECT_EQ(full_repository("registry.example.org/a/b"), "registry.example.org/a/b");
    EXPECT_EQ(full_repository("docker.io/nginx"), "docker.io/library/nginx");
    EXPECT_EQ(full_repository("index.docker.io/nginx"), "docker.io/library/nginx");
    EXPECT_EQ(registry_of("docker.io/library/nginx"), "https://registry-1.docker.io");
    EXPECT_EQ(registry_of("registry:5000/web"), "https://registry:5000");
    EXPECT_EQ(path_of("registry:5000/a/web"), "a/web");
}

TEST(Policy, the_first_rule_that_matches_decides) {
    Policy policy;
    policy.repositories = {{.match = "example.org/shop/*", .registry = "", .cosign = {}, .notary = {}, .origin = "1"},
                           {.match = "example.org/*", .registry = "", .cosign = {}, .notary = {}, .origin = "2"}};
    ASSERT_NE(policy.find("example.org/shop/web"), nullptr);
    EXPECT_EQ(policy.find("example.org/shop/web")->origin, "1");
    EXPECT_EQ(policy.find("example.org/other")->origin, "2");
    EXPECT_EQ(policy.find("example.com/shop/web"), nullptr);
}

TEST(CanonicalJson, is_what_signers_sign) {
    const auto canonical = [](std::string_view text) { return canonical_json(*parse_json(text)); };
    EXPECT_EQ(*canonical(R"({ "b": [1, true, null], "a": "x\"\\\n\u00e9<" })"), "{\"a\":\"x\\\"\\\\\n\xC3\xA9<\",\"b\":[1,true,null]}");
    EXPECT_EQ(*canonical(R"({"n":1.0e2})"), R"({"n":100})");
    EXPECT_FALSE(canonical(R"({"n":1.5})"));
    EXPECT_FALSE(canonical(R"({"n":18446744073709551615})")) << "not exact";
    EXPECT_FALSE(parse_json(std::string(100'000, '[')));
    EXPECT_FALSE(parse_json(""));
}

}  // namespace
}  // namespace bulkhead::trust
