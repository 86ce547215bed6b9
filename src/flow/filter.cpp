// SPDX-License-Identifier: Apache-2.0
#include "flow/filter.h"

#include <algorithm>

#include "base/text.h"
#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

constexpr std::size_t id_digits_min = 4;  // of the beginning of a container's id

template <class Terms, class Holds>
bool any(const Terms& terms, Holds holds) {
    return std::ranges::any_of(terms, holds);
}

bool any_takes(const std::vector<NamePattern>& patterns, std::string_view name) {
    return !name.empty() && any(patterns, [&](const NamePattern& pattern) { return pattern.takes(name); });
}

template <class T>
bool allows(const std::vector<T>& wanted, T value) {
    return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

// One end of one flow.
struct OneEnd {
    const Party& party;
    const packet::Address& address;
    std::uint16_t port;
    bool has_port;

    [[nodiscard]] std::string_view text(std::string Identity::* member) const { return party.identity ? std::string_view((*party.identity).*member) : ""; }
};

bool is_container(const std::vector<NamePattern>& wanted, const OneEnd& end) {
    if (any_takes(wanted, end.text(&Identity::container))) return true;
    const std::string_view id = end.text(&Identity::container_id);
    return any(wanted, [&](const NamePattern& one) { return one.is_plain() && one.text().size() >= id_digits_min && id.starts_with(one.text()); });
}

bool is_service(const std::vector<NamePattern>& wanted, const OneEnd& end) {
    const std::string_view service = end.text(&Identity::service);
    if (service.empty()) return false;
    const std::string whole = std::string(end.text(&Identity::project)) + "/" + std::string(service);
    return any(wanted, [&](const NamePattern& one) { return one.takes(one.text().find('/') == std::string::npos ? service : std::string_view(whole)); });
}

// "registry:5000/team/web:1.2@sha256:..." is also "registry:5000/team/web" and "web".
bool is_image(const std::vector<NamePattern>& wanted, std::string_view image) {
    if (any_takes(wanted, image)) return true;
    const std::string_view undigested = image.substr(0, image.find('@'));
    const std::size_t slash = undigested.rfind('/');
    const std::size_t colon = undigested.find(':', slash == std::string_view::npos ? 0 : slash);
    const std::string_view untagged = undigested.substr(0, colon);
    const std::string_view last = slash == std::string_view::npos ? untagged : untagged.substr(slash + 1);
    const std::string_view tagged = slash == std::string_view::npos ? undigested : undigested.substr(slash + 1);
    return any_takes(wanted, undigested) || any_takes(wanted, untagged) || any_takes(wanted, last) || any_takes(wanted, tagged);
}

bool has_label(const std::vector<LabelTerm>& wanted, const OneEnd& end) {
    if (!end.party.identity) return false;
    return any(wanted, [&](const LabelTerm& term) {
        return any(end.party.identity->labels,
                   [&](const auto& label) { return term.name.takes(label.first) && (!term.value || term.value->takes(label.second)); });
    });
}

bool has_address(const std::vector<Prefix>& wanted, const OneEnd& end) {
    const auto within = [&](const packet::Address& mapped) {
        const IpAddress address = address_of(mapped);
        return any(wanted, [&](const Prefix& prefix) { return prefix.contains(address); });
    };
    return within(end.address) || (end.party.translated && within(end.party.translated->address));
}

bool has_port(const std::vector<NumberRange>& wanted, const OneEnd& end) {
    const auto within = [&](int port) { return any(wanted, [&](const NumberRange& range) { return range.takes(port); }); };
    return end.has_port && (within(end.port) || (end.party.translated && within(end.party.translated->port)));
}

bool has_name(const std::vector<NamePattern>& wanted, const OneEnd& end) {
    return any(end.party.names, [&](const std::string& name) { return any_takes(wanted, name); });
}

// `ends`: those of which one has to be what a kind of terms wants.
template <class Ends>
bool holds(const EndFilter& filter, const Ends& ends) {
    const auto one = [&](const auto& wanted, auto is) { return wanted.empty() || any(ends, [&](const OneEnd& end) { return is(wanted, end); }); };
    const auto named = [](std::string Identity::* member) {
        return [member](const std::vector<NamePattern>& wanted, const OneEnd& end) { return any_takes(wanted, end.text(member)); };
    };
    return one(filter.kinds,
               [](const std::vector<Who>& wanted, const OneEnd& end) {
                   return std::ranges::find(wanted, end.party.identity ? end.party.identity->who : Who::unknown) != wanted.end();
               }) &&
           one(filter.addresses, has_address) && one(filter.ports, has_port) && one(filter.containers, is_container) && one(filter.services, is_service) &&
           one(filter.projects, named(&Identity::project)) && one(filter.networks, named(&Identity::network)) &&
           one(filter.images, [](const std::vector<NamePattern>& wanted, const OneEnd& end) { return is_image(wanted, end.text(&Identity::image)); }) &&
           one(filter.labels, has_label) && one(filter.names, has_name);
}

// A flow is on a network also where only the place it was seen at tells.
bool either_holds(const EndFilter& filter, const Observed& flow, const std::array<OneEnd, 2>& ends) {
    if (filter.networks.empty() || !any_takes(filter.networks, flow.network)) return holds(filter, ends);
    EndFilter others = filter;
    others.networks.clear();
    return holds(others, ends);
}

bool said(const L7Filter& filter, const Observed& flow) {
    const bool asks_http = !(filter.http_methods.empty() && filter.http_hosts.empty() && filter.http_paths.empty() && filter.http_statuses.empty());
    if (filter.protocols.empty() && !asks_http && filter.dns_names.empty() && filter.server_names.empty()) return true;
    if (!flow.l7) return false;
    const L7& l7 = *flow.l7;
    const auto named = [](const std::vector<NamePattern>& wanted, std::string_view name) { return wanted.empty() || any_takes(wanted, name); };
    if (!filter.protocols.empty() && !any_takes(filter.protocols, l7.name) && !any_takes(filter.protocols, l7.application)) return false;
    const auto asked = [&](const HttpRequest& request) {
        return named(filter.http_methods, request.method) && named(filter.http_hosts, request.host) && named(filter.http_paths, request.path) &&
               (filter.http_statuses.empty() || any(filter.http_statuses, [&](const NumberRange& range) { return range.takes(request.status); }));
    };
    if (asks_http && !any(l7.http, asked)) return false;
    if (!filter.dns_names.empty() && !any(l7.dns, [&](const DnsQuery& query) { return any_takes(filter.dns_names, query.name); })) return false;
    return filter.server_names.empty() || any(l7.tls, [&](const TlsSession& session) { return any_takes(filter.server_names, session.server_name); });
}

bool has_process(const std::vector<NamePattern>& wanted, const Party& party) {
    if (!party.process) return false;
    return any_takes(wanted, party.process->name) || any_takes(wanted, party.process->exe) || any_takes(wanted, std::to_string(party.process->pid));
}

}  // namespace

