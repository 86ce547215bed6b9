// SPDX-License-Identifier: Apache-2.0
// What patterns of bytes cannot tell: lengths that must fit, lists of values, texts. One for each row of the table that names it.
#pragma once

#include "l7/signature.h"

namespace bulkhead::l7 {

bool is_ntp(const Opening& opening);               // RFC 5905, section 7.3
bool is_dhcp(const Opening& opening);              // RFC 2131
bool is_dhcpv6(const Opening& opening);            // RFC 8415
bool is_tftp(const Opening& opening);              // RFC 1350
bool is_radius(const Opening& opening);            // RFC 2865
bool is_syslog(const Opening& opening);            // RFC 3164, 5424
bool is_snmp(const Opening& opening);              // RFC 1157, 3416
bool is_quic(const Opening& opening);              // RFC 9000, 9369
bool is_stun(const Opening& opening);              // RFC 8489
bool is_sip(const Opening& opening);               // RFC 3261
bool is_rtsp(const Opening& opening);              // RFC 2326, 7826
bool is_zookeeper(const Opening& opening);         // ZooKeeper, ConnectRequest of its jute file
bool is_four_letters(const Opening& opening);      // ZooKeeper Administrator's Guide, "The Four Letter Words"
bool is_cassandra(const Opening& opening);         // native_protocol_v4.spec
bool is_memcached_text(const Opening& opening);    // memcached, doc/protocol.txt
bool is_memcached_binary(const Opening& opening);  // memcached, BinaryProtocolRevamped
bool is_couchbase(const Opening& opening);         // the same frames with calls of Couchbase's own
bool is_oracle_tns(const Opening& opening);
bool is_tds(const Opening& opening);     // MS-TDS, 2.2.3.1
bool is_epmd(const Opening& opening);    // Erlang, "Distribution Protocol"
bool is_voltdb(const Opening& opening);  // VoltDB Client Wire Protocol
bool is_spark(const Opening& opening);
bool is_mqtt(const Opening& opening);  // MQTT 3.1.1, section 3.1
bool is_rdp(const Opening& opening);   // MS-RDPBCGR, 2.2.1.1
bool is_wireguard(const Opening& opening);
bool is_ldap(const Opening& opening);  // RFC 4511
bool is_elasticsearch_transport(const Opening& opening);

}  // namespace bulkhead::l7
