// SPDX-License-Identifier: Apache-2.0
#include "report/html_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "base/text.h"
#include "report/escape.h"
#include "report/html_charts.h"
#include "report/identity.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t evidence_max = 6;
constexpr std::size_t value_bytes_max = 300;
constexpr std::size_t reason_bytes_max = 600;
constexpr std::size_t references_max = 12;
constexpr std::size_t result_bytes = html_results_bytes / html_results_max;

// An id for links within the page: what is not plain in an id becomes a dot.
std::string anchor(std::string_view id) {
    std::string out = "c-";
    for (const char c : id) out += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ? c : '.';
    return out;
}

class Tree {
  public:
    Tree(const audit::Audit& audit, std::ostream& out) : out_(out) {
        std::map<std::string_view, std::size_t> sizes;
        for (const audit::Result& result : audit.results) ++sizes[result.control];
        std::vector<std::size_t> numbers;
        for (const auto& [control, size] : sizes) numbers.push_back(size);
        shown_max_ = fair_share(std::move(numbers), html_results_max);
    }

    // A control may stand in many groups. It is shown in the one its id belongs to (csvs_3_1: csvs), else in the first; the others lead there.
    void find_homes(const Node& node, std::string_view root) {
        for (const Node& child : node.children) find_homes(child, root);
        if (node.control == nullptr) return;
        const bool own = node.control->id.starts_with(root);
        const auto [home, first] = homes_.emplace(node.control, Home{&node, own});
        if (!first && own && !home->second.own) home->second = {&node, own};
    }

    // Whether a control is shown below, and not only named with where it is shown.
    bool shows_any(const Node& node) const {
        if (node.control != nullptr) return homes_.at(node.control).node == &node;
        return std::ranges::any_of(node.children, [this](const Node& child) { return shows_any(child); });
    }

    void write(const Node& node) {
        if (node.control != nullptr) {
            write_control(node);
            return;
        }
        out_ << "<details class=\"group\"" << (shows_any(node) ? " open=\"open\"" : "") << "><summary>" << markup(node.benchmark->title)
             << " <span class=\"id\">" << markup(node.benchmark->id) << "</span> <span class=\"ratio\">" << node.counts.bad() << " bad of "
             << node.counts.total() << "</span></summary>\n";
        for (const Node& child : node.children) write(child);
        out_ << "</details>\n";
    }

  private:
    static std::string_view css_of(const Counts& counts) {
        if (counts.bad() > 0) return "failed";
        if (counts.of(audit::Status::unknown) > 0) return "unclear";
        return counts.of(audit::Status::ok) > 0 ? "passed" : "open";
    }

    void write_control(const Node& node) {
        const audit::Control& control = *node.control;
        const std::string severity = markup(control.severity);
        if (homes_.at(&control).node != &node) {
            out_ << "<p class=\"more\"><a href=\"#" << anchor(control.id) << "\"><span class=\"id\">" << markup(control.id) << "</span> "
                 << markup(control.title) << "</a></p>\n";
            return;
        }
        const std::size_t unknown = node.counts.of(audit::Status::unknown);
        out_ << "<details class=\"control " << css_of(node.counts) << "\" id=\"" << anchor(control.id) << "\" data-severity=\"" << severity
             << "\"><summary><span class=\"id\">" << markup(control.id) << "</span><span class=\"title\">" << markup(control.title)
             << "</span><span class=\"severity " << severity << "\">" << severity << "</span><span class=\"ratio\">" << node.counts.bad() << '/'
             << node.counts.total() << (unknown > 0 ? fmt::format(" +{}?", unknown) : "") << "</span>" << status_bar(node.counts) << "</summary>\n";
        write_about(control);
        write_results(node);
        out_ << "</details>\n";
    }

