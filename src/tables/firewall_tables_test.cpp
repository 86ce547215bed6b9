// SPDX-License-Identifier: Apache-2.0
// The four tables of the firewall over one engine with two networks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tables/facts.h"
#include "tables/table.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {

Table firewall_rule();
Table firewall_chain();
Table firewall_bridge_path();
Table published_port_rule();

namespace {

struct Rows {
    Table table;
    world::FakeReader& reader;
    world::World world{reader};
    Facts facts{world};
    Scan scan{facts, {}};
    RowSet set = table.rows(scan);

    Rows(Table of, world::FakeReader& from) : table(std::move(of)), reader(from) {}

    std::string at(std::size_t row, const std::string& column) const {
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            if (table.columns[i].name != column) continue;
            const Cell value = set.at(row, i);
            if (const auto* text = std::get_if<std::string>(&value)) return *text;
            if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
            return "null";
        }
        return "no such column";
    }
    std::size_t find(const std::string& in, const std::string& out, const std::string& family) const {
        for (std::size_t i = 0; i < set.size; ++i) {
            if (at(i, "in_network") == in && at(i, "out_network") == out && at(i, "family") == family) return i;
        }
        ADD_FAILURE() << in << out << family;
        return 0;
    }
};

void fill(world::FakeReader& reader, const std::string& nf_call = "1\n") {
    reader.set("engine_process:", R"({"pid":7,"how":"test"})");
    const std::pair<std::string, std::string> networks[] = {
        {std::string(64, 'b'),
         R"("Name":"closed","Driver":"bridge","IPAM":{"Config":[{"Subnet":"10.2.0.0/16"}]},"Options":{"com.docker.network.bridge.name":"br-b","com.docker.network.bridge.enable_icc":"false"})"},
        {std::string(64, 'a'),
         R"("Name":"open","Driver":"bridge","IPAM":{"Config":[{"Subnet":"10.1.0.0/16"}]},"Options":{"com.docker.network.bridge.name":"br-a"})"},
        {std::string(64, 'c'), R"("Name":"host","Driver":"host","IPAM":{"Config":[]},"Options":{})"},
    };
    std::string list;
    for (const auto& [id, fields] : networks) {
        const std::string network = R"({"Id":")" + id + R"(","Scope":"local",)" + fields + "}";
        reader.set("engine:/networks/" + id, network);
        list += (list.empty() ? "[" : ",") + network;
    }
    reader.set("engine:/networks", list + "]");
    reader.set("program:nft -j list ruleset@netns:7", R"({"nftables":[{"metainfo":{"json_schema_version":1}}]})");
    reader.set("program:iptables-nft-save -c@netns:7", "").set("program:ip6tables-nft-save -c@netns:7", "").set("program:ip6tables-legacy-save -c@netns:7", "");
    reader.set("program:iptables-legacy-save -c@netns:7",
               "*filter\n:FORWARD DROP [3:180]\n[5:300] -A FORWARD -i br-a -o br-a -j ACCEPT\n[2:120] -A FORWARD -i br-b -o br-b -j DROP\nCOMMIT\n"
               "*nat\n:PREROUTING ACCEPT [0:0]\n:DOCKER - [0:0]\n"
               "[9:540] -A DOCKER -d 192.0.2.1/32 ! -i br-a -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.1.0.2:80\n"
               "[0:0] -A DOCKER -p udp -m udp --dport 53:54 -j DNAT --to-destination [fd00::2]:53\nCOMMIT\n");
    for (const std::string family : {"iptables", "ip6tables"}) {
        const std::string locator = "file:/proc/sys/net/bridge/bridge-nf-call-" + family + "@netns:7";
        if (nf_call.empty()) {
            reader.set_outcome(locator, world::Outcome::absent);
        } else {
            reader.set(locator, nf_call);
        }
    }
}

TEST(FirewallRule, shows_each_rule_with_its_conditions_and_locator) {
    world::FakeReader reader;
    fill(reader);
    const Rows rows(firewall_rule(), reader);
    EXPECT_TRUE(rows.scan.failures().empty());
    ASSERT_EQ(rows.set.size, 4U);
    EXPECT_EQ(rows.at(1, "position"), "2");
    EXPECT_EQ(rows.at(1, "action"), "drop");
    EXPECT_EQ(rows.at(1, "in_interface"), "br-b");
    EXPECT_EQ(rows.at(1, "packets"), "2");
    EXPECT_EQ(rows.at(2, "in_interface"), "!br-a");
    EXPECT_EQ(rows.at(2, "target_args"), R"(["--to-destination","10.1.0.2:80"])");
    EXPECT_EQ(rows.at(2, "locator"), "program:iptables-legacy-save -c@netns:7");
}

