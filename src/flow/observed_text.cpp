// SPDX-License-Identifier: Apache-2.0
#include "flow/observed_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "flow/fields.h"
#include "flow/l7_text.h"
#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

// Select Graphic Rendition (ECMA-48, 8.3.117).
constexpr std::string_view faint = "\x1b[2m", bold = "\x1b[1m", red = "\x1b[31m", green = "\x1b[32m", yellow = "\x1b[33m", cyan = "\x1b[36m", plain = "\x1b[0m";
constexpr std::size_t table_width_default = 132;
constexpr std::size_t table_width_min = 72;
constexpr std::size_t time_columns = 12, bytes_columns = 17, end_columns = 8;

// A word or two of a line. What has the highest rank goes first where the line is too long; 0 stays.
struct Part {
    std::string text;
    std::string_view color;
    int rank;
};

void append_parts(std::string& out, std::vector<Part>& parts, const TextStyle& style) {
    const auto columns = [&] {
        std::size_t sum = 0;
        for (const Part& part : parts) sum += text::display_width(part.text) + 1;
        return sum;
    };
    while (style.width > 0 && columns() > style.width + 1) {
        const auto last = std::ranges::max_element(parts, {}, &Part::rank);
        if (last->rank == 0) break;
        parts.erase(last);
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += ' ';
        const bool colored = style.color && !parts[i].color.empty();
        if (colored) out += parts[i].color;
        out += parts[i].text;
        if (colored) out += plain;
    }
}

std::string moment_text(const Record& record, Moment moment) {
    if (moment == Moment::begun) return "begins";
    if (moment == Moment::going_on) return "goes on";
    return std::string(name(record.end));
}

std::string bytes_text(const Record& record) { return size_text(record.sent[0].bytes) + "/" + size_text(record.sent[1].bytes); }

std::string said(const Observed& flow) {
    std::string out;
    if (flow.l7) append_l7_compact(out, *flow.l7);
    return text::printable(out);
}

std::string_view color_of(Verdict verdict) { return verdict == Verdict::deny ? red : verdict == Verdict::audit ? yellow : std::string_view{}; }

std::string cut(std::string text, std::size_t width) {
    if (text::display_width(text) <= width) return text + std::string(width - text::display_width(text), ' ');
    while (!text.empty() && text::display_width(text) + 1 > width) {
        text.pop_back();
        while (!text.empty() && !text::is_utf8(text)) text.pop_back();
    }
    text += "~";
    return text + std::string(width - std::min(width, text::display_width(text)), ' ');
}

void append_columns(std::string& out, std::vector<std::string>& columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) out += (i == 0 ? "" : "  ") + columns[i];
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
}

}  // namespace

std::string end_name(const Observed& flow, Side side) {
    const Party& party = side == Side::source ? flow.source : flow.destination;
    const auto address = [&] { return address_text(side == Side::source ? flow.record.source() : flow.record.destination()); };
    const auto named = [&] { return party.names.empty() ? address() : text::printable(party.names.front()); };
    if (!party.identity) return named();
    const Identity& identity = *party.identity;
    switch (identity.who) {
        case Who::container:
        case Who::peer:
        case Who::service: {
            const std::string group = identity.group();
            return group.empty() || group == name(identity.who) ? named() : text::printable(group);
        }
        case Who::gateway: return identity.network.empty() ? "gateway" : fmt::format("gateway({})", text::printable(identity.network));
        case Who::host: return party.process && !party.process->name.empty() ? fmt::format("host({})", text::printable(party.process->name)) : "host";
        case Who::node: return identity.node.empty() ? "node" : fmt::format("node({})", text::printable(identity.node));
        case Who::external:
        case Who::unknown: break;
    }
    return named();
}

std::string end_with_port(const Observed& flow, Side side, bool numeric) {
    const bool source = side == Side::source;
    const auto& address = source ? flow.record.source() : flow.record.destination();
    const std::uint16_t port = source ? flow.record.source_port() : flow.record.destination_port();
    const std::string name = numeric ? address_text(address) : end_name(flow, side);
    if (name == address_text(address)) return end_text(address, port, has_ports(flow.record));
    return has_ports(flow.record) ? fmt::format("{}:{}", name, port) : name;
}

