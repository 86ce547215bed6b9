// SPDX-License-Identifier: Apache-2.0
// The table: one row for each way in which a protocol begins. Of those that match the first counts, so what is certain stands above what a
// port has to help with. Where a row names ports, its bytes alone would be too little.
#include <algorithm>
#include <string>

#include "l7/http_application.h"
#include "l7/inspector.h"
#include "l7/protocols.h"
#include "l7/signature_checks.h"

namespace bulkhead::l7 {

namespace {

using enum Transport;
using enum Speaker;

constexpr std::array rows = {
    // Requests and answers that are looked into.
    Signature{"http", tcp, client, {}, "'PRI * HTTP/2.0' 0d 0a", nullptr, open_http2},
    Signature{"http", tcp, server, {}, "'HTTP/1.'", is_http_response, open_http1},
    Signature{"rtsp", tcp, client, {}, "", is_rtsp},
    Signature{"sip", both, client, {}, "", is_sip},
    Signature{"http", tcp, client, {}, "", is_http_request, open_http1},
    Signature{"tls", tcp, client, {}, "16 03 .. .. .. 01", is_tls_hello, open_tls},
    Signature{"tls", tcp, server, {}, "16 03 .. .. .. 02", is_tls_hello, open_tls},
    Signature{"tls", tcp, client, {}, ".. .. 01", is_ssl2_hello, open_tls},
    Signature{"tls", tcp, client, {}, ".. 03", is_tls_record},
    Signature{"dns", both, port, {53}, "", is_dns, open_dns},
    Signature{"mdns", udp, port, {5353}, "", is_dns, open_dns},
    Signature{"llmnr", udp, port, {5355}, "", is_dns, open_dns},
    Signature{"redis", tcp, client, {}, "'*'", is_redis_request, open_redis},
    Signature{"redis", tcp, client, {6379}, "'PING' 0d 0a"},
    Signature{"redis", tcp, client, {6379}, "'AUTH '"},
    Signature{"redis", tcp, client, {6379}, "'INFO'"},
    Signature{"redis", tcp, server, {6379}, "'-NOAUTH '"},
    Signature{"redis", tcp, server, {6379}, "'-DENIED Redis '"},
    Signature{"postgresql", tcp, client, {}, "00 00", is_postgresql_start, open_postgresql},
    Signature{"mysql", tcp, server, {}, ".. .. .. 00 0a", is_mysql_greeting, open_mysql},
    Signature{"mysql", tcp, server, {}, ".. .. .. 00 ff", is_mysql_greeting, open_mysql},
    Signature{"mongodb", tcp, client, {}, ".. .. .. .. .. .. .. .. .. .. .. .. .. 07 00 00", is_mongodb, open_mongodb},
    Signature{"mongodb", tcp, server, {}, ".. .. .. .. .. .. .. .. .. .. .. .. 01 00 00 00", is_mongodb, open_mongodb},
    Signature{"ssh", tcp, port, {22}, "'SSH-'", nullptr, open_greeting},
    Signature{"ssh", tcp, server, {}, "'SSH-'", nullptr, open_greeting},
    Signature{"amqp", tcp, client, {}, "'AMQP' 00 00 09 01", nullptr, open_amqp},
    Signature{"amqp", tcp, client, {}, "'AMQP' 01 01", nullptr, open_amqp},
    Signature{"amqp", tcp, client, {}, "'AMQP' .. 01 00 00", nullptr, open_amqp},
    // Certain by their bytes.
    Signature{"rtsp", tcp, server, {}, "'RTSP/'", is_rtsp},
    Signature{"zookeeper", tcp, client, {}, "00 00 00", is_zookeeper},
    Signature{"cassandra", tcp, client, {}, "", is_cassandra},
    Signature{"couchbase", tcp, client, {}, "80", is_couchbase},
    Signature{"memcached", tcp, client, {11211}, "80", is_memcached_binary},
    Signature{"memcached", tcp, client, {}, "", is_memcached_text},
    Signature{"memcached", udp, port, {11211}, ".. .. .. .. 00 .. 00 00"},
    Signature{"oracle", tcp, client, {}, ".. .. .. .. 01", is_oracle_tns},
    Signature{"mssql", tcp, client, {}, "12 01", is_tds},
    Signature{"mssql", tcp, client, {}, "10 01", is_tds},
    Signature{"activemq", tcp, port, {}, ".. .. .. .. 01 'ActiveMQ'"},
    Signature{"stomp", tcp, client, {}, "'CONNECT' 0a"},
    Signature{"stomp", tcp, client, {}, "'STOMP' 0a"},
    Signature{"voltdb", tcp, client, {}, "00 00", is_voltdb},
    Signature{"elasticsearch", tcp, port, {9300}, "'ES'", is_elasticsearch_transport},
    Signature{"spark", tcp, port, {}, "00", is_spark},
    Signature{"mqtt", tcp, client, {}, "10", is_mqtt},
    Signature{"nats", tcp, server, {}, "'INFO {'"},
    Signature{"rsync", tcp, port, {873}, "'@RSYNCD: '"},
    Signature{"vnc", tcp, server, {}, "'RFB 00' .. '.00' .. 0a"},
    Signature{"rdp", tcp, client, {}, "03 00", is_rdp},
    Signature{"bittorrent", tcp, client, {}, "13 'BitTorrent protocol'"},
    Signature{"kafka", tcp, client, {}, "00", is_kafka_request},
    Signature{"quic", udp, client, {}, "", is_quic},
    Signature{"stun", both, client, {}, "", is_stun},
    Signature{"dhcp", udp, port, {67, 68}, "", is_dhcp},
    Signature{"ssdp", udp, client, {1900}, "'M-SEARCH * HTTP/1.1'"},
    Signature{"ssdp", udp, client, {1900}, "'NOTIFY * HTTP/1.1'"},
    Signature{"wireguard", udp, client, {}, ".. 00 00 00", is_wireguard},
    // Certain with their port only.
    Signature{"ntp", udp, port, {123}, "", is_ntp},
    Signature{"dhcpv6", udp, port, {546, 547}, "", is_dhcpv6},
    Signature{"tftp", udp, port, {69}, "00 01", is_tftp},
    Signature{"tftp", udp, port, {69}, "00 02", is_tftp},
    Signature{"echo", both, port, {7}, ""},
    Signature{"radius", udp, port, {1812, 1813, 1645, 1646}, "", is_radius},
    Signature{"syslog", both, client, {514, 601, 1514}, "'<'", is_syslog},
    Signature{"snmp", udp, port, {161, 162}, "30", is_snmp},
    Signature{"zookeeper", tcp, client, {2181}, "", is_four_letters},
    Signature{"epmd", tcp, client, {4369}, "00", is_epmd},
    Signature{"ldap", tcp, client, {389, 3268}, "30", is_ldap},
    Signature{"isakmp", udp, port, {500}, ".. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. 10"},
    Signature{"isakmp", udp, port, {500, 4500}, ".. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. 20"},
    Signature{"smtp", tcp, server, {25, 465, 587, 2525}, "'220'", nullptr, open_greeting},
    Signature{"ftp", tcp, server, {21, 2121}, "'220'", nullptr, open_greeting},
    Signature{"pop3", tcp, server, {110}, "'+OK'", nullptr, open_greeting},
    Signature{"imap", tcp, server, {143}, "'* OK'", nullptr, open_greeting},
    Signature{"telnet", tcp, port, {23}, "ff .. .. ff"},
};

}  // namespace

std::span<const Signature> signatures() { return rows; }

const std::vector<std::string_view>& names() {
    static const std::vector<std::string_view> all = [] {
        // What parsers find behind a protocol's name.
        std::vector<std::string_view> out = {"consul", "grpc", "rabbitmq", "websocket"};
        for (const Signature& row : rows) out.push_back(row.name);
        for (const HttpApplication& row : http_applications()) out.push_back(row.application);
        std::ranges::sort(out);
        const auto repeated = std::ranges::unique(out);
        out.erase(repeated.begin(), repeated.end());
        return out;
    }();
    return all;
}

}  // namespace bulkhead::l7
