// SPDX-License-Identifier: Apache-2.0
#include "report/results_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/layout.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t evidence_shown_max = 3;  // of one result; JSON has it all
constexpr std::size_t evidence_lines_max = 3;  // of one piece
constexpr std::size_t evidence_value_bytes_max = 1000;
constexpr std::size_t name_columns_max = 28;
constexpr std::size_t placed_columns_max = 44;  // with file, line and column
constexpr std::size_t text_columns_min = 20;    // of reason and evidence, however narrow the terminal
constexpr std::size_t gap = 2;

std::string name_of(const audit::Result& result) {
    const bool is_new = result.novelty == audit::Novelty::is_new && result.status == audit::Status::alarm;
    return text::printable(result.resource_name.empty() ? result.resource : result.resource_name) + (is_new ? " (new)" : "");
}

std::string dimension(const audit::Result& result, std::string_view name) {
    const auto found = std::ranges::find(result.dimensions, name, &std::pair<std::string, std::string>::first);
    return found == result.dimensions.end() ? std::string() : found->second;
}

// A finding in a build file, as compilers say it, so that editors and terminals make a link of it: "Dockerfile:2:5", "web (compose.yaml:4:5)".
std::string placed_name(const audit::Result& result) {
    const std::string name = name_of(result);
    const std::string file = dimension(result, "file");
    const std::string line = dimension(result, "line");
    if (file.empty() || line.empty()) return name;
    const std::string column = dimension(result, "column");
    const std::string place = text::printable(fmt::format("{}:{}:{}", file, line, column.empty() ? "1" : column));
    return result.resource_name == file ? place : fmt::format("{} ({})", name, place);
}

