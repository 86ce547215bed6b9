// SPDX-License-Identifier: Apache-2.0
#include "build/dockerfile.h"

#include <fmt/format.h>

#include <array>

#include "base/json.h"
#include "base/text.h"
#include "build/dockerfile_words.h"

namespace bulkhead::build {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::array<std::string_view, 18> keywords = {"add",   "arg",        "cmd",     "copy", "entrypoint", "env",        "expose", "from",   "healthcheck",
                                                       "label", "maintainer", "onbuild", "run",  "shell",      "stopsignal", "user",   "volume", "workdir"};

bool is_one_of(std::string_view keyword, std::initializer_list<std::string_view> all) { return std::ranges::find(all, keyword) != all.end(); }

std::size_t indent(std::string_view line) { return std::min(line.find_first_not_of(blanks), line.size()); }

bool is_comment(std::string_view line) { return indent(line) < line.size() && line[indent(line)] == '#'; }

// Offset of the escape character that continues the line; nothing where the line ends here. A doubled one is an escaped escape.
std::optional<std::size_t> continuation(std::string_view line, char escape) {
    const std::size_t last = line.find_last_not_of(" \t");
    if (last == std::string_view::npos || line[last] != escape) return std::nullopt;
    if (last > 0 && line[last - 1] == escape) return std::nullopt;
    return last;
}

// "#  name = value" without the blanks; nothing: an ordinary comment.
std::optional<Directive> directive_in(std::string_view line, Position at) {
    if (!line.starts_with('#')) return std::nullopt;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string name = text::lower(text::trim(line.substr(1, equals - 1)));
    const std::string value(text::trim(line.substr(equals + 1)));
    if (value.empty() || !is_one_of(name, {"syntax", "escape", "check"})) return std::nullopt;
    return Directive{name, value, at};
}

class Parser {
  public:
    Parser(const std::string& file, Position first, Dockerfile& out) : file_(file), first_(first), out_(out) {}

    Result<void> run() {
        auto next = static_cast<std::size_t>(first_.line) - 1;
        if (auto read = read_directives(next); !read) return read;
        std::vector<std::string> comments;
        while (next < out_.lines.size()) {
            const std::string& line = out_.lines[next];
            if (is_comment(line)) {
                std::string comment(text::trim(std::string_view(line).substr(indent(line) + 1)));
                if (comment.empty()) comments.clear();
                if (!comment.empty()) comments.push_back(std::move(comment));
                ++next;
            } else if (indent(line) == line.size()) {
                ++next;
            } else {
                if (auto read = read_instruction(next, comments); !read) return read;
                comments.clear();
            }
        }
        if (out_.instructions.empty()) return fail_at(file_, first_, "a Dockerfile without instructions: it begins with FROM");
        if (stage_ < 0) return fail_at(file_, out_.instructions.back().at, "no FROM instruction: a Dockerfile has at least one");
        return {};
    }

  private:
    // Directives end at the first line that is none; each may be given once.
    Result<void> read_directives(std::size_t& next) {
        for (; next < out_.lines.size(); ++next) {
            const auto directive = directive_in(out_.lines[next], {static_cast<int>(next) + 1, first_.column});
            if (!directive) return {};
            for (const Directive& other : out_.directives) {
                if (other.name == directive->name)
                    return fail_at(file_, directive->at, fmt::format("the directive {} may be given once only", directive->name));
            }
            if (directive->name == "escape") {
                if (directive->value != "\\" && directive->value != "`") return fail_at(file_, directive->at, "escape must be ` or \\");
                out_.escape = directive->value[0];
            }
            out_.directives.push_back(*directive);
        }
        return {};
    }

    // Joins the lines of one instruction; `next` is behind its last.
    PlacedText join_lines(std::size_t& next) const {
        PlacedText joined;
        bool first = true;
        for (; next < out_.lines.size(); ++next) {
            const std::string& line = out_.lines[next];
            if (!first && (is_comment(line) || indent(line) == line.size())) continue;
            const std::size_t start = first ? indent(line) : 0;
            const auto escape_at = continuation(line, out_.escape);
            joined.add(std::string_view(line).substr(start, escape_at.value_or(line.size()) - start),
                       {static_cast<int>(next) + 1, static_cast<int>(start) + first_.column});
            first = false;
            if (!escape_at) {
                ++next;
                break;
            }
        }
        return joined;
    }

