// SPDX-License-Identifier: Apache-2.0
#include "engine/advisories.h"

#include <gtest/gtest.h>

#include <string>

namespace bulkhead::engine {
namespace {

bool has(std::string_view version, std::string_view id) {
    const auto release = parse_engine_release(version);
    EXPECT_TRUE(release) << version;
    for (const Advisory& advisory : advisories()) {
        if (advisory.id == id && advisory.concerns(release->number)) return true;
    }
    return false;
}

TEST(EngineRelease, tells_whose_build_it_is) {
    EXPECT_FALSE(parse_engine_release("29.9.0")->is_repackaged);
    EXPECT_TRUE(parse_engine_release("20.10.24+dfsg1")->is_repackaged);
    EXPECT_TRUE(parse_engine_release("24.0.7-0ubuntu2~22.04.1")->is_repackaged);
    EXPECT_FALSE(parse_engine_release("18.09.1-ce")->is_repackaged);
    EXPECT_FALSE(parse_engine_release("29.0.0-rc.1")->is_repackaged);
    EXPECT_EQ(parse_engine_release("20.10.24+dfsg1")->number, (ReleaseNumber{20, 10, 24}));
    EXPECT_LT(parse_engine_release("29.0.0-rc.1")->number, parse_engine_release("29.0.0")->number);
    EXPECT_LT(parse_engine_release("20.9.99")->number, parse_engine_release("20.10.0")->number) << "numbers, not text";
    for (const char* text : {"", "dev", "20.10", "v", "-1.2.3", "99999999999.1.1"}) EXPECT_FALSE(parse_engine_release(text)) << text;
}

TEST(Advisories, ranges_end_before_the_release_that_mends_them) {
    EXPECT_TRUE(has("20.10.23", "CVE-2023-28840"));
    EXPECT_FALSE(has("20.10.24", "CVE-2023-28840"));
    EXPECT_FALSE(has("20.10.24+dfsg1", "CVE-2023-28840"));
    EXPECT_TRUE(has("23.0.2", "CVE-2023-28840"));
    EXPECT_FALSE(has("23.0.3", "CVE-2023-28840"));
    EXPECT_TRUE(has("24.0.7", "CVE-2024-24557"));
    EXPECT_TRUE(has("23.0.0-rc.1", "CVE-2023-28840")) << "candidates have what their release has";
    EXPECT_TRUE(has("29.9.0-rc.1", "CVE-2026-97032"));
    EXPECT_FALSE(has("29.9.0", "CVE-2026-97032"));
}

TEST(Advisories, all_are_written_in_full) {
    for (const Advisory& advisory : advisories()) {
        EXPECT_TRUE(parse_engine_release(advisory.fixed)) << advisory.id;
        EXPECT_TRUE(advisory.introduced.empty() || parse_engine_release(advisory.introduced)) << advisory.id;
        EXPECT_TRUE(advisory.id.starts_with("CVE-") && !advisory.summary.empty());
        EXPECT_FALSE(advisory.concerns(parse_engine_release(newest_known_release)->number)) << advisory.id;
    }
    EXPECT_EQ(newest_known_release_date.size(), 10U);
}

}  // namespace
}  // namespace bulkhead::engine
