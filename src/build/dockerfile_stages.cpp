// SPDX-License-Identifier: Apache-2.0
#include "build/dockerfile_stages.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"

namespace bulkhead::build {

namespace {

// Variables that BuildKit gives: the first group everywhere (values of the builder), the second to stages that declare them or not.
constexpr std::array<std::string_view, 8> platform_variables = {"TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT",
                                                                "BUILDPLATFORM",  "BUILDOS",  "BUILDARCH",  "BUILDVARIANT"};

using Variables = std::map<std::string, Expanded, std::less<>>;

struct Scope {
    Variables args;
    Variables env;      // wins over args
    bool open = false;  // built upon an image whose ENV is not known here
};

bool is_expanded(std::string_view keyword) {
    constexpr std::array<std::string_view, 10> all = {"add", "copy", "env", "expose", "from", "label", "stopsignal", "user", "volume", "workdir"};
    return std::ranges::find(all, keyword) != all.end();
}

Lookup lookup_in(const Scope& scope) {
    return [&scope](std::string_view name) -> std::optional<Expanded> {
        if (const auto found = scope.env.find(name); found != scope.env.end()) return found->second;
        if (const auto found = scope.args.find(name); found != scope.args.end()) return found->second;
        if (std::ranges::find(platform_variables, name) != platform_variables.end()) return Expanded{"", false};
        // The base image may have set it.
        return scope.open ? std::optional(Expanded{"", false}) : std::nullopt;
    };
}

class Resolver {
  public:
    Resolver(const Dockerfile& dockerfile, const BuildGiven& given) : dockerfile_(dockerfile), given_(given) {}

    Resolved run() {
        for (const Instruction& instruction : dockerfile_.instructions) {
            if (instruction.keyword == "from") {
                begin_stage(instruction);
            } else {
                in_scope(instruction, stages_.empty() ? global_ : scopes_.back());
            }
        }
        for (std::size_t i = 0; i < stages_.size(); ++i) {
            const bool last = i + 1 == stages_.size();
            stages_[i].end_line = last ? static_cast<int>(dockerfile_.lines.size()) : stages_[i + 1].at.line - 1;
        }
        if (given_.targets.empty()) mark_target("");
        for (const std::string& target : given_.targets) mark_target(target);
        return {std::move(stages_), std::move(args_), std::move(images_)};
    }

  private:
    void mark_target(std::string_view target) {
        int i = find_target(stages_, target);
        if (i >= 0) stages_[static_cast<std::size_t>(i)].is_final = true;
        for (; i >= 0; i = stages_[static_cast<std::size_t>(i)].base_stage) stages_[static_cast<std::size_t>(i)].in_final = true;
    }

    Expanded expand(const std::string& word, const Scope& scope) const {
        auto expanded = expand_word(word, dockerfile_.escape, lookup_in(scope));
        return expanded ? std::move(*expanded) : Expanded{word, false};
    }

    [[nodiscard]] int find_stage(std::string_view name) const {
        const std::string wanted = text::lower(name);
        for (int i = static_cast<int>(stages_.size()) - 1; i >= 0; --i) {
            if (!wanted.empty() && stages_[static_cast<std::size_t>(i)].name == wanted) return i;
        }
        return -1;
    }

    // A name that the caller gives a context for stands for whatever that is.
    Expanded image_of(Expanded name) const {
        if (given_.contexts.contains(name.text)) name.known = false;
        return name;
    }

    void begin_stage(const Instruction& from) {
        Stage stage;
        stage.number = static_cast<int>(stages_.size());
        stage.at = from.at;
        stage.base = from.words[0].text;
        stage.image = image_of(expand(stage.base, global_));
        if (from.words.size() == 3) stage.name = text::lower(from.words[2].text);
        if (const Flag* platform = from.flag("platform")) stage.platform = platform->value;
        stage.base_stage = find_stage(stage.image.text);
        args_.push_back({stage.image});
        for (std::size_t i = 1; i < from.words.size(); ++i) args_.back().push_back({from.words[i].text, true});
        Scope scope;
        if (stage.base_stage >= 0) {
            const auto base = static_cast<std::size_t>(stage.base_stage);
            scope = scopes_[base];
            stage.user = stages_[base].user;
            stage.user_at = stages_[base].user_at;
            stage.healthcheck = stages_[base].healthcheck;
            stage.uses.push_back(stage.base_stage);
        } else {
            scope.open = stage.image.text != "scratch";
            if (scope.open) images_.push_back({&from, stage.base, stage.image, stage.number});
        }
        stages_.push_back(std::move(stage));
        scopes_.push_back(std::move(scope));
    }

