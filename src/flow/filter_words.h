// SPDX-License-Identifier: Apache-2.0
// A filter as people write it, and what it means. Errors say which word is wrong and what is allowed in its place. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "flow/filter.h"

namespace bulkhead::flow {

struct EndWords {
    std::vector<std::string> kind, container, service, project, network, image, label, ip, fqdn, port;
};

struct FilterWords {
    EndWords either, from, to;
    std::vector<std::string> protocol, vni, l7, http_method, http_host, http_path, http_status, dns_name, sni, verdict, process, node;
    bool encrypted = false, unencrypted = false, inverted = false;
    std::string since, until, last;  // last: a duration, which is since
};

// invalid_input: names the option, the word and what it may be. now_ns: what durations are counted from.
Result<Filter> make_filter(const FilterWords& words, std::int64_t now_ns);

Result<std::uint8_t> parse_protocol(std::string_view text);     // "tcp", "17"
Result<NumberRange> parse_ports(std::string_view text);         // "443", "8000-8099"
Result<NumberRange> parse_status(std::string_view text);        // "404", "5xx", "400+", "500-503"
Result<std::int64_t> parse_duration_ns(std::string_view text);  // "90s", "5m", "1h30m", "2d"
// A duration (that long ago), RFC 3339, or a day or minute of UTC: "2026-11-22", "2026-11-22T12:00".
Result<std::int64_t> parse_moment_ns(std::string_view text, std::int64_t now_ns);

}  // namespace bulkhead::flow
