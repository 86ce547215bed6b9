// SPDX-License-Identifier: Apache-2.0
#include "audit/inline_ignores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "build/build_files.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::audit {
namespace {

using testing::HasSubstr;

struct Applied {
    bulkhead::Result<void> done;
    std::vector<Result> results;
};

// A finding of x_1 at line 3 of D, and one elsewhere.
Applied apply(const std::string& comment, build::BuildInput input = {.dockerfiles = {"D"}}, Status status = Status::alarm) {
    world::FakeReader reader;  // as of 2023-11-14
    reader.set("file:D", "FROM a\n" + comment + "\nRUN x\nRUN y\n");
    world::World world(reader, 1);
    tables::Facts facts(world);
    facts.build().give(std::move(input));
    Catalog catalog;
    catalog.controls.emplace_back();
    catalog.controls[0].id = "x_1";
    catalog.controls[0].aliases = {"x_old"};
    std::vector<Result> results = {{"x_1", "r", "r", status, "Bad.", "declared", {}, {{"file", "D"}, {"line", "3"}}},
                                   {"x_1", "r", "r", status, "Bad.", "declared", {}, {{"file", "D"}, {"line", "4"}}},
                                   {"x_1", "host", "host", status, "Bad.", "observed", {}, {}}};
    auto done = apply_ignores(results, catalog, facts);
    return {std::move(done), std::move(results)};
}

TEST(InlineIgnores, excuse_the_finding_at_their_place_and_no_other) {
    for (const char* id : {"x_1", "x_old"}) {
        const Applied applied = apply(std::string("# bulkhead ignore=") + id + " reason=\"not here\" expires=2023-11-14");
        ASSERT_TRUE(applied.done) << applied.done.error().message;
        EXPECT_EQ(applied.results[0].status, Status::skip);
        EXPECT_EQ(applied.results[0].reason, "Ignored until 2023-11-14: not here (alarm: Bad.)");
        EXPECT_EQ(applied.results[1].status, Status::alarm);
        EXPECT_EQ(applied.results[2].status, Status::alarm);
    }
}

TEST(InlineIgnores, an_expired_one_is_an_alarm) {
    const Applied applied = apply("# bulkhead ignore=x_1 reason=r expires=2023-11-13", {.dockerfiles = {"D"}}, Status::info);
    EXPECT_EQ(applied.results[0].status, Status::alarm);
    EXPECT_THAT(applied.results[0].reason, HasSubstr("expired on 2023-11-13"));
}

TEST(InlineIgnores, a_refused_one_changes_nothing_but_is_told) {
    const Applied applied = apply("# bulkhead ignore=x_1 reason=r expires=2030-01-01", {.dockerfiles = {"D"}, .refuse_ignores = true});
    EXPECT_EQ(applied.results[0].status, Status::alarm);
    EXPECT_THAT(applied.results[0].reason, HasSubstr("is refused"));
}

TEST(InlineIgnores, what_is_unknown_or_ok_stays_so) {
    EXPECT_EQ(apply("# bulkhead ignore=x_1 reason=r expires=2030-01-01", {.dockerfiles = {"D"}}, Status::unknown).results[0].status, Status::unknown);
    EXPECT_EQ(apply("# bulkhead ignore=x_1 reason=r expires=2030-01-01", {.dockerfiles = {"D"}}, Status::ok).results[0].status, Status::ok);
}

TEST(InlineIgnores, a_control_that_does_not_exist_is_an_error) {
    const Applied applied = apply("# bulkhead ignore=x_2 reason=r expires=2030-01-01");
    ASSERT_FALSE(applied.done);
    EXPECT_EQ(applied.done.error().message, "D:2:1: there is no control x_2 to ignore");
    EXPECT_FALSE(apply("# bulkhead ignore=x_1 expires=2030-01-01").done);
}

}  // namespace
}  // namespace bulkhead::audit
