// SPDX-License-Identifier: Apache-2.0
#include "l7/tls_hello.h"

#include <algorithm>

#include "flow/l7.h"

namespace bulkhead::l7 {

namespace {

// As many as a list of 64 KB can hold would be memory for an attacker.
constexpr std::size_t list_max = 512;

namespace extension {
constexpr std::uint16_t server_name = 0, groups = 10, point_formats = 11, signature_algorithms = 13, alpn = 16, supported_versions = 43;
}

std::vector<std::uint16_t> list16(Bytes bytes) {
    std::vector<std::uint16_t> out;
    while (bytes.left() >= 2 && out.size() < list_max) out.push_back(bytes.u16());
    return out;
}

std::string host_name(Bytes list) {
    list.skip(2);
    while (list.left() >= 3) {
        const std::uint8_t kind = list.u8();
        const Span name = list.take(list.u16());
        if (kind == 0 && list.ok()) return std::string(text_of(name).substr(0, flow::l7_text_max));
    }
    return {};
}

std::vector<std::string> protocols(Bytes list) {
    std::vector<std::string> out;
    list.skip(2);
    while (list.left() > 0 && out.size() < 16) {
        const Span one = list.take(list.u8());
        if (!list.ok()) break;
        out.emplace_back(text_of(one));
    }
    return out;
}

void take_extension(ClientHello& hello, std::uint16_t type, Span value) {
    Bytes bytes(value);
    switch (type) {
        case extension::server_name: hello.server_name = host_name(bytes); break;
        case extension::groups:
            bytes.skip(2);
            hello.groups = list16(bytes);
            break;
        case extension::signature_algorithms:
            bytes.skip(2);
            hello.signature_algorithms = list16(bytes);
            break;
        case extension::supported_versions:
            bytes.skip(1);
            hello.supported_versions = list16(bytes);
            break;
        case extension::alpn: hello.alpn = protocols(bytes); break;
        case extension::point_formats: {
            const Span formats = bytes.take_up_to(bytes.u8());
            hello.point_formats.assign(formats.begin(), formats.end());
            break;
        }
        default: break;
    }
}

// Of each extension that is there in whole. False: the list was cut.
template <class Take>
bool for_each_extension(Bytes& bytes, Take take) {
    if (bytes.left() == 0) return true;  // none: allowed before TLS 1.3
    const std::uint16_t length = bytes.u16();
    const bool whole = bytes.ok() && length <= bytes.left();
    Bytes list(bytes.take_up_to(length));
    for (std::size_t i = 0; list.left() >= 4 && i < list_max; ++i) {
        const std::uint16_t type = list.u16();
        const Span value = list.take(list.u16());
        if (!list.ok()) return false;
        take(type, value);
    }
    return whole;
}

}  // namespace

ClientHello parse_client_hello(Span body, std::size_t length) {
    ClientHello hello;
    Bytes bytes(body.first(std::min(body.size(), length)));
    hello.version = bytes.u16();
    bytes.skip(32);
    bytes.skip(bytes.u8());  // session
    hello.ciphers = list16(Bytes(bytes.take_up_to(bytes.u16())));
    bytes.skip(bytes.u8());  // compression
    if (!bytes.ok()) return hello;
    const bool listed = for_each_extension(bytes, [&](std::uint16_t type, Span value) {
        hello.extensions.push_back(type);
        take_extension(hello, type, value);
    });
    hello.whole = listed && body.size() >= length;
    return hello;
}

ServerHello parse_server_hello(Span body, std::size_t length) {
    ServerHello hello;
    Bytes bytes(body.first(std::min(body.size(), length)));
    hello.version = hello.hello_version = bytes.u16();
    bytes.skip(32);
    bytes.skip(bytes.u8());  // session
    hello.cipher = bytes.u16();
    bytes.skip(1);
    if (!bytes.ok()) return hello;
    const bool listed = for_each_extension(bytes, [&](std::uint16_t type, Span value) {
        hello.extensions.push_back(type);
        if (type == extension::supported_versions && value.size() == 2) hello.version = static_cast<std::uint16_t>(value[0] << 8 | value[1]);
        if (type == extension::alpn) {
            const auto chosen = protocols(Bytes(value));
            if (!chosen.empty()) hello.alpn = chosen[0].substr(0, flow::l7_text_max);
        }
    });
    hello.whole = listed && body.size() >= length;
    return hello;
}

std::optional<ClientHello> parse_ssl2_hello(Span bytes) {
    Bytes in(bytes);
    const std::uint16_t length = in.u16() & 0x7fff;
    const std::uint8_t type = in.u8();
    ClientHello hello;
    hello.version = in.u16();
    const std::uint16_t ciphers = in.u16(), session = in.u16(), challenge = in.u16();
    const bool plausible = type == 1 && ciphers > 0 && ciphers % 3 == 0 && session <= 32 && challenge >= 8 && challenge <= 32;
    if (!in.ok() || (bytes[0] & 0x80) == 0 || !plausible || length != 9 + ciphers + session + challenge) return std::nullopt;
    if (hello.version != 0x0002 && (hello.version < 0x0300 || hello.version > 0x0304)) return std::nullopt;
    Bytes list(in.take_up_to(ciphers));
    while (list.left() >= 3) {
        const std::uint32_t cipher = list.u24();
        if (cipher <= 0xffff) hello.ciphers.push_back(static_cast<std::uint16_t>(cipher));
    }
    hello.whole = in.ok() && in.left() + 9 >= length;
    return hello;
}

}  // namespace bulkhead::l7
