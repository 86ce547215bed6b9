// SPDX-License-Identifier: Apache-2.0
// Completion scripts offer all that the command line has, and bash takes what they offer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "cli/command_line.h"
#include "cli/completion_script.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::tests {
namespace {

using testing::HasSubstr;

std::vector<cli::OfferedCommand> all_commands() {
    cli::Context context;
    CLI::App root(cli::what_it_is, "bulkhead");
    cli::make_command_line(root, context);
    return cli::offered(root);
}

const cli::KnownNames names{
    .audited = {"csvs_3_1", "cis_v160_2_2"}, .queries = {"images_scanned"}, .settings = {"allowed_ports"}, .tables = {"docker_network"}};

std::string output_of(const std::string& command) {
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return "popen failed";
    std::string text;
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) text += buffer.data();
    return ::pclose(pipe) == 0 ? text : "failed: " + text;
}

// What bash offers for the last of the words, which are separated by blanks.
std::string offered_by_bash(const std::string& line) {
    const world::TempFolder folder;
    folder.write("script", cli::completion_script("bash", all_commands(), names));
    folder.write("ask", "compopt() { :; }\nsource " + folder.at("script") + "\nCOMP_WORDS=(" + line +
                            ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_bulkhead\necho \"${COMPREPLY[*]}\"\n");
    return output_of("bash " + folder.at("ask") + " 2>&1");
}

TEST(Completion, knows_every_option_and_command_of_the_model) {
    const auto commands = all_commands();
    EXPECT_GE(commands.size(), 12U);
    for (const std::string_view shell : cli::completion_shells) {
        const std::string script = cli::completion_script(shell, commands, names);
        for (const cli::OfferedCommand& command : commands) {
            for (const std::string& below : command.subcommands) EXPECT_THAT(script, HasSubstr(below)) << shell;
            for (const cli::OfferedOption& option : command.options)
                EXPECT_THAT(script, HasSubstr(shell == "fish" ? "-l " + option.names.front().substr(2) : option.names.front())) << shell;
        }
        for (const char* name : {"csvs_3_1", "images_scanned", "allowed_ports=", "docker_network"}) EXPECT_THAT(script, HasSubstr(name)) << shell;
    }
}

TEST(Completion, in_bash_offers_what_fits_the_place) {
    EXPECT_EQ(offered_by_bash("bulkhead aud"), "audit\n");
    EXPECT_EQ(offered_by_bash("bulkhead snapshot s"), "save show sign\n");
    EXPECT_EQ(offered_by_bash("bulkhead audit csvs"), "csvs_3_1\n");
    EXPECT_EQ(offered_by_bash("bulkhead explain docker"), "docker_network\n");
    EXPECT_EQ(offered_by_bash("bulkhead query --dialect ''"), "osquery steampipe\n");
    EXPECT_EQ(offered_by_bash("bulkhead query --dialect = st"), "steampipe\n") << "--dialect=st, as bash takes it apart";
    EXPECT_EQ(offered_by_bash("bulkhead query --dial"), "--dialect\n");
    EXPECT_EQ(offered_by_bash("bulkhead --from file aud"), "audit\n") << "a value is no command";
    EXPECT_EQ(offered_by_bash("bulkhead query --setting all"), "allowed_ports=\n");
    EXPECT_EQ(offered_by_bash("bulkhead audit --from ''"), "\n") << "a file's name is bash's to complete";
}

}  // namespace
}  // namespace bulkhead::tests
