// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tables/catalog.h"
#include "tables/facts.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {

Table host_group();

namespace {

struct Asked {
    std::vector<std::string> users;  // "docker: ann (member)"
    std::vector<std::string> failures;
};

Asked ask(world::FakeReader& reader) {
    world::World world(reader, 1);
    Facts facts(world);
    Scan scan(facts, {});
    const RowSet rows = host_group().rows(scan);
    Asked asked;
    for (std::size_t i = 0; i < rows.size; ++i) {
        asked.users.push_back(std::get<std::string>(rows.at(i, 0)) + ": " + std::get<std::string>(rows.at(i, 2)) + " (" + std::get<std::string>(rows.at(i, 4)) +
                              ")");
    }
    for (const auto& failure : scan.failures()) asked.failures.push_back(failure.reason);
    return asked;
}

void fill(world::FakeReader& reader) {
    reader.set("engine_process:", R"({"pid":9})");
    reader.set("file:/etc/group@root:9", "root:x:0:\ndocker:x:101:ann,bob\nbroken\nempty:x:7:\n");
    reader.set("file:/etc/passwd@root:9", "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/:/bin/sh\ncarl:x:1001:101::/:/bin/sh\n");
    reader.set("file:/etc/nsswitch.conf@root:9", "passwd: files systemd\ngroup: files [SUCCESS=merge] systemd\nhosts: files dns\n");
}

TEST(host_group, tells_members_and_those_whose_primary_group_it_is) {
    world::FakeReader reader;
    fill(reader);
    const Asked asked = ask(reader);
    EXPECT_THAT(asked.users,
                testing::ElementsAre("root: root (primary group)", "docker: ann (member)", "docker: bob (member)", "docker: carl (primary group)"));
    EXPECT_TRUE(asked.failures.empty());
}

TEST(host_group, users_from_elsewhere_are_told_to_be_unknown) {
    world::FakeReader reader;
    fill(reader);
    reader.set("file:/etc/nsswitch.conf@root:9", "group: files sss\n");
    EXPECT_THAT(ask(reader).failures, testing::ElementsAre(testing::HasSubstr("also come from sss")));
}

TEST(host_group, a_file_that_is_denied_is_a_failure_and_no_empty_group) {
    for (const char* file : {"file:/etc/group@root:9", "file:/etc/passwd@root:9", "file:/etc/nsswitch.conf@root:9", "engine_process:"}) {
        world::FakeReader reader;
        fill(reader);
        reader.set_outcome(file, world::Outcome::denied);
        EXPECT_FALSE(ask(reader).failures.empty()) << file;
    }
}

}  // namespace
}  // namespace bulkhead::tables
