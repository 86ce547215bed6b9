// SPDX-License-Identifier: Apache-2.0
#include "l7/signature_checks.h"

#include <algorithm>
#include <array>

namespace bulkhead::l7 {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view first_line(const Opening& opening) {
    const std::string_view text = text_of(opening.bytes).substr(0, 512);
    return text.substr(0, text.find('\n'));
}

bool has_text(const Opening& opening, std::string_view text) { return text_of(opening.bytes).substr(0, 1024).find(text) != std::string_view::npos; }

template <std::size_t Count>
bool is_one_of(std::string_view word, const std::array<std::string_view, Count>& words) {
    return std::ranges::find(words, word) != words.end();
}

}  // namespace

bool is_ntp(const Opening& opening) {
    const std::uint8_t version = opening.bytes[0] >> 3 & 7, mode = opening.bytes[0] & 7;
    if (version < 1 || version > 4 || mode == 0) return false;
    if (mode >= 6) return opening.wire_bytes >= 8;  // control and private messages
    return opening.wire_bytes >= 48 && opening.bytes.size() >= 2 && opening.bytes[1] <= 16;
}

bool is_dhcp(const Opening& opening) {
    constexpr std::size_t cookie_at = 236;
    constexpr std::array<std::uint8_t, 4> cookie = {0x63, 0x82, 0x53, 0x63};
    const Span bytes = opening.bytes;
    if (opening.wire_bytes < cookie_at || bytes.size() < 3 || (bytes[0] != 1 && bytes[0] != 2) || bytes[2] > 16) return false;
    return bytes.size() < cookie_at + 4 || std::ranges::equal(bytes.subspan(cookie_at, 4), cookie);
}

bool is_dhcpv6(const Opening& opening) { return opening.bytes.size() >= 8 && opening.bytes[0] >= 1 && opening.bytes[0] <= 13; }

bool is_tftp(const Opening& opening) {
    Bytes bytes(opening.bytes);
    bytes.skip(2);
    const std::string_view file = bytes.zero_terminated(), mode = bytes.zero_terminated();
    constexpr std::array<std::string_view, 6> modes = {"octet", "netascii", "mail", "OCTET", "NETASCII", "Octet"};
    return bytes.ok() && !file.empty() && is_one_of(mode, modes);
}

bool is_radius(const Opening& opening) {
    Bytes bytes(opening.bytes);
    const std::uint8_t code = bytes.u8();
    bytes.skip(1);
    const std::uint16_t length = bytes.u16();
    const bool known = (code >= 1 && code <= 5) || (code >= 11 && code <= 13) || (code >= 40 && code <= 45);
    return bytes.ok() && known && length >= 20 && length == opening.wire_bytes;
}

bool is_syslog(const Opening& opening) {
    const std::string_view text = text_of(opening.bytes);
    const std::size_t end = text.substr(0, 5).find('>');
    if (end == std::string_view::npos || end < 2 || text.size() < end + 2) return false;
    int priority = 0;
    for (const char c : text.substr(1, end - 1)) {
        if (!is_digit(c)) return false;
        priority = priority * 10 + (c - '0');
    }
    return priority <= 191;
}

bool is_snmp(const Opening& opening) {
    Bytes bytes(opening.bytes);
    bytes.skip(1);
    const std::uint8_t length = bytes.u8();
    if (length > 0x82) return false;
    if (length > 0x80) bytes.skip(length & 0x7f);
    const std::uint8_t kind = bytes.u8(), size = bytes.u8(), version = bytes.u8();
    return bytes.ok() && kind == 2 && size == 1 && (version <= 1 || version == 3);
}

bool is_quic(const Opening& opening) {
    Bytes bytes(opening.bytes);
    const std::uint8_t first = bytes.u8();
    const std::uint32_t version = bytes.u32();
    if (!bytes.ok() || (first & 0xc0) != 0xc0) return false;
    const bool known = version == 1 || version == 0x6b3343cf || (version & 0xffffff00) == 0xff000000;
    const std::uint8_t destination = bytes.u8();
    bytes.skip(destination);
    const std::uint8_t source = bytes.u8();
    return known && bytes.ok() && destination <= 20 && source <= 20;
}

bool is_stun(const Opening& opening) {
    Bytes bytes(opening.bytes);
    const std::uint16_t type = bytes.u16(), length = bytes.u16();
    const std::uint32_t cookie = bytes.u32();
    return bytes.ok() && (type & 0xc000) == 0 && length % 4 == 0 && cookie == 0x2112a442 && length + 20U == opening.wire_bytes;
}