TEST(FirewallChain, shows_hook_priority_and_policy) {
    world::FakeReader reader;
    fill(reader);
    const Rows rows(firewall_chain(), reader);
    ASSERT_EQ(rows.set.size, 3U);
    EXPECT_EQ(rows.at(0, "hook"), "forward");
    EXPECT_EQ(rows.at(0, "policy"), "DROP");
    EXPECT_EQ(rows.at(0, "rules_count"), "2");
    EXPECT_EQ(rows.at(1, "priority"), "-100");
    EXPECT_EQ(rows.at(2, "priority"), "null");
}

TEST(FirewallBridgePath, judges_every_ordered_pair_of_bridges_in_both_families) {
    world::FakeReader reader;
    fill(reader);
    const Rows rows(firewall_bridge_path(), reader);
    EXPECT_TRUE(rows.scan.failures().empty());
    ASSERT_EQ(rows.set.size, 8U);
    EXPECT_EQ(rows.at(rows.find("open", "open", "ip"), "enforced_verdict"), "accept");
    const std::size_t closed = rows.find("closed", "closed", "ip");
    EXPECT_EQ(rows.at(closed, "verdict"), "drop");
    EXPECT_EQ(rows.at(closed, "enforced_verdict"), "drop");
    EXPECT_EQ(rows.at(closed, "rule"), "-A FORWARD -i br-b -o br-b -j DROP");
    EXPECT_EQ(rows.at(closed, "rule_position"), "2");
    const std::size_t across = rows.find("open", "closed", "ip");
    EXPECT_EQ(rows.at(across, "verdict"), "drop");
    EXPECT_EQ(rows.at(across, "rule_position"), "null");
    EXPECT_EQ(rows.at(rows.find("closed", "closed", "ip6"), "verdict"), "accept");
}

TEST(FirewallBridgePath, without_br_netfilter_a_drop_inside_a_bridge_is_not_in_force) {
    for (const std::string nf_call : {"0\n", ""}) {
        world::FakeReader reader;
        fill(reader, nf_call);
        const Rows rows(firewall_bridge_path(), reader);
        const std::size_t closed = rows.find("closed", "closed", "ip");
        EXPECT_EQ(rows.at(closed, "verdict"), "drop");
        EXPECT_EQ(rows.at(closed, "enforced_verdict"), "accept");
        EXPECT_EQ(rows.at(closed, "nf_call"), "0");
        EXPECT_EQ(rows.at(rows.find("open", "closed", "ip"), "enforced_verdict"), "drop") << "routed packets meet the rules all the same";
    }
}

TEST(FirewallBridgePath, an_unreadable_switch_or_program_is_a_failure_and_no_ok) {
    world::FakeReader reader;
    fill(reader);
    reader.set_outcome("file:/proc/sys/net/bridge/bridge-nf-call-iptables@netns:7", world::Outcome::denied, "no");
    reader.set_outcome("program:ip6tables-nft-save -c@netns:7", world::Outcome::failed, "no");
    const Rows rows(firewall_bridge_path(), reader);
    EXPECT_EQ(rows.scan.failures().size(), 2U);
    EXPECT_EQ(rows.at(rows.find("closed", "closed", "ip"), "enforced_verdict"), "unknown");
    EXPECT_EQ(rows.at(rows.find("closed", "closed", "ip6"), "verdict"), "unknown");
}

TEST(FirewallBridgePath, an_engine_on_another_host_is_a_failure_of_all_tables) {
    for (const auto& table : {firewall_rule(), firewall_chain(), firewall_bridge_path(), published_port_rule()}) {
        world::FakeReader reader;
        fill(reader);
        reader.set_outcome("engine_process:", world::Outcome::failed, "the engine is on another host");
        const Rows rows(table, reader);
        EXPECT_EQ(rows.set.size, 0U);
        ASSERT_EQ(rows.scan.failures().size(), 1U) << table.name;
        EXPECT_THAT(rows.scan.failures()[0].reason, testing::HasSubstr("another host"));
    }
}

TEST(PublishedPortRule, shows_where_each_port_of_the_host_goes) {
    world::FakeReader reader;
    fill(reader);
    const Rows rows(published_port_rule(), reader);
    ASSERT_EQ(rows.set.size, 2U);
    EXPECT_EQ(rows.at(0, "host_ip"), "192.0.2.1");
    EXPECT_EQ(rows.at(0, "host_port"), "8080");
    EXPECT_EQ(rows.at(0, "container_ip"), "10.1.0.2");
    EXPECT_EQ(rows.at(0, "container_port"), "80");
    EXPECT_EQ(rows.at(0, "in_interface"), "!br-a");
    EXPECT_EQ(rows.at(0, "packets"), "9");
    EXPECT_EQ(rows.at(1, "host_port"), "null");
    EXPECT_EQ(rows.at(1, "host_ports"), "53:54");
    EXPECT_EQ(rows.at(1, "container_ip"), "fd00::2");
    EXPECT_EQ(rows.at(1, "container_port"), "53");
}

}  // namespace
}  // namespace bulkhead::tables
