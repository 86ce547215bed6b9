// SPDX-License-Identifier: Apache-2.0
// Payload from anybody, to every parser. The first two bytes choose a port and TCP or UDP; then pieces, each behind three bytes: who
// speaks and whether it was cut, and its length. What is learned must keep its bounds, and nothing must be left behind.
#include "flow/l7_text.h"
#include "fuzz/input.h"
#include "l7/inspector.h"
#include "l7/signature.h"

namespace {

using namespace bulkhead;

void check_text(const std::string& text) { CHECK(text.size() <= flow::l7_text_max); }

void check(const flow::L7& l7) {
    CHECK(l7.http.size() <= flow::l7_exchanges_max && l7.dns.size() <= flow::l7_exchanges_max && l7.tls.size() <= 1);
    for (const std::string* text : {&l7.name, &l7.application, &l7.banner, &l7.user, &l7.database}) check_text(*text);
    for (const flow::HttpRequest& one : l7.http) {
        for (const std::string* text : {&one.method, &one.host, &one.path, &one.version}) check_text(*text);
    }
    for (const flow::DnsQuery& one : l7.dns) {
        check_text(one.name);
        for (const std::string& answer : one.answers) check_text(answer);
    }
    for (const flow::TlsSession& one : l7.tls) {
        for (const std::string* text : {&one.server_name, &one.alpn, &one.version, &one.cipher, &one.subject, &one.issuer}) check_text(*text);
    }
    std::string out;
    flow::append_l7_json(out, l7);
    flow::append_l7_compact(out, l7);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::uint16_t ports[] = {80, 443, 53, 6379, 5432, 3306, 27017, 22, 5672, 9092, 11211, 2181, 123, 7, 514, 40000};
    if (size < 2) return 0;
    l7::Inspector inspector;
    flow::Record record;
    record.key.low_port = 40'001;
    record.key.high_port = ports[data[0] % 16];
    record.key.network_and_protocol = (data[1] & 1) != 0 ? packet::protocol::udp : packet::protocol::tcp;
    const bool numbered = (data[1] & 2) != 0;
    std::uint32_t sequence[2] = {1, 1};
    std::int64_t time_ns = 0;
    for (std::size_t at = 2; at + 3 <= size;) {
        const std::uint8_t how = data[at];
        const std::size_t length = std::min<std::size_t>(static_cast<std::size_t>(data[at + 1] << 8 | data[at + 2]), size - at - 3);
        l7::Segment segment;
        segment.from_source = (how & 1) == 0;
        segment.bytes = {data + at + 3, length};
        segment.wire_bytes = static_cast<std::uint32_t>(length) + ((how & 2) != 0 ? how >> 2 : 0U);
        segment.time_ns = time_ns += 1'000;
        std::uint32_t& next = sequence[how & 1];
        segment.has_sequence = numbered;
        segment.sequence = next + ((how & 4) != 0 ? static_cast<std::uint32_t>(how >> 3) : 0U) - ((how & 8) != 0 ? 3U : 0U);
        next = segment.sequence + segment.wire_bytes;
        at += 3 + length;
        if (!inspector.feed(record.l7_slot, record, segment)) break;
        if (const auto known = inspector.look(record.l7_slot)) check(*known);
    }
    if (const auto l7 = inspector.take(record.l7_slot)) check(*l7);
    CHECK(inspector.entries() == 0 && inspector.open() == 0);
    return 0;
}
