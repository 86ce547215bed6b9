// SPDX-License-Identifier: Apache-2.0
// The summary of edges.h.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "flow/edges.h"
#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

constexpr std::string_view bold = "\x1b[1m", yellow = "\x1b[33m", plain = "\x1b[0m";

std::string said_text(const Edge& edge) {
    std::string out = protocol_name(edge.key.protocol);
    if (edge.key.port != 0) out += fmt::format(" {}", edge.key.port);
    for (const std::string& name : edge.said) out += (&name == &*edge.said.begin() ? " " : ",") + text::printable(name);
    return out;
}

std::string errors_text(const EdgeErrors& errors) {
    std::string out;
    const auto add = [&](std::uint64_t count, std::string_view what) {
        if (count > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, what);
    };
    add(errors.denied, "denied");
    add(errors.refused, "refused");
    add(errors.unanswered, "unanswered");
    add(errors.http, "HTTP 5xx");
    add(errors.dns, "DNS errors");
    add(errors.reset, "reset");
    return out;
}

// Lines of columns, each as wide as its widest.
void append_lines(std::string& out, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], text::display_width(row[i]));
    }
    for (const auto& row : rows) {
        std::string line = " ";
        for (std::size_t i = 0; i < row.size(); ++i) line += " " + row[i] + std::string(widths[i] - text::display_width(row[i]) + 1, ' ');
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
}

}  // namespace

std::string summary_text(const Edges& edges, const SummaryStyle& style) {
    const std::vector<Edge> order = edges.by_bytes();
    const EdgeCounts total = edges.total();
    const auto heading = [&](std::string_view words, std::string_view color) {
        return style.color ? fmt::format("{}{}{}\n", color, words, plain) : fmt::format("{}\n", words);
    };
    std::string out = fmt::format("{} edges, {} flows, {} packets, {}", order.size() + edges.others_edges(), total.flows, total.packets[0] + total.packets[1],
                                  size_text(total.bytes_both()));
    if (total.flows > 0) out += fmt::format(", {} to {}", clock_text(edges.first_ns()), clock_text(edges.last_ns()));
    out += '\n';
    const auto path = [](const Edge& edge) { return text::printable(edge.key.source.name) + " -> " + text::printable(edge.key.destination.name); };
    const auto rest = [&](std::size_t all) {
        if (all > style.rows) out += fmt::format("  and {} more\n", all - style.rows);
    };
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < std::min(order.size(), style.rows); ++i) {
        const EdgeCounts& counts = order[i].counts;
        rows.push_back({path(order[i]), said_text(order[i]), fmt::format("{} flows", counts.flows),
                        fmt::format("{} packets", counts.packets[0] + counts.packets[1]), size_text(counts.bytes[0]) + "/" + size_text(counts.bytes[1])});
    }
    if (!rows.empty()) out += heading("most bytes:", bold);
    append_lines(out, rows);
    rest(order.size());
    if (edges.others_edges() > 0)
        out += fmt::format("  others: {} edges that were little used, {} flows, {}\n", edges.others_edges(), edges.others().flows,
                           size_text(edges.others().bytes_both()));

    std::vector<const Edge*> latest;
    for (const Edge& edge : order) latest.push_back(&edge);
    std::ranges::stable_sort(latest, [](const Edge* a, const Edge* b) { return a->first_ns > b->first_ns; });
    rows.clear();
    for (std::size_t i = 0; i < std::min({latest.size(), style.rows, std::size_t{5}}); ++i)
        rows.push_back({clock_text(latest[i]->first_ns), path(*latest[i]), said_text(*latest[i])});
    if (!rows.empty()) out += heading("seen for the first time, latest first:", bold);
    append_lines(out, rows);

    std::vector<const Edge*> bad;
    for (const Edge& edge : order) {
        if (edge.counts.errors.sum() > 0) bad.push_back(&edge);
    }
    std::ranges::stable_sort(bad, [](const Edge* a, const Edge* b) { return a->counts.errors.sum() > b->counts.errors.sum(); });
    rows.clear();
    for (std::size_t i = 0; i < std::min(bad.size(), style.rows); ++i)
        rows.push_back({path(*bad[i]), said_text(*bad[i]),
                        fmt::format("{} of {} flows: {}", bad[i]->counts.errors.sum(), bad[i]->counts.flows, errors_text(bad[i]->counts.errors))});
    if (!rows.empty()) out += heading("errors:", yellow);
    append_lines(out, rows);
    rest(bad.size());
    return out;
}

}  // namespace bulkhead::flow