    void in_scope(const Instruction& instruction, Scope& scope) {
        std::vector<Expanded> values;
        for (const Word& word : instruction.args) {
            const bool replaced = is_expanded(instruction.keyword) && !(instruction.keyword == "env" || instruction.keyword == "label");
            values.push_back(replaced ? expand(word.text, scope) : Expanded{word.text, true});
        }
        if (instruction.keyword == "env" || instruction.keyword == "label") values = named_values(instruction, scope);
        if (instruction.keyword == "arg") declare(instruction, scope);
        args_.push_back(std::move(values));
        if (stages_.empty()) return;
        Stage& stage = stages_.back();
        if (instruction.keyword == "user") {
            stage.user = args_.back()[0];
            stage.user_at = instruction.at;
        }
        if (instruction.keyword == "healthcheck") stage.healthcheck = &instruction;
        note_uses(instruction, stage);
    }

    // All values of one ENV see the variables as they were before it.
    std::vector<Expanded> named_values(const Instruction& instruction, Scope& scope) const {
        std::vector<Expanded> values;
        Variables fresh;
        for (const Pair& pair : pairs_of(instruction)) {
            const Expanded name = expand(pair.name.text, scope);
            const Expanded value = expand(pair.value ? pair.value->text : "", scope);
            values.push_back({name.text + "=" + value.text, name.known && value.known});
            fresh[name.text] = value;
        }
        if (instruction.keyword == "env") {
            for (auto& [name, value] : fresh) scope.env[name] = value;
        }
        return values;
    }

    void declare(const Instruction& instruction, Scope& scope) {
        for (const Pair& pair : pairs_of(instruction)) {
            const std::string& name = pair.name.text;
            if (const auto given = given_.args.find(name); given != given_.args.end()) {
                scope.args[name] = given->second;
            } else if (pair.value) {
                scope.args[name] = expand(pair.value->text, scope);
            } else if (const auto global = global_.args.find(name); &scope != &global_ && global != global_.args.end()) {
                scope.args[name] = global->second;
            } else {
                scope.args[name] = {"", false};  // the build's caller may give it
            }
        }
    }

    void note_uses(const Instruction& instruction, Stage& stage) {
        const auto note = [&](const std::string& name) {
            const auto number = text::to_integer(name);
            const int found = number && *number >= 0 && *number < stage.number ? static_cast<int>(*number) : find_stage(name);
            if (found >= 0 && found != stage.number) stage.uses.push_back(found);
            if (found < 0 && !number) images_.push_back({&instruction, name, image_of(expand(name, scopes_.back())), stage.number});
        };
        for (const Flag& flag : instruction.flags) {
            if (flag.name == "from") note(flag.value);
            if (flag.name != "mount") continue;
            for (const std::string_view part : text::split(flag.value, ',')) {
                if (part.starts_with("from=")) note(std::string(part.substr(5)));
            }
        }
    }

    const Dockerfile& dockerfile_;
    const BuildGiven& given_;
    Scope global_;
    std::vector<Stage> stages_;
    std::vector<Scope> scopes_;
    std::vector<std::vector<Expanded>> args_;
    std::vector<ImageUse> images_;
};

}  // namespace

Resolved resolve(const Dockerfile& dockerfile, const BuildGiven& given) { return Resolver(dockerfile, given).run(); }

int find_target(const std::vector<Stage>& stages, std::string_view target) {
    const int last = static_cast<int>(stages.size()) - 1;
    if (target.empty()) return last;
    const std::string name = text::lower(target);
    for (int i = last; i >= 0; --i) {
        if (stages[static_cast<std::size_t>(i)].name == name) return i;
    }
    const auto number = text::to_integer(target);
    return number && *number >= 0 && *number <= last ? static_cast<int>(*number) : -1;
}

ImageName split_image(std::string_view image) {
    ImageName parts;
    if (const std::size_t at = image.find('@'); at != std::string_view::npos) {
        parts.digest = image.substr(at + 1);
        image = image.substr(0, at);
    }
    const std::size_t colon = image.rfind(':');
    if (colon != std::string_view::npos && image.find('/', colon) == std::string_view::npos) {
        parts.tag = image.substr(colon + 1);
        image = image.substr(0, colon);
    }
    parts.name = image;
    return parts;
}

}  // namespace bulkhead::build
