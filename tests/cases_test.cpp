// SPDX-License-Identifier: Apache-2.0
// Runs the cases beside every control: each is a small world, and all results the control must give in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "audit/catalog.h"
#include "audit/evaluate.h"
#include "audit/settings.h"
#include "audit/trust_file.h"
#include "tables/catalog.h"
#include "tests/case_world.h"

namespace bulkhead::tests {
namespace {

std::vector<Case> all_cases() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(BULKHEAD_SOURCE_DIR) + "/controls")) {
        if (entry.path().string().ends_with(".cases.yaml")) files.push_back(entry.path().string());
    }
    std::ranges::sort(files);
    std::vector<Case> cases;
    for (const auto& file : files) std::ranges::move(load_cases(file), std::back_inserter(cases));
    return cases;
}

std::string line(const std::string& name, const std::string& status) { return name + ": " + status; }

const audit::Catalog& own_catalog() {
    static const auto catalog = audit::load_catalog({});
    EXPECT_TRUE(catalog) << catalog.error().message;
    return *catalog;
}

class ControlCase : public testing::TestWithParam<Case> {};

TEST_P(ControlCase, gives_the_expected_results) {
    const Case& given = GetParam();
    SCOPED_TRACE(given.file + ":" + std::to_string(given.line) + ": " + given.name);
    const audit::Control* control = own_catalog().find_control(given.control);
    ASSERT_NE(control, nullptr);
    world::World world(*given.reader, 2);
    tables::Facts facts(world);
    const auto trust = given.trust_file.empty() ? Result<audit::TrustFile>(audit::TrustFile())
                                                : audit::load_trust_file(BULKHEAD_SOURCE_DIR "/tests/worlds/trust/" + given.trust_file);
    ASSERT_TRUE(trust) << trust.error().message;
    if (!given.trust_file.empty()) facts.trust_policy = &trust->policy;
    facts.attestations = given.attestations;
    for (const auto& attestation : given.attestations) {
        world.include({attestation.locator(), world::Outcome::present, attestation.statement, "", world.as_of()});
    }
    facts.build().give(given.build);
    auto database = sql::Database::open(facts, tables::catalog(), {}, sql::Database::Use::audit);
    ASSERT_TRUE(database) << database.error().message;
    const auto settings = audit::resolve_settings(own_catalog(), "", given.settings);
    ASSERT_TRUE(settings) << settings.error().message;
    (*database)->use_settings(*settings);
    const auto results = audit::evaluate(*control, **database, given.build.any() ? audit::Judged::build_files : audit::Judged::host);
    std::vector<std::string> got;
    std::vector<std::string> wanted;
    std::string shown;
    for (const auto& result : results) {
        got.push_back(line(result.resource_name, std::string(name(result.status))));
        shown += got.back() + " [" + result.layer + "] " + result.reason + "\n";
    }
    for (const auto& expected : given.expect) wanted.push_back(line(expected.resource_name, expected.status));
    EXPECT_THAT(got, testing::UnorderedElementsAreArray(wanted)) << shown;
    for (const auto& expected : given.expect) {
        EXPECT_TRUE(std::ranges::any_of(results,
                                        [&](const audit::Result& result) {
                                            return result.resource_name == expected.resource_name && name(result.status) == expected.status &&
                                                   result.reason.find(expected.reason) != std::string::npos &&
                                                   (expected.layer.empty() || result.layer == expected.layer);
                                        }))
            << "no result for " << expected.resource_name << " with the reason '" << expected.reason << "' and layer '" << expected.layer << "' in:\n"
            << shown;
    }
    for (const auto& result : results) {
        if (result.status != audit::Status::ok && result.status != audit::Status::alarm) continue;
        EXPECT_FALSE(result.evidence.empty()) << result.resource_name << ": a verdict without evidence";
        for (const auto& piece : result.evidence) EXPECT_NE(piece.read_at, 0) << "evidence that was not read: " << piece.locator;
    }
}

INSTANTIATE_TEST_SUITE_P(controls, ControlCase, testing::ValuesIn(all_cases()), [](const testing::TestParamInfo<Case>& one) {
    std::string name = one.param.control + "_" + one.param.name;
    for (char& c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    }
    return name;
});

TEST(controls, each_has_cases_that_alarm_or_do_not_know_and_one_that_passes) {
    const auto cases = all_cases();
    for (const auto& control : own_catalog().controls) {
        bool bad = false;
        bool good = false;
        bool other = false;
        for (const Case& given : cases) {
            if (given.control != control.id) continue;
            for (const auto& expected : given.expect) {
                bad = bad || expected.status == "alarm";
                good = good || expected.status == "ok";
                other = other || expected.status == "unknown" || expected.status == "skip";
                // Where nobody attested anything, it is info.
                other = other || (expected.status == "info" && !control.attest.empty());
            }
        }
        const bool never_ok = std::ranges::find(control.tags, "never_ok") != control.tags.end();
        EXPECT_TRUE(good || never_ok) << control.id << " has no case that passes";
        EXPECT_TRUE(bad || std::ranges::find(control.tags, "never_alarm") != control.tags.end()) << control.id << " has no case that alarms";
        EXPECT_TRUE(other) << control.id << " has no case that is unknown or skipped";
    }
}

}  // namespace
}  // namespace bulkhead::tests
