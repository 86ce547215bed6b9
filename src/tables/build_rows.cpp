// SPDX-License-Identifier: Apache-2.0
#include "tables/build_rows.h"

#include "base/text.h"
#include "build/compose_canonical.h"
#include "world/redact.h"

namespace bulkhead::tables {

namespace {

bool is_number(const std::string& text) {
    return !text.empty() && text.size() < 18 && text.find_first_not_of("0123456789", text[0] == '-' ? 1 : 0) == std::string::npos && text != "-" &&
           (text[0] != '0' || text.size() == 1);
}

void append(const build::Tree& tree, bool show_values, std::string_view key, std::string& out) {
    switch (tree.kind) {
        case build::TreeKind::nothing: out += "null"; return;
        case build::TreeKind::scalar:
            if (tree.plain && (is_number(tree.text) || tree.text == "true" || tree.text == "false")) {
                out += tree.text;
            } else if (!show_values && !tree.text.empty() && world::looks_secret(key)) {
                out += json::quote(world::redaction_mark);
            } else {
                out += json::quote(shown_text(tree.text, show_values));
            }
            return;
        case build::TreeKind::list:
        case build::TreeKind::map: break;
    }
    out += tree.is_map() ? '{' : '[';
    for (std::size_t i = 0; i < tree.items.size(); ++i) {
        if (i > 0) out += ',';
        if (tree.is_map()) out += json::quote(tree.keys[i].name) + ":";
        append(tree.items[i], show_values, tree.is_map() ? std::string_view(tree.keys[i].name) : key, out);
    }
    out += tree.is_map() ? '}' : ']';
}

}  // namespace

std::vector<const build::DockerfileSource*> dockerfile_sources(Scan& scan) {
    std::vector<const build::DockerfileSource*> sources;
    build::BuildFiles& files = scan.facts().build();
    for (const auto& source : files.dockerfiles()) {
        if (source->problem.empty()) sources.push_back(source.get());
        if (!source->problem.empty()) scan.failed("file:" + source->path, source->problem);
    }
    const build::Project* project = compose_project(scan);  // which Dockerfiles there are rests on it
    for (const build::ServiceBuild& build : files.builds()) {
        if (build.problem.empty()) continue;
        // One service's build: what others build does not rest on it.
        scan.failed(project->locator(build.build->place), build.problem, "build:" + project->name + ":" + build.service->name);
    }
    return sources;
}

std::vector<InstructionRow> instruction_rows(Scan& scan) {
    std::vector<InstructionRow> rows;
    for (const build::DockerfileSource* source : dockerfile_sources(scan)) {
        const auto& instructions = source->dockerfile.instructions;
        for (std::size_t i = 0; i < instructions.size(); ++i) {
            const int stage = instructions[i].stage;
            rows.push_back(
                {source, &instructions[i], &source->resolved.args[i], stage < 0 ? nullptr : &source->resolved.stages[static_cast<std::size_t>(stage)]});
        }
    }
    return rows;
}

const build::Project* compose_project(Scan& scan) {
    build::BuildFiles& files = scan.facts().build();
    const build::Project* project = files.project();
    if (project == nullptr && !files.compose_problem().empty()) scan.failed("file:" + files.input().compose.files.front(), files.compose_problem());
    return project;
}

std::string json_of(const build::Tree& tree, bool show_values) {
    std::string out;
    append(tree, show_values, {}, out);
    return out;
}

std::string shown_text(const std::string& text, bool show_values) { return show_values ? text : world::redact_text(text); }

Cell text_cell(const build::Tree* tree) { return tree != nullptr && tree->is_scalar() && tree->known ? cell(tree->text) : Cell{}; }

Cell boolean_cell(const build::Tree* tree) { return tree == nullptr ? Cell{} : cell(build::boolean_of(*tree)); }

Cell json_cell(const build::Tree* tree) { return tree == nullptr || tree->kind == build::TreeKind::nothing ? Cell{} : cell(json_of(*tree, false)); }

}  // namespace bulkhead::tables