    Result<void> read_instruction(std::size_t& next, std::vector<std::string>& comments) {
        const PlacedText joined = join_lines(next);
        if (indent(joined.text()) == joined.text().size()) return {};  // escape characters and nothing else
        if (out_.instructions.size() == dockerfile_instructions_max) {
            return fail_at(file_, joined.at(0), fmt::format("more than {} instructions", dockerfile_instructions_max), Code::limit_exceeded);
        }
        auto made = make(joined);
        if (!made) return std::unexpected(made.error());
        if (auto read = read_heredocs(*made, next); !read) return read;
        made->comments = std::move(comments);
        made->end_line = static_cast<int>(next);
        if (made->keyword == "from" && ++stage_ == static_cast<int>(dockerfile_stages_max)) {
            return fail_at(file_, made->at, fmt::format("more than {} stages", dockerfile_stages_max), Code::limit_exceeded);
        }
        if (stage_ < 0 && made->keyword != "arg") {
            return fail_at(file_, made->at, fmt::format("{} before the first FROM: only ARG may stand there", text::printable(made->keyword)));
        }
        made->stage = stage_;
        for (Instruction& trigger : made->trigger) {
            trigger.stage = stage_;
            trigger.end_line = made->end_line;
        }
        out_.instructions.push_back(std::move(*made));
        return {};
    }

    Result<Instruction> make(const PlacedText& line) const {
        const std::string& bytes = line.text();
        const std::size_t start = indent(bytes);
        const std::size_t end = std::min(bytes.find_first_of(blanks, start), bytes.size());
        Instruction instruction;
        instruction.keyword = text::lower(std::string_view(bytes).substr(start, end - start));
        instruction.at = line.at(start);
        if (std::ranges::find(keywords, instruction.keyword) == keywords.end()) {
            return fail_at(file_, instruction.at,
                           fmt::format("unknown instruction {}: is the line before it missing a {}?",
                                       text::printable(bytes.substr(start, std::min<std::size_t>(end - start, 40))), out_.escape));
        }
        const PlacedText rest = line.part(end);
        instruction.arguments = take_flags(rest, instruction.flags);
        instruction.words = split_blanks(instruction.arguments);
        if (auto filled = fill(instruction); !filled) return std::unexpected(filled.error());
        return instruction;
    }

    Result<void> fill(Instruction& instruction) const {
        const std::string& keyword = instruction.keyword;
        const PlacedText& arguments = instruction.arguments;
        if (instruction.words.empty()) return fail_at(file_, instruction.at, fmt::format("{} needs an argument", keyword));
        if (keyword == "onbuild") return fill_trigger(instruction);
        if (is_one_of(keyword, {"env", "label", "arg"})) {
            instruction.args = split_quoted(arguments, out_.escape);
            return check_pairs(instruction);
        }
        const bool is_check = keyword == "healthcheck";
        const PlacedText command = is_check ? arguments.part(command_offset(arguments.text())) : arguments;
        if (is_check || is_one_of(keyword, {"add", "copy", "cmd", "entrypoint", "run", "shell", "volume"})) {
            if (auto strings = split_json(command)) {
                instruction.json = true;
                instruction.args = std::move(*strings);
                if (is_check) instruction.args.insert(instruction.args.begin(), instruction.words.front());
                return {};
            }
            if (text::trim(command.text()).starts_with('[')) {
                if (const auto list = json::Document::parse(command.text()); list && list->root().is_array())
                    return fail_at(file_, command.at(0), "a JSON list here holds strings only");
            }
        }
        if (keyword == "shell") return fail_at(file_, arguments.at(0), "SHELL takes a JSON list, as in SHELL [\"/bin/sh\", \"-c\"]");
        if (is_check) {
            instruction.args = {instruction.words.front()};
            if (!command.text().empty()) instruction.args.push_back({command.text(), command.at(0)});
        } else if (is_one_of(keyword, {"run", "cmd", "entrypoint", "maintainer", "stopsignal", "user", "workdir"})) {
            instruction.args = {{arguments.text(), arguments.at(0)}};
        } else {
            instruction.args = instruction.words;
        }
        return keyword == "from" ? check_from(instruction) : Result<void>();
    }

    static std::size_t command_offset(const std::string& text) {
        const std::size_t end = std::min(text.find_first_of(blanks), text.size());
        return std::min(text.find_first_not_of(blanks, end), text.size());
    }

    Result<void> check_from(const Instruction& instruction) const {
        const auto& words = instruction.words;
        if (words.size() == 1 || (words.size() == 3 && text::lower(words[1].text) == "as")) return {};
        return fail_at(file_, words[std::min<std::size_t>(1, words.size() - 1)].at, "FROM takes an image and optionally AS and a name");
    }

