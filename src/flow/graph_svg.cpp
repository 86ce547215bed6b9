// SPDX-License-Identifier: Apache-2.0
// The map as SVG (graph.h): who asks left, who is asked right; a box's colour is its project's, a line's width its bytes'. Plain shapes and
// texts, nothing that a viewer would run or fetch.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/text.h"
#include "flow/graph.h"
#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

constexpr double box_height = 44, row_gap = 22, column_gap = 150, margin = 36, letter = 7.4, box_width_min = 110, box_width_max = 280, title_height = 52;
constexpr std::size_t name_letters_max = 34, label_letters_max = 26;
constexpr std::string_view palette[] = {"#dbe9f6", "#e2f0d9", "#fde9d0", "#eadcf4", "#fbdfe3", "#d8efee", "#f6f0c4", "#e4e4e4"};

std::string escaped(std::string_view text) {
    std::string out;
    for (const char one : text::printable(text)) {
        switch (one) {
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '&': out += "&amp;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += one;
        }
    }
    return out;
}

std::string shortened(std::string text, std::size_t letters) {
    text = text::printable(text);
    if (text::display_width(text) <= letters) return text;
    while (!text.empty() && (text::display_width(text) + 1 > letters || !text::is_utf8(text))) text.pop_back();
    return text + "\u2026";
}

struct Box {
    double x = 0, y = 0, width = 0;
    [[nodiscard]] double middle() const { return y + box_height / 2; }
};

struct Drawing {
    std::vector<Box> boxes;              // of nodes
    std::vector<std::vector<Box>> ways;  // of links: free places in the columns they cross
    double width = 0, height = 0;
};

// A link across columns stands in each of them as a box that is not drawn, so that no box stands in its way.
struct Expanded {
    Graph graph;  // acyclic: links that lead back are left out
    std::vector<std::vector<std::size_t>> ways;
};

Expanded expanded(const Graph& graph) {
    const std::vector<Place> places = places_of(graph);
    Expanded out{{graph.nodes, {}, 0, 0, {}}, std::vector<std::vector<std::size_t>>(graph.links.size())};
    for (std::size_t i = 0; i < graph.links.size(); ++i) {
        const Link& link = graph.links[i];
        if (places[link.source].column >= places[link.destination].column) continue;
        std::size_t before = link.source;
        const auto join = [&](std::size_t node) {
            Link piece;
            piece.source = std::exchange(before, node);
            piece.destination = node;
            out.graph.links.push_back(std::move(piece));
        };
        for (std::size_t column = places[link.source].column + 1; column < places[link.destination].column; ++column) {
            out.ways[i].push_back(out.graph.nodes.size());
            out.graph.nodes.push_back({"", Who::unknown, graph.nodes[link.destination].project});
            join(out.graph.nodes.size() - 1);
        }
        join(link.destination);
    }
    return out;
}

Drawing lay_out(const Graph& graph) {
    Drawing out;
    const Expanded whole = expanded(graph);
    const std::vector<Place> places = places_of(whole.graph);
    std::map<std::size_t, double> widths;
    std::map<std::size_t, std::size_t> rows;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const double wide = letter * static_cast<double>(text::display_width(shortened(whole.graph.nodes[i].name, name_letters_max))) + 28;
        widths[places[i].column] = std::max(widths[places[i].column], std::clamp(wide, box_width_min, box_width_max));
        rows[places[i].column] = std::max(rows[places[i].column], places[i].row + 1);
    }
    std::size_t most = 1;
    for (const auto& [column, count] : rows) most = std::max(most, count);
    const double tall = static_cast<double>(most) * (box_height + row_gap) - row_gap;
    std::map<std::size_t, double> left;
    double x = margin;
    for (const auto& [column, width] : widths) {
        left[column] = x;
        x += width + column_gap;
    }
    out.width = std::max(x - column_gap + margin, 480.0);
    out.height = tall + 2 * margin + title_height;
    const auto box_of = [&](const Place& place) {
        // A column shorter than the longest is spread over its height.
        const double step = tall / static_cast<double>(rows[place.column]);
        const double y = margin + title_height + step * static_cast<double>(place.row) + (step - box_height) / 2;
        return Box{left[place.column], y, widths[place.column]};
    };
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) out.boxes.push_back(box_of(places[i]));
    for (const auto& way : whole.ways) {
        out.ways.emplace_back();
        for (const std::size_t node : way) out.ways.back().push_back(box_of(places[node]));
    }
    return out;
}

std::string_view kind_words(const EdgeEnd& node) { return node.kind == Who::unknown ? std::string_view{} : name(node.kind); }

std::string node_text(const EdgeEnd& node, const Box& box, std::string_view color) {
    std::string out = fmt::format(R"(<g><title>{}</title><rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="8" fill="{}" stroke="#5b6b7b"/>)",
                                  escaped(node.name), box.x, box.y, box.width, box_height, color);
    const std::string_view kind = kind_words(node);
    out += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" class="name">{}</text>)", box.x + box.width / 2, box.middle() + (kind.empty() ? 5 : -1),
                       escaped(shortened(node.name, name_letters_max)));
    if (!kind.empty()) out += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" class="kind">{}</text>)", box.x + box.width / 2, box.middle() + 14, kind);
    return out + "</g>\n";
}

