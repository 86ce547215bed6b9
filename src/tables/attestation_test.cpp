// SPDX-License-Identifier: Apache-2.0
#include "tables/attestation.h"

#include <gtest/gtest.h>

#include "tables/catalog.h"
#include "tables/facts.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {

Table attestation();

namespace {

constexpr UnixMs day_ms = 86'400'000;

std::string state_at(UnixMs now) {
    world::FakeReader reader;
    reader.set_as_of(now);
    world::World world(reader, 1);
    Facts facts(world);
    facts.attestations = {{.control = "x_1", .dated_at = 10 * day_ms, .ends_at = 20 * day_ms, .file = "a.yaml", .line = 3}};
    Scan scan(facts, {});
    const RowSet rows = attestation().rows(scan);
    EXPECT_EQ(rows.size, 1U);
    EXPECT_EQ(std::get<std::string>(rows.at(0, 8)), "attestation:a.yaml:3");
    return std::get<std::string>(rows.at(0, 6));
}

TEST(AttestationTable, holds_from_its_date_to_the_end_of_its_last_day) {
    EXPECT_EQ(state_at(10 * day_ms - 1), "future");
    EXPECT_EQ(state_at(10 * day_ms), "in_force");
    EXPECT_EQ(state_at(20 * day_ms - 1), "in_force");
    EXPECT_EQ(state_at(20 * day_ms), "expired");
}

}  // namespace
}  // namespace bulkhead::tables