    Result<void> check_pairs(const Instruction& instruction) const {
        if (instruction.keyword == "arg") return {};
        if (instruction.args[0].text.find('=') == std::string::npos) {
            if (instruction.args.size() >= 2) return {};
            return fail_at(file_, instruction.args[0].at, fmt::format("{} takes NAME=VALUE", instruction.keyword));
        }
        for (const Word& word : instruction.args) {
            if (word.text.find('=') == std::string::npos)
                return fail_at(file_, word.at, fmt::format("no = here: {} takes NAME=VALUE, quote blanks", instruction.keyword));
        }
        return {};
    }

    Result<void> fill_trigger(Instruction& instruction) const {
        auto trigger = make(instruction.arguments);
        if (!trigger) return std::unexpected(trigger.error());
        if (is_one_of(trigger->keyword, {"onbuild", "from", "maintainer"})) {
            return fail_at(file_, trigger->at, fmt::format("{} is not allowed as a trigger of ONBUILD", trigger->keyword));
        }
        instruction.args = instruction.words;
        instruction.trigger.push_back(std::move(*trigger));
        return {};
    }

    // Reads the contents behind the instruction's last line; `next` is behind the last terminator.
    Result<void> read_heredocs(Instruction& instruction, std::size_t& next) {
        Instruction& owner = instruction.trigger.empty() ? instruction : instruction.trigger.front();
        if (!is_one_of(owner.keyword, {"run", "copy", "add"}) || owner.json || owner.arguments.text().find("<<") == std::string::npos) return {};
        for (const Word& word : split_quoted(owner.arguments, '\\')) {
            auto heredoc = heredoc_mark(word.text);
            if (!heredoc) continue;
            if (owner.heredocs.size() == dockerfile_heredocs_max) return fail_at(file_, word.at, "too many heredocs in one instruction", Code::limit_exceeded);
            heredoc->start_line = static_cast<int>(next) + 1;
            bool ended = false;
            while (next < out_.lines.size() && !ended) {
                std::string_view line = out_.lines[next++];
                if (heredoc->chomp) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
                ended = line == heredoc->name;
                if (!ended) heredoc->content.append(line).append("\n");
            }
            if (!ended) return fail_at(file_, word.at, fmt::format("the heredoc has no end: a line with {} and nothing else", text::printable(heredoc->name)));
            owner.heredocs.push_back(std::move(*heredoc));
        }
        return {};
    }

    const std::string& file_;
    Position first_;
    Dockerfile& out_;
    int stage_ = -1;
};

}  // namespace

const Flag* Instruction::flag(std::string_view name) const {
    const auto found = std::ranges::find(flags, name, &Flag::name);
    return found == flags.end() ? nullptr : &*found;
}

Result<Dockerfile> parse_dockerfile(std::string_view bytes, const std::string& file, Position first) {
    if (bytes.size() > dockerfile_bytes_max) {
        return fail_at(file, first, fmt::format("larger than {} bytes", dockerfile_bytes_max), Code::limit_exceeded);
    }
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
    Dockerfile out;
    const std::size_t before = static_cast<std::size_t>(first.line) - 1;
    out.lines.resize(before);
    for (const std::string_view line : text::split(bytes, '\n')) {
        if (out.lines.size() - before == dockerfile_lines_max) {
            return fail_at(file, {static_cast<int>(out.lines.size()), first.column}, fmt::format("more than {} lines", dockerfile_lines_max),
                           Code::limit_exceeded);
        }
        out.lines.emplace_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
    }
    if (out.lines.back().empty()) out.lines.pop_back();
    if (auto parsed = Parser(file, first, out).run(); !parsed) return std::unexpected(parsed.error());
    return out;
}

std::vector<Pair> pairs_of(const Instruction& instruction) {
    std::vector<Pair> pairs;
    const bool is_arg = instruction.keyword == "arg";
    if (instruction.args.empty()) return pairs;
    if (!is_arg && instruction.args[0].text.find('=') == std::string::npos) {
        const std::size_t start = instruction.args[0].text.size();
        const std::string& text = instruction.arguments.text();
        const std::size_t value = std::min(text.find_first_not_of(blanks, start), text.size());
        pairs.push_back({instruction.args[0], Word{text.substr(value), instruction.arguments.at(value)}});
        return pairs;
    }
    for (const Word& word : instruction.args) {
        const std::size_t equals = word.text.find('=');
        if (equals == std::string::npos) {
            pairs.push_back({word, std::nullopt});
        } else {
            const Position value_at{word.at.line, word.at.column + static_cast<int>(equals) + 1};
            pairs.push_back({{word.text.substr(0, equals), word.at}, Word{word.text.substr(equals + 1), value_at}});
        }
    }
    return pairs;
}

}  // namespace bulkhead::build
