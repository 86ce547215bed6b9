// SPDX-License-Identifier: Apache-2.0
// What was said in a flow, as far as it was looked into: names, requests, answers. Everything in it comes from the wire, is cut at the
// bounds below and counted where it was cut. Values; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bulkhead::flow {

inline constexpr std::size_t l7_text_max = 256;      // bytes of one text; longer ones are cut
inline constexpr std::size_t l7_exchanges_max = 64;  // of one flow; more are counted

struct HttpRequest {
    std::int64_t time_ns = 0;
    std::string method;
    std::string host;
    std::string path;     // with the query left out: it carries secrets
    std::string version;  // "1.0", "1.1", "2"
    int status = 0;       // 0: no answer was seen
    std::int64_t latency_ns = -1;
    bool grpc = false;
};

struct DnsQuery {
    std::int64_t time_ns = 0;
    std::string name;  // lower case, without the last dot
    std::uint16_t type = 0;
    int rcode = -1;                    // -1: no answer was seen
    std::vector<std::string> answers;  // addresses and names, as text
    std::uint32_t ttl = 0;             // the least of the answers
    std::int64_t latency_ns = -1;
};

struct TlsSession {
    std::string server_name;  // SNI
    std::string alpn;
    std::string version;  // "1.2"
    std::string cipher;
    std::string subject, issuer;  // of the server's certificate, where it is sent in the clear
    std::int64_t not_after = 0;   // seconds since 1970
    std::string ja3, ja3s, ja4;
};

struct L7 {
    std::string name;         // "http", "tls", "postgresql", ...: lower case, one of l7::names()
    std::string application;  // on top of it, where it tells: "grpc", "elasticsearch", "github"
    std::string banner;       // of a server that says what it is
    std::string user, database;
    std::vector<HttpRequest> http;
    std::vector<DnsQuery> dns;
    std::vector<TlsSession> tls;  // none or one
    std::vector<std::string> risks;
    std::uint32_t exchanges_left_out = 0;
};
using L7Ptr = std::shared_ptr<const L7>;

}  // namespace bulkhead::flow