bool is_sip(const Opening& opening) {
    const std::string_view line = first_line(opening);
    if (line.starts_with("SIP/2.0 ")) return true;
    constexpr std::array<std::string_view, 14> methods = {"INVITE", "ACK",    "BYE",     "CANCEL", "REGISTER", "OPTIONS", "PRACK",
                                                          "UPDATE", "NOTIFY", "PUBLISH", "INFO",   "REFER",    "MESSAGE", "SUBSCRIBE"};
    return is_one_of(line.substr(0, line.find(' ')), methods) && line.find(" SIP/2.0") != std::string_view::npos;
}

bool is_rtsp(const Opening& opening) {
    const std::string_view line = first_line(opening);
    return line.starts_with("RTSP/1.0 ") || line.starts_with("RTSP/2.0 ") ||
           ((line.find(" rtsp://") != std::string_view::npos || line.starts_with("OPTIONS * ")) && line.find(" RTSP/") != std::string_view::npos);
}

bool is_zookeeper(const Opening& opening) {
    Bytes bytes(opening.bytes);
    const std::uint32_t length = bytes.u32(), version = bytes.u32();
    bytes.skip(8);
    const std::uint32_t timeout_ms = bytes.u32();
    bytes.skip(8);
    const std::uint32_t password = bytes.u32();
    return bytes.ok() && (length == 44 || length == 45) && length + 4 == opening.wire_bytes && version == 0 && timeout_ms <= 86'400'000 && password == 16;
}

bool is_four_letters(const Opening& opening) {
    constexpr std::array<std::string_view, 13> words = {"ruok", "stat", "srvr", "mntr", "conf", "cons", "dump", "envi", "isro", "crst", "srst", "wchs", "wchc"};
    const std::string_view text = text_of(opening.bytes);
    return opening.wire_bytes <= 6 && is_one_of(text.substr(0, text.find_first_of("\r\n")), words);
}

bool is_cassandra(const Opening& opening) {
    constexpr std::uint8_t startup = 1, options = 5, versions = 5;
    Bytes bytes(opening.bytes);
    const std::uint8_t version = bytes.u8();
    bytes.skip(version >= 3 ? 3 : 2);
    const std::uint8_t call = bytes.u8();
    const std::uint32_t length = bytes.u32();
    if (!bytes.ok() || version < 1 || version > versions) return false;
    if (call == options) return length == 0 && opening.wire_bytes == bytes.at();
    return call == startup && has_text(opening, "CQL_VERSION");
}

bool is_memcached_text(const Opening& opening) {
    constexpr std::array<std::string_view, 11> stores = {"set", "add", "replace", "append", "prepend", "cas", "incr", "decr", "touch", "gat", "delete"};
    constexpr std::array<std::string_view, 2> reads = {"get", "gets"};
    constexpr std::array<std::string_view, 4> alone = {"stats", "version", "verbosity", "flush_all"};
    std::string_view line = first_line(opening);
    if (line.empty() || line.back() != '\r') return false;
    line.remove_suffix(1);
    const std::string_view word = line.substr(0, line.find(' '));
    const bool more = word.size() < line.size();
    if (is_one_of(word, alone)) return opening.has_port(11211);
    if (!more) return false;
    if (is_one_of(word, reads)) return opening.has_port(11211) || std::ranges::none_of(line, [](char c) { return c == '/' || c == ':'; });
    // "set KEY FLAGS EXPTIME BYTES": numbers at the end.
    return is_one_of(word, stores) && is_digit(line.back()) && std::ranges::count(line, ' ') >= 2;
}

bool is_memcached_binary(const Opening& opening) {
    constexpr std::uint8_t call_max = 0x25;
    Bytes bytes(opening.bytes);
    bytes.skip(1);
    const std::uint8_t call = bytes.u8();
    const std::uint16_t key = bytes.u16();
    const std::uint8_t extras = bytes.u8(), type = bytes.u8();
    bytes.skip(2);
    const std::uint32_t body = bytes.u32();
    return bytes.ok() && call <= call_max && type == 0 && body >= key + extras && body + 24 <= opening.wire_bytes;
}

bool is_couchbase(const Opening& opening) {
    constexpr std::uint8_t hello = 0x1f, select_bucket = 0x89, cluster_config = 0xb5, sasl_list = 0x20, error_map = 0xfe;
    Bytes bytes(opening.bytes);
    bytes.skip(1);
    const std::uint8_t call = bytes.u8();
    const std::uint16_t key = bytes.u16();
    const std::uint8_t extras = bytes.u8();
    bytes.skip(3);
    const std::uint32_t body = bytes.u32();
    if (!bytes.ok() || body < key + extras || body + 24 > opening.wire_bytes) return false;
    if (call == hello || call == select_bucket || call == cluster_config || call == error_map) return true;
    return call == sasl_list && (opening.has_port(11210) || opening.has_port(11207));
}

bool is_oracle_tns(const Opening& opening) {
    Bytes bytes(opening.bytes);
    const std::uint16_t length = bytes.u16();
    bytes.skip(2);
    const std::uint8_t type = bytes.u8();
    return bytes.ok() && type == 1 && length >= 34 && (has_text(opening, "(DESCRIPTION=") || has_text(opening, "(CONNECT_DATA=")) &&
           length <= opening.wire_bytes;
}

