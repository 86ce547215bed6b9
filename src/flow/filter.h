// SPDX-License-Identifier: Apache-2.0
// Which flows are wanted. Terms of one kind are alternatives, kinds have to hold together. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "flow/name_pattern.h"
#include "flow/observed.h"

namespace bulkhead::flow {

struct NumberRange {
    int first = 0, last = 0;
    [[nodiscard]] bool takes(int value) const { return value >= first && value <= last; }
};

// A label by its name, or by name and value.
struct LabelTerm {
    NamePattern name;
    std::optional<NamePattern> value;
};

// What an end has to be. What is not known of an end is not what was asked for.
struct EndFilter {
    std::vector<Who> kinds;
    std::vector<NamePattern> containers;  // name, or the beginning of an id
    std::vector<NamePattern> services;    // service, or project/service
    std::vector<NamePattern> projects;
    std::vector<NamePattern> networks;
    std::vector<NamePattern> images;  // the whole reference, without its tag, or the last part of its name
    std::vector<LabelTerm> labels;
    std::vector<Prefix> addresses;  // also those before and behind translations
    std::vector<NamePattern> names;
    std::vector<NumberRange> ports;
};

// Of HTTP all terms have to hold of one request.
struct L7Filter {
    std::vector<NamePattern> protocols, http_methods, http_hosts, http_paths, dns_names, server_names;
    std::vector<NumberRange> http_statuses;
};

struct Filter {
    EndFilter either, from, to;  // either: each kind holds of one end or the other
    std::vector<std::uint8_t> protocols;
    std::vector<std::uint32_t> networks;  // VXLAN
    L7Filter l7;
    std::vector<Verdict> verdicts;
    std::optional<bool> encrypted;
    std::vector<NamePattern> processes;              // name, executable or pid, at any end
    std::vector<NamePattern> nodes;                  // that saw it, or that an end is on
    bool inverted = false;                           // all but those; times are not inverted
    std::optional<std::int64_t> since_ns, until_ns;  // a flow counts that has a packet between them, as far as its first and last tell

    [[nodiscard]] bool takes(const Observed& flow) const;
    [[nodiscard]] bool asks_labels() const { return !either.labels.empty() || !from.labels.empty() || !to.labels.empty(); }
};

IpAddress address_of(const packet::Address& mapped);

}  // namespace bulkhead::flow