IpAddress address_of(const packet::Address& mapped) {
    if (is_mapped(mapped)) return IpAddress::v4(std::span<const std::uint8_t, 4>(mapped.data() + 12, 4));
    return IpAddress::v6(mapped);
}

bool Filter::takes(const Observed& flow) const {
    const Record& record = flow.record;
    if ((since_ns && record.last_ns < *since_ns) || (until_ns && record.first_ns >= *until_ns)) return false;
    const auto holds_all = [&] {
        const bool ports = has_ports(record);
        const std::array<OneEnd, 2> ends = {
            {{flow.source, record.source(), record.source_port(), ports}, {flow.destination, record.destination(), record.destination_port(), ports}}};
        if (!allows(protocols, record.key.protocol()) || !allows(networks, record.key.network()) || !allows(verdicts, flow.verdict)) return false;
        if (encrypted && (flow.encrypted ? flow.encrypted : flow::encrypted(record)) != encrypted) return false;
        if (!processes.empty() && !has_process(processes, flow.source) && !has_process(processes, flow.destination)) return false;
        if (!nodes.empty() && !any_takes(nodes, flow.node) && !any_takes(nodes, ends[0].text(&Identity::node)) &&
            !any_takes(nodes, ends[1].text(&Identity::node)))
            return false;
        return either_holds(either, flow, ends) && holds(from, std::span(ends).first(1)) && holds(to, std::span(ends).last(1)) && said(l7, flow);
    };
    return holds_all() != inverted;
}

}  // namespace bulkhead::flow
