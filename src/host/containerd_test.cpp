// SPDX-License-Identifier: Apache-2.0
#include "host/containerd.h"

#include <gtest/gtest.h>

#include "host/testing/fake_host.h"

namespace bulkhead::host {
namespace {

TEST(Toml, gives_texts_of_the_section_asked_for) {
    const std::string file =
        "version = 2\nstate = \"/run/c\" # comment\n[grpc]\n  address = '/run/c/c.sock'\n[ttrpc]\naddress = \"/other\"\n[plugins.\"x\"]\nstate = \"/no\"\n";
    EXPECT_EQ(toml_text(file, "", "state"), "/run/c");
    EXPECT_EQ(toml_text(file, "grpc", "address"), "/run/c/c.sock");
    EXPECT_EQ(toml_text(file, "grpc", "state"), std::nullopt);
    EXPECT_EQ(toml_text(file, "", "version"), std::nullopt) << "a number is no text";
    EXPECT_EQ(toml_text("state = \"never ends", "", "state"), std::nullopt);
    EXPECT_EQ(toml_text("", "", "state"), std::nullopt);
}

Found<Containerd> ask(world::FakeReader& reader) {
    world::World world(reader, 1);
    Host host(world);
    return containerds(host, engine_processes(host));
}

TEST(Containerd, is_where_its_flags_and_its_file_say) {
    world::FakeReader reader;
    testing::fill(reader,
                  {{.pid = 110, .name = "containerd", .ppid = 100, .cmdline = std::string("containerd\0--config\0/run/x/c.toml\0-a=/run/flag.sock\0", 54)}});
    reader.set("file:/run/x/c.toml@root:110", "state = '/run/x/daemon'\n[grpc]\naddress = '/run/x/file.sock'\n");
    const auto found = ask(reader);
    ASSERT_EQ(found.items.size(), 1U);
    EXPECT_TRUE(found.problems.empty());
    EXPECT_EQ(found.items[0].config, "/run/x/c.toml");
    EXPECT_EQ(found.items[0].state, "/run/x/daemon");
    EXPECT_EQ(found.items[0].address, "/run/flag.sock") << "flags go before the file";
}

TEST(Containerd, without_a_file_the_defaults_hold_and_a_file_that_is_denied_is_a_problem) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 110, .name = "containerd", .cmdline = std::string("containerd\0", 11)}});
    reader.set_outcome("file:/etc/containerd/config.toml@root:110", world::Outcome::absent);
    auto found = ask(reader);
    ASSERT_EQ(found.items.size(), 1U);
    EXPECT_EQ(found.items[0].address, "/run/containerd/containerd.sock");
    EXPECT_FALSE(found.items[0].config_is_given);
    reader.set_outcome("file:/etc/containerd/config.toml@root:110", world::Outcome::denied);
    EXPECT_EQ(ask(reader).problems.size(), 1U);
}

}  // namespace
}  // namespace bulkhead::host
