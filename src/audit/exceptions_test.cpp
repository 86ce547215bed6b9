// SPDX-License-Identifier: Apache-2.0
#include "audit/exceptions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/day.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::string one(const std::string& control = "x_1", const std::string& resource = "'web*'", const std::string& expires = "2026-12-31") {
    return "- control: " + control + "\n  resource: " + resource + "\n  reason: Replaced soon\n  owner: Shop team\n  expires: " + expires + "\n";
}

std::string error_of(const std::string& yaml) {
    const auto parsed = parse_exceptions(yaml, "e.yaml");
    EXPECT_FALSE(parsed) << yaml;
    return parsed ? "" : parsed.error().message;
}

Catalog catalog() {
    Catalog catalog;
    for (const char* id : {"x_1", "x_2"}) {
        catalog.controls.emplace_back();
        catalog.controls.back().id = id;
    }
    catalog.controls[0].aliases = {"old_1"};
    return catalog;
}

struct Applied {
    std::vector<Result> results;
    std::vector<std::string> notes;
};

// Over an alarm of x_1 on web-1, one on db, an unknown on web-2, and an alarm of x_2 on the host.
Applied excepted(const std::string& yaml, const std::string& day = "2026-12-31") {
    const auto parsed = parse_exceptions(yaml, "e.yaml");
    EXPECT_TRUE(parsed) << parsed.error().message;
    Applied applied;
    applied.results = {{"x_1", "aaaa", "web-1", Status::alarm, "Bad.", "", {}, {}},
                       {"x_1", "bbbb", "db", Status::alarm, "Bad.", "", {}, {}},
                       {"x_1", "cccc", "web-2", Status::unknown, "Denied.", "", {}, {}},
                       {"x_2", "host", "", Status::alarm, "Bad.", "", {}, {}}};
    applied.notes = apply_exceptions(applied.results, *parsed, catalog().controls, *parse_day(day) + day_ms - 1);
    return applied;
}

TEST(Exceptions, an_alarm_that_somebody_answers_for_is_skipped_with_the_reason) {
    const Applied applied = excepted(one());
    EXPECT_EQ(applied.results[0].status, Status::skip);
    EXPECT_EQ(applied.results[0].reason, "Excepted until 2026-12-31 by Shop team: Replaced soon (alarm: Bad.)");
    EXPECT_EQ(applied.results[1].status, Status::alarm) << "another resource";
    EXPECT_EQ(applied.results[3].status, Status::alarm) << "another control";
    EXPECT_THAT(applied.notes, IsEmpty());
}

TEST(Exceptions, what_is_unknown_is_not_excepted) {
    const Applied applied = excepted(one("x_1", "web-2"));
    EXPECT_EQ(applied.results[2].status, Status::unknown);
    EXPECT_THAT(applied.notes, ElementsAre("The exception at e.yaml:1:3 for x_1 on web-2 excepts nothing: there is no alarm of it."));
}

TEST(Exceptions, an_expired_one_counts_again_and_says_so) {
    const Applied applied = excepted(one(), "2027-01-01");
    EXPECT_EQ(applied.results[0].status, Status::alarm);
    EXPECT_EQ(applied.results[0].reason, "Bad. The exception at e.yaml:1:3 expired on 2026-12-31 (Shop team: Replaced soon).");
    EXPECT_THAT(applied.notes, IsEmpty()) << "the alarm tells it";
}

TEST(Exceptions, one_that_holds_goes_before_one_that_ended) {
    const Applied applied = excepted(one("x_1", "web-1", "2020-01-01") + one("old_1", "'*'"));
    EXPECT_EQ(applied.results[0].status, Status::skip);
    EXPECT_EQ(applied.results[1].status, Status::skip) << "by the control's alias";
    EXPECT_THAT(applied.notes, IsEmpty());
}

TEST(Exceptions, globs_name_controls_and_ids_name_resources) {
    EXPECT_EQ(excepted(one("'x_*'", "host")).results[3].status, Status::skip) << "a result without a name goes by its id";
    EXPECT_EQ(excepted(one("x_1", "aaaa")).results[0].status, Status::skip);
    EXPECT_EQ(excepted(one("x_1", "'aa*'")).results[0].status, Status::alarm) << "globs are for names";
}

TEST(Exceptions, one_that_names_nothing_is_told_where_its_control_was_judged) {
    const Applied applied = excepted(one("x_1", "nginx"));
    EXPECT_THAT(applied.notes, ElementsAre("The exception at e.yaml:1:3 for x_1 on nginx excepts nothing: no result is about such a resource."));
    std::vector<Result> none;
    const auto parsed = parse_exceptions(one("x_1", "nginx"), "e.yaml");
    EXPECT_THAT(apply_exceptions(none, *parsed, {}, 0), IsEmpty()) << "its control was not asked for";
}

TEST(Exceptions, mistakes_name_file_line_and_column) {
    EXPECT_THAT(error_of("control: x_1\n"), StartsWith("e.yaml:1:1: expected a list of exceptions"));
    EXPECT_THAT(error_of(one() + "  expiry: 2027-01-01\n"), StartsWith("e.yaml:6:3: unknown key 'expiry'; allowed: control, resource"));
    EXPECT_THAT(error_of(one() + "  owner: Bob\n"), StartsWith("e.yaml:6:3: the key 'owner' is given twice"));
    EXPECT_THAT(error_of("- control: x_1\n  resource: web\n  reason: R\n  expires: 2026-12-31\n"), StartsWith("e.yaml:1:3: 'owner' is missing"));
    EXPECT_THAT(error_of(one("x_1", "web", "tomorrow")), StartsWith("e.yaml:5:12: 'expires' is the last day"));
    EXPECT_THAT(error_of(one("x_1", "web", "2026-02-30")), StartsWith("e.yaml:5:12: 'expires' is the last day"));
    EXPECT_THAT(error_of(one("x_1", "*")), StartsWith("e.yaml:2:"));
    EXPECT_THAT(error_of(one("x_1", "''")), StartsWith("e.yaml:2:13: 'resource' must be text"));
    EXPECT_THAT(error_of(one("x_1", std::string(2001, 'x'))), HasSubstr("longer than 2000 bytes"));
    std::string many;
    for (std::size_t i = 0; i <= exceptions_max; ++i) many += one();
    EXPECT_THAT(error_of(many), HasSubstr("more than 5000 exceptions"));
}

TEST(Exceptions, a_control_that_there_is_not_is_an_error) {
    const world::TempFolder folder;
    const std::string path = folder.write("e.yaml", "# known\n" + one() + one("x_3"));
    const auto read = exceptions_of({path}, catalog());
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message, path + ":7:3: there is no control x_3: did you mean x_1?");
    EXPECT_FALSE(exceptions_of({folder.write("g.yaml", one("'y_*'"))}, catalog()));
    EXPECT_FALSE(exceptions_of({folder.at("none")}, catalog()));
    EXPECT_TRUE(exceptions_of({folder.write("empty.yaml", "# none left\n")}, catalog()));
    EXPECT_TRUE(exceptions_of({folder.write("good.yaml", one("'x_*'") + one("old_1"))}, catalog()));
}

}  // namespace
}  // namespace bulkhead::audit
