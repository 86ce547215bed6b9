// SPDX-License-Identifier: Apache-2.0
// dockerfile_command: the programs that RUN instructions start, one row each, so that a rule about one does not fire on its name in a text.
#include "base/text.h"
#include "build/shell_commands.h"
#include "tables/build_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    const build::DockerfileSource* source = nullptr;
    const build::Instruction* instruction = nullptr;
    const build::Stage* stage = nullptr;
    build::ShellCommand command;
    build::Position at;
};

void add_commands(const InstructionRow& row, const build::PlacedText& text, std::vector<Row>& rows, Scan& scan) {
    auto split = build::split_commands(text.text());
    if (!split.complete) scan.failed("file:" + row.source->path, "a RUN with too many commands, or nested too deep");
    for (auto& command : split.commands) {
        const build::Position at = text.at(command.offset);
        rows.push_back({row.source, row.instruction, row.stage, std::move(command), at});
    }
}

// `RUN <<EOF` and `RUN bash <<EOF`: the content is commands. `RUN cat <<EOF > x`: it is data.
bool feeds_a_shell(const build::Instruction& run) {
    if (run.heredocs.empty() || run.words.empty()) return false;
    const std::string& first = run.words[0].text;
    const bool is_script = first.find("<<") != std::string::npos;
    if (is_script) return !run.heredocs[0].content.starts_with("#!") || run.heredocs[0].content.substr(0, run.heredocs[0].content.find('\n')).ends_with("sh");
    const std::string name = first.substr(first.rfind('/') + 1);
    return name == "sh" || name == "bash" || name == "dash" || name == "ash";
}

build::PlacedText script_of(const build::Heredoc& heredoc) {
    build::PlacedText script;
    int line = heredoc.start_line;
    for (const std::string_view text : text::lines(heredoc.content)) {
        script.add(text, {line++, 1});
        script.add("\n", {line - 1, static_cast<int>(text.size()) + 1});
    }
    return script;
}

std::vector<Row> rows_of(Scan& scan) {
    std::vector<Row> rows;
    for (const InstructionRow& row : instruction_rows(scan)) {
        const build::Instruction& run = row.instruction->trigger.empty() ? *row.instruction : row.instruction->trigger.front();
        if (run.keyword != "run") continue;
        if (run.json) {
            if (run.args.empty()) continue;
            build::ShellCommand command;
            command.name = run.args[0].text.substr(run.args[0].text.rfind('/') + 1);
            for (std::size_t i = 1; i < run.args.size(); ++i) command.words.push_back(run.args[i].text);
            const bool shell = command.name.ends_with("sh") && run.args.size() > 2 && run.args[1].text.ends_with('c');
            if (shell) add_commands(row, {run.args[2].text, run.args[2].at}, rows, scan);
            rows.push_back({row.source, row.instruction, row.stage, std::move(command), run.args[0].at});
            continue;
        }
        add_commands(row, run.arguments, rows, scan);
        if (!feeds_a_shell(run)) continue;
        for (const auto& heredoc : run.heredocs) add_commands(row, script_of(heredoc), rows, scan);
    }
    return rows;
}

}  // namespace

Table dockerfile_command() {
    return make_table<Row>({
        .name = "dockerfile_command",
        .help = "Programs that the RUN instructions of the named Dockerfiles start. Nothing is expanded.",
        .columns =
            {
                {"path", Type::text, "the file, as it was named", [](const Row& row) { return cell(row.source->path); }},
                {"stage_number", Type::integer, "from 0", [](const Row& row) { return cell(row.stage->number); }},
                {"in_final", Type::boolean, "in the last stage or one that is built upon", [](const Row& row) { return cell(row.stage->in_final); }},
                {"start_line", Type::integer, "first line of its RUN", [](const Row& row) { return cell(row.instruction->at.line); }},
                {"name", Type::text, "the program, without its folder", [](const Row& row) { return cell(row.command.name); }},
                {"args", Type::json, "its words, without quotes",
                 [](const Row& row) {
                     std::vector<std::string> words;
                     for (const auto& word : row.command.words) words.push_back(shown_text(word, false));
                     return cell(words);
                 }},
                {"pipeline", Type::integer, "commands of one RUN joined by | have the same", [](const Row& row) { return cell(row.command.pipeline); }},
                {"reads_pipe", Type::boolean, "its input is another command", [](const Row& row) { return cell(row.command.reads_pipe); }},
                {"is_literal", Type::boolean, "no variable in its name", [](const Row& row) { return cell(row.command.literal); }},
                {"line", Type::integer, "where it stands", [](const Row& row) { return cell(row.at.line); }},
                {"column", Type::integer, "column of its name", [](const Row& row) { return cell(row.at.column); }},
                {"locator", Type::text, "dockerfile:FILE:LINE:COLUMN", [](const Row& row) { return cell(row.source->locator(row.at)); }},
            },
        .examples = {"select path, line, name, args from dockerfile_command where name in ('curl', 'wget')"},
        .rows = rows_of,
    });
}

}  // namespace bulkhead::tables
