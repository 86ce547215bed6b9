// SPDX-License-Identifier: Apache-2.0
// No requirement is forgotten: each of those listed in fixtures/requirements.tsv has a control, which is in the tree of a benchmark.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "audit/catalog.h"
#include "base/text.h"

namespace bulkhead::tests {
namespace {

void collect(const audit::Catalog& catalog, const std::string& id, std::set<std::string>& controls) {
    const audit::Benchmark* benchmark = catalog.find_benchmark(id);
    if (benchmark == nullptr) {
        controls.insert(id);
        return;
    }
    for (const std::string& child : benchmark->children) collect(catalog, child, controls);
}

TEST(Requirements, each_has_a_control_in_the_tree_of_its_benchmark) {
    const auto catalog = audit::load_catalog({});
    ASSERT_TRUE(catalog) << catalog.error().message;
    std::set<std::string> in_tree;
    for (const char* top : {"cis_v160", "csvs"}) collect(*catalog, top, in_tree);
    std::ifstream file(std::string(BULKHEAD_SOURCE_DIR) + "/tests/fixtures/requirements.tsv");
    std::string line;
    std::getline(file, line);
    ASSERT_EQ(line, "standard\tid\tcontrol\ttitle");
    std::size_t count = 0;
    while (std::getline(file, line)) {
        const auto fields = text::split(line, '\t');
        ASSERT_EQ(fields.size(), 4U) << line;
        const std::string control(fields[2]);
        EXPECT_NE(catalog->find_control(control), nullptr) << line;
        EXPECT_TRUE(in_tree.contains(control)) << control << " is in no benchmark";
        ++count;
    }
    EXPECT_GT(count, 150U);
}

}  // namespace
}  // namespace bulkhead::tests
