// SPDX-License-Identifier: Apache-2.0
#include "report/identity.h"

#include <gtest/gtest.h>

#include <set>

#include "report/testing/sample_audit.h"

namespace bulkhead::report {

namespace {

TEST(Identity, a_container_made_anew_keeps_its_fingerprint) {
    const audit::Audit audit = sample_audit();
    audit::Result later = audit.results[3];
    later.resource = "0000";
    later.reason = "another";
    later.evidence.clear();
    EXPECT_EQ(Fingerprints().next(audit.results[3]), Fingerprints().next(later));
    later.resource_name = "";
    EXPECT_NE(Fingerprints().next(audit.results[3]), Fingerprints().next(later)) << "without a name the id counts";
}

TEST(Identity, fingerprints_are_unique_in_a_report) {
    audit::Audit audit = sample_audit();
    audit.results.push_back(audit.results[3]);
    audit.results.push_back(audit.results[3]);
    Fingerprints fingerprints;
    std::set<std::string> seen;
    for (const audit::Result& result : audit.results) {
        const std::string made = fingerprints.next(result);
        EXPECT_EQ(made.size(), 32U);
        EXPECT_TRUE(seen.insert(made).second) << made;
    }
}

TEST(Identity, a_line_more_above_changes_no_fingerprint) {
    audit::Result result = sample_audit().results[3];
    result.dimensions = {{"file", "./Dockerfile"}, {"line", "3"}, {"column", "7"}};
    audit::Result moved = result;
    moved.dimensions[1].second = "4";
    EXPECT_EQ(Fingerprints().next(result), Fingerprints().next(moved));
    moved.dimensions[0].second = "other/Dockerfile";
    EXPECT_NE(Fingerprints().next(result), Fingerprints().next(moved));
}

TEST(Identity, places_come_from_file_and_line) {
    audit::Result result;
    result.dimensions = {{"file", "./a/Dockerfile"}, {"line", "3"}};
    ASSERT_TRUE(place_of(result));
    EXPECT_EQ(place_of(result)->line, 3U);
    EXPECT_EQ(place_of(result)->column, 1U);
    EXPECT_EQ(path_of({}, result), "a/Dockerfile");
    result.dimensions = {{"file", "a"}, {"line", "-4"}};
    EXPECT_EQ(place_of(result)->line, 1U);
    result.dimensions = {{"file", "/etc/docker"}};
    EXPECT_FALSE(place_of(result)) << "a file that evidence names is no place in a build file";
    EXPECT_EQ(path_of(sample_audit(), sample_audit().results[3]), "shop-1/web");
}

TEST(Identity, uuids_are_version_5_and_depend_on_the_name_alone) {
    const std::string id = uuid_of("a");
    EXPECT_EQ(id, uuid_of("a"));
    EXPECT_NE(id, uuid_of("b"));
    ASSERT_EQ(id.size(), 36U);
    EXPECT_EQ(id[14], '5');
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
}

TEST(Identity, severities_are_ordered) {
    EXPECT_LT(severity_rank("low"), severity_rank("medium"));
    EXPECT_LT(severity_rank("high"), severity_rank("critical"));
    EXPECT_EQ(severity_rank("?"), 0);
}

}  // namespace

}  // namespace bulkhead::report