bool is_tds(const Opening& opening) {
    constexpr std::uint8_t prelogin = 0x12, login7 = 0x10, last = 0xff;
    Bytes bytes(opening.bytes);
    const std::uint8_t type = bytes.u8();
    bytes.skip(1);
    const std::uint16_t length = bytes.u16();
    bytes.skip(2);
    const std::uint8_t number = bytes.u8(), window = bytes.u8();
    if (!bytes.ok() || length != opening.wire_bytes || number > 1 || window != 0) return false;
    if (type == login7) {
        const std::uint32_t inner = bytes.little32(), version = bytes.little32();
        return bytes.ok() && inner == length - 8U && version >> 24 >= 0x70 && version >> 24 <= 0x78;
    }
    if (type != prelogin) return false;
    // Options by kind, offset and length; the first is the version, 6 bytes.
    const std::uint8_t kind = bytes.u8();
    const std::uint16_t offset = bytes.u16(), size = bytes.u16();
    for (std::uint8_t next = kind; bytes.ok() && next != last; next = bytes.u8()) {
        if (next != kind) bytes.skip(4);
    }
    return bytes.ok() && kind == 0 && size == 6 && offset < length;
}

bool is_epmd(const Opening& opening) {
    constexpr std::uint8_t alive = 'x', port_please = 'z', names = 'n';
    Bytes bytes(opening.bytes);
    const std::uint16_t length = bytes.u16();
    const std::uint8_t call = bytes.u8();
    if (!bytes.ok() || length + 2U != opening.wire_bytes) return false;
    return (call == names && length == 1) || (call == port_please && length > 1) || (call == alive && length > 11);
}

bool is_voltdb(const Opening& opening) {
    Bytes bytes(opening.bytes);
    const std::uint32_t length = bytes.u32();
    const std::uint8_t version = bytes.u8();
    if (version == 1) bytes.skip(1);  // how the password is hashed
    const std::uint32_t name = bytes.u32();
    const std::string_view service = text_of(bytes.take(name <= 8 ? name : 0));
    return bytes.ok() && version <= 1 && length + 4 == opening.wire_bytes && (service == "database" || service == "export");
}

bool is_spark(const Opening& opening) { return has_text(opening, "org.apache.spark.") || has_text(opening, "spark://"); }

bool is_mqtt(const Opening& opening) {
    Bytes bytes(opening.bytes);
    bytes.skip(1);
    for (int i = 0; i < 4 && (bytes.u8() & 0x80) != 0; ++i) {
    }
    const std::uint16_t length = bytes.u16();
    const std::string_view name = text_of(bytes.take(length <= 6 ? length : 0));
    return bytes.ok() && (name == "MQTT" || name == "MQIsdp");
}

bool is_rdp(const Opening& opening) {
    Bytes bytes(opening.bytes);
    bytes.skip(2);
    const std::uint16_t length = bytes.u16();
    const std::uint8_t inner = bytes.u8(), kind = bytes.u8();
    if (!bytes.ok() || length != opening.wire_bytes || inner + 5U != length || kind != 0xe0) return false;
    return has_text(opening, "Cookie: mstshash=") || opening.to_port == 3389 || length == 19;
}

bool is_wireguard(const Opening& opening) {
    const std::uint8_t type = opening.bytes[0];
    return (type == 1 && opening.wire_bytes == 148) || (type == 2 && opening.wire_bytes == 92);
}

bool is_ldap(const Opening& opening) {
    constexpr std::uint8_t bind = 0x60, search = 0x63, extended = 0x77;
    Bytes bytes(opening.bytes);
    bytes.skip(1);
    const std::uint8_t length = bytes.u8();
    if (length > 0x84) return false;
    if (length > 0x80) bytes.skip(length & 0x7f);
    const std::uint8_t kind = bytes.u8(), size = bytes.u8();
    bytes.skip(size);
    const std::uint8_t call = bytes.u8();
    return bytes.ok() && kind == 2 && size >= 1 && size <= 4 && (call == bind || call == search || call == extended);
}

bool is_elasticsearch_transport(const Opening& opening) {
    constexpr std::uint8_t status_max = 0x1f;
    Bytes bytes(opening.bytes);
    bytes.skip(2);
    const std::uint32_t length = bytes.u32();
    bytes.skip(8);
    const std::uint8_t status = bytes.u8();
    const std::uint32_t version = bytes.u32();
    return bytes.ok() && length >= 13 && length + 6 >= opening.wire_bytes && status <= status_max && version > 0 && version < 100'000'000 &&
           (opening.has_port(9300) || length + 6 == opening.wire_bytes);
}

}  // namespace bulkhead::l7
