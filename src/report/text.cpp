// SPDX-License-Identifier: Apache-2.0
// The format for people: the tree of benchmarks and controls with bad/total and a bar each, below each control its results, worst
// first; at the end the counts and what could not be read. In the spirit of Powerpipe's.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/closing.h"
#include "report/format.h"
#include "report/layout.h"
#include "report/results_view.h"
#include "report/style.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t width_min = 60;               // below, lines may be cut by the terminal
constexpr std::size_t severity_from_columns = 100;  // narrower terminals need the room for the title

class TextReport {
  public:
    TextReport(const audit::Audit& audit, RenderOptions options, std::ostream& out)
        : audit_(audit), options_(options), style_(options), out_(out), roots_(tree(audit)) {
        ratio_columns_ = ratio(count(audit.results)).size();
    }

    void write() {
        write_header();
        for (const Node& root : roots_) {
            write_node(root, 0);
            out_ << '\n';
        }
        write_summary();
        write_blind_spots(audit_, options_, style_, out_);
    }

  private:
    static std::string ratio(const Counts& counts) { return fmt::format("{}/{}", counts.bad(), counts.total()); }

    void write_header() {
        // Without an engine the files are all there is to tell.
        const auto files = std::ranges::find(audit_.host, std::string("build_files"), &std::pair<std::string, std::string>::first);
        if (files != audit_.host.end()) return write_wrapped("Build files " + text::printable(files->second));
        std::string host = "Host ";
        std::string facts;
        for (const auto& [key, value] : audit_.host) {
            if (value.empty()) continue;
            std::string label = key;
            std::ranges::replace(label, '_', ' ');
            (key == "name" ? host : facts) += key == "name" ? text::printable(value) : ", " + text::printable(label) + " " + text::printable(value);
        }
        write_wrapped(host + facts);
    }

    void write_wrapped(const std::string& about) {
        for (const std::string& line : wrap(about, options_.width)) out_ << line << '\n';
        out_ << "Facts of " << rfc3339(audit_.as_of) << ", bulkhead " << text::printable(audit_.tool_version) << "\n\n";
    }

    void write_node(const Node& node, std::size_t depth) {
        const std::string rails = style_.paint(Tone::faint, repeat(style_.rail(), depth));
        write_heading(node, rails, depth * 2);
        for (const Node& child : node.children) write_node(child, depth + 1);
        if (node.control == nullptr) return;
        const std::string below = style_.paint(Tone::faint, repeat(style_.rail(), depth + 1));
        write_results(node, below, (depth + 1) * 2, options_, out_);
        if (node.results.empty()) out_ << below << style_.paint(Tone::faint, "nothing here to judge") << '\n';
    }

    // "csvs_3_1  Title ........ high  2/5 [####......]"; a title that is too long goes on below.
    void write_heading(const Node& node, const std::string& rails, std::size_t rails_columns) {
        const std::string id = text::printable(node.control != nullptr ? node.control->id : node.benchmark->id);
        const std::string title = text::printable(node.control != nullptr ? node.control->title : node.benchmark->title);
        std::string severity;
        if (options_.width >= severity_from_columns) {
            severity = fmt::format(" {:<8}", node.control != nullptr ? text::printable(node.control->severity) : "");
        }
        const std::string right = severity + fmt::format(" {:>{}} ", ratio(node.counts), ratio_columns_);
        const std::size_t right_columns = text::display_width(right) + Style::bar_columns;
        const std::size_t id_columns = text::display_width(id) + 2;
        const std::size_t used = rails_columns + id_columns + right_columns;
        const std::size_t title_columns = std::max(options_.width, used + 10) - used;
        const std::vector<std::string> lines = wrap(title, title_columns);
        const std::size_t free = title_columns - text::display_width(lines.front());
        const Tone id_tone = node.counts.bad() > 0 ? Tone::alarm : Tone::strong;
        out_ << rails << style_.paint(id_tone, id) << "  " << style_.paint(Tone::strong, lines.front())
             << style_.paint(Tone::faint, free > 1 ? " " + std::string(free - 1, '.') : std::string(free, ' ')) << right << style_.bar(node.counts) << '\n';
        for (std::size_t i = 1; i < lines.size(); ++i) out_ << rails << std::string(id_columns, ' ') << style_.paint(Tone::strong, lines[i]) << '\n';
    }

    void write_summary() {
        const Counts counts = count(audit_.results);
        constexpr std::size_t number_columns = 6;
        constexpr std::size_t block_columns = 40;
        out_ << style_.paint(Tone::strong, "Summary") << '\n';
        const std::size_t block_columns_max = std::min(block_columns, std::max(options_.width, width_min) - Style::label_columns - number_columns - 4);
        for (const audit::Status status : worst_first) {
            const std::size_t number = counts.of(status);
            const std::size_t columns = number == 0 ? 0 : std::max<std::size_t>(1, number * block_columns_max / counts.total());
            out_ << style_.label(status) << fmt::format("{:>{}}", number, number_columns) << (columns > 0 ? " " : "") << style_.block(tone(status), columns)
                 << '\n';
        }
        out_ << fmt::format("{:<{}}{:>{}}", "TOTAL", Style::label_columns, counts.total(), number_columns) << " in " << audit_.controls.size() << " control"
             << (audit_.controls.size() == 1 ? "" : "s") << "; " << style_.block(Tone::alarm, 1) << " alarm or error, " << style_.paint(Tone::unknown, "?")
             << " unknown\n\n";
    }

    const audit::Audit& audit_;
    RenderOptions options_;
    Style style_;
    std::ostream& out_;
    std::vector<Node> roots_;
    std::size_t ratio_columns_ = 0;
};

void write_text(const audit::Audit& audit, const RenderOptions& options, std::ostream& out) {
    RenderOptions bounded = options;
    bounded.width = std::max(options.width, width_min);
    TextReport(audit, bounded, out).write();
}

}  // namespace

Format text() {
    return {.name = "text", .help = "the tree of benchmarks and controls with results and evidence, for people", .write = write_text, .suffixes = {".txt"}};
}

}  // namespace bulkhead::report
