// SPDX-License-Identifier: Apache-2.0
#include "audit/attestations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world/testing/temp_folder.h"

namespace bulkhead::audit {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string one(const std::string& date = "2026-01-10", const std::string& expires = "2026-12-31", const std::string& more = "") {
    return "- id: x_1\n  statement: Done\n  owner: Platform\n  date: " + date + "\n  expires: " + expires + "\n" + more;
}

std::string error_of(const std::string& yaml) {
    const auto parsed = parse_attestations(yaml, "a.yaml");
    EXPECT_FALSE(parsed) << yaml;
    return parsed ? "" : parsed.error().message;
}

Catalog catalog() {
    Catalog catalog;
    Control stated;
    stated.id = "x_1";
    stated.title = "A title";
    stated.aliases = {"old_1"};
    stated.attest = "What is so.\nAnd why.";
    stated.levels = {1};
    Control measured;
    measured.id = "x_2";
    measured.sql = "select 1";
    measured.levels = {1};
    catalog.controls = {stated, measured};
    return catalog;
}

TEST(Attestations, hold_what_they_say) {
    const auto parsed = parse_attestations("# mine\n" + one("2026-01-10", "2026-12-31", "  evidence: https://example.org\n"), "a.yaml");
    ASSERT_TRUE(parsed) << parsed.error().message;
    ASSERT_EQ(parsed->size(), 1U);
    const tables::Attestation& first = parsed->front();
    EXPECT_EQ(first.control, "x_1");
    EXPECT_EQ(first.owner, "Platform");
    EXPECT_EQ(rfc3339(first.dated_at), "2026-01-10T00:00:00.000Z");
    EXPECT_EQ(rfc3339(first.ends_at), "2027-01-01T00:00:00.000Z") << "the last day is held to its end";
    EXPECT_EQ(first.locator(), "attestation:a.yaml:2");
    EXPECT_EQ(first.evidence, "https://example.org");
}

TEST(Attestations, mistakes_name_file_line_and_column) {
    EXPECT_THAT(error_of("id: x_1\n"), StartsWith("a.yaml:1:1: expected a list"));
    EXPECT_THAT(error_of(one() + "  expiry: 2027-01-01\n"), StartsWith("a.yaml:6:3: unknown key 'expiry'"));
    EXPECT_THAT(error_of(one() + "  owner: Bob\n"), StartsWith("a.yaml:6:3: the key 'owner' is given twice"));
    EXPECT_THAT(error_of("- id: x_1\n  statement: Done\n  owner: Platform\n  date: 2026-01-10\n"), StartsWith("a.yaml:1:3: 'expires' is missing"));
    EXPECT_THAT(error_of("- id: x_1\n  statement: \"\"\n  owner: Platform\n  date: 2026-01-10\n  expires: 2026-02-01\n"),
                StartsWith("a.yaml:2:14: 'statement' must be"));
    EXPECT_THAT(error_of(one("10.1.2026")), StartsWith("a.yaml:4:9: 'date' is a day"));
    EXPECT_THAT(error_of(one("2026-01-10", "2026-02-30")), StartsWith("a.yaml:5:12: 'expires' is a day"));
    EXPECT_THAT(error_of(one("2026-01-10", "2026-01-09")), StartsWith("a.yaml:5:12: 'expires' is before"));
    EXPECT_THAT(error_of(one("2026-01-10", "2036-01-10")), HasSubstr("1100 days at most"));
    EXPECT_THAT(error_of(one("2026-01-10", "2026-12-31", "  evidence: [a]\n")), StartsWith("a.yaml:6:13: 'evidence' must be text"));
    EXPECT_THAT(error_of("- &a\n  id: x_1\n- *a\n"), HasSubstr("aliases"));
    std::string many;
    for (std::size_t i = 0; i <= attestations_max; ++i) many += one();
    EXPECT_THAT(error_of(many), HasSubstr("more than 1000"));
    EXPECT_THAT(error_of(one("2026-01-10", "2026-12-31", "  evidence: " + std::string(2001, 'x') + "\n")), HasSubstr("longer than 2000 bytes"));
}

TEST(Attestations, answer_controls_that_take_them_each_once) {
    auto good = parse_attestations(one(), "a.yaml");
    ASSERT_TRUE(good);
    good->front().control = "old_1";
    ASSERT_TRUE(check_attestations(*good, catalog()));
    EXPECT_EQ(good->front().control, "x_1") << "an alias is the control it names";
    const auto refused = [](const std::string& id, int times) {
        auto some = *parse_attestations(one(), "a.yaml");
        some.front().control = id;
        for (int i = 1; i < times; ++i) some.push_back(some.front());
        const auto checked = check_attestations(some, catalog());
        return checked ? std::string("taken") : checked.error().message;
    };
    EXPECT_THAT(refused("x_9", 1), StartsWith("a.yaml:1:3: there is no control x_9"));
    EXPECT_THAT(refused("x_2", 1), StartsWith("a.yaml:1:3: x_2 takes no attestation"));
    EXPECT_THAT(refused("x_1", 2), HasSubstr("answered twice: first at a.yaml:1"));
}

TEST(Attestations, the_template_asks_for_all_that_take_them_and_wants_to_be_filled_in) {
    const auto text = attestation_template(catalog(), {});
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_THAT(*text, HasSubstr("# A title\n- id: x_1\n  statement: |\n    What is so.\n    And why.\n  owner: \"\"\n"));
    EXPECT_EQ(text->find("x_2"), std::string::npos);
    EXPECT_THAT(error_of(*text), HasSubstr("'owner' must be text"));
    EXPECT_FALSE(attestation_template(catalog(), {"x_2"}));
    EXPECT_FALSE(attestation_template(catalog(), {"x_9"}));
}

TEST(Attestations, come_from_several_files_and_a_file_that_is_not_there_is_an_error) {
    const world::TempFolder folder;
    folder.write("a.yaml", one());
    folder.write("b.yaml", one());
    const auto both = read_attestations({folder.at("a.yaml"), folder.at("b.yaml")});
    ASSERT_TRUE(both) << both.error().message;
    EXPECT_EQ(both->size(), 2U);
    EXPECT_EQ(read_attestations({folder.at("c.yaml")}).error().code, Code::not_found);
    EXPECT_FALSE(read_attestations({folder.path()})) << "a folder is no file";
}

}  // namespace
}  // namespace bulkhead::audit
