// SPDX-License-Identifier: Apache-2.0
#include "host/published_port.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace bulkhead::host {

namespace {

std::optional<int> one_port(std::string_view text) {
    const auto number = text::to_integer(text);
    if (!number || *number < 0 || *number > 65535) return std::nullopt;
    return static_cast<int>(*number);
}

// iptables-extensions(8), DNAT: "10.0.0.2:80", "10.0.0.2", "[fd00::2]:80", ":80"; a port may be a range.
void read_destination(std::string_view text, PublishedPort& out) {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return;
        out.container_ip = std::string(text.substr(1, end - 1));
        if (text.substr(end + 1).starts_with(':')) out.container_port = one_port(text.substr(end + 2));
    } else if (std::ranges::count(text, ':') > 1) {
        out.container_ip = std::string(text);
    } else {
        const std::size_t colon = text.find(':');
        out.container_ip = std::string(text.substr(0, colon));
        if (colon != std::string_view::npos) out.container_port = one_port(text.substr(colon + 1));
    }
}

void read_conditions(PublishedPort& out) {
    for (const auto& match : out.rule.matches) {
        const std::string value = (match.negated ? "!" : "") + text::join(match.values, ",");
        const auto words = text::words(match.option);
        if (match.option == "-p" || match.option == "meta l4proto") out.protocol = value;
        if (match.option == "-d" || match.option == "payload ip daddr" || match.option == "payload ip6 daddr") out.host_ip = value;
        const bool port_of_nft = words.size() == 3 && words[0] == "payload" && words[2] == "dport";
        if (port_of_nft && words[1] != "th") out.protocol = std::string(words[1]);
        if (match.option == "--dport" || match.option == "--dports" || port_of_nft) out.host_ports = value;
    }
    out.host_port = one_port(out.host_ports);
    for (const std::string_view whole : {"/32", "/128"}) {
        if (out.host_ip.ends_with(whole)) out.host_ip.resize(out.host_ip.size() - whole.size());
    }
}

void read_target(PublishedPort& out) {
    const auto& arguments = out.rule.target_args;
    if (out.rule.target == "DNAT") {
        const auto option = std::ranges::find(arguments, "--to-destination");
        if (option != arguments.end() && option + 1 != arguments.end()) read_destination(*(option + 1), out);
    } else if (!arguments.empty()) {
        const auto document = json::Document::parse(arguments.front());
        if (!document) return;
        out.container_ip = document->root()["addr"].text_or();
        if (const auto port = document->root()["port"].integer()) out.container_port = one_port(std::to_string(*port));
    }
}

bool rewrites_destination(const FirewallRule& rule) { return rule.target == "DNAT" || rule.target == "dnat" || rule.target == "xt DNAT"; }

}  // namespace

std::vector<PublishedPort> published_ports(const Firewall& firewall) {
    std::vector<PublishedPort> ports;
    for (const auto& table : firewall.tables) {
        for (const auto& chain : table.chains) {
            for (const auto& rule : chain.rules) {
                if (!rewrites_destination(rule)) continue;
                PublishedPort port{rule};
                read_conditions(port);
                read_target(port);
                ports.push_back(std::move(port));
            }
        }
    }
    return ports;
}

}  // namespace bulkhead::host