std::string curve_to(double x1, double y1, double x2, double y2) {
    const double bend = std::max((x2 - x1) / 2, 0.0);
    return fmt::format(" C{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}", x1 + bend, y1, x2 - bend, y2, x2, y2);
}

// From the right side of who asks to the left side of who is asked, along its way; to the right side, around, where the other stands left of
// it or in the same column.
std::string link_text(const Link& link, const Box& from, const Box& to, const std::vector<Box>& way, double lane) {
    const bool forward = to.x > from.x;
    const double width = 1.2 + std::min(std::log10(1.0 + static_cast<double>(link.counts.bytes_both())) / 2.2, 5.0);
    const double tip = 3 + width;
    double x = from.x + from.width, y = from.middle() + lane;
    std::string path = fmt::format("M{:.1f},{:.1f}", x, y);
    const Box& next = way.empty() ? to : way.front();
    const double label_x = forward ? x + (next.x - x) * 0.4 : std::max(x, to.x + to.width) + 66;
    const double label_y = (forward ? y + (next.middle() - y) * 0.352 : (y + to.middle()) / 2) - 5;  // where the curve is at that x
    for (const Box& box : way) {
        path += curve_to(x, y, box.x, box.middle()) + fmt::format(" H{:.1f}", box.x + box.width);
        x = box.x + box.width;
        y = box.middle();
    }
    const double end_y = to.middle() + lane;
    const double end_x = forward ? to.x : to.x + to.width;
    const double stop_x = forward ? end_x - tip : end_x + tip;
    if (forward) {
        path += curve_to(x, y, stop_x, end_y);
    } else {
        path += fmt::format(" C{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}", x + 90, y, end_x + 90, end_y, stop_x, end_y);
    }
    const std::string color = link.counts.errors.sum() > 0 ? "#c0392b" : "#4a78a8";
    const std::string title = fmt::format("{}: {} flows, {} to and {} back, {} errors", text::join(link.labels, ", "), link.counts.flows,
                                          size_text(link.counts.bytes[0]), size_text(link.counts.bytes[1]), link.counts.errors.sum());
    std::string out = fmt::format(R"(<g><title>{}</title><path d="{}" stroke="{}" stroke-width="{:.1f}" class="link"/>)", escaped(title), path, color, width);
    out += fmt::format(R"(<path d="M{:.1f},{:.1f} l{:.1f},{:.1f} l0,{:.1f} z" fill="{}"/>)", end_x, end_y, forward ? -tip - 4 : tip + 4, -tip, 2 * tip, color);
    std::string label = link.labels.empty() ? std::string() : link.labels.front();
    if (link.labels.size() > 1) label += fmt::format(" +{}", link.labels.size() - 1);
    return out + fmt::format(R"(<text x="{:.1f}" y="{:.1f}" class="label">{}</text></g>)", label_x, label_y, escaped(shortened(label, label_letters_max))) +
           "\n";
}

}  // namespace

std::string svg_text(const Graph& graph) {
    const Drawing drawing = lay_out(graph);
    EdgeCounts sum;
    for (const Link& link : graph.links) sum.add(link.counts);
    std::string out = fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" font-family="system-ui, sans-serif">)"
        "\n<style>.name{{font-size:13px;text-anchor:middle;fill:#1d2733}}.kind{{font-size:10px;text-anchor:middle;fill:#5b6b7b}}"
        ".link{{fill:none;stroke-opacity:.72}}.label{{font-size:10.5px;text-anchor:middle;fill:#33414f;paint-order:stroke;stroke:#fff;stroke-width:3px}}"
        ".head{{font-size:16px;font-weight:600;fill:#1d2733}}.note{{font-size:11px;fill:#5b6b7b}}</style>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        drawing.width, drawing.height);
    out += fmt::format(
        "<text x=\"{:.0f}\" y=\"36\" class=\"head\">who talks to whom</text>\n<text x=\"{:.0f}\" y=\"56\" class=\"note\">{} ends, {} links, {} flows, {}",
        margin, margin, graph.nodes.size(), graph.links.size(), sum.flows, size_text(sum.bytes_both()));
    if (graph.links_left_out + graph.edges_left_out > 0)
        out +=
            fmt::format("; not drawn: {} links, {} little used edges, {}", graph.links_left_out, graph.edges_left_out, size_text(graph.left_out.bytes_both()));
    out += "; red: with errors</text>\n";
    std::map<std::pair<std::size_t, std::size_t>, int> lanes;
    for (std::size_t i = 0; i < graph.links.size(); ++i) {
        const Link& link = graph.links[i];
        const int lane = lanes[std::minmax(link.source, link.destination)]++;
        out += link_text(link, drawing.boxes[link.source], drawing.boxes[link.destination], drawing.ways[i], lane == 0 ? 0 : 11);
    }
    std::map<std::string, std::size_t> colors;
    for (const EdgeEnd& node : graph.nodes) {
        if (!node.project.empty()) colors.try_emplace(node.project, colors.size());
    }
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const std::string& project = graph.nodes[i].project;
        out += node_text(graph.nodes[i], drawing.boxes[i], project.empty() ? std::string_view("#ffffff") : palette[colors[project] % std::size(palette)]);
    }
    return out + "</svg>\n";
}

}  // namespace bulkhead::flow
