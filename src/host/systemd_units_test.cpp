// SPDX-License-Identifier: Apache-2.0
#include "host/systemd_units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/testing/fake_host.h"

namespace bulkhead::host {
namespace {

std::string stat_text(const std::string& type, int inode) {
    return fmt::format(R"({{"type":"{}","mode":"0644","uid":0,"gid":0,"size":1,"dev":"8:1","ino":{},"mtime_ms":0}})", type, inode);
}

// Two folders of units, and the second again by a link; nothing in them.
void fill(world::FakeReader& reader) {
    testing::fill(reader, {});
    for (const char* folder : {"/etc/systemd/system.control", "/run/systemd/system.control", "/run/systemd/transient", "/run/systemd/system",
                               "/run/systemd/generator", "/usr/local/lib/systemd/system", "/run/systemd/generator.late"})
        reader.set_outcome(fmt::format("stat:{}@root:100", folder), world::Outcome::absent);
    reader.set("stat:/etc/systemd/system@root:100", stat_text("directory", 1));
    reader.set("stat:/usr/lib/systemd/system@root:100", stat_text("directory", 2));
    reader.set("stat:/lib/systemd/system@root:100", stat_text("directory", 2));
    for (const char* folder : {"/etc/systemd/system", "/usr/lib/systemd/system"}) {
        reader.set_outcome(fmt::format("stat:{}/docker.service@root:100", folder), world::Outcome::absent);
        reader.set_outcome(fmt::format("directory:{}/docker.service.d@root:100", folder), world::Outcome::absent);
    }
}

Found<UnitFile> ask(world::FakeReader& reader) {
    world::World world(reader, 1);
    Host host(world);
    return systemd_unit_files(host, "docker.service");
}

std::vector<std::string> paths(const Found<UnitFile>& found) {
    std::vector<std::string> paths;
    for (const UnitFile& file : found.items) paths.push_back(file.path);
    return paths;
}

TEST(SystemdUnits, the_first_file_is_the_unit_and_all_drop_ins_count) {
    world::FakeReader reader;
    fill(reader);
    reader.set("stat:/etc/systemd/system/docker.service@root:100", stat_text("regular", 10));
    reader.set("stat:/usr/lib/systemd/system/docker.service@root:100", stat_text("regular", 11));
    reader.set("directory:/etc/systemd/system/docker.service.d@root:100", "a.conf\nREADME\n");
    reader.set("directory:/usr/lib/systemd/system/docker.service.d@root:100", "a.conf\nb.conf\n");
    reader.set("stat:/etc/systemd/system/docker.service.d/a.conf@root:100", stat_text("regular", 12));
    reader.set("stat:/usr/lib/systemd/system/docker.service.d/b.conf@root:100", stat_text("regular", 13));
    const auto found = ask(reader);
    EXPECT_TRUE(found.problems.empty());
    EXPECT_THAT(paths(found), ::testing::ElementsAre("/etc/systemd/system/docker.service", "/etc/systemd/system/docker.service.d/a.conf",
                                                     "/usr/lib/systemd/system/docker.service.d/b.conf"));
    EXPECT_FALSE(found.items[0].is_drop_in);
    EXPECT_TRUE(found.items[1].is_drop_in);
}

TEST(SystemdUnits, a_unit_may_be_masked_or_not_there) {
    world::FakeReader reader;
    fill(reader);
    EXPECT_TRUE(ask(reader).items.empty());
    EXPECT_TRUE(ask(reader).problems.empty());
    reader.set("stat:/etc/systemd/system/docker.service@root:100", stat_text("character", 5));
    EXPECT_TRUE(ask(reader).items.at(0).is_masked);
}

TEST(SystemdUnits, a_folder_that_is_denied_is_no_empty_folder) {
    world::FakeReader reader;
    fill(reader);
    reader.set_outcome("directory:/etc/systemd/system/docker.service.d@root:100", world::Outcome::denied);
    EXPECT_EQ(ask(reader).problems.size(), 1U);
    reader.set_outcome("stat:/etc/systemd/system@root:100", world::Outcome::denied);
    EXPECT_EQ(ask(reader).problems.size(), 1U);
    reader.set_outcome("engine_process:", world::Outcome::failed);
    EXPECT_EQ(ask(reader).problems.size(), 1U);
}

}  // namespace
}  // namespace bulkhead::host