// What a file or a dump said, on one line: blanks for its tabs and line ends.
std::string value_of(const audit::Evidence& item) {
    std::string value = item.value.substr(0, evidence_value_bytes_max);
    std::ranges::replace_if(value, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    return text::printable(text::trim(value));
}

// Ids of 64 hex digits as docker itself shows them, by their first 12: the whole one is in JSON, and nobody reads it here.
std::string with_short_ids(std::string_view text) {
    constexpr std::size_t id_digits = 64;
    constexpr std::size_t shown_digits = 12;
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out;
    while (!text.empty()) {
        const std::size_t digits = std::min(text.find_first_not_of(hex), text.size());
        out += text.substr(0, digits == id_digits ? shown_digits : digits);
        text.remove_prefix(digits);
        const std::size_t others = std::min(text.find_first_of(hex), text.size());
        out += text.substr(0, others);
        text.remove_prefix(others);
    }
    return out;
}

class View {
  public:
    View(const std::string& rails, std::size_t rails_columns, const RenderOptions& options, std::ostream& out)
        : rails_(rails), wide_(options.width >= wide_columns_min), style_(options), out_(out) {
        const std::size_t used = rails_columns + Style::label_columns + gap;
        columns_ = std::max(options.width, used + text_columns_min) - used;
    }

    void write(const Node& control, Passes passes) {
        for (const audit::Result* result : control.results) {
            const bool is_folded = result->status == audit::Status::ok && passes == Passes::folded;
            const std::string name = is_folded ? name_of(*result) : placed_name(*result);
            const std::size_t most = dimension(*result, "file").empty() ? name_columns_max : placed_columns_max;
            name_columns_ = std::max(name_columns_, std::min(text::display_width(name), most));
        }
        std::vector<const audit::Result*> passed;
        for (const audit::Result* result : control.results) {
            if (result->status == audit::Status::ok && passes == Passes::folded) {
                passed.push_back(result);
            } else if (wide_) {
                write_wide(*result);
            } else {
                write_narrow(*result);
            }
        }
        if (!passed.empty()) write_folded(passed);
    }

  private:
    void line(std::string_view label, std::string_view rest) {
        std::string whole = rails_;
        whole += label.empty() ? std::string(Style::label_columns, ' ') : std::string(label);
        whole.append(gap, ' ').append(rest);
        whole.erase(whole.find_last_not_of(' ') + 1);
        out_ << whole << '\n';
    }

    [[nodiscard]] std::vector<std::string> evidence_lines(const audit::Result& result, std::size_t width) const {
        std::vector<std::string> lines;
        const std::size_t shown = std::min(result.evidence.size(), evidence_shown_max);
        for (std::size_t i = 0; i < shown; ++i) {
            const audit::Evidence& item = result.evidence[i];
            std::string piece = with_short_ids(text::printable(item.locator));
            if (const std::string value = value_of(item); !value.empty()) piece += " = " + value;
            std::vector<std::string> wrapped = wrap(piece, width);
            if (wrapped.size() > evidence_lines_max) {
                wrapped.resize(evidence_lines_max);
                wrapped.back() = cut(wrapped.back() + " ", width - 1, "") + std::string(style_.ellipsis());
                wrapped.back() = cut(wrapped.back(), width, "");
            }
            lines.insert(lines.end(), wrapped.begin(), wrapped.end());
        }
        if (shown < result.evidence.size()) lines.push_back(fmt::format("and {} more", result.evidence.size() - shown));
        return lines;
    }

    void write_narrow(const audit::Result& result) {
        const std::string name = placed_name(result);
        std::string label = style_.label(result.status);
        std::vector<std::string> lines = wrap(name + ": " + text::printable(result.reason), columns_);
        if (lines.front().starts_with(name)) lines.front().replace(0, name.size(), style_.paint(Tone::strong, name));
        for (const std::string& text : lines) {
            line(label, text);
            label.clear();
        }
        for (const std::string& text : evidence_lines(result, columns_ - gap)) line("", std::string(gap, ' ') + style_.paint(Tone::faint, text));
    }

    // Resource, reason and evidence side by side.
    void write_wide(const audit::Result& result) {
        const std::size_t rest = columns_ - name_columns_ - 2 * gap;
        const std::size_t reason_columns = rest / 2;
        const std::vector<std::string> reasons = wrap(text::printable(result.reason), reason_columns);
        const std::vector<std::string> evidence = evidence_lines(result, rest - reason_columns);
        const std::string name = cut(placed_name(result), name_columns_, style_.ellipsis());
        for (std::size_t i = 0; i < std::max(reasons.size(), evidence.size()); ++i) {
            std::string text =
                i == 0 ? style_.paint(Tone::strong, name) + std::string(name_columns_ - text::display_width(name), ' ') : std::string(name_columns_, ' ');
            text.append(gap, ' ').append(pad(i < reasons.size() ? reasons[i] : "", reason_columns));
            if (i < evidence.size()) text.append(gap, ' ').append(style_.paint(Tone::faint, evidence[i]));
            line(i == 0 ? style_.label(result.status) : "", text);
        }
    }

    void write_folded(const std::vector<const audit::Result*>& passed) {
        if (passed.size() == 1) {
            line(style_.label(audit::Status::ok), cut(name_of(*passed.front()) + ": " + text::printable(passed.front()->reason), columns_, style_.ellipsis()));
            return;
        }
        std::string names = fmt::format("{}: ", passed.size());
        std::size_t shown = 0;
        for (const audit::Result* result : passed) {
            const std::string next = (shown == 0 ? "" : ", ") + name_of(*result);
            constexpr std::size_t more_columns = 12;  // ", 1234 more"
            if (shown > 0 && text::display_width(names) + text::display_width(next) + more_columns > columns_) break;
            names += next;
            ++shown;
        }
        if (shown < passed.size()) names += fmt::format(", {} more", passed.size() - shown);
        line(style_.label(audit::Status::ok), cut(names, columns_, style_.ellipsis()));
    }

    const std::string& rails_;
    bool wide_;
    Style style_;
    std::ostream& out_;
    std::size_t columns_ = 0;  // right of the status
    std::size_t name_columns_ = 0;
};

}  // namespace

void write_results(const Node& control, const std::string& rails, std::size_t rails_columns, const RenderOptions& options, std::ostream& out) {
    View(rails, rails_columns, options, out).write(control, options.passes);
}

}  // namespace bulkhead::report
