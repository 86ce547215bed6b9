// SPDX-License-Identifier: Apache-2.0
// The documents made of the program are those in docs/, and leave out nothing that the program offers.
#include "cli/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/command_line.h"

namespace bulkhead::tests {
namespace {

using testing::HasSubstr;

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Documents, in_docs_are_those_of_this_program) {
    const auto documents = cli::documents();
    ASSERT_TRUE(documents);
    const std::filesystem::path project = BULKHEAD_SOURCE_DIR;
    for (const auto& [path, text] : *documents)
        EXPECT_TRUE(contents(project / path) == text) << path << " is stale: ninja -C build make_docs && build/make_docs .";
    for (const auto& file : std::filesystem::directory_iterator(project / "docs/man"))
        EXPECT_TRUE(documents->contains("docs/man/" + file.path().filename().string())) << file.path() << " is of no command";
}

TEST(Documents, man_pages_mention_every_option_and_command) {
    cli::Context context;
    CLI::App root(cli::what_it_is, "bulkhead");
    cli::make_command_line(root, context);
    const auto commands = cli::offered(root);
    const auto pages = cli::man_pages(commands);
    std::size_t mentioned = 0;
    for (const cli::OfferedCommand& command : commands) {
        const std::string first = command.path.substr(0, command.path.find(' '));
        const auto page = pages.find("docs/man/bulkhead" + (first.empty() ? "" : "-" + first) + ".1.scd");
        ASSERT_NE(page, pages.end()) << command.path;
        for (const cli::OfferedOption& option : command.options) {
            for (const std::string& name : option.names) EXPECT_THAT(page->second, HasSubstr("*" + name + "*")) << command.path;
            mentioned += option.names.size();
        }
    }
    EXPECT_GT(mentioned, 40U);
}

}  // namespace
}  // namespace bulkhead::tests
