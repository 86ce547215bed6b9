// SPDX-License-Identifier: Apache-2.0
#include "world/live/docker_context.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace bulkhead::world {
namespace {

using testing::HasSubstr;

// sha256 of "remote", as `printf remote | sha256sum` gives it.
const std::string digest_of_remote = "b71199ebd070b36beab7317920c2c2f1d777df8d05e5527d8458fda57cb17a7a";

struct DockerContext : testing::Test {
    void SetUp() override {
        std::string folder = (std::filesystem::temp_directory_path() / "bulkhead-context-XXXXXX").string();
        ASSERT_NE(::mkdtemp(folder.data()), nullptr);
        settings = folder;
        variables["DOCKER_CONFIG"] = folder;
    }
    void TearDown() override { std::filesystem::remove_all(settings); }

    void file(const std::string& path, const std::string& bytes) const {
        std::filesystem::create_directories((settings / path).parent_path());
        std::ofstream(settings / path) << bytes;
    }
    Result<EngineAddress> find(std::optional<std::string> host = std::nullopt) const {
        return find_engine({std::move(host), [this](const std::string& name) -> std::optional<std::string> {
                                const auto found = variables.find(name);
                                return found == variables.end() ? std::nullopt : std::optional(found->second);
                            }});
    }
    Code code_of(const std::string& host) const {
        const auto address = find(host);
        return address ? Code::internal : address.error().code;
    }
    void context_remote(const std::string& endpoint) const {
        file("contexts/meta/" + digest_of_remote + "/meta.json", R"({"Name":"remote","Endpoints":{"docker":)" + endpoint + "}}");
    }

    std::filesystem::path settings;
    std::map<std::string, std::string> variables;
};

TEST_F(DockerContext, without_anything_it_is_the_usual_socket) {
    ASSERT_TRUE(find().has_value());
    EXPECT_EQ(find()->text(), "unix:///var/run/docker.sock");
    EXPECT_EQ(find()->found_in, "default");
}

TEST_F(DockerContext, host_option_wins_over_variables_and_variables_over_the_current_context) {
    file("config.json", R"({"currentContext":"remote"})");
    context_remote(R"({"Host":"tcp://ctx:1"})");
    EXPECT_EQ(find()->text(), "tcp://ctx:1");
    variables["DOCKER_CONTEXT"] = "default";
    EXPECT_EQ(find()->text(), "unix:///var/run/docker.sock");
    variables["DOCKER_HOST"] = "unix:///run/other.sock";
    EXPECT_EQ(find()->unix_path, "/run/other.sock");
    EXPECT_EQ(find("tcp://h:5")->text(), "tcp://h:5");
    variables["DOCKER_HOST"] = "";
    variables["DOCKER_CONTEXT"] = "remote";
    EXPECT_EQ(find()->found_in, "DOCKER_CONTEXT");
}

TEST_F(DockerContext, tls_of_the_environment_applies_to_tcp) {
    file("certs/ca.pem", "");
    file("certs/key.pem", "");
    variables["DOCKER_CERT_PATH"] = (settings / "certs").string();
    EXPECT_FALSE(find("tcp://h")->tls.has_value());
    EXPECT_EQ(find("tcp://h")->port, 2375);
    variables["DOCKER_TLS_VERIFY"] = "1";
    const auto address = find("tcp://h");
    ASSERT_TRUE(address->tls.has_value());
    EXPECT_EQ(address->port, 2376);
    EXPECT_TRUE(address->tls->verify);
    EXPECT_EQ(address->tls->ca, (settings / "certs/ca.pem").string());
    EXPECT_EQ(address->tls->cert, "");
    EXPECT_FALSE(find("unix:///x")->tls.has_value());
}

TEST_F(DockerContext, context_brings_its_own_certificates) {
    context_remote(R"({"Host":"tcp://10.0.0.1:2376","SkipTLSVerify":false})");
    file("contexts/tls/" + digest_of_remote + "/docker/cert.pem", "");
    variables["DOCKER_CONTEXT"] = "remote";
    ASSERT_TRUE(find()->tls.has_value());
    EXPECT_EQ(find()->tls->cert, (settings / "contexts/tls" / digest_of_remote / "docker/cert.pem").string());
}

TEST_F(DockerContext, missing_and_broken_contexts_are_errors_and_never_the_default) {
    variables["DOCKER_CONTEXT"] = "gone";
    ASSERT_FALSE(find().has_value());
    EXPECT_EQ(find().error().code, Code::not_found);
    variables["DOCKER_CONTEXT"] = "remote";
    context_remote("{}");
    EXPECT_EQ(find().error().code, Code::corrupt);
    context_remote("{");
    EXPECT_EQ(find().error().code, Code::corrupt);
    variables.erase("DOCKER_CONTEXT");
    file("config.json", "not json");
    EXPECT_FALSE(find().has_value());
}

TEST_F(DockerContext, addresses_of_all_forms) {
    EXPECT_EQ(find("tcp://[::1]:2375")->text(), "tcp://[::1]:2375");
    EXPECT_EQ(find("10.0.0.1:99")->text(), "tcp://10.0.0.1:99");
    EXPECT_EQ(find("tcp://:99")->text(), "tcp://127.0.0.1:99");
    EXPECT_EQ(find("tcp://h:99/")->text(), "tcp://h:99");
    EXPECT_EQ(find("unix://")->text(), "unix:///var/run/docker.sock");
    EXPECT_TRUE(find("https://h")->tls.has_value());
}

TEST_F(DockerContext, what_cannot_be_reached_says_so) {
    EXPECT_EQ(code_of("ssh://host"), Code::unsupported);
    EXPECT_THAT(find("ssh://host").error().message, HasSubstr("run bulkhead on that host"));
    EXPECT_EQ(code_of("npipe:////./pipe/docker"), Code::unsupported);
    EXPECT_EQ(code_of("fd://"), Code::unsupported);
    for (const char* host : {"tcp://h:0", "tcp://h:70000", "tcp://h:x", "tcp://[::1", "tcp://a@b:1", "tcp://h/path:1"})
        EXPECT_EQ(code_of(host), Code::invalid_input) << host;
    EXPECT_EQ(code_of("unix://" + std::string(200, 'x')), Code::invalid_input);
}

}  // namespace
}  // namespace bulkhead::world
