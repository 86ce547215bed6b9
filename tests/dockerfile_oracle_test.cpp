// SPDX-License-Identifier: Apache-2.0
// The Dockerfile parser against npm's dockerfile-ast: over files that are tricky, and over many made by chance, both must see the same
// instructions, places, flags and words. Where the other is wrong, the file is named here with the reason.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>

#include "base/json.h"
#include "build/dockerfile.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::tests {
namespace {

using build::Dockerfile;
using build::Instruction;

const std::map<std::string, std::string> differences = {
    {"bom", "the byte order mark counts as a column there"},
    {"doubled_escape", "BuildKit: a doubled escape character at the end of a line is text, and does not continue the line"},
    {"unknown_directive", "BuildKit: a comment that only looks like a directive ends the directives"},
};

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string without_escapes(std::string text, char escape) {
    std::erase(text, escape);
    return text;
}

std::string line_of(const std::string& keyword, std::int64_t line, std::int64_t column, std::int64_t end_line) {
    return fmt::format("{} {}:{}-{}", keyword, line, column, end_line);
}

std::string ours(const Dockerfile& dockerfile) {
    std::string out;
    for (const Instruction& instruction : dockerfile.instructions) {
        out += line_of(instruction.keyword, instruction.at.line, instruction.at.column, instruction.end_line) + "\n";
        for (const auto& flag : instruction.flags) out += fmt::format("  --{}={} {}:{}\n", flag.name, flag.value, flag.at.line, flag.at.column);
        for (const auto& word : instruction.words)
            out += fmt::format("  {} {}:{}\n", without_escapes(word.text, dockerfile.escape), word.at.line, word.at.column);
    }
    return out;
}

// The other counts the contents of heredocs among the words, so it is asked for as many as we have.
std::string theirs(const json::Value& file, const Dockerfile& dockerfile) {
    std::string out;
    std::size_t at = 0;
    for (const json::Value& instruction : file["instructions"].items()) {
        const auto place = [](const json::Value& value, std::size_t i) { return value["at"].items()[i].integer_or(0); };
        out += line_of(instruction["keyword"].text_or(), place(instruction, 0), place(instruction, 1), instruction["end_line"].integer_or(0)) + "\n";
        for (const json::Value& flag : instruction["flags"].items())
            out += fmt::format("  --{}={} {}:{}\n", flag["name"].text_or(), flag["value"].text_or(), place(flag, 0), place(flag, 1));
        const Instruction* own = at < dockerfile.instructions.size() ? &dockerfile.instructions[at] : nullptr;
        const bool has_heredoc = own != nullptr && (!own->heredocs.empty() || (!own->trigger.empty() && !own->trigger[0].heredocs.empty()));
        std::size_t left = has_heredoc ? own->words.size() : SIZE_MAX;
        for (const json::Value& word : instruction["words"].items()) {
            if (left-- == 0) break;
            out += fmt::format("  {} {}:{}\n", without_escapes(word["text"].text_or(), dockerfile.escape), place(word, 0), place(word, 1));
        }
        ++at;
    }
    return out;
}

// Files of every shape the grammar allows, the same ones in each run.
std::string made_by_chance(unsigned seed) {
    std::minstd_rand chance(seed);
    const auto pick = [&](const std::vector<std::string>& of) { return of[chance() % of.size()]; };
    const auto gap = [&] { return pick({" ", " ", "  ", "\t", " \\\n  ", " \\\n", " \\  \n\t", " \\\n# note\n ", " \\\n\n  "}); };
    std::string out = pick({"", "# syntax=docker/dockerfile:1\n", "# a comment\n", "ARG TAG=1\n"});
    const std::string end = pick({"\n", "\n", "\r\n"});
    out += "FROM" + gap() + pick({"alpine", "a:$TAG", "scratch"}) + pick({"", " AS base"}) + "\n";
    for (auto i = chance() % 12; i > 0; --i) {
        switch (chance() % 9) {
            case 0: out += pick({"RUN", "run", "  RUN"}) + gap() + "apk" + gap() + "add" + gap() + "curl"; break;
            case 1: out += "COPY" + gap() + pick({"--from=base", "--chown=1:2", "--link"}) + gap() + "a" + gap() + "/b"; break;
            case 2: out += "ENV" + gap() + "A=1" + gap() + "B=\"x\""; break;
            case 3: out += "CMD" + gap() + pick({R"(["a", "b"])", "a b"}); break;
            case 4: out += pick({"# comment", "", "   # more"}); break;
            case 5: out += "RUN <<EOF\n" + pick({"one\ntwo\n", "FROM x\n", ""}) + "EOF"; break;
            case 6: out += "EXPOSE" + gap() + "80" + gap() + "443/udp"; break;
            case 7: out += "HEALTHCHECK" + gap() + "--interval=5s" + gap() + "CMD" + gap() + "true"; break;
            default:
                out += "LABEL" + gap() + "k=v" + gap() + "user";
                out += "=x";
                break;
        }
        out += "\n";
    }
    if (end == "\r\n") {
        for (std::size_t at = out.find('\n'); at != std::string::npos; at = out.find('\n', at + 2)) out.insert(at, 1, '\r');
    }
    return out;
}

// The program's output, or nothing where there is no such program.
std::string oracle_script() {
    const std::string folder = std::string(BULKHEAD_SOURCE_DIR) + "/build/dockerfile_oracle";
    if (!std::filesystem::exists(folder + "/node_modules/dockerfile-ast")) return {};
    return folder + "/oracle.js";
}

std::string run(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string out;
    std::array<char, 65536> buffer{};
    while (pipe) {
        const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
        if (got == 0) break;
        out.append(buffer.data(), got);
    }
    return out;
}

TEST(dockerfile_oracle, dockerfile_ast_sees_the_same) {
    const std::string script = oracle_script();
    if (script.empty()) GTEST_SKIP() << "the corpus needs node's dockerfile-ast: ./test puts it into build/dockerfile_oracle";
    const world::TempFolder folder;
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(BULKHEAD_SOURCE_DIR) + "/tests/dockerfile_oracle/corpus")) {
        files.push_back(entry.path().string());
    }
    ASSERT_GE(files.size(), 20U);
    constexpr unsigned made = 300;
    for (unsigned seed = 1; seed <= made; ++seed) {
        files.push_back(folder.write(fmt::format("{}.Dockerfile", seed), made_by_chance(seed)));
    }
    const std::string answers = run(fmt::format("node '{}' {}", script, fmt::join(files, " ")));
    std::size_t compared = 0;
    std::size_t start = 0;
    while (start < answers.size()) {
        const std::size_t end = std::min(answers.find('\n', start), answers.size());
        const auto answer = json::Document::parse(answers.substr(start, end - start));
        start = end + 1;
        ASSERT_TRUE(answer) << answer.error().message;
        const std::string file = answer->root()["file"].text_or();
        const std::string name = std::filesystem::path(file).stem().string();
        const auto dockerfile = build::parse_dockerfile(read(file), name);
        ASSERT_TRUE(dockerfile) << dockerfile.error().message << "\n" << read(file);
        const std::string other = theirs(answer->root(), *dockerfile);
        ++compared;
        if (const auto known = differences.find(name); known != differences.end()) {
            EXPECT_NE(ours(*dockerfile), other) << name << " no longer differs: " << known->second;
        } else {
            EXPECT_EQ(ours(*dockerfile), other) << name << "\n" << read(file);
        }
    }
    EXPECT_EQ(compared, files.size());
}

}  // namespace
}  // namespace bulkhead::tests
