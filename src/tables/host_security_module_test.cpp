// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tables/catalog.h"
#include "tables/facts.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {

Table host_security_module();

namespace {

const std::string selinux = "file:/sys/fs/selinux/enforce";
const std::string apparmor = "file:/sys/module/apparmor/parameters/enabled";

// "selinux=...,apparmor=..." and the number of failures.
std::string ask(world::FakeReader& reader) {
    reader.set("engine_process:", R"({"pid":7})");
    world::World world(reader, 1);
    Facts facts(world);
    Scan scan(facts, {});
    const RowSet rows = host_security_module().rows(scan);
    std::string told;
    for (std::size_t i = 0; i < rows.size; ++i) told += std::get<std::string>(rows.at(i, 0)) + "=" + std::get<std::string>(rows.at(i, 1)) + " ";
    return told + "failures=" + std::to_string(scan.failures().size());
}

TEST(HostSecurityModule, tells_in_force_from_permissive_off_and_not_there) {
    world::FakeReader enforcing;
    enforcing.set(selinux, "1");
    enforcing.set_outcome(apparmor, world::Outcome::absent);
    EXPECT_EQ(ask(enforcing), "selinux=enforcing apparmor=absent failures=0");
    world::FakeReader permissive;
    permissive.set(selinux, "0");
    permissive.set(apparmor, "Y\n");
    EXPECT_EQ(ask(permissive), "selinux=permissive apparmor=enforcing failures=0");
    world::FakeReader off;
    off.set_outcome(selinux, world::Outcome::absent);
    off.set(apparmor, "N\n");
    EXPECT_EQ(ask(off), "selinux=absent apparmor=off failures=0");
}

TEST(HostSecurityModule, what_is_denied_or_makes_no_sense_is_a_failure) {
    world::FakeReader reader;
    reader.set_outcome(selinux, world::Outcome::denied);
    reader.set(apparmor, "perhaps\n");
    EXPECT_EQ(ask(reader), "failures=2");
}

}  // namespace
}  // namespace bulkhead::tables
