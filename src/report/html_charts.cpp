// SPDX-License-Identifier: Apache-2.0
#include "report/html_charts.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/escape.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t bar_units = 1000;

}  // namespace

std::string donut(const Score& score) {
    const std::string label = score.judged() == 0 ? "no control judged" : fmt::format("{} percent passed", score.percent());
    std::string out = fmt::format(
        "<svg width=\"84\" height=\"84\" viewBox=\"0 0 42 42\" role=\"img\" aria-label=\"{}\"><circle class=\"donut track\" cx=\"21\" cy=\"21\" r=\"17\"/>",
        label);
    const std::pair<std::size_t, std::string_view> parts[] = {
        {score.of(Verdict::passed), "ok"}, {score.of(Verdict::unclear), "unknown"}, {score.of(Verdict::failed), "alarm"}};
    double at = 0;
    for (const auto& [number, css] : parts) {
        if (number == 0) continue;
        const double share = 100.0 * static_cast<double>(number) / static_cast<double>(score.judged());
        // Starts at twelve o'clock and goes clockwise.
        out += fmt::format(
            "<circle class=\"donut {}\" cx=\"21\" cy=\"21\" r=\"17\" pathLength=\"100\" stroke-dasharray=\"{:.2f} {:.2f}\" stroke-dashoffset=\"{:.2f}\"/>", css,
            share, 100 - share, 25 - at);
        at += share;
    }
    const std::string number = score.judged() == 0 ? "-" : fmt::format("{}%", score.percent());
    return out + fmt::format("<text class=\"number\" x=\"21\" y=\"24.5\">{}</text></svg>", number);
}

std::string status_bar(const Counts& counts) {
    std::string label;
    std::string parts;
    std::size_t at = 0;
    for (const audit::Status status : worst_first) {
        const std::size_t number = counts.of(status);
        if (number == 0) continue;
        label += fmt::format("{}{} {}", label.empty() ? "" : ", ", number, audit::name(status));
        const std::size_t width = std::max<std::size_t>(number * bar_units / counts.total(), bar_units / 50);
        parts += fmt::format("<rect class=\"fill {}\" x=\"{}\" width=\"{}\" height=\"1\"/>", audit::name(status), at, width);
        at += width;
    }
    return fmt::format("<svg class=\"bar\" viewBox=\"0 0 {} 1\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">{}</svg>",
                       std::max(at, std::size_t{1}), label.empty() ? "no results" : label, parts);
}

std::string ranks(const std::vector<std::pair<std::string, std::size_t>>& lines, std::string_view fill) {
    std::size_t largest = 1;
    for (const auto& [name, number] : lines) largest = std::max(largest, number);
    std::string out = "<table class=\"ranks\">";
    for (const auto& [name, number] : lines) {
        out += fmt::format(
            "<tr><th scope=\"row\"><bdi>{}</bdi></th><td><svg viewBox=\"0 0 {} 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"fill {}\" "
            "width=\"{}\" "
            "height=\"1\"/></svg></td><td class=\"n\">{}</td></tr>",
            markup(name), bar_units, fill, number * bar_units / largest, number);
    }
    return out + "</table>";
}

}  // namespace bulkhead::report
