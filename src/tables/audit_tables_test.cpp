// SPDX-License-Identifier: Apache-2.0
// audit_status, audit_rule, audit_rule_file, systemd_unit and host_mount: what they tell, and that what cannot be read is no empty answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/testing/audit_bytes.h"
#include "tables/catalog.h"
#include "tables/facts.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {

Table audit_status();
Table audit_rule();
Table audit_rule_file();
Table host_mount();
Table systemd_unit();

namespace {

struct Asked {
    std::vector<std::vector<Cell>> rows;
    std::size_t failures = 0;
};

Asked ask(const Table& table, world::FakeReader& reader) {
    world::World world(reader, 1);
    Facts facts(world);
    Scan scan(facts, {});
    const RowSet set = table.rows(scan);
    Asked asked{{}, scan.failures().size()};
    for (std::size_t row = 0; row < set.size; ++row) {
        auto& cells = asked.rows.emplace_back();
        for (std::size_t column = 0; column < table.columns.size(); ++column) cells.push_back(set.at(row, column));
    }
    return asked;
}

void fill(world::FakeReader& reader) {
    reader.set("engine_process:", R"({"pid":9})");
    reader.set("netlink:audit_status", host::testing::audit_status_message(1, 77));
    reader.set("netlink:audit_rules", host::testing::audit_watch("/etc/docker", 15, AUDIT_DIR));
    reader.set("directory:/etc/audit/rules.d@root:9", "a.rules\nb.txt\n");
    reader.set("file:/etc/audit/rules.d/a.rules@root:9", "-w /etc/docker -k x\n");
    reader.set_outcome("file:/etc/audit/audit.rules@root:9", world::Outcome::absent);
    reader.set("file:/proc/9/mountinfo", "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n25 24 8:2 / /srv rw - xfs /dev/sdb1 ro\n");
}

const Cell yes = std::int64_t{1};
const Cell no = std::int64_t{0};

TEST(audit_tables, tell_what_the_kernel_and_the_files_say) {
    world::FakeReader reader;
    fill(reader);
    EXPECT_THAT(ask(audit_status(), reader).rows.at(0),
                testing::ElementsAre(yes, yes, no, Cell{std::int64_t{77}}, no, Cell{std::string("netlink:audit_status")}));
    const auto rule = ask(audit_rule(), reader).rows.at(0);
    EXPECT_EQ(rule[3], Cell{std::string("dir")});
    EXPECT_EQ(rule[4], Cell{std::string("/etc/docker")});
    const auto file = ask(audit_rule_file(), reader);
    ASSERT_EQ(file.rows.size(), 1U);
    EXPECT_EQ(file.failures, 0U);
    EXPECT_EQ(file.rows[0][0], Cell{std::string("/etc/audit/rules.d/a.rules")});
    EXPECT_EQ(file.rows[0][5], Cell{std::string("/etc/docker")});
}

TEST(audit_tables, a_kernel_without_audit_says_so_in_a_row) {
    world::FakeReader reader;
    fill(reader);
    reader.set_outcome("netlink:audit_status", world::Outcome::absent);
    reader.set_outcome("netlink:audit_rules", world::Outcome::absent);
    EXPECT_EQ(ask(audit_status(), reader).rows.at(0).at(0), no);
    EXPECT_EQ(ask(audit_rule(), reader).failures, 0U);
}

TEST(audit_tables, what_is_denied_or_cut_is_a_failure) {
    world::FakeReader reader;
    fill(reader);
    for (const char* locator : {"netlink:audit_status", "netlink:audit_rules", "directory:/etc/audit/rules.d@root:9", "file:/etc/audit/audit.rules@root:9"})
        reader.set_outcome(locator, world::Outcome::denied);
    EXPECT_EQ(ask(audit_status(), reader).failures, 1U);
    EXPECT_EQ(ask(audit_rule(), reader).failures, 1U);
    EXPECT_EQ(ask(audit_rule_file(), reader).failures, 2U);
    reader.set("netlink:audit_rules", "cut");
    EXPECT_EQ(ask(audit_rule(), reader).failures, 1U);
    reader.set_outcome("engine_process:", world::Outcome::failed);
    for (const Table& table : {audit_status(), audit_rule(), audit_rule_file(), host_mount(), systemd_unit()})
        EXPECT_EQ(ask(table, reader).failures, 1U) << table.name;
}

TEST(host_mount, tells_the_filesystem_that_a_mount_lies_on) {
    world::FakeReader reader;
    fill(reader);
    const auto rows = ask(host_mount(), reader).rows;
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0][2], Cell{});
    EXPECT_EQ(rows[1][1], Cell{std::string("8:2")});
    EXPECT_EQ(rows[1][2], Cell{std::string("8:1")});
    EXPECT_EQ(rows[1][6], yes) << "the filesystem is read-only";
}

TEST(systemd_unit, a_folder_that_cannot_be_looked_at_is_a_failure) {
    world::FakeReader reader;
    fill(reader);
    EXPECT_GT(ask(systemd_unit(), reader).failures, 0U);
}

}  // namespace
}  // namespace bulkhead::tables
