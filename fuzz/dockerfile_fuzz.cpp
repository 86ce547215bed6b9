// SPDX-License-Identifier: Apache-2.0
// Dockerfiles of anybody: a mistake is told with its place, places lie inside the file, and what was expanded has its bound.
#include "build/dockerfile_stages.h"
#include "build/ignore.h"
#include "build/shell_commands.h"
#include "fuzz/input.h"

namespace {

using namespace bulkhead::build;

void check_instruction(const Instruction& instruction, std::size_t lines) {
    CHECK(instruction.at.line >= 1 && instruction.at.column >= 1);
    CHECK(instruction.end_line >= instruction.at.line && static_cast<std::size_t>(instruction.end_line) <= lines);
    for (const Word& word : instruction.words) CHECK(word.at.line >= instruction.at.line && word.at.line <= instruction.end_line && !word.text.empty());
    const ShellCommands commands = split_commands(instruction.arguments.text());
    for (const ShellCommand& command : commands.commands) CHECK(command.offset <= instruction.arguments.text().size());
    for (const Instruction& trigger : instruction.trigger) check_instruction(trigger, lines);
    (void)pairs_of(instruction);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto dockerfile = parse_dockerfile(bulkhead::fuzz::text_of(data, size), "D");
    if (!dockerfile) {
        CHECK(dockerfile.error().message.starts_with("D:"));
        return 0;
    }
    for (const Instruction& instruction : dockerfile->instructions) check_instruction(instruction, dockerfile->lines.size());
    const Resolved resolved = resolve(*dockerfile);
    CHECK(resolved.args.size() == dockerfile->instructions.size());
    CHECK(!resolved.stages.empty() && resolved.stages.back().is_final);
    for (const Stage& stage : resolved.stages) CHECK(stage.base_stage < stage.number);
    bulkhead::fuzz::check_result(dockerfile_ignores(*dockerfile, "D"));
    return 0;
}