void append_compact(std::string& out, const Observed& flow, const TextStyle& style, Moment moment) {
    const Record& record = flow.record;
    std::vector<Part> parts;
    parts.push_back({clock_text(record.first_ns), faint, 0});
    parts.push_back({protocol_name(record.key.protocol()), {}, 0});
    parts.push_back({end_with_port(flow, Side::source, style.numeric), cyan, 0});
    parts.push_back({"->", faint, 0});
    parts.push_back({end_with_port(flow, Side::destination, style.numeric), cyan, 0});
    if (flow.verdict != Verdict::allow) parts.push_back({std::string(name(flow.verdict)), color_of(flow.verdict), 0});
    if (std::string words = said(flow); !words.empty()) parts.push_back({std::move(words), green, 1});
    if (moment != Moment::begun) {
        parts.push_back({fmt::format("{}/{} packets", record.sent[0].packets, record.sent[1].packets), {}, 7});
        parts.push_back({bytes_text(record), {}, 3});
    }
    if (record.key.network() != 0) parts.push_back({fmt::format("vni {}", record.key.network()), {}, 6});
    if (const auto sealed = flow.encrypted ? flow.encrypted : encrypted(record); sealed && *sealed && record.key.protocol() != packet::protocol::esp)
        parts.push_back({"encrypted", green, 5});
    if (record.key.protocol() == packet::protocol::tcp) {
        if (const std::int64_t rtt = round_trip_ns(record); rtt >= 0) parts.push_back({fmt::format("rtt {:.1f} ms", static_cast<double>(rtt) / 1e6), {}, 8});
        if (const auto again = record.sent[0].retransmits + record.sent[1].retransmits; again > 0)
            parts.push_back({fmt::format("{} retransmits", again), yellow, 4});
    }
    if (flow.loss > 0) parts.push_back({fmt::format("{} lost", flow.loss), yellow, 0});
    const bool bad = moment == Moment::over && (record.end == End::reset || record.end == End::evicted);
    parts.push_back({moment_text(record, moment), bad ? yellow : faint, 2});
    if (moment == Moment::over && record.closed_by != Side::none) parts.push_back({fmt::format("by {}", name(record.closed_by)), faint, 9});
    append_parts(out, parts, style);
}

void append_dict(std::string& out, const Observed& flow, const TextStyle& style) {
    std::size_t longest = 0;
    for (const Field& field : fields()) longest = std::max(longest, field.name.size());
    for (const Field& field : fields()) {
        const FieldValue value = field.read(flow);
        if (std::holds_alternative<std::monostate>(value)) continue;
        std::string shown;
        if (const auto* words = std::get_if<std::string>(&value)) shown = text::printable(*words);
        if (const auto* number = std::get_if<std::int64_t>(&value))
            shown = field.type == FieldType::boolean ? (*number != 0 ? "true" : "false") : std::to_string(*number);
        out += std::string(longest - field.name.size(), ' ');
        out += style.color ? fmt::format("{}{}{}: {}\n", bold, field.name, plain, shown) : fmt::format("{}: {}\n", field.name, shown);
    }
}

FlowTableText::FlowTableText(TextStyle style) : style_(style) {
    const std::size_t width = std::max(style.width == 0 ? table_width_default : style.width, table_width_min);
    counts_ = width >= 110;
    const std::size_t fixed = time_columns + (counts_ ? bytes_columns + 2 + end_columns + 2 : 0) + 6;
    end_columns_ = (width - fixed) / 3;
    l7_columns_ = width - fixed - 2 * end_columns_;
}

void FlowTableText::append_header(std::string& out) const {
    std::vector<std::string> columns = {cut("TIME", time_columns), cut("SOURCE", end_columns_), cut("DESTINATION", end_columns_), cut("SAID", l7_columns_)};
    if (counts_) columns.insert(columns.end(), {cut("BYTES", bytes_columns), "END"});
    append_columns(out, columns);
}

void FlowTableText::append_row(std::string& out, const Observed& flow, Moment moment) const {
    std::string words = said(flow);
    words = fmt::format("{}{}{}", protocol_name(flow.record.key.protocol()), words.empty() ? "" : " ", words);
    if (flow.verdict != Verdict::allow) words = fmt::format("{} {}", name(flow.verdict), words);
    std::vector<std::string> columns = {cut(clock_text(flow.record.first_ns), time_columns),
                                        cut(end_with_port(flow, Side::source, style_.numeric), end_columns_),
                                        cut(end_with_port(flow, Side::destination, style_.numeric), end_columns_), cut(std::move(words), l7_columns_)};
    if (style_.color) {
        columns[1] = fmt::format("{}{}{}", cyan, columns[1], plain);
        columns[2] = fmt::format("{}{}{}", cyan, columns[2], plain);
        if (const auto color = color_of(flow.verdict); !color.empty()) columns[3] = fmt::format("{}{}{}", color, columns[3], plain);
    }
    if (counts_) {
        std::string end = moment == Moment::begun ? "begins" : moment == Moment::going_on ? "goes on" : std::string(name(flow.record.end));
        columns.insert(columns.end(), {cut(moment == Moment::begun ? "" : bytes_text(flow.record), bytes_columns), std::move(end)});
    }
    append_columns(out, columns);
}

}  // namespace bulkhead::flow
