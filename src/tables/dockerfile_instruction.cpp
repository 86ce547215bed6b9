// SPDX-License-Identifier: Apache-2.0
// dockerfile_instruction: the instructions of the Dockerfiles that are named or built by services. Columns of Steampipe's plugin, and more.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "tables/build_rows.h"
#include "world/redact.h"

namespace bulkhead::tables {

namespace {

using build::Instruction;

struct Row : InstructionRow {
    bool show_values = false;
};

std::string pair_text(const build::Pair& pair, bool show_values) {
    if (!pair.value) return pair.name.text;
    const bool hide = !show_values && !pair.value->text.empty() && world::looks_secret(pair.name.text);
    return pair.name.text + "=" + (hide ? std::string(world::redaction_mark) : shown_text(pair.value->text, show_values));
}

bool has_pairs(const Instruction& instruction) { return instruction.keyword == "env" || instruction.keyword == "label" || instruction.keyword == "arg"; }

std::vector<std::string> args_of(const Row& row) {
    std::vector<std::string> texts;
    if (has_pairs(*row.instruction)) {
        for (const auto& pair : build::pairs_of(*row.instruction)) texts.push_back(pair_text(pair, row.show_values));
    } else {
        for (const auto& word : row.instruction->args) texts.push_back(shown_text(word.text, row.show_values));
    }
    return texts;
}

std::string object(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string out = "{";
    for (const auto& [name, json] : members) out += (out.size() == 1 ? "" : ",") + json::quote(name) + ":" + json;
    return out + "}";
}

// What the instruction means, by its kind.
std::string data_of(const Row& row) {
    const Instruction& instruction = row.instruction->trigger.empty() ? *row.instruction : row.instruction->trigger.front();
    const std::string& keyword = instruction.keyword;
    const auto words = [](const std::vector<build::Word>& all, std::size_t from, std::size_t to) {
        std::vector<std::string> texts;
        for (std::size_t i = from; i < to; ++i) texts.push_back(all[i].text);
        return engine::array_text(texts);
    };
    if (keyword == "from") {
        const build::ImageName name = build::split_image(row.stage->image.text);
        return object({{"image", json::quote(row.stage->image.text)},
                       {"name", json::quote(name.name)},
                       {"tag", json::quote(name.tag)},
                       {"digest", json::quote(name.digest)},
                       {"platform", json::quote(row.stage->platform)}});
    }
    if (has_pairs(instruction)) {
        std::vector<std::pair<std::string, std::string>> members;
        for (const auto& pair : build::pairs_of(instruction)) {
            const std::string text = pair_text(pair, row.show_values);
            members.emplace_back(pair.name.text, pair.value ? json::quote(text.substr(pair.name.text.size() + 1)) : "null");
        }
        return object(members);
    }
    if (keyword == "add" || keyword == "copy") {
        const std::size_t last = instruction.args.empty() ? 0 : instruction.args.size() - 1;
        return object({{"sources", words(instruction.args, 0, last)}, {"dest", json::quote(instruction.args.empty() ? "" : instruction.args.back().text)}});
    }
    if (keyword == "user") {
        const std::string text = instruction.args[0].text;
        const std::size_t colon = std::min(text.find(':'), text.size());
        return object({{"user", json::quote(text.substr(0, colon))}, {"group", json::quote(colon < text.size() ? text.substr(colon + 1) : "")}});
    }
    std::vector<std::string> texts;
    for (const auto& word : instruction.args) texts.push_back(shown_text(word.text, row.show_values));
    return object({{"args", engine::array_text(texts)}, {"json", instruction.json ? "true" : "false"}});
}

std::string flags_of(const Instruction& instruction) {
    std::string out = "[";
    for (const auto& flag : instruction.flags)
        out += (out.size() == 1 ? "" : ",") + object({{"name", json::quote(flag.name)}, {"value", json::quote(flag.value)}});
    return out + "]";
}

std::string source_of(const Row& row) {
    std::string out;
    for (int line = row.instruction->at.line; line <= row.instruction->end_line; ++line)
        out += (out.empty() ? "" : "\n") + row.source->dockerfile.lines[static_cast<std::size_t>(line) - 1];
    if (row.show_values) return out;
    if (!has_pairs(*row.instruction)) return shown_text(out, false);
    return row.instruction->keyword + " " + text::join(args_of(row), " ");  // quoted values with blanks would escape the text rules
}

// ENV and ARG that give a value to what sounds like a secret. A value that is only a variable or a file's path holds none.
std::string secret_names(const Row& row) {
    std::vector<std::string> names;
    const Instruction& instruction = row.instruction->trigger.empty() ? *row.instruction : row.instruction->trigger.front();
    if (instruction.keyword == "env" || instruction.keyword == "arg") {
        for (const auto& pair : build::pairs_of(instruction)) {
            if (!pair.value || !world::looks_secret(pair.name.text)) continue;
            std::string value = pair.value->text;
            std::erase(value, '"');
            std::erase(value, '\'');
            if (!value.empty() && !value.starts_with('$') && !value.starts_with('/')) names.push_back(pair.name.text);
        }
    }
    return engine::array_text(names);
}

// By the text of its lines, whether or not values are shown.
bool has_secret(const Row& row) {
    if (has_pairs(*row.instruction)) return secret_names(row) != "[]";
    for (const auto& word : row.instruction->args) {
        if (world::redact_text(word.text) != word.text) return true;
    }
    return std::ranges::any_of(row.instruction->heredocs, [](const auto& heredoc) { return world::redact_text(heredoc.content) != heredoc.content; });
}

std::string expanded_of(const Row& row) {
    std::string out = "[";
    for (const auto& value : *row.expanded) out += (out.size() == 1 ? "" : ",") + (value.known ? json::quote(shown_text(value.text, row.show_values)) : "null");
    return out + "]";
}

std::string stage_name(const Row& row) { return row.stage == nullptr ? "" : row.stage->name.empty() ? std::to_string(row.stage->number) : row.stage->name; }

}  // namespace

Table dockerfile_instruction() {
    return make_table<Row>({
        .name = "dockerfile_instruction",
        .help = "Instructions of the Dockerfiles that --dockerfile names, or that services of Compose files build. Values that look secret are taken out.",
        .columns =
            {
                {"path", Type::text, "the file, as it was named", [](const Row& row) { return cell(row.source->path); }},
                {"stage", Type::text, "name of the stage, or its number", [](const Row& row) { return text_or_null(stage_name(row)); }},
                {"stage_number", Type::integer, "from 0; null before the first FROM",
                 [](const Row& row) { return row.stage == nullptr ? Cell{} : cell(row.stage->number); }},
                {"instruction", Type::text, "from, run, ... in lower case", [](const Row& row) { return cell(row.instruction->keyword); }},
                {"sub_instruction", Type::text, "what ONBUILD holds",
                 [](const Row& row) { return row.instruction->trigger.empty() ? Cell{} : cell(row.instruction->trigger.front().keyword); }},
                {"data", Type::json, "what it means, by its kind", [](const Row& row) { return cell(data_of(row)); }},
                {"args", Type::json, "JSON form: its strings; ENV, LABEL, ARG: NAME=VALUE; shell form: one text; else words",
                 [](const Row& row) { return cell(args_of(row)); }},
                {"expanded", Type::json, "args with variables replaced where the builder does; null: not known before the build",
                 [](const Row& row) { return cell(expanded_of(row)); }},
                {"flags", Type::json, "list of name and value",
                 [](const Row& row) { return cell(flags_of(row.instruction->trigger.empty() ? *row.instruction : row.instruction->trigger.front())); }},
                {"is_json", Type::boolean, "JSON form, not shell form", [](const Row& row) { return cell(row.instruction->json); }},
                {"secret_names", Type::json, "ENV and ARG that hold what sounds like a secret", [](const Row& row) { return cell(secret_names(row)); }},
                {"has_secret", Type::boolean, "its text, or a name in it, holds what sounds like a secret",
                 [](const Row& row) { return cell(has_secret(row)); }},
                {"start_line", Type::integer, "first line", [](const Row& row) { return cell(row.instruction->at.line); }},
                {"end_line", Type::integer, "last line, heredocs included", [](const Row& row) { return cell(row.instruction->end_line); }},
                {"column", Type::integer, "column of the keyword", [](const Row& row) { return cell(row.instruction->at.column); }},
                {"prev_comment", Type::text, "comment lines right before it",
                 [](const Row& row) { return text_or_null(text::join(row.instruction->comments, "\n")); }},
                {"source", Type::text, "its lines", [](const Row& row) { return cell(source_of(row)); }},
                {"in_final", Type::boolean, "in the last stage or one that is built upon",
                 [](const Row& row) { return cell(row.stage != nullptr && row.stage->in_final); }},
                {"locator", Type::text, "dockerfile:FILE:LINE:COLUMN", [](const Row& row) { return cell(row.source->locator(row.instruction->at)); }},
            },
        .examples = {"select path, start_line, source from dockerfile_instruction where instruction = 'add'"},
        .rows =
            [](Scan& scan) {
                std::vector<Row> rows;
                for (const auto& row : instruction_rows(scan)) rows.push_back({row, scan.facts().show_values});
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
