// SPDX-License-Identifier: Apache-2.0
#include "agent/metrics.h"

#include <fmt/format.h>

#include <set>

#include "base/json.h"

namespace bulkhead::agent {

namespace {

// What may also fall. Everything else only grows while the agent lives, and ends in _total as Prometheus wants it.
const std::set<std::string_view> levels{"words_waiting", "conversations_now", "identities", "dns_names", "datapath_flows_now"};

std::string label_value(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
    return out;
}

class Text {
  public:
    void add(std::string_view name, bool level, std::uint64_t value, std::string_view labels = {}) {
        const std::string full = fmt::format("bulkhead_{}{}", name, level ? "" : "_total");
        if (full != last_) out_ += fmt::format("# TYPE {} {}\n", full, level ? "gauge" : "counter");
        last_ = full;
        out_ += labels.empty() ? fmt::format("{} {}\n", full, value) : fmt::format("{}{{{}}} {}\n", full, labels, value);
    }
    std::string out_;

  private:
    std::string last_;
};

template <class Count>
void add_interfaces(Text& text, const AgentStatus& agent, std::string_view name, Count count) {
    for (const datapath::Interface& one : agent.interfaces) {
        const std::string labels = fmt::format("interface=\"{}\",netns=\"{}\",id=\"{}\"", label_value(one.name), one.netns_inode, one.id);
        text.add(name, false, count(one), labels);
    }
}

std::string json_object(const std::vector<std::pair<std::string, std::uint64_t>>& values) {
    std::string out = "{";
    for (const auto& [name, value] : values) out += fmt::format("{}{}:{}", out.size() > 1 ? "," : "", json::quote(name), value);
    return out + "}";
}

}  // namespace

std::string metrics_text(const ServiceStatus& status) {
    Text text;
    text.add("build_info", true, 1, fmt::format("version=\"{}\",node=\"{}\"", label_value(status.version), label_value(status.agent.node)));
    text.add("start_time_seconds", true, static_cast<std::uint64_t>(status.started_ms / 1000));
    text.add("engine_answers", true, status.agent.collector.engine_answers ? 1 : 0);
    text.add("interfaces", true, status.agent.interfaces.size());
    for (const auto& [name, value] : named(status.agent)) text.add(name, levels.contains(name), value);
    add_interfaces(text, status.agent, "interface_before_attachment_packets",
                   [](const datapath::Interface& one) { return one.before_attachment.received.packets + one.before_attachment.sent.packets; });
    text.add("history_flows_written", false, status.history.flows_written);
    text.add("history_flows_pruned", false, status.history.flows_pruned);
    for (std::size_t i = 0; i < history::lost_causes; ++i) {
        text.add("history_lost", false, status.history.lost[i], fmt::format("cause=\"{}\"", history::name(static_cast<history::Lost>(i))));
    }
    text.add("history_bytes", true, status.history.bytes_on_disk);
    text.add("reloads", false, status.reloads);
    return std::move(text.out_);
}

std::string status_json(const ServiceStatus& status) {
    std::vector<std::pair<std::string, std::uint64_t>> history{
        {"flows_written", status.history.flows_written}, {"flows_pruned", status.history.flows_pruned}, {"bytes_on_disk", status.history.bytes_on_disk}};
    for (std::size_t i = 0; i < history::lost_causes; ++i) {
        history.emplace_back("lost_" + std::string(history::name(static_cast<history::Lost>(i))), status.history.lost[i]);
    }
    std::string interfaces = "[";
    for (const datapath::Interface& one : status.agent.interfaces) {
        interfaces += fmt::format(R"({}{{"name":{},"netns":{},"index":{},"packets_before_attachment":{},"attach_took_us":{}}})",
                                  interfaces.size() > 1 ? "," : "", json::quote(one.name), one.netns_inode, one.index,
                                  one.before_attachment.received.packets + one.before_attachment.sent.packets, one.attach_took_ns / 1000);
    }
    interfaces += "]";
    return fmt::format(
        R"({{"schema":"bulkhead.status/1","version":{},"node":{},"started":{},"now":{},"engine_answers":{},"engine_problem":{},"history_folder":{},)"
        R"("history_error":{},"reloads":{},"reload_error":{},"history":{},"interfaces":{},"counts":{}}})"
        "\n",
        json::quote(status.version), json::quote(status.agent.node), json::quote(rfc3339(status.started_ms)), json::quote(rfc3339(status.now_ms)),
        status.agent.collector.engine_answers, json::quote(status.agent.collector.last_problem), json::quote(status.history_folder),
        json::quote(status.history.last_error), status.reloads, json::quote(status.last_reload_error), json_object(history), interfaces,
        json_object(named(status.agent)));
}

}  // namespace bulkhead::agent
