// SPDX-License-Identifier: Apache-2.0
// Each protocol by one beginning that is its own, and by one that only nearly is. Text, or hex behind a #.
#include <gtest/gtest.h>

#include <set>

#include "l7/signature.h"
#include "l7/signature_checks.h"
#include "l7/testing/talk.h"

namespace bulkhead::l7 {
namespace {

struct Row {
    const char* name;
    char transport;  // t, u
    std::uint16_t from, to;
    std::string good, near;
};

std::string bytes_of(const std::string& text) { return text.starts_with('#') ? testing::hex(text.substr(1)) : text; }
std::string zeros(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += "00";
    return out;
}

std::vector<Row> rows() {
    return {
        {"http", 't', 40000, 8080, "PUT /x HTTP/1.1\r\n", "PUTT /x HTTP/1.1\r\n"},
        {"http", 't', 80, 40000, "HTTP/1.1 200 OK\r\n", "HTTP/1.1200 OK\r\n"},
        {"http", 't', 40000, 80, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n"},
        {"rtsp", 't', 40000, 554, "DESCRIBE rtsp://cam/1 RTSP/1.0\r\n", "DESCRIBE rtsp://cam/1 XTSP/1.0\r\n"},
        {"sip", 'u', 5060, 5060, "INVITE sip:bob@example SIP/2.0\r\n", "INVITE sip:bob@example SIP/3.0\r\n"},
        {"tls", 't', 40000, 443, "#16 0301 0100 01 0000fc 0303", "#16 0301 0100 01 0000fc 0203"},
        {"tls", 't', 40000, 443, "#17 0303 0014" + zeros(20), "#17 0303 0014" + zeros(21)},
        {"dns", 'u', 40000, 53, "#0001 0100 0001 0000 0000 0000 0161 00 0001 0001", "#0001 0100 0001 0000 0000 0000 0161 00 0001 0777"},
        {"mdns", 'u', 5353, 5353, "#0000 0000 0001 0000 0000 0000 0161 00 0001 8001", "#0000 0000 0000 0000 0000 0000 0161 00 0001 8001"},
        {"llmnr", 'u', 40000, 5355, "#0001 0000 0001 0000 0000 0000 0161 00 0001 0001", "#0001 7000 0001 0000 0000 0000 0161 00 0001 0001"},
        {"redis", 't', 40000, 7000, "*1\r\n$4\r\nPING\r\n", "*1\r\n+4\r\nPING\r\n"},
        {"postgresql", 't', 40000, 6432, "#00000010 00030000 7573657200 610000", "#00000011 00030000 7573657200 610000"},
        {"mysql", 't', 3306, 40000, "#12000000 0a 382e3000" + zeros(13), "#13000000 0a 382e3000" + zeros(13)},
        {"mongodb", 't', 40000, 27017, "#15000000 01000000 00000000 dd070000 0000000000", "#15000000 01000000 00000000 00070000 0000000000"},
        {"ssh", 't', 22, 40000, "SSH-2.0-x\r\n", "SSX-2.0-x\r\n"},
        {"amqp", 't', 40000, 5672, "#414d5150 00000901", "#414d5150 00000801"},
        {"zookeeper", 't', 40000, 2181, "#0000002c 00000000" + zeros(8) + "00007530" + zeros(8) + "00000010" + zeros(16),
         "#0000002c 00000001" + zeros(8) + "00007530" + zeros(8) + "00000010" + zeros(16)},
        {"zookeeper", 't', 40000, 2181, "ruok", "ruko"},
        {"cassandra", 't', 40000, 9042, "#04000000 05 00000000", "#04000000 05 00000001"},
        {"couchbase", 't', 40000, 11210, "#80 1f 0000 00 00 0000 00000000" + zeros(12), "#80 1f 0000 00 00 0000 00000001" + zeros(12)},
        {"memcached", 't', 40000, 11211, "#80 00 0001 00 00 0000 00000001" + zeros(12) + "61", "#80 00 0001 00 01 0000 00000001" + zeros(12) + "61"},
        {"memcached", 't', 40000, 11311, "set key 0 60 5\r\nhello\r\n", "set key zero\r\nhello\r\n"},
        {"memcached", 'u', 40000, 11211, "#0001 0000 0001 0000 67657420", "#0001 0000 0001 0100 67657420"},
        {"oracle", 't', 40000, 1521, "#004c 0000 01 00 0000" + zeros(26) + "284445534352495054494f4e3d" + zeros(29),
         "#004c 0000 02 00 0000" + zeros(26) + "284445534352495054494f4e3d" + zeros(29)},
        {"mssql", 't', 40000, 1433, "#12 01 0014 0000 00 00 00 0006 0006 ff" + zeros(6), "#12 01 0015 0000 00 00 00 0006 0006 ff" + zeros(6)},
        {"activemq", 't', 40000, 61616, "#00000100 01 4163746976654d51", "#00000100 02 4163746976654d51"},
        {"stomp", 't', 40000, 61613, "CONNECT\naccept-version:1.2\n\n", "CONNECTED\n"},
        {"voltdb", 't', 40000, 21212, "#00000011 01 01 00000008 6461746162617365" + zeros(3), "#00000011 01 01 00000008 6461746162617366" + zeros(3)},
        {"elasticsearch", 't', 40000, 9300, "#4553 0000000d" + zeros(8) + "00 0079bc5c", "#4553 0000000d" + zeros(8) + "20 0079bc5c"},
        {"spark", 't', 40000, 7077, "#" + zeros(8) + "00000020 09 737061726b3a2f2f6d", "#" + zeros(8) + "00000020 09 737061726b3a2f6d6d"},
        {"mqtt", 't', 40000, 1883, "#10 0c 0004 4d515454 04 02 003c 0000", "#10 0c 0004 4d515455 04 02 003c 0000"},
        {"nats", 't', 4222, 40000, "INFO {\"server_id\":\"x\"}\r\n", "INFO [\"server_id\"]\r\n"},
        {"rsync", 't', 873, 40000, "@RSYNCD: 31.0\n", "@RSYNC: 31.0\n"},
        {"vnc", 't', 5900, 40000, "RFB 003.008\n", "RFB 003_008\n"},
        {"rdp", 't', 40000, 3389, "#0300 0013 0e e0 0000 0000 00 01 00 0800 03000000", "#0300 0013 0e d0 0000 0000 00 01 00 0800 03000000"},
        {"bittorrent", 't', 40000, 6881,
         "\x13"
         "BitTorrent protocol",
         "\x13"
         "BitTorrent protocoX"},
        {"kafka", 't', 40000, 19092, "#0000000d 0012 0003 00000001 0003 616263", "#0000000d 0112 0003 00000001 0003 616263"},
        {"quic", 'u', 40000, 443, "#c3 00000001 08 0102030405060708 00 00", "#c3 00000005 08 0102030405060708 00 00"},
        {"stun", 'u', 40000, 3478, "#0001 0000 2112a442" + zeros(12), "#0001 0000 2112a443" + zeros(12)},
        {"dhcp", 'u', 68, 67, "#01 01 06 00" + zeros(232) + "63825363", "#01 01 06 00" + zeros(232) + "63825364"},
        {"ssdp", 'u', 40000, 1900, "M-SEARCH * HTTP/1.1\r\n", "M-SEARCH * HTTP/1.0\r\n"},
        {"wireguard", 'u', 40000, 51820, "#01000000" + zeros(144), "#01000000" + zeros(143)},
        {"ntp", 'u', 40000, 123, "#23" + zeros(47), "#23" + zeros(46)},
        {"dhcpv6", 'u', 546, 547, "#01000001" + zeros(4), "#0e000001" + zeros(4)},
        {"tftp", 'u', 40000, 69, "#0001 6100 6f6374657400", "#0001 6100 6f6374657500"},
        {"echo", 'u', 40000, 7, "hello", ""},
        {"radius", 'u', 40000, 1812, "#01 05 0014" + zeros(16), "#01 05 0015" + zeros(16)},
        {"syslog", 'u', 40000, 514, "<34>Oct 11 su: failed", "<194>Oct 11 su: failed"},
        {"snmp", 'u', 40000, 161, "#30 29 02 01 01 04 06", "#30 29 02 01 02 04 06"},
        {"epmd", 't', 40000, 4369, "#0001 6e", "#0001 6d"},
        {"ldap", 't', 40000, 389, "#30 0c 02 01 01 60 07", "#30 0c 02 01 01 6f 07"},
        {"isakmp", 'u', 500, 500, "#" + zeros(17) + "10", "#" + zeros(17) + "30"},
        {"smtp", 't', 25, 40000, "220 mail ESMTP\r\n", "221 mail ESMTP\r\n"},
        {"ftp", 't', 21, 40000, "220 ftp\r\n", "230 ftp\r\n"},
        {"pop3", 't', 110, 40000, "+OK ready\r\n", "-OK ready\r\n"},
        {"imap", 't', 143, 40000, "* OK IMAP4rev1\r\n", "* NO IMAP4rev1\r\n"},
        {"telnet", 't', 23, 40000, "#fffd18 fffd20", "#fffd18 fefd20"},
    };
}

Recognised found(const Row& row, const std::string& text) {
    const std::string bytes = bytes_of(text);
    return recognise({span_of(bytes), static_cast<std::uint32_t>(bytes.size()), row.from, row.to, row.transport == 't'});
}

TEST(Recognise, each_protocol_is_told_by_its_beginning_and_not_by_one_that_is_nearly_so) {
    for (const Row& row : rows()) {
        const Recognised good = found(row, row.good), near = found(row, row.near);
        ASSERT_NE(good.signature, nullptr) << row.name << " " << row.good;
        EXPECT_EQ(good.signature->name, row.name) << row.good;
        EXPECT_TRUE(near.signature == nullptr || near.signature->name != row.name) << row.name << " " << row.near;
    }
}

TEST(Recognise, each_name_of_the_table_is_tried_here) {
    std::set<std::string> tried;
    for (const Row& row : rows()) tried.insert(row.name);
    for (const Signature& signature : signatures()) EXPECT_TRUE(tried.contains(std::string(signature.name))) << signature.name;
}

TEST(Recognise, who_asks_is_known) {
    const auto client = [](const char* text, std::uint16_t from, std::uint16_t to, bool tcp) {
        const std::string bytes = bytes_of(text);
        return recognise({span_of(bytes), static_cast<std::uint32_t>(bytes.size()), from, to, tcp}).sender_is_client;
    };
    EXPECT_TRUE(client("GET / HTTP/1.1\r\n", 80, 40000, true)) << "by what is said, not by the port";
    EXPECT_FALSE(client("HTTP/1.1 200 OK\r\n", 40000, 80, true));
    EXPECT_FALSE(client("SSH-2.0-x\r\n", 22, 40000, true));
    EXPECT_TRUE(client("SSH-2.0-x\r\n", 40000, 22, true));
    EXPECT_FALSE(client("#0001 8180 0001 0000 0000 0000 0161 00 0001 0001", 53, 40000, false));
}

TEST(Recognise, random_bytes_are_nobodys) {
    std::uint64_t state = 20261122;
    int named = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes;
        for (int j = 0; j < 200; ++j) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            bytes += static_cast<char>(state >> 56);
        }
        named += recognise({span_of(bytes), 200, 40000, 4444, i % 2 == 0}).signature != nullptr ? 1 : 0;
    }
    EXPECT_EQ(named, 0);
}

}  // namespace
}  // namespace bulkhead::l7