    void write_about(const audit::Control& control) {
        out_ << "<div class=\"about\">" << prose(control.description);
        const std::pair<std::string_view, const std::string*> parts[] = {{"Why", &control.rationale}, {"Remedy", &control.remediation}};
        for (const auto& [title, words] : parts) {
            if (!words->empty()) out_ << "<h3>" << title << "</h3>" << prose(*words);
        }
        std::string levels = fmt::format("{}", fmt::join(control.levels, ", "));
        out_ << "<p class=\"id\">" << (levels.empty() ? "" : "level " + levels) << "</p>";
        std::size_t shown = 0;
        for (const std::string& reference : control.references) {
            if (shown++ == references_max) break;
            // Only links to pages: nothing else that a reader's click could run.
            const bool page = reference.starts_with("https://") || reference.starts_with("http://");
            out_ << "<p>" << (page ? "<a rel=\"noreferrer\" href=\"" + markup(reference) + "\">" : "") << markup(reference) << (page ? "</a>" : "") << "</p>";
        }
        out_ << "</div>\n";
    }

    void write_results(const Node& node) {
        if (node.results.empty()) {
            out_ << "<p class=\"more\">Nothing here to judge.</p>\n";
            return;
        }
        Counts left_out = node.counts;
        std::size_t written = 0;
        std::size_t bytes = 0;
        Counts shown;
        out_ << "<table class=\"results\"><tbody>\n";
        for (const audit::Result* result : node.results) {
            if (written == shown_max_ || (written > 0 && bytes > shown_max_ * result_bytes)) break;
            const std::string row = row_of(*result);
            bytes += row.size();
            ++written;
            shown.add(result->status);
            out_ << row;
        }
        out_ << "</tbody></table>\n";
        if (written == node.results.size()) return;
        std::string words;
        for (const audit::Status status : worst_first) {
            const std::size_t rest = left_out.of(status) - shown.of(status);
            if (rest > 0) words += fmt::format("{}{} {}", words.empty() ? "" : ", ", rest, audit::name(status));
        }
        out_ << "<p class=\"more\">" << node.results.size() - written << " more results are left out of this page: " << words
             << ". The json report has them all.</p>\n";
    }

    static std::string row_of(const audit::Result& result) {
        const std::string_view status = audit::name(result.status);
        std::string upper(status);
        std::ranges::transform(upper, upper.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
        std::string out =
            fmt::format("<tr class=\"{}\"><td><span class=\"s\">{}</span></td><td><bdi>{}</bdi></td><td>", status, upper, markup(name_of(result)));
        if (const auto place = place_of(result)) out += fmt::format("<code>{}:{}:{}</code> ", markup(place->file), place->line, place->column);
        out += markup(shortened(result.reason, reason_bytes_max));
        if (!result.evidence.empty()) out += evidence_of(result);
        return out + "</td></tr>\n";
    }

    static std::string evidence_of(const audit::Result& result) {
        std::string out = "<details><summary>evidence";
        if (!result.layer.empty()) out += " (" + markup(result.layer) + ")";
        out += "</summary><ul>";
        const std::size_t shown = std::min(result.evidence.size(), evidence_max);
        for (std::size_t i = 0; i < shown; ++i) {
            const audit::Evidence& item = result.evidence[i];
            out += "<li><code>" + markup(item.locator) + "</code> " + markup(shortened(item.value, value_bytes_max)) + "</li>";
        }
        if (shown < result.evidence.size()) out += fmt::format("<li>and {} more</li>", result.evidence.size() - shown);
        return out + "</ul></details>";
    }

    std::ostream& out_;
    std::size_t shown_max_ = 0;
    struct Home {
        const Node* node = nullptr;
        bool own = false;
    };
    std::map<const audit::Control*, Home> homes_;
};

}  // namespace

std::size_t fair_share(std::vector<std::size_t> sizes, std::size_t total_max) {
    std::ranges::sort(sizes);
    std::size_t rest = total_max;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const std::size_t share = rest / (sizes.size() - i);
        if (sizes[i] > share) return share;
        rest -= sizes[i];
    }
    return total_max;
}

void write_html_tree(const audit::Audit& audit, const std::vector<Node>& roots, std::ostream& out) {
    Tree tree(audit, out);
    for (const Node& root : roots) tree.find_homes(root, root.control != nullptr ? root.control->id : root.benchmark->id);
    for (const Node& root : roots) tree.write(root);
}

}  // namespace bulkhead::report
