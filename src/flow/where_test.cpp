// SPDX-License-Identifier: Apache-2.0
#include "flow/where.h"

#include <gtest/gtest.h>

#include "flow/sample_flow.h"

namespace bulkhead::flow {
namespace {

bool holds(std::string_view expression) {
    auto where = Where::parse(expression);
    EXPECT_TRUE(where) << expression << ": " << where.error().message;
    if (!where) return false;
    const auto taken = where->takes(sample_flow());
    EXPECT_TRUE(taken) << expression;
    return taken && *taken;
}

TEST(Where, fields_have_the_names_of_the_table) {
    EXPECT_TRUE(holds("source_service = 'web' and destination_port = 5432"));
    EXPECT_FALSE(holds("source_service = 'db'"));
    EXPECT_TRUE(holds("bytes_to_source > 100000 or 1 = 0"));
    EXPECT_TRUE(holds("tcp_rtt_us between 1000 and 2000"));
    EXPECT_TRUE(holds("time >= '2026-11-22'"));
    EXPECT_TRUE(holds("json_extract(l7, '$.name') = 'postgresql'"));
}

TEST(Where, what_is_not_known_is_null_and_null_is_not_true) {
    EXPECT_TRUE(holds("vni is null"));
    EXPECT_FALSE(holds("vni > 0"));
    EXPECT_FALSE(holds("not vni > 0"));
}

TEST(Where, a_comment_at_the_end_takes_nothing_with_it) { EXPECT_TRUE(holds("destination_port = 5432 -- the database")); }

TEST(Where, another_flow_is_another_answer) {
    auto where = Where::parse("destination_port = 5432");
    ASSERT_TRUE(where);
    Observed other = sample_flow();
    other.record.key.high_port = other.record.key.low_port = 80;
    EXPECT_TRUE(*where->takes(sample_flow()));
    EXPECT_FALSE(*where->takes(other));
    EXPECT_TRUE(*where->takes(sample_flow()));
}

TEST(Where, nothing_but_an_expression_is_taken) {
    for (const char* bad : {"", "  ", "1; select 1", "1) union select 1 from flow where (1", "(select 1)", "exists (select 1 from sqlite_master)",
                            "destination_port in (select 1)", "load_extension('x')", "nothing = 1", "source_service = \"web\"", "? = 1", "1 from",
                            "count(*) > 0", "1 in sqlite_master", "1 in json_each('[1]')", "readfile('/etc/passwd')", "rowid in pragma_table_info('flow')"}) {
        const auto where = Where::parse(bad);
        EXPECT_FALSE(where) << bad;
        EXPECT_EQ(where ? Code::internal : where.error().code, Code::invalid_input) << bad;
    }
    EXPECT_EQ(Where::parse(std::string(where_bytes_max + 1, ' ') + "1").error().code, Code::limit_exceeded);
}

TEST(Where, an_expression_that_fails_on_a_flow_says_so) {
    auto where = Where::parse("json_extract(source_service, '$.x') = 1");
    ASSERT_TRUE(where);
    EXPECT_FALSE(where->takes(sample_flow()));
    auto large = Where::parse("length(zeroblob(100000000)) > 0");
    ASSERT_TRUE(large);
    EXPECT_FALSE(large->takes(sample_flow()));
}

}  // namespace
}  // namespace bulkhead::flow
