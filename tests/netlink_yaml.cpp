// SPDX-License-Identifier: Apache-2.0
#include "tests/netlink_yaml.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>

#include <cstring>
#include <map>
#include <stdexcept>

#include "base/ip.h"
#include "host/testing/audit_bytes.h"
#include "host/testing/netlink_bytes.h"

namespace bulkhead::tests {

namespace {

using host::testing::attribute;
using host::testing::message;
using host::testing::raw;

std::string text_of(const YAML::Node& node, const char* key, const char* otherwise = "") { return node[key] ? node[key].Scalar() : otherwise; }
int number_of(const YAML::Node& node, const char* key, int otherwise = 0) { return node[key] ? node[key].as<int>() : otherwise; }

std::string address_bytes(const IpAddress& address) {
    return {reinterpret_cast<const char*>(address.bytes().data()), static_cast<std::size_t>(address.bits() / 8)};
}

IpAddress address_of(const std::string& text) {
    const auto address = IpAddress::parse(text);
    if (!address) throw std::runtime_error(address.error().message);
    return *address;
}

std::string socket_bytes(const YAML::Node& node) {
    // The kernel's tcp_states.h.
    static const std::map<std::string, std::uint8_t> states = {{"ESTABLISHED", 1}, {"TIME_WAIT", 6}, {"CLOSE", 7}, {"UNCONNECTED", 7}, {"LISTEN", 10}};
    const std::string local = text_of(node, "local", "0.0.0.0");
    const std::string remote = text_of(node, "remote");
    host::testing::SocketBytes bytes;
    bytes.family = address_of(local).is_v4() ? AF_INET : AF_INET6;
    bytes.state = states.at(text_of(node, "state", "LISTEN"));
    bytes.local = local.c_str();
    bytes.local_port = static_cast<std::uint16_t>(number_of(node, "port"));
    if (!remote.empty()) bytes.remote = remote.c_str();
    bytes.remote_port = static_cast<std::uint16_t>(number_of(node, "remote_port"));
    bytes.uid = static_cast<std::uint32_t>(number_of(node, "uid"));
    bytes.inode = static_cast<std::uint32_t>(number_of(node, "inode"));
    bytes.rtt_us = static_cast<std::uint32_t>(number_of(node, "rtt_us"));
    return host::testing::socket_message(bytes);
}

std::string link_bytes(const YAML::Node& node) {
    ifinfomsg header{};
    header.ifi_index = number_of(node, "index");
    header.ifi_flags = 1;  // IFF_UP
    std::string attributes = attribute(IFLA_IFNAME, text_of(node, "name") + '\0');
    if (node["kind"]) attributes += attribute(IFLA_LINKINFO, attribute(IFLA_INFO_KIND, text_of(node, "kind")));
    return message(RTM_NEWLINK, raw(header) + attributes);
}

std::string interface_address_bytes(const YAML::Node& node) {
    const auto prefix = Prefix::parse(text_of(node, "address"));
    if (!prefix) throw std::runtime_error(prefix.error().message);
    ifaddrmsg header{};
    header.ifa_family = prefix->address().is_v4() ? AF_INET : AF_INET6;
    header.ifa_prefixlen = static_cast<std::uint8_t>(prefix->length());
    header.ifa_index = static_cast<std::uint32_t>(number_of(node, "index"));
    const std::string bytes = address_bytes(prefix->address());
    return message(RTM_NEWADDR, raw(header) + attribute(IFA_ADDRESS, bytes) + attribute(IFA_LOCAL, bytes));
}

std::string route_bytes(const YAML::Node& node) {
    const auto prefix = Prefix::parse(text_of(node, "destination"));
    if (!prefix) throw std::runtime_error(prefix.error().message);
    rtmsg header{};
    header.rtm_family = prefix->address().is_v4() ? AF_INET : AF_INET6;
    header.rtm_dst_len = static_cast<std::uint8_t>(prefix->length());
    header.rtm_table = RT_TABLE_MAIN;
    header.rtm_type = RTN_UNICAST;
    std::string attributes = attribute(RTA_OIF, raw(number_of(node, "index")));
    if (prefix->length() > 0) attributes += attribute(RTA_DST, address_bytes(prefix->address()));
    if (node["gateway"]) attributes += attribute(RTA_GATEWAY, address_bytes(address_of(text_of(node, "gateway"))));
    return message(RTM_NEWROUTE, raw(header) + attributes);
}

void put(xfrm_address_t& into, const IpAddress& address) { std::memcpy(&into, address.bytes().data(), sizeof into); }

std::string state_bytes(const YAML::Node& node) {
    xfrm_usersa_info info{};
    put(info.saddr, address_of(text_of(node, "source")));
    put(info.id.daddr, address_of(text_of(node, "destination")));
    if (node["added_s"]) info.curlft.add_time = node["added_s"].as<std::uint64_t>();
    info.id.spi = htonl(static_cast<std::uint32_t>(number_of(node, "spi")));
    info.id.proto = IPPROTO_ESP;
    info.family = AF_INET;
    return message(XFRM_MSG_NEWSA, raw(info));
}

// {path: /usr/bin/dockerd, perm: wa} or {dir: ...}; {list: task, action: never}; {auid: 1000} for a rule that is narrowed.
std::string audit_rule_bytes(const YAML::Node& node) {
    static const std::map<std::string, std::uint32_t> lists = {{"user", AUDIT_FILTER_USER}, {"task", AUDIT_FILTER_TASK}, {"exit", AUDIT_FILTER_EXIT}};
    host::testing::AuditRuleBytes rule;
    rule.list = lists.at(text_of(node, "list", "exit"));
    rule.action = text_of(node, "action", "always") == std::string("never") ? AUDIT_NEVER : AUDIT_ALWAYS;
    if (node["path"]) rule.fields.push_back({AUDIT_WATCH, 0, text_of(node, "path")});
    if (node["dir"]) rule.fields.push_back({AUDIT_DIR, 0, text_of(node, "dir")});
    std::uint32_t permissions = 0;
    for (const char letter : text_of(node, "perm"))
        permissions |= letter == 'r' ? AUDIT_PERM_READ : letter == 'w' ? AUDIT_PERM_WRITE : letter == 'x' ? AUDIT_PERM_EXEC : AUDIT_PERM_ATTR;
    if (permissions != 0) rule.fields.push_back({AUDIT_PERM, permissions});
    if (node["auid"]) rule.fields.push_back({AUDIT_LOGINUID, static_cast<std::uint32_t>(number_of(node, "auid"))});
    if (node["key"]) rule.fields.push_back({AUDIT_FILTERKEY, 0, text_of(node, "key")});
    return host::testing::audit_rule_message(rule);
}

std::string audit_status_bytes(const YAML::Node& node) {
    return host::testing::audit_status_message(static_cast<std::uint32_t>(number_of(node, "enabled")), static_cast<std::uint32_t>(number_of(node, "pid")));
}

}  // namespace

std::string netlink_dump(const std::string& locator, const YAML::Node& list) {
    const std::string name = locator.substr(8, locator.find('@') - 8);
    static const std::map<std::string, std::string (*)(const YAML::Node&)> encoders = {{"sock_tcp", socket_bytes},
                                                                                       {"sock_udp", socket_bytes},
                                                                                       {"link", link_bytes},
                                                                                       {"address", interface_address_bytes},
                                                                                       {"route", route_bytes},
                                                                                       {"xfrm_state", state_bytes},
                                                                                       {"audit_rules", audit_rule_bytes},
                                                                                       {"audit_status", audit_status_bytes}};
    std::string bytes;
    for (const auto& item : list) {
        const auto encoder = encoders.find(name);
        if (encoder == encoders.end()) throw std::runtime_error("no written form for the dump " + name);
        bytes += encoder->second(item);
    }
    return bytes;
}

}  // namespace bulkhead::tests
