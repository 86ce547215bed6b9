// SPDX-License-Identifier: Apache-2.0
#include "flow/l7_text.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

namespace bulkhead::flow {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

template <class... Args>
void append(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

// An object whose members come and go: the comma is before all but the first.
class Object {
  public:
    explicit Object(std::string& out) : out_(out) { out_ += '{'; }
    void text(std::string_view key, std::string_view value) {
        if (value.empty()) return;
        name(key);
        out_ += json::quote(value);
    }
    void texts(std::string_view key, const std::vector<std::string>& values) {
        if (values.empty()) return;
        name(key);
        for (std::size_t i = 0; i < values.size(); ++i) out_ += (i == 0 ? "[" : ",") + json::quote(values[i]);
        out_ += ']';
    }
    template <class Number>
    void number(std::string_view key, Number value) {
        name(key);
        append(out_, "{}", value);
    }
    template <class Value, class Write>
    void list(std::string_view key, const std::vector<Value>& values, Write write) {
        if (values.empty()) return;
        name(key);
        for (std::size_t i = 0; i < values.size(); ++i) {
            out_ += i == 0 ? '[' : ',';
            write(out_, values[i]);
        }
        out_ += ']';
    }
    void close() { out_ += '}'; }

  private:
    void name(std::string_view key) {
        if (!std::exchange(first_, false)) out_ += ',';
        append(out_, "\"{}\":", key);
    }
    std::string& out_;
    bool first_ = true;
};

void append_http(std::string& out, const HttpRequest& request) {
    Object object(out);
    object.text("time", rfc3339(request.time_ns / ns_per_ms));
    object.text("method", request.method);
    object.text("host", request.host);
    object.text("path", request.path);
    object.text("version", request.version);
    if (request.status != 0) object.number("status", request.status);
    if (request.latency_ns >= 0) object.number("latency_us", request.latency_ns / 1000);
    if (request.grpc) object.number("grpc", true);
    object.close();
}

void append_dns(std::string& out, const DnsQuery& query) {
    Object object(out);
    object.text("time", rfc3339(query.time_ns / ns_per_ms));
    object.text("name", query.name.empty() ? "." : query.name);
    object.text("type", dns_type_name(query.type));
    if (query.rcode >= 0) object.text("rcode", dns_rcode_name(query.rcode));
    object.texts("answers", query.answers);
    if (!query.answers.empty()) object.number("ttl", query.ttl);
    if (query.latency_ns >= 0) object.number("latency_us", query.latency_ns / 1000);
    object.close();
}

void append_tls(std::string& out, const TlsSession& session) {
    Object object(out);
    object.text("server_name", session.server_name);
    object.text("alpn", session.alpn);
    object.text("version", session.version);
    object.text("cipher", session.cipher);
    object.text("subject", session.subject);
    object.text("issuer", session.issuer);
    if (session.not_after != 0) object.text("not_after", rfc3339(session.not_after * 1000));
    object.text("ja3", session.ja3);
    object.text("ja3s", session.ja3s);
    object.text("ja4", session.ja4);
    object.close();
}

void append_latency(std::string& out, std::int64_t latency_ns) {
    if (latency_ns >= 0) append(out, " {:.1f} ms", static_cast<double>(latency_ns) / 1e6);
}

void append_rest(std::string& out, std::size_t shown, std::size_t all) {
    if (all > shown) append(out, " +{} more", all - shown);
}

void append_word(std::string& out, std::string_view word) {
    if (!word.empty()) out += ' ' + text::printable(word);
}

void append_name(std::string& out, const L7& l7) {
    if (l7.name.empty()) {
        out += l7.application;
        return;
    }
    out += l7.name;
    if (!l7.application.empty()) out += '/' + l7.application;
}

constexpr std::array<std::pair<std::uint16_t, std::string_view>, 27> dns_types = {
    {{1, "A"},    {2, "NS"},   {5, "CNAME"},  {6, "SOA"},     {10, "NULL"}, {12, "PTR"},   {13, "HINFO"}, {15, "MX"},   {16, "TXT"},
     {17, "RP"},  {24, "SIG"}, {25, "KEY"},   {28, "AAAA"},   {29, "LOC"},  {33, "SRV"},   {35, "NAPTR"}, {37, "CERT"}, {39, "DNAME"},
     {41, "OPT"}, {43, "DS"},  {46, "RRSIG"}, {48, "DNSKEY"}, {64, "SVCB"}, {65, "HTTPS"}, {252, "AXFR"}, {255, "ANY"}, {257, "CAA"}}};

}  // namespace

std::string dns_type_name(std::uint16_t type) {
    for (const auto& [number, name] : dns_types) {
        if (number == type) return std::string(name);
    }
    return fmt::format("TYPE{}", type);
}

std::string dns_rcode_name(int rcode) {
    // IANA, DNS RCODEs.
    constexpr std::array<std::string_view, 12> names = {"NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",  "REFUSED",
                                                        "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE", "DSOTYPENI"};
    if (rcode >= 0 && static_cast<std::size_t>(rcode) < names.size()) return std::string(names[static_cast<std::size_t>(rcode)]);
    return std::to_string(rcode);
}

void append_l7_json(std::string& out, const L7& l7) {
    Object object(out);
    object.text("name", l7.name);
    object.text("application", l7.application);
    object.text("banner", l7.banner);
    object.text("user", l7.user);
    object.text("database", l7.database);
    object.list("http", l7.http, append_http);
    object.list("dns", l7.dns, append_dns);
    object.list("tls", l7.tls, append_tls);
    object.texts("risks", l7.risks);
    if (l7.exchanges_left_out != 0) object.number("exchanges_left_out", l7.exchanges_left_out);
    object.close();
}

void append_l7_compact(std::string& out, const L7& l7) {
    append_name(out, l7);
    if (!l7.http.empty()) {
        const HttpRequest& first = l7.http.front();
        append_word(out, first.method);
        append_word(out, first.host + first.path);
        if (first.status != 0) append(out, " {}", first.status);
        append_latency(out, first.latency_ns);
        append_rest(out, 1, l7.http.size() + l7.exchanges_left_out);
    } else if (!l7.dns.empty()) {
        const DnsQuery& first = l7.dns.front();
        append_word(out, dns_type_name(first.type));
        append_word(out, first.name.empty() ? "." : first.name);
        if (first.rcode > 0) append_word(out, dns_rcode_name(first.rcode));
        if (!first.answers.empty()) append_word(out, first.answers.front());
        append_rest(out, 1, l7.dns.size() + l7.exchanges_left_out);
    } else if (!l7.tls.empty()) {
        const TlsSession& session = l7.tls.front();
        append_word(out, session.server_name);
        append_word(out, session.version);
        append_word(out, session.alpn);
    } else {
        if (!l7.user.empty() || !l7.database.empty()) append_word(out, l7.user + "@" + l7.database);
        append_word(out, l7.banner);
    }
    if (!l7.risks.empty()) append(out, " ! {}", text::join(l7.risks, ", "));
}

}  // namespace bulkhead::flow
