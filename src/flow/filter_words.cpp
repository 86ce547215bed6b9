// SPDX-License-Identifier: Apache-2.0
#include "flow/filter_words.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

#include "base/clock.h"
#include "base/text.h"
#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr std::int64_t vni_max = (1 << 24) - 1;  // RFC 7348, section 5

std::unexpected<Error> wrong(std::string_view text, std::string_view allowed) {
    return fail(Code::invalid_input, fmt::format("\"{}\" is not {}", text::printable(text), allowed));
}

// All words of one option, or the first error with the option's name.
template <class T, class Parse>
Result<void> read_into(std::vector<T>& out, std::string_view option, const std::vector<std::string>& words, Parse parse) {
    for (const std::string& word : words) {
        auto value = parse(std::string_view(word));
        if (!value) return std::unexpected(value.error().in(option));
        out.push_back(std::move(*value));
    }
    return {};
}

Result<NamePattern> name_of(std::string_view text) { return NamePattern::parse(text); }
Result<NamePattern> folded_name_of(std::string_view text) { return NamePattern::parse(text, NamePattern::Case::does_not); }

Result<Who> kind_of(std::string_view text) {
    constexpr std::array all = {Who::container, Who::peer, Who::service, Who::gateway, Who::host, Who::node, Who::external, Who::unknown};
    for (const Who who : all) {
        if (name(who) == text) return who;
    }
    return wrong(text, "a kind of end: container, peer, service, gateway, host, node, external or unknown");
}

Result<Verdict> verdict_of(std::string_view text) {
    for (const Verdict verdict : {Verdict::allow, Verdict::deny, Verdict::audit}) {
        if (name(verdict) == text) return verdict;
    }
    return wrong(text, "a verdict: allow, deny or audit");
}

Result<LabelTerm> label_of(std::string_view text) {
    const std::size_t sign = text.find('=');
    auto name = NamePattern::parse(text.substr(0, sign));
    if (!name) return wrong(text, "a label: NAME or NAME=VALUE");
    LabelTerm out{std::move(*name), std::nullopt};
    if (sign == std::string_view::npos) return out;
    auto value = NamePattern::parse(text.substr(sign + 1));
    if (!value) return wrong(text, "a label: NAME or NAME=VALUE");
    out.value = std::move(*value);
    return out;
}

Result<std::uint32_t> vni_of(std::string_view text) {
    const auto number = text::to_integer(text);
    if (!number || *number < 0 || *number > vni_max) return wrong(text, "a VXLAN network identifier: 0 to 16777215");
    return static_cast<std::uint32_t>(*number);
}

Result<NumberRange> range_of(std::string_view text, int least, int most, std::string_view allowed) {
    const std::size_t dash = text.find('-');
    const auto first = text::to_integer(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : text::to_integer(text.substr(dash + 1));
    if (!first || !last || *first < least || *last > most || *first > *last) return wrong(text, allowed);
    return NumberRange{static_cast<int>(*first), static_cast<int>(*last)};
}

Result<void> read_end(EndFilter& out, std::string_view side, const EndWords& words) {
    const auto option = [&](std::string_view kind) { return fmt::format("--{}{}{}", side, side.empty() ? "" : "-", kind); };
    for (auto [into, kind, given] : {std::tuple{&out.containers, "container", &words.container}, std::tuple{&out.services, "service", &words.service},
                                     std::tuple{&out.projects, "project", &words.project}, std::tuple{&out.networks, "network", &words.network},
                                     std::tuple{&out.images, "image", &words.image}}) {
        if (auto read = read_into(*into, option(kind), *given, name_of); !read) return read;
    }
    if (auto read = read_into(out.kinds, option("kind"), words.kind, kind_of); !read) return read;
    if (auto read = read_into(out.labels, option("label"), words.label, label_of); !read) return read;
    if (auto read = read_into(out.addresses, option("ip"), words.ip, [](std::string_view text) { return Prefix::parse(text); }); !read) return read;
    if (auto read = read_into(out.names, option("fqdn"), words.fqdn, folded_name_of); !read) return read;
    return read_into(out.ports, option("port"), words.port, parse_ports);
}

Result<void> read_l7(L7Filter& out, const FilterWords& words) {
    for (auto [into, option, given] : {std::tuple{&out.protocols, "--l7", &words.l7}, std::tuple{&out.http_methods, "--http-method", &words.http_method},
                                       std::tuple{&out.http_hosts, "--http-host", &words.http_host}, std::tuple{&out.dns_names, "--dns-name", &words.dns_name},
                                       std::tuple{&out.server_names, "--sni", &words.sni}}) {
        if (auto read = read_into(*into, option, *given, folded_name_of); !read) return read;
    }
    if (auto read = read_into(out.http_paths, "--http-path", words.http_path, name_of); !read) return read;
    return read_into(out.http_statuses, "--http-status", words.http_status, parse_status);
}

Result<void> read_times(Filter& out, const FilterWords& words, std::int64_t now_ns) {
    if (!words.last.empty() && !words.since.empty()) return fail(Code::invalid_input, "--last and --since exclude each other: both say when it begins");
    const std::string& since = words.last.empty() ? words.since : words.last;
    if (!words.last.empty() && !parse_duration_ns(words.last)) return std::unexpected(parse_duration_ns(words.last).error().in("--last"));
    if (!since.empty()) {
        const auto moment = parse_moment_ns(since, now_ns);
        if (!moment) return std::unexpected(moment.error().in("--since"));
        out.since_ns = *moment;
    }
    if (!words.until.empty()) {
        const auto moment = parse_moment_ns(words.until, now_ns);
        if (!moment) return std::unexpected(moment.error().in("--until"));
        out.until_ns = *moment;
    }
    if (out.since_ns && out.until_ns && *out.since_ns >= *out.until_ns)
        return fail(Code::invalid_input, "--until is not after --since: nothing lies between them");
    return {};
}

std::optional<std::int64_t> unit_ns(std::string_view unit) {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> units = {
        {{"ms", ns_per_ms}, {"s", ns_per_s}, {"m", 60 * ns_per_s}, {"h", 3600 * ns_per_s}, {"d", 86'400 * ns_per_s}, {"w", 7 * 86'400 * ns_per_s}}};
    for (const auto& [name, ns] : units) {
        if (name == unit) return ns;
    }
    return std::nullopt;
}

}  // namespace

