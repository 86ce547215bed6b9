// SPDX-License-Identifier: Apache-2.0
#include "image/rpm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "image/testing/rpm_maker.h"

namespace bulkhead::image {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

const std::vector<std::string> two = {rpm_header("bash", "5.2.15", "3.el9"), rpm_header("gpg-pubkey", "1", "1"), rpm_header("openssl", "3.0.7", "1.el9", 1)};

void expect_two(const Result<std::vector<Package>>& packages) {
    ASSERT_TRUE(packages) << packages.error().message;
    ASSERT_THAT(*packages, SizeIs(2)) << "a trusted key is no package";
    EXPECT_EQ((*packages)[0].name, "bash");
    EXPECT_EQ((*packages)[0].version, "5.2.15-3.el9");
    EXPECT_EQ((*packages)[0].architecture, "x86_64");
    EXPECT_EQ((*packages)[0].source, "bash");
    EXPECT_EQ((*packages)[0].installed_bytes, 4096);
    EXPECT_THAT((*packages)[0].code_files, ElementsAre("usr/bin/bash"));
    EXPECT_EQ((*packages)[1].version, "1:3.0.7-1.el9");
}

TEST(Rpm, is_read_from_all_three_kinds_of_database) {
    expect_two(parse_rpm(RpmKind::ndb, ndb_database(two), {}));
    expect_two(parse_rpm(RpmKind::bdb, bdb_database(two), {}));
    expect_two(parse_rpm(RpmKind::sqlite, sqlite_database(two), {}));
}

TEST(Rpm, of_the_other_byte_order_is_read) { expect_two(parse_rpm(RpmKind::bdb, bdb_database(two, true), {})); }

TEST(Rpm, in_wal_mode_is_read) {
    std::string bytes = sqlite_database(two);
    bytes[18] = bytes[19] = 2;
    expect_two(parse_rpm(RpmKind::sqlite, bytes, {}));
}

TEST(Rpm, databases_that_are_cut_are_errors_and_not_shorter) {
    for (const auto& [kind, bytes] : {std::pair{RpmKind::ndb, ndb_database(two)}, {RpmKind::bdb, bdb_database(two)}, {RpmKind::sqlite, sqlite_database(two)}}) {
        for (const std::size_t length : {std::size_t{0}, std::size_t{10}, std::size_t{100}, bytes.size() / 2, bytes.size() - 1200}) {
            EXPECT_FALSE(parse_rpm(kind, std::string_view(bytes).substr(0, length), {})) << static_cast<int>(kind) << " " << length;
        }
        EXPECT_EQ(parse_rpm(kind, bytes, {.packages_max = 1}).error().code, Code::limit_exceeded);
    }
}

TEST(Rpm, a_chain_of_pages_that_leads_to_itself_ends) {
    std::string bytes = bdb_database(two);
    // The first overflow page names itself as the next, and its value is as long as the file.
    constexpr std::size_t page = 4096;
    for (std::size_t at = 2 * page; at + page <= bytes.size(); at += page) {
        if (bytes[at + 25] == 7) bytes[at + 16] = static_cast<char>(at / page);
    }
    const auto packages = parse_rpm(RpmKind::bdb, bytes, {});
    if (packages)
        EXPECT_THAT(*packages, SizeIs(testing::Le(3)));
    else
        EXPECT_EQ(packages.error().code, Code::corrupt);
}

TEST(Rpm, an_sqlite_database_whose_table_is_a_view_is_refused) {
    sqlite3* database = nullptr;
    sqlite3_open(":memory:", &database);
    sqlite3_exec(database, "create view Packages as with recursive n(blob) as (select 1 union all select blob + 1 from n) select blob from n", nullptr, nullptr,
                 nullptr);
    const auto packages = parse_rpm(RpmKind::sqlite, sqlite_bytes(database), {});
    sqlite3_close(database);
    EXPECT_EQ(packages.error().code, Code::corrupt);
}

TEST(Rpm, headers_with_impossible_counts_are_refused) {
    const std::string sound = rpm_header("a", "1", "2");
    EXPECT_TRUE(parse_rpm_header(sound));
    for (const std::size_t at : {std::size_t{0}, std::size_t{4}}) {
        std::string header = sound;
        header[at] = '\x7f';
        EXPECT_FALSE(parse_rpm_header(header)) << at;
    }
    EXPECT_FALSE(parse_rpm_header(""));
    EXPECT_FALSE(parse_rpm_header(sound.substr(0, sound.size() - 1)));
    EXPECT_FALSE(parse_rpm_header(rpm_header("", "1", "1"))) << "a package without a name";
}

}  // namespace
}  // namespace bulkhead::image
