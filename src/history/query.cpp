// SPDX-License-Identifier: Apache-2.0
#include "history/query.h"

#include <algorithm>

#include "flow/filter.h"

namespace bulkhead::history {

namespace {

constexpr std::size_t id_digits_min = 12;

template <class T, class Wanted>
bool one_of(const std::vector<T>& wanted, const Wanted& value) {
    return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

bool container_is(const flow::Identity& identity, const std::string& wanted) {
    if (wanted.empty()) return false;
    return identity.container == wanted || (wanted.size() >= id_digits_min && identity.container_id.starts_with(wanted));
}

bool service_is(const flow::Identity& identity, const std::string& wanted) {
    if (identity.service.empty()) return false;
    return identity.service == wanted || (!identity.project.empty() && identity.project + "/" + identity.service == wanted);
}

bool end_is(const EndQuery& query, const flow::Party& party, const packet::Address& address) {
    static const flow::Identity nobody;
    const flow::Identity& identity = party.identity ? *party.identity : nobody;
    if (!query.containers.empty() && !std::ranges::any_of(query.containers, [&](const std::string& wanted) { return container_is(identity, wanted); }))
        return false;
    if (!query.services.empty() && !std::ranges::any_of(query.services, [&](const std::string& wanted) { return service_is(identity, wanted); })) return false;
    if (!one_of(query.projects, identity.project) || !one_of(query.images, identity.image)) return false;
    if (query.addresses.empty()) return true;
    const auto within = [&](const packet::Address& one) {
        const IpAddress ip = flow::address_of(one);
        return std::ranges::any_of(query.addresses, [&](const Prefix& prefix) { return prefix.contains(ip); });
    };
    return within(address) || (party.translated && within(party.translated->address));
}

bool port_is(const EndQuery& query, std::uint16_t port, const std::optional<flow::Translated>& translated) {
    return one_of(query.ports, port) || (translated && std::ranges::find(query.ports, translated->port) != query.ports.end());
}

bool is_at_source(const EndQuery& query, const flow::Observed& flow) {
    return end_is(query, flow.source, flow.record.source()) && port_is(query, flow.record.source_port(), flow.source.translated);
}

bool is_at_destination(const EndQuery& query, const flow::Observed& flow) {
    return end_is(query, flow.destination, flow.record.destination()) && port_is(query, flow.record.destination_port(), flow.destination.translated);
}

bool l7_is(const std::vector<std::string>& wanted, const flow::L7Ptr& l7) {
    if (wanted.empty()) return true;
    return l7 &&
           (std::ranges::find(wanted, l7->name) != wanted.end() || (!l7->application.empty() && std::ranges::find(wanted, l7->application) != wanted.end()));
}

}  // namespace

bool EndQuery::any() const { return !(containers.empty() && services.empty() && projects.empty() && images.empty() && addresses.empty() && ports.empty()); }

bool takes(const Query& query, const flow::Observed& flow) {
    if (!one_of(query.protocols, flow.record.key.protocol()) || !one_of(query.networks, flow.network) || !l7_is(query.l7_names, flow.l7)) return false;
    return is_at_source(query.source, flow) && is_at_destination(query.destination, flow) &&
           (is_at_source(query.either, flow) || is_at_destination(query.either, flow));
}

Query without_source_ports(Query query) {
    query.source.ports.clear();
    query.either.ports.clear();
    return query;
}

}  // namespace bulkhead::history
