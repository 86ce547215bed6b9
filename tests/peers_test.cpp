// SPDX-License-Identifier: Apache-2.0
// docs/peers.md promises a case for each defect of another auditor: each must be there.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/text.h"
#include "tests/case_world.h"

namespace bulkhead::tests {
namespace {

struct Cited {
    std::string file;  // without .cases.yaml
    std::string name;  // how the case's name begins
    int line = 0;
};

// One citation: `file`: beginning of the name.
void cite(std::string_view cell, int line, std::vector<Cited>& cited) {
    const std::size_t end = cell.find("`: ");
    if (!cell.starts_with('`') || end == std::string_view::npos) return;
    cited.push_back({std::string(cell.substr(1, end - 1)), std::string(cell.substr(end + 3)), line});
}

// The last cell of "| control | what it does | what is right | citation; citation |".
std::vector<Cited> cited_cases() {
    std::ifstream page(std::string(BULKHEAD_SOURCE_DIR) + "/docs/peers.md");
    std::vector<Cited> cited;
    std::string text;
    for (int line = 1; std::getline(page, text); ++line) {
        const auto cells = text::split(text, '|');
        if (cells.size() < 6) continue;
        std::string_view cell = text::trim(cells[cells.size() - 2]);
        for (std::size_t next = cell.find("; `"); next != std::string_view::npos; next = cell.find("; `")) {
            cite(cell.substr(0, next), line, cited);
            cell.remove_prefix(next + 2);
        }
        cite(cell, line, cited);
    }
    return cited;
}

std::map<std::string, std::vector<Case>> cases_by_file() {
    std::map<std::string, std::vector<Case>> cases;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(BULKHEAD_SOURCE_DIR) + "/controls")) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".cases.yaml")) cases[name.substr(0, name.find('.'))] = load_cases(entry.path().string());
    }
    return cases;
}

TEST(peers, each_defect_of_a_peer_has_the_case_that_docs_promise) {
    const auto cited = cited_cases();
    ASSERT_GT(cited.size(), 60U) << "the tables of docs/peers.md were not understood";
    const auto cases = cases_by_file();
    for (const Cited& one : cited) {
        const auto file = cases.find(one.file);
        ASSERT_NE(file, cases.end()) << "docs/peers.md:" << one.line << ": there is no " << one.file << ".cases.yaml";
        EXPECT_TRUE(std::ranges::any_of(file->second, [&](const Case& given) { return given.name.starts_with(one.name); }))
            << "docs/peers.md:" << one.line << ": " << one.file << " has no case '" << one.name << "'";
    }
}

// A row without a case would be a claim without a proof.
TEST(peers, each_row_of_the_tables_cites_a_case) {
    std::ifstream page(std::string(BULKHEAD_SOURCE_DIR) + "/docs/peers.md");
    std::string text;
    std::set<int> rows;
    bool in_table = false;
    for (int line = 1; std::getline(page, text); ++line) {
        if (text.starts_with("| control | what it does")) in_table = true;
        if (text.empty()) in_table = false;
        if (in_table && text.starts_with("| ") && !text.starts_with("| control")) rows.insert(line);
    }
    std::set<int> proved;
    for (const Cited& one : cited_cases()) proved.insert(one.line);
    EXPECT_EQ(rows, proved);
}

}  // namespace
}  // namespace bulkhead::tests
