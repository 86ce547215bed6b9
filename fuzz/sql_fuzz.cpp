// SPDX-License-Identifier: Apache-2.0
// A user's SQL over an empty world: whatever it says, it ends within its limits with rows or a message, and changes nothing.
#include "fuzz/input.h"
#include "sql/database.h"
#include "tables/catalog.h"
#include "world/testing/fake_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead;
    static world::FakeReader reader;
    static world::World world(reader, 1);
    static tables::Facts facts(world);
    static const auto database = sql::Database::open(facts, tables::catalog(), {.time_ms = 200, .rows_max = 1000, .memory_bytes_max = 64L << 20U});
    CHECK(database.has_value());
    fuzz::check_result((*database)->run(fuzz::text_of(data, size)));
    return 0;
}