Result<std::uint8_t> parse_protocol(std::string_view text) {
    if (const auto number = text::to_integer(text); number && *number >= 0 && *number <= 255) return static_cast<std::uint8_t>(*number);
    const std::string wanted = text::lower(text);
    for (int protocol = 0; protocol < 256; ++protocol) {
        if (protocol_name(static_cast<std::uint8_t>(protocol)) == wanted) return static_cast<std::uint8_t>(protocol);
    }
    return fail(Code::invalid_input,
                fmt::format("\"{}\" is no protocol: tcp, udp, icmp, icmp6, sctp, esp, gre, udplite, or a number to 255 (http, dns and such: --l7)",
                            text::printable(text)));
}

Result<NumberRange> parse_ports(std::string_view text) { return range_of(text, 0, 65'535, "a port or a range of ports: 443 or 8000-8099"); }

Result<NumberRange> parse_status(std::string_view text) {
    constexpr std::string_view allowed = "a status of HTTP: 404, 5xx, 400+ or 500-503";
    if (text.size() == 3 && (text.ends_with("xx") || text.ends_with("XX")) && text[0] >= '1' && text[0] <= '9') {
        const int hundred = (text[0] - '0') * 100;
        return NumberRange{hundred, hundred + 99};
    }
    if (text.ends_with('+')) {
        auto from = range_of(text.substr(0, text.size() - 1), 1, 999, allowed);
        if (!from || text.find('-') != std::string_view::npos) return wrong(text, allowed);
        return NumberRange{from->first, 999};
    }
    return range_of(text, 1, 999, allowed);
}

Result<std::int64_t> parse_duration_ns(std::string_view text) {
    constexpr std::string_view allowed = "a duration: 90s, 5m, 1h30m, 2d or 1w";
    std::int64_t sum = 0;
    std::string_view rest = text;
    if (rest.empty()) return wrong(text, allowed);
    while (!rest.empty()) {
        const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        const auto number = text::to_integer(rest.substr(0, digits));
        rest.remove_prefix(digits);
        const std::size_t letters = std::min(rest.find_first_of("0123456789"), rest.size());
        const auto unit = unit_ns(rest.substr(0, letters));
        rest.remove_prefix(letters);
        std::int64_t part = 0;
        if (!number || !unit || __builtin_mul_overflow(*number, *unit, &part) || __builtin_add_overflow(sum, part, &sum)) return wrong(text, allowed);
    }
    return sum;
}

Result<std::int64_t> parse_moment_ns(std::string_view text, std::int64_t now_ns) {
    if (const auto duration = parse_duration_ns(text)) return now_ns - *duration;
    std::string whole(text);
    if (whole.size() > 10 && whole[10] == ' ') whole[10] = 'T';
    if (whole.size() == 10) whole += "T00:00:00Z";
    if (whole.size() == 16) whole += ":00Z";
    if (whole.size() == 19) whole += "Z";
    const auto moment = parse_rfc3339(whole);
    if (!moment || *moment > std::numeric_limits<std::int64_t>::max() / ns_per_ms || *moment < 0)
        return wrong(text, "a duration (5m, 1h30m, 2d) or a time (2026-11-22T12:00:00Z, 2026-11-22)");
    return *moment * ns_per_ms;
}

Result<Filter> make_filter(const FilterWords& words, std::int64_t now_ns) {
    Filter out;
    out.inverted = words.inverted;
    if (words.encrypted && words.unencrypted) return fail(Code::invalid_input, "--encrypted and --unencrypted exclude each other");
    if (words.encrypted || words.unencrypted) out.encrypted = words.encrypted;
    for (auto [into, side, given] :
         {std::tuple{&out.either, "", &words.either}, std::tuple{&out.from, "from", &words.from}, std::tuple{&out.to, "to", &words.to}}) {
        if (auto read = read_end(*into, side, *given); !read) return std::unexpected(read.error());
    }
    for (auto read :
         {read_into(out.protocols, "--protocol", words.protocol, parse_protocol), read_into(out.networks, "--vni", words.vni, vni_of), read_l7(out.l7, words),
          read_into(out.verdicts, "--verdict", words.verdict, verdict_of), read_into(out.processes, "--process", words.process, name_of),
          read_into(out.nodes, "--node", words.node, name_of), read_times(out, words, now_ns)}) {
        if (!read) return std::unexpected(read.error());
    }
    return out;
}

}  // namespace bulkhead::flow
