// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>

#include "tables/catalog.h"
#include "tables/facts.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {

Table host_resource();

namespace {

struct Asked {
    std::map<std::string, double> values;
    std::vector<SourceFailure> failures;
};

Asked ask(world::FakeReader& reader) {
    reader.set("engine_process:", R"({"pid":7})");
    world::World world(reader, 1);
    Facts facts(world);
    Scan scan(facts, {});
    const RowSet rows = host_resource().rows(scan);
    Asked asked{{}, scan.failures()};
    for (std::size_t i = 0; i < rows.size; ++i) asked.values[std::get<std::string>(rows.at(i, 0))] = std::get<double>(rows.at(i, 1));
    return asked;
}

const std::string memory = "MemTotal:        1000 kB\nMemFree:          10 kB\nMemAvailable:     400 kB\nSwapTotal:          0 kB\nSwapFree:           0 kB\n";

TEST(HostResource, tells_memory_in_bytes_and_pressure_in_percent) {
    world::FakeReader reader;
    reader.set("file:/proc/meminfo", memory);
    reader.set("file:/proc/pressure/memory", "some avg10=9.00 avg60=1.50 avg300=0.01 total=1\nfull avg10=0.00 avg60=0.25 avg300=0.00 total=0\n");
    reader.set_outcome("file:/proc/pressure/cpu", world::Outcome::absent);
    reader.set_outcome("file:/proc/pressure/io", world::Outcome::absent);
    const Asked asked = ask(reader);
    EXPECT_TRUE(asked.failures.empty());
    EXPECT_EQ(asked.values, (std::map<std::string, double>{{"memory_total", 1024000},
                                                           {"memory_available", 409600},
                                                           {"swap_total", 0},
                                                           {"swap_free", 0},
                                                           {"memory_pressure_some", 1.5},
                                                           {"memory_pressure_full", 0.25}}));
}

TEST(HostResource, what_is_denied_or_of_another_shape_is_a_failure) {
    world::FakeReader reader;
    reader.set("file:/proc/meminfo", "MemTotal: many kB\nMemAvailable: 1 kB\nSwapTotal: 0 kB\n");
    reader.set_outcome("file:/proc/pressure/cpu", world::Outcome::denied);
    reader.set("file:/proc/pressure/memory", "nothing\n");
    reader.set("file:/proc/pressure/io", "some avg60=x\n");
    const Asked asked = ask(reader);
    EXPECT_EQ(asked.failures.size(), 5U);
    EXPECT_EQ(asked.values.size(), 2U);
}

}  // namespace
}  // namespace bulkhead::tables
