// SPDX-License-Identifier: Apache-2.0
#include "build/dockerfile.h"

#include <gtest/gtest.h>

#include "build/dockerfile_words.h"

namespace bulkhead::build {
namespace {

Dockerfile parsed(std::string_view text) {
    auto dockerfile = parse_dockerfile(text, "Dockerfile");
    EXPECT_TRUE(dockerfile) << dockerfile.error().message;
    return dockerfile ? std::move(*dockerfile) : Dockerfile{};
}

std::string error_of(std::string_view text) {
    const auto dockerfile = parse_dockerfile(text, "D");
    return dockerfile ? "parsed" : dockerfile.error().message;
}

std::vector<std::string> texts(const std::vector<Word>& words) {
    std::vector<std::string> out;
    for (const Word& word : words) out.push_back(word.text);
    return out;
}
using Texts = std::vector<std::string>;

TEST(dockerfile, every_instruction_has_its_place_and_arguments) {
    const Dockerfile file = parsed("FROM a AS b\n\n  run  echo hi\nCOPY x y\nEXPOSE 80/tcp 443\n");
    ASSERT_EQ(file.instructions.size(), 4U);
    EXPECT_EQ(texts(file.instructions[0].args), (Texts{"a", "AS", "b"}));
    EXPECT_EQ(file.instructions[1].keyword, "run");
    EXPECT_EQ(file.instructions[1].at, (Position{3, 3}));
    EXPECT_EQ(texts(file.instructions[1].args), (Texts{"echo hi"}));
    EXPECT_EQ(file.instructions[1].args[0].at, (Position{3, 8}));
    EXPECT_EQ(file.instructions[3].args[1].at, (Position{5, 15}));
}

TEST(dockerfile, a_continued_line_knows_where_each_word_stood) {
    const Dockerfile file = parsed("FROM a\nRUN one \\\n  # a comment\n\n  two \\ \n three\nUSER x\n");
    ASSERT_EQ(file.instructions.size(), 3U);
    const Instruction& run = file.instructions[1];
    EXPECT_EQ(run.end_line, 6);
    EXPECT_EQ(texts(run.words), (Texts{"one", "two", "three"}));
    EXPECT_EQ(run.words[1].at, (Position{5, 3}));
    EXPECT_EQ(run.words[2].at, (Position{6, 2}));
    EXPECT_EQ(file.instructions[2].at.line, 7);
}

TEST(dockerfile, a_word_split_by_a_line_end_is_one_word) {
    const Dockerfile file = parsed("FROM al\\\npine:3\\\n.20\n");
    EXPECT_EQ(texts(file.instructions[0].words), (Texts{"alpine:3.20"}));
}

TEST(dockerfile, a_doubled_escape_does_not_continue_the_line) {
    const Dockerfile file = parsed("FROM a\nRUN echo \\\\\nUSER b\n");
    EXPECT_EQ(file.instructions.size(), 3U);
}

TEST(dockerfile, carriage_returns_and_a_byte_order_mark_are_no_text) {
    const Dockerfile file = parsed(
        "\xEF\xBB\xBF"
        "FROM a\r\nRUN x \\\r\n y\r\n");
    ASSERT_EQ(file.instructions.size(), 2U);
    EXPECT_EQ(texts(file.instructions[1].words), (Texts{"x", "y"}));
}

TEST(dockerfile, the_escape_directive_changes_the_character) {
    const Dockerfile file = parsed("# syntax=docker/dockerfile:1\n# Escape = `\nFROM a\nRUN dir C:\\\nRUN x `\n y\n");
    EXPECT_EQ(file.escape, '`');
    ASSERT_EQ(file.directives.size(), 2U);
    EXPECT_EQ(file.directives[0].value, "docker/dockerfile:1");
    ASSERT_EQ(file.instructions.size(), 3U);
    EXPECT_EQ(texts(file.instructions[2].words), (Texts{"x", "y"}));
}

TEST(dockerfile, a_directive_after_a_comment_is_a_comment) {
    EXPECT_EQ(parsed("# hello\n# escape=`\nFROM a\n").escape, '\\');
    EXPECT_EQ(parsed("\n# escape=`\nFROM a\n").escape, '\\');
    EXPECT_EQ(parsed("# unknown=x\n# escape=`\nFROM a\n").escape, '\\');
}

TEST(dockerfile, flags_are_taken_before_the_arguments) {
    const Dockerfile file =
        parsed("FROM --platform=linux/amd64 a\nCOPY --from=0 --chown=1:1 --link x y\nRUN --mount=type=bind,target=/x --network=none -- id\n");
    EXPECT_EQ(file.instructions[0].flag("platform")->value, "linux/amd64");
    const Instruction& copy = file.instructions[1];
    ASSERT_EQ(copy.flags.size(), 3U);
    EXPECT_EQ(copy.flag("chown")->at, (Position{2, 15}));
    EXPECT_EQ(copy.flag("link")->value, "");
    EXPECT_EQ(copy.flag("chmod"), nullptr);
    EXPECT_EQ(texts(copy.args), (Texts{"x", "y"}));
    EXPECT_EQ(file.instructions[2].flag("mount")->value, "type=bind,target=/x");
}

TEST(dockerfile, json_form_is_told_from_shell_form) {
    const Dockerfile file =
        parsed("FROM a\nCMD [ \"a b\", \"\\u0041\" ]\nCMD ['a']\nRUN [ -f x ] && y\nHEALTHCHECK --interval=5s CMD [\"x\"]\nHEALTHCHECK NONE\n");
    EXPECT_TRUE(file.instructions[1].json);
    EXPECT_EQ(texts(file.instructions[1].args), (Texts{"a b", "A"}));
    EXPECT_EQ(file.instructions[1].args[1].at, (Position{2, 14}));
    EXPECT_FALSE(file.instructions[2].json);
    EXPECT_FALSE(file.instructions[3].json);
    EXPECT_EQ(texts(file.instructions[4].args), (Texts{"CMD", "x"}));
    EXPECT_EQ(texts(file.instructions[5].args), (Texts{"NONE"}));
}

TEST(dockerfile, heredocs_are_contents_and_no_instructions) {
    const Dockerfile file = parsed("FROM a\nRUN <<EOF cat && 3<<-'TWO' cat\nFROM no\nEOF\n\tUSER no\n\tTWO\nCOPY <<\"A b\" /x\ntext $x\nA b\nUSER yes\n");
    ASSERT_EQ(file.instructions.size(), 4U);
    const auto& heredocs = file.instructions[1].heredocs;
    ASSERT_EQ(heredocs.size(), 2U);
    EXPECT_EQ(heredocs[0].content, "FROM no\n");
    EXPECT_TRUE(heredocs[0].expand);
    EXPECT_EQ(heredocs[1].content, "USER no\n");
    EXPECT_FALSE(heredocs[1].expand);
    EXPECT_EQ(heredocs[1].start_line, 5);
    EXPECT_EQ(file.instructions[1].end_line, 6);
    EXPECT_EQ(file.instructions[2].heredocs[0].name, "A b");
    EXPECT_EQ(file.instructions[3].keyword, "user");
}

TEST(dockerfile, what_looks_like_a_heredoc_and_is_none) {
    EXPECT_EQ(parsed("FROM a\nRUN cat <<<word\nRUN x <<\nENV A=<<EOF\nRUN [\"<<EOF\"]\n").instructions.size(), 5U);
}

TEST(dockerfile, onbuild_holds_its_instruction) {
    const Dockerfile file = parsed("FROM a\nONBUILD COPY --chown=1 <<EOF /x\nhi\nEOF\nUSER x\n");
    ASSERT_EQ(file.instructions.size(), 3U);
    ASSERT_EQ(file.instructions[1].trigger.size(), 1U);
    EXPECT_EQ(file.instructions[1].trigger[0].keyword, "copy");
    EXPECT_EQ(file.instructions[1].trigger[0].at, (Position{2, 9}));
    EXPECT_EQ(file.instructions[1].trigger[0].heredocs[0].content, "hi\n");
}

TEST(dockerfile, pairs_of_env_label_and_arg) {
    const Dockerfile file = parsed("ARG A=1 B\nFROM a\nENV OLD some value\nENV X=\"a b\" Y=c\\ d\nLABEL k=\n");
    const auto arg = pairs_of(file.instructions[0]);
    ASSERT_EQ(arg.size(), 2U);
    EXPECT_EQ(arg[0].value->text, "1");
    EXPECT_FALSE(arg[1].value);
    const auto old = pairs_of(file.instructions[2]);
    ASSERT_EQ(old.size(), 1U);
    EXPECT_EQ(old[0].value->text, "some value");
    EXPECT_EQ(old[0].value->at, (Position{3, 9}));
    const auto env = pairs_of(file.instructions[3]);
    ASSERT_EQ(env.size(), 2U);
    EXPECT_EQ(env[0].value->text, "\"a b\"");
    EXPECT_EQ(env[1].value->text, "c\\ d");
    EXPECT_EQ(pairs_of(file.instructions[4])[0].value->text, "");
}

TEST(dockerfile, comments_stay_with_the_instruction_they_precede) {
    const Dockerfile file = parsed("FROM a\n# one\n# two\nRUN x\nRUN y\n");
    EXPECT_EQ(file.instructions[1].comments, (Texts{"one", "two"}));
    EXPECT_TRUE(file.instructions[2].comments.empty());
}

TEST(dockerfile, a_mistake_is_told_with_its_place_and_what_to_do) {
    EXPECT_EQ(error_of(""), "D:1:1: a Dockerfile without instructions: it begins with FROM");
    EXPECT_EQ(error_of("RUN x\n").substr(0, 15), "D:1:1: run befo");
    EXPECT_EQ(error_of("FROM a\n  && apt-get x\n").substr(0, 33), "D:2:3: unknown instruction &&: is");
    EXPECT_EQ(error_of("FROM a b\n").substr(0, 10), "D:1:8: FRO");
    EXPECT_EQ(error_of("FROM a\nENV X\n").substr(0, 16), "D:2:5: env takes");
    EXPECT_EQ(error_of("FROM a\nENV X=1 Y\n").substr(0, 14), "D:2:9: no = he");
    EXPECT_EQ(error_of("FROM a\nCMD [1]\n").substr(0, 18), "D:2:5: a JSON list");
    EXPECT_EQ(error_of("FROM a\nSHELL sh\n").substr(0, 18), "D:2:7: SHELL takes");
    EXPECT_EQ(error_of("FROM a\nUSER\n"), "D:2:1: user needs an argument");
    EXPECT_EQ(error_of("FROM a\nRUN <<X\nno end\n").substr(0, 15), "D:2:5: the here");
    EXPECT_EQ(error_of("FROM a\nONBUILD FROM b\n").substr(0, 18), "D:2:9: from is not");
    EXPECT_EQ(error_of("# escape=x\nFROM a\n"), "D:1:1: escape must be ` or \\");
    EXPECT_EQ(error_of("# escape=`\n# escape=`\nFROM a\n").substr(0, 10), "D:2:1: the");
}

TEST(dockerfile, every_bound_is_an_error_and_no_cut) {
    EXPECT_EQ(parse_dockerfile(std::string(dockerfile_bytes_max + 1, '#'), "D").error().code, Code::limit_exceeded);
    EXPECT_EQ(parse_dockerfile(std::string(dockerfile_lines_max + 1, '\n'), "D").error().code, Code::limit_exceeded);
    std::string many = "FROM a\n";
    for (std::size_t i = 0; i < dockerfile_instructions_max; ++i) many += "USER x\n";
    EXPECT_EQ(parse_dockerfile(many, "D").error().code, Code::limit_exceeded);
    many.clear();
    for (std::size_t i = 0; i <= dockerfile_stages_max; ++i) many += "FROM a\n";
    EXPECT_EQ(parse_dockerfile(many, "D").error().code, Code::limit_exceeded);
    many = "FROM a\nRUN";
    for (std::size_t i = 0; i <= dockerfile_heredocs_max; ++i) many += " <<E";
    for (std::size_t i = 0; i <= dockerfile_heredocs_max; ++i) many += "\nE";
    EXPECT_EQ(parse_dockerfile(many, "D").error().code, Code::limit_exceeded);
}

}  // namespace
}  // namespace bulkhead::build
