// SPDX-License-Identifier: Apache-2.0
#include "build/compose.h"

#include <gtest/gtest.h>

#include <map>

#include "build/compose_canonical.h"

namespace bulkhead::build {
namespace {

using Files = std::map<std::string, std::string>;

Result<Project> load(const Files& files, ComposeInput input) {
    return load_compose(input, [&](const std::string& path) -> Result<std::string> {
        const auto found = files.find(path);
        if (found == files.end()) return fail(Code::not_found, "there is no such file");
        return found->second;
    });
}

Project loaded(const Files& files, ComposeInput input = {.files = {"compose.yaml"}}) {
    auto project = load(files, std::move(input));
    EXPECT_TRUE(project) << project.error().message;
    return project ? std::move(*project) : Project{};
}

const Tree& at(const Project& project, std::initializer_list<std::string_view> path) {
    static const Tree none;
    const Tree* tree = &project.model;
    for (const std::string_view key : path) tree = tree == nullptr ? nullptr : tree->find(key);
    return tree == nullptr ? none : *tree;
}

std::string text(const Tree& tree, std::string_view key) { return tree.find(key) == nullptr ? "-" : tree.find(key)->text; }

std::string error_of(const std::string& yaml) {
    const auto project = load({{"c.yaml", yaml}}, {.files = {"c.yaml"}});
    return project ? "loaded" : project.error().message;
}

TEST(compose, short_forms_become_long_ones_with_their_place) {
    const Project project = loaded({{"compose.yaml", R"(services:
  web:
    build: .
    environment: [A=1, B]
    ports: ["80", "8080:80", "127.0.0.1:53:53/udp", "[::1]:1-2:1-2", {target: 9, published: "9"}]
    volumes: [/a, "data:/b:ro", "./c:/d:rshared,z", {type: tmpfs, target: /e}]
    networks: [front]
    depends_on: [db]
    secrets: [key]
    dns: 1.1.1.1
)"}});
    const Tree& web = at(project, {"services", "web"});
    EXPECT_EQ(text(*web.find("build"), "context"), ".");
    EXPECT_EQ(text(*web.find("environment"), "A"), "1");
    EXPECT_EQ(web.find("environment")->find("B")->kind, TreeKind::nothing);
    const auto& ports = web.find("ports")->items;
    EXPECT_EQ(text(ports[0], "published"), "-");
    EXPECT_EQ(text(ports[1], "published"), "8080");
    EXPECT_EQ(text(ports[1], "host_ip"), "-");
    EXPECT_EQ(text(ports[2], "host_ip"), "127.0.0.1");
    EXPECT_EQ(text(ports[2], "protocol"), "udp");
    EXPECT_EQ(text(ports[3], "host_ip"), "::1");
    EXPECT_EQ(text(ports[3], "published"), "1-2");
    EXPECT_EQ(text(ports[4], "target"), "9");
    EXPECT_EQ(project.locator(ports[2].place), "compose:compose.yaml:5:30");
    const auto& volumes = web.find("volumes")->items;
    EXPECT_EQ(text(volumes[0], "type") + text(volumes[0], "source") + text(volumes[0], "target"), "volume-/a");
    EXPECT_EQ(text(volumes[1], "type") + text(volumes[1], "read_only"), "volumetrue");
    EXPECT_EQ(text(volumes[2], "type") + text(volumes[2], "propagation"), "bindrshared");
    EXPECT_NE(web.find("networks")->find("front"), nullptr);
    EXPECT_NE(web.find("depends_on")->find("db"), nullptr);
    EXPECT_EQ(text(web.find("secrets")->items[0], "source"), "key");
    EXPECT_TRUE(web.find("dns")->is_list());
}

TEST(compose, later_files_are_merged_over_earlier_ones) {
    const Project project = loaded(
        {{"a.yaml", "services: {web: {image: a, command: [x], cap_add: [A], ports: ['80:80'], environment: {A: 1, B: 2}, volumes: ['vx:/d']}}\n"},
         {"b.yaml",
          "services:\n  web:\n    image: b\n    command: [y]\n    cap_add: [A, B]\n    ports: ['81:81']\n    environment: [B=3]\n    volumes: ['vy:/d']\n"}},
        {.files = {"a.yaml", "b.yaml"}});
    const Tree& web = at(project, {"services", "web"});
    EXPECT_EQ(text(web, "image"), "b");
    EXPECT_EQ(project.locator(web.find_key("image")->place), "compose:b.yaml:3:5");
    EXPECT_EQ(web.find("command")->items.size(), 1U);
    EXPECT_EQ(web.find("cap_add")->items.size(), 2U);
    EXPECT_EQ(web.find("ports")->items.size(), 2U);
    EXPECT_EQ(text(*web.find("environment"), "A") + text(*web.find("environment"), "B"), "13");
    ASSERT_EQ(web.find("volumes")->items.size(), 1U);
    EXPECT_EQ(text(web.find("volumes")->items[0], "source"), "vy");
}

TEST(compose, reset_and_override_take_away) {
    const Project project = loaded({{"a.yaml", "services: {web: {image: a, ports: ['80:80'], cap_add: [A]}, old: {image: b}}\n"},
                                    {"b.yaml", "services:\n  web:\n    ports: !reset []\n    cap_add: !override [B]\n  old: !reset null\n"}},
                                   {.files = {"a.yaml", "b.yaml"}});
    const Tree& web = at(project, {"services", "web"});
    EXPECT_EQ(web.find("ports"), nullptr);
    ASSERT_EQ(web.find("cap_add")->items.size(), 1U);
    EXPECT_EQ(web.find("cap_add")->items[0].text, "B");
    EXPECT_EQ(at(project, {"services"}).find("old"), nullptr);
}

TEST(compose, extends_takes_over_from_the_same_file_and_from_others) {
    const Project project =
        loaded({{"compose.yaml", "services:\n  web: {extends: {file: base/b.yaml, service: app}, read_only: true}\n  job: {extends: web, image: j}\n"},
                {"base/b.yaml", "services:\n  app: {extends: {service: root}, privileged: true}\n  root: {image: r, user: '0'}\n"}});
    const Tree& job = at(project, {"services", "job"});
    EXPECT_EQ(text(job, "image"), "j");
    EXPECT_EQ(text(job, "privileged"), "true");
    EXPECT_EQ(text(job, "read_only"), "true");
    EXPECT_EQ(text(job, "user"), "0");
    EXPECT_EQ(project.locator(job.find_key("privileged")->place), "compose:base/b.yaml:2:35");
}

TEST(compose, includes_bring_their_own_variables) {
    const Project project = loaded({{"compose.yaml", "include:\n  - sub/c.yaml\n  - {path: [x.yaml], env_file: x.env}\nservices: {web: {image: a}}\n"},
                                    {"sub/c.yaml", "services: {one: {image: 'i:${TAG}'}}\n"},
                                    {"sub/.env", "TAG=7\n"},
                                    {"x.yaml", "services: {two: {image: 'i:${TAG}'}}\n"},
                                    {"x.env", "TAG=8\n"}});
    EXPECT_EQ(text(at(project, {"services", "one"}), "image"), "i:7");
    EXPECT_EQ(text(at(project, {"services", "two"}), "image"), "i:8");
    EXPECT_EQ(project.files.size(), 3U);
}

TEST(compose, variables_come_from_env_files_and_the_caller) {
    const Files files = {{"compose.yaml", "services: {web: {image: '${I:-d}', user: '${U}', privileged: '${P}'}}\n"}, {".env", "U=5\n"}, {"o.env", "U=6\n"}};
    const Project project = loaded(files);
    EXPECT_EQ(text(at(project, {"services", "web"}), "image") + text(at(project, {"services", "web"}), "user"), "d5");
    EXPECT_FALSE(at(project, {"services", "web", "privileged"}).known);
    EXPECT_EQ(text(at(loaded(files, {.files = {"compose.yaml"}, .env_files = {"o.env"}}), {"services", "web"}), "user"), "6");
    EXPECT_EQ(text(at(loaded(files, {.files = {"compose.yaml"}, .environment = {{"U", "7"}}}), {"services", "web"}), "user"), "7");
}

TEST(compose, profiles_decide_who_is_started) {
    const Project project = loaded({{"compose.yaml", "services: {a: {image: a}, b: {image: b, profiles: [debug]}}\n"}});
    EXPECT_TRUE(is_active(at(project, {"services", "a"}), {}));
    EXPECT_FALSE(is_active(at(project, {"services", "b"}), {}));
    EXPECT_TRUE(is_active(at(project, {"services", "b"}), {"debug"}));
    EXPECT_TRUE(is_active(at(project, {"services", "b"}), {"*"}));
}

TEST(compose, mistakes_name_file_line_and_column) {
    EXPECT_EQ(error_of("services: [a]\n"), "c.yaml:1:11: services must be a mapping of names");
    EXPECT_EQ(error_of("services:\n  a:\n    privileged: maybe\n"), "c.yaml:3:17: privileged must be true or false");
    EXPECT_EQ(error_of("services:\n  a:\n    cap_add: ALL\n"), "c.yaml:3:14: cap_add must be a list");
    EXPECT_EQ(error_of("services:\n  a:\n    ports: 80\n"), "c.yaml:3:12: ports must be a list");
    EXPECT_EQ(error_of("services:\n  a: {extends: b}\n"), "c.yaml:2:16: there is no service b in c.yaml to extend");
    EXPECT_EQ(error_of("networks: {a: {}}\n"), "c.yaml:1:1: no services: is this a Compose file?");
    EXPECT_EQ(error_of(""), "c.yaml:1:1: an empty Compose file");
    EXPECT_EQ(error_of("include: ['https://x']\nservices: {}\n").substr(0, 12), "c.yaml:1:11:");
    EXPECT_EQ(load({}, {.files = {"no.yaml"}}).error().message, "no.yaml: there is no such file");
}

TEST(compose, circles_end_at_a_limit) {
    EXPECT_EQ(load({{"c.yaml", "services: {a: {extends: b}, b: {extends: a}}\n"}}, {.files = {"c.yaml"}}).error().code, Code::limit_exceeded);
    EXPECT_EQ(load({{"c.yaml", "include: [c.yaml]\nservices: {}\n"}}, {.files = {"c.yaml"}}).error().code, Code::limit_exceeded);
}

TEST(compose, sizes_and_truth_values) {
    const auto scalar = [](const std::string& text) {
        Tree tree;
        tree.kind = TreeKind::scalar;
        tree.text = text;
        return tree;
    };
    EXPECT_EQ(bytes_of(scalar("128M")), 128LL << 20U);
    EXPECT_EQ(bytes_of(scalar("1.5gb")), 3LL << 29U);
    EXPECT_EQ(bytes_of(scalar("77")), 77);
    EXPECT_EQ(bytes_of(scalar("5 apples")), std::nullopt);
    EXPECT_EQ(bytes_of(scalar("")), std::nullopt);
    EXPECT_EQ(boolean_of(scalar("Yes")), true);
    EXPECT_EQ(boolean_of(scalar("off")), false);
    EXPECT_EQ(boolean_of(scalar("maybe")), std::nullopt);
}

}  // namespace
}  // namespace bulkhead::build
