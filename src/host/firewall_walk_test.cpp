// SPDX-License-Identifier: Apache-2.0
#include "host/firewall_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "host/firewall_parse.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::host {
namespace {

using testing::HasSubstr;

// As Docker 20.10 leaves the filter table: two networks, and one without inter-container communication.
const std::string docker_chains =
    "[0:0] -A FORWARD -j DOCKER-USER\n[0:0] -A FORWARD -j DOCKER-ISOLATION-STAGE-1\n"
    "[0:0] -A FORWARD -o br-a -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n[0:0] -A FORWARD -o br-a -j DOCKER\n"
    "[0:0] -A FORWARD -i br-a ! -o br-a -j ACCEPT\n[0:0] -A FORWARD -i br-a -o br-a -j ACCEPT\n"
    "[0:0] -A FORWARD -o br-b -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n[0:0] -A FORWARD -o br-b -j DOCKER\n"
    "[0:0] -A FORWARD -i br-b ! -o br-b -j ACCEPT\n[0:0] -A FORWARD -i br-b -o br-b -j DROP\n"
    "[0:0] -A DOCKER -d 10.1.0.2/32 ! -i br-a -o br-a -p tcp -m tcp --dport 80 -j ACCEPT\n"
    "[0:0] -A DOCKER-ISOLATION-STAGE-1 -i br-a ! -o br-a -j DOCKER-ISOLATION-STAGE-2\n"
    "[0:0] -A DOCKER-ISOLATION-STAGE-1 -i br-b ! -o br-b -j DOCKER-ISOLATION-STAGE-2\n[0:0] -A DOCKER-ISOLATION-STAGE-1 -j RETURN\n"
    "[0:0] -A DOCKER-ISOLATION-STAGE-2 -o br-a -j DROP\n[0:0] -A DOCKER-ISOLATION-STAGE-2 -o br-b -j DROP\n[0:0] -A DOCKER-ISOLATION-STAGE-2 -j RETURN\n";
const std::string docker_user = "[0:0] -A DOCKER-USER -j RETURN\n";

std::string filter(const std::string& rules, const std::string& policy = "DROP") {
    return "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD " + policy +
           " [0:0]\n:OUTPUT ACCEPT [0:0]\n:DOCKER - [0:0]\n:DOCKER-ISOLATION-STAGE-1 - [0:0]\n:DOCKER-ISOLATION-STAGE-2 - [0:0]\n:DOCKER-USER - [0:0]\n"
           ":X - [0:0]\n:Y - [0:0]\n" +
           rules + "COMMIT\n";
}

// A namespace where the five programs print what is set here, and nothing else.
struct Namespace {
    std::string nft = {}, legacy = {}, nft6 = {}, legacy6 = {}, json = {};
};

Firewall read(const Namespace& given) {
    world::FakeReader reader;
    reader.set("program:iptables-nft-save -c@netns:7", given.nft).set("program:iptables-legacy-save -c@netns:7", given.legacy);
    reader.set("program:ip6tables-nft-save -c@netns:7", given.nft6).set("program:ip6tables-legacy-save -c@netns:7", given.legacy6);
    if (given.json.empty()) {
        reader.set_outcome("program:nft -j list ruleset@netns:7", world::Outcome::absent);
    } else {
        reader.set("program:nft -j list ruleset@netns:7", given.json);
    }
    world::World world(reader);
    return read_firewall(world, 7);
}

Firewall loaded(const std::string& rules, const std::string& policy = "DROP") { return read({.nft = filter(rules, policy)}); }

Flow bridged(const std::string& bridge) { return {.in_interface = bridge, .out_interface = bridge, .bridged = true}; }
Flow routed(const std::string& from, const std::string& to) { return {.in_interface = from, .out_interface = to}; }
Flow tcp(Flow flow, int port) {
    flow.protocol = "tcp";
    flow.destination_port = port;
    return flow;
}
FlowOutcome outcome(const Firewall& firewall, const Flow& flow) { return walk_forward(firewall, flow).outcome; }
Prefix prefix(std::string_view text) { return *Prefix::parse(text); }

std::string fixture(const std::string& file) {
    std::ifstream in(std::string(BULKHEAD_SOURCE_DIR) + "/tests/fixtures/firewall/" + file);
    EXPECT_TRUE(in.good()) << file;
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

TEST(WalkForward, docker_with_icc_accepts_inside_a_bridge_and_names_the_rule) {
    const Firewall firewall = loaded(docker_chains + docker_user);
    const Verdict verdict = walk_forward(firewall, bridged("br-a"));
    EXPECT_EQ(verdict.outcome, FlowOutcome::accept) << verdict.reason;
    ASSERT_TRUE(verdict.decider.rule);
    EXPECT_EQ(verdict.decider.rule->position, 6);
    EXPECT_EQ(verdict.decider.rule->chain, "FORWARD");
}

TEST(WalkForward, docker_without_icc_drops_inside_the_bridge) {
    const Firewall firewall = loaded(docker_chains + docker_user);
    const Verdict verdict = walk_forward(firewall, bridged("br-b"));
    EXPECT_EQ(verdict.outcome, FlowOutcome::drop);
    EXPECT_EQ(verdict.decider.rule->position, 10);
}

TEST(WalkForward, two_docker_bridges_are_isolated_by_stage_two_and_not_from_the_outside) {
    const Firewall firewall = loaded(docker_chains + docker_user, "ACCEPT");
    const Verdict verdict = walk_forward(firewall, routed("br-a", "br-b"));
    EXPECT_EQ(verdict.outcome, FlowOutcome::drop);
    EXPECT_EQ(verdict.decider.rule->chain, "DOCKER-ISOLATION-STAGE-2");
    EXPECT_EQ(outcome(firewall, routed("br-a", "eth0")), FlowOutcome::accept);
}

TEST(WalkForward, a_published_port_is_open_from_outside_and_others_meet_the_policy) {
    const Firewall firewall = loaded(docker_chains + docker_user);
    Flow flow = tcp(routed("eth0", "br-a"), 80);
    EXPECT_EQ(outcome(firewall, flow), FlowOutcome::unknown) << "whether it is for 10.1.0.2 is not known";
    flow.destination = {prefix("10.1.0.2")};
    EXPECT_EQ(outcome(firewall, flow), FlowOutcome::accept);
    EXPECT_EQ(outcome(firewall, tcp(flow, 81)), FlowOutcome::drop);
    EXPECT_EQ(walk_forward(firewall, tcp(flow, 81)).decider.rule, nullptr);
}

TEST(WalkForward, order_matters_an_accept_before_dockers_rules_opens_what_they_close) {
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -j ACCEPT\n" + docker_chains), bridged("br-b")), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -i br+ -j ACCEPT\n" + docker_chains), routed("br-a", "br-b")), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded(docker_chains + "[0:0] -A FORWARD -j ACCEPT\n"), bridged("br-b")), FlowOutcome::drop);
}

TEST(WalkForward, edits_of_docker_user_count_only_before_its_return) {
    EXPECT_EQ(outcome(loaded(docker_chains + "[0:0] -A DOCKER-USER -i br-a -j DROP\n" + docker_user), bridged("br-a")), FlowOutcome::drop);
    EXPECT_EQ(outcome(loaded(docker_chains + docker_user + "[0:0] -A DOCKER-USER -i br-a -j DROP\n"), bridged("br-a")), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded(docker_chains + "[0:0] -A DOCKER-USER -i br-b -o br-b -j ACCEPT\n" + docker_user), bridged("br-b")), FlowOutcome::accept);
}

TEST(WalkForward, flushed_rules_leave_only_the_policy) {
    const Verdict open = walk_forward(loaded("", "ACCEPT"), bridged("br-b"));
    EXPECT_EQ(open.outcome, FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded("", "DROP"), bridged("br-a")), FlowOutcome::drop);
    EXPECT_EQ(outcome(read({}), bridged("br-b")), FlowOutcome::accept) << "no table at all";
}

TEST(WalkForward, an_open_condition_makes_the_verdict_unknown_and_names_its_rule) {
    const Firewall firewall = loaded("[0:0] -A FORWARD -m mark --mark 0x1 -j ACCEPT\n[0:0] -A FORWARD -j DROP\n");
    const Verdict verdict = walk_forward(firewall, bridged("br-a"));
    EXPECT_EQ(verdict.outcome, FlowOutcome::unknown);
    ASSERT_TRUE(verdict.decider.rule);
    EXPECT_EQ(verdict.decider.rule->position, 1);
    EXPECT_THAT(verdict.reason, HasSubstr("--mark 0x1"));
}

TEST(WalkForward, an_open_condition_does_not_matter_where_both_ways_end_alike) {
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -m set --match-set bad src -j DROP\n[0:0] -A FORWARD -j REJECT\n"), bridged("b")), FlowOutcome::drop);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -m limit --limit 3/min -j LOG\n[0:0] -A FORWARD -j ACCEPT\n"), bridged("b")), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -m u32 --u32 0x0 -j X\n[0:0] -A FORWARD -j ACCEPT\n[0:0] -A X -j RETURN\n"), bridged("b")), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -m u32 --u32 0x0 -g X\n[0:0] -A FORWARD -j ACCEPT\n[0:0] -A X -j RETURN\n"), bridged("b")),
              FlowOutcome::unknown);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -m u32 --u32 0x0 -g X\n[0:0] -A FORWARD -j DROP\n[0:0] -A X -j RETURN\n"), bridged("b")), FlowOutcome::drop);
}

TEST(WalkForward, jump_returns_goto_does_not) {
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -j X\n[0:0] -A FORWARD -j ACCEPT\n"), bridged("b")), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -g X\n[0:0] -A FORWARD -j ACCEPT\n"), bridged("b")), FlowOutcome::drop);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -j X\n[0:0] -A FORWARD -j DROP\n[0:0] -A X -g Y\n[0:0] -A X -j ACCEPT\n"), bridged("b")), FlowOutcome::drop);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -j RETURN\n[0:0] -A FORWARD -j ACCEPT\n"), bridged("b")), FlowOutcome::drop) << "the policy";
}

TEST(WalkForward, chains_that_call_each_other_end_undecided) {
    const Firewall firewall = loaded("[0:0] -A FORWARD -j X\n[0:0] -A X -j Y\n[0:0] -A Y -j X\n");
    EXPECT_EQ(outcome(firewall, bridged("b")), FlowOutcome::unknown);
}

TEST(WalkForward, negations_and_wildcards_of_interfaces_and_addresses) {
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD ! -i br-a -j ACCEPT\n"), routed("br-a", "x")), FlowOutcome::drop);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD ! -i br-a -j ACCEPT\n"), routed("br-ab", "x")), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -i br-+ -j ACCEPT\n"), routed("br-", "x")), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD ! -i + -j ACCEPT\n"), routed("br-", "x")), FlowOutcome::drop);
    Flow flow = routed("a", "b");
    flow.source = {prefix("10.0.1.0/24")};
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -s 10.0.0.0/16 -j ACCEPT\n"), flow), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD ! -s 10.0.0.0/16 -j ACCEPT\n"), flow), FlowOutcome::drop);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -s 10.0.1.7/32 -j ACCEPT\n"), flow), FlowOutcome::unknown);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -s 10.0.2.0/24 -j ACCEPT\n"), flow), FlowOutcome::drop);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -s 10.0.0.0/255.0.255.0 -j ACCEPT\n"), flow), FlowOutcome::unknown);
}

TEST(WalkForward, protocols_ports_and_flags_of_a_new_connection) {
    const Flow web = tcp(routed("a", "b"), 80);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -p tcp -m multiport --dports 443,70:90 -j ACCEPT\n"), web), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -p tcp -m multiport ! --dports 443,70:90 -j ACCEPT\n"), web), FlowOutcome::drop);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD ! -p tcp -j ACCEPT\n"), web), FlowOutcome::drop);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT\n"), web), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT\n"), web), FlowOutcome::drop);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -p tcp -m tcp --sport 1:2 -j ACCEPT\n"), web), FlowOutcome::unknown);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -p icmp -j ACCEPT\n"), bridged("b")), FlowOutcome::unknown) << "the flow names no protocol";
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -m physdev --physdev-is-bridged -j ACCEPT\n"), bridged("b")), FlowOutcome::accept);
    EXPECT_EQ(outcome(loaded("[0:0] -A FORWARD -m physdev --physdev-is-bridged -j ACCEPT\n"), routed("a", "b")), FlowOutcome::drop);
}

TEST(WalkForward, nft_and_legacy_iptables_must_both_accept) {
    const std::string open = filter("[0:0] -A FORWARD -j ACCEPT\n");
    EXPECT_EQ(outcome(read({.nft = open, .legacy = filter("", "DROP")}), bridged("b")), FlowOutcome::drop);
    EXPECT_EQ(outcome(read({.nft = filter("", "DROP"), .legacy = open}), bridged("b")), FlowOutcome::drop);
    EXPECT_EQ(outcome(read({.nft = open, .legacy = open}), bridged("b")), FlowOutcome::accept);
}

TEST(WalkForward, other_tables_at_the_same_hooks_can_drop_too) {
    const std::string mangle = "*mangle\n:PREROUTING ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n[0:0] -A FORWARD -i br-a -j DROP\nCOMMIT\n";
    EXPECT_EQ(outcome(read({.nft = filter("", "ACCEPT") + mangle}), bridged("br-a")), FlowOutcome::drop);
    const std::string raw = "*raw\n:PREROUTING ACCEPT [0:0]\n[0:0] -A PREROUTING -d 10.1.0.2/32 ! -i br-a -j DROP\nCOMMIT\n";
    Flow flow = routed("eth0", "br-a");
    flow.destination = {prefix("10.1.0.2")};
    EXPECT_EQ(outcome(read({.nft = filter("", "ACCEPT") + raw}), flow), FlowOutcome::unknown) << "dropped unless it came through DNAT";
}

TEST(WalkForward, each_address_family_has_its_own_rules) {
    Flow v6 = bridged("br-b");
    v6.family = FirewallFamily::ip6;
    EXPECT_EQ(outcome(loaded(docker_chains + docker_user), v6), FlowOutcome::accept) << "icc=false of 20.10 is IPv4 only";
    EXPECT_EQ(outcome(read({.nft6 = filter("", "DROP")}), v6), FlowOutcome::drop);
}

TEST(WalkForward, bridged_frames_pass_by_the_rules_without_br_netfilter) {
    Flow flow = bridged("br-b");
    flow.br_netfilter = false;
    EXPECT_EQ(outcome(loaded(docker_chains + docker_user), flow), FlowOutcome::accept);
}

TEST(WalkForward, what_could_not_be_read_is_unknown_unless_something_else_drops) {
    world::FakeReader reader;
    reader.set("program:iptables-nft-save -c@netns:7", filter("[0:0] -A FORWARD -i br-b -j DROP\n", "ACCEPT"));
    reader.set("program:iptables-legacy-save -c@netns:7", "");
    reader.set_outcome("program:nft -j list ruleset@netns:7", world::Outcome::denied, "not root");
    world::World world(reader);
    const Firewall firewall = read_firewall(world, 7);
    const Verdict verdict = walk_forward(firewall, bridged("br-a"));
    EXPECT_EQ(verdict.outcome, FlowOutcome::unknown);
    EXPECT_THAT(verdict.reason, HasSubstr("nft -j list ruleset"));
    EXPECT_EQ(outcome(firewall, bridged("br-b")), FlowOutcome::drop);
}

TEST(WalkForward, ufw_style_rules_decide_by_their_forward_chains) {
    const std::string ufw =
        "*filter\n:FORWARD DROP [0:0]\n:ufw-before-forward - [0:0]\n:ufw-user-forward - [0:0]\n:ufw-skip-to-policy-forward - [0:0]\n:ufw-track-forward - "
        "[0:0]\n"
        "[0:0] -A FORWARD -j ufw-before-forward\n[0:0] -A FORWARD -j ufw-track-forward\n"
        "[0:0] -A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
        "[0:0] -A ufw-before-forward -p icmp -m icmp --icmp-type 8 -j ACCEPT\n[0:0] -A ufw-before-forward -j ufw-user-forward\n"
        "[0:0] -A ufw-user-forward -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -m comment --comment \"\\'dapp_web\\'\" -j ACCEPT\n"
        "[0:0] -A ufw-track-forward -p tcp -m conntrack --ctstate NEW -m limit --limit 3/min -j LOG --log-prefix \"[UFW ALLOW] \"\nCOMMIT\n";
    Flow flow = tcp(routed("eth0", "docker0"), 80);
    flow.destination = {prefix("172.17.0.2")};
    EXPECT_EQ(outcome(read({.nft = ufw}), flow), FlowOutcome::accept);
    EXPECT_EQ(outcome(read({.nft = ufw}), tcp(flow, 22)), FlowOutcome::drop);
}

TEST(WalkForward, docker_of_the_leaky_lab_as_loaded) {
    const Firewall firewall = read({.nft = fixture("leaky.iptables.txt"), .json = fixture("leaky.nft.json")});
    for (const auto& reading : firewall.readings) EXPECT_FALSE(reading.unreadable()) << reading.locator << reading.reason;
    EXPECT_EQ(outcome(firewall, bridged("docker0")), FlowOutcome::accept);
    EXPECT_EQ(outcome(firewall, bridged("br-guests")), FlowOutcome::drop);
    EXPECT_EQ(outcome(firewall, bridged("br-app")), FlowOutcome::accept);
    EXPECT_EQ(outcome(firewall, routed("br-app", "br-data")), FlowOutcome::drop);
    EXPECT_EQ(outcome(firewall, routed("br-vault", "eth0")), FlowOutcome::unknown) << "internal: drops unless it is for its own subnet";
    Flow out = routed("br-vault", "eth0");
    out.destination = {prefix("192.0.2.1")};
    EXPECT_EQ(outcome(firewall, out), FlowOutcome::drop);
    Flow inside = bridged("br-vault");
    inside.source = inside.destination = {prefix("172.30.3.0/24")};
    EXPECT_EQ(outcome(firewall, inside), FlowOutcome::accept);
}

TEST(WalkForward, docker_of_the_hardened_lab_as_loaded) {
    const Firewall firewall = read({.nft = fixture("hardened.iptables.txt"), .json = fixture("hardened.nft.json")});
    for (const auto& reading : firewall.readings) EXPECT_FALSE(reading.unreadable()) << reading.locator << reading.reason;
    EXPECT_EQ(outcome(firewall, bridged("docker0")), FlowOutcome::drop);
    EXPECT_EQ(outcome(firewall, routed("br-edge", "docker0")), FlowOutcome::drop);
}

const std::string native_frame = R"({"table":{"family":"inet","name":"t"}},{"chain":{"family":"inet","table":"t","name":"other"}},)"
                                 R"({"chain":{"family":"inet","table":"t","name":"f","type":"filter","hook":"forward","prio":10,"policy":"accept"}})";
Firewall native(const std::string& expressions, const std::string& saved = "") {
    return read(
        {.nft = saved, .json = "{\"nftables\":[" + native_frame + R"(,{"rule":{"family":"inet","table":"t","chain":"f","expr":[)" + expressions + "]}}]}"});
}
std::string equals(const std::string& left, const std::string& right, const std::string& op = "==") {
    return R"({"match":{"op":")" + op + R"(","left":)" + left + R"(,"right":)" + right + "}},";
}

TEST(WalkForward, native_nft_rules_drop_after_iptables_accepted) {
    const std::string iif = R"({"meta":{"key":"iifname"}})";
    EXPECT_EQ(outcome(native(equals(iif, R"("br-*")") + R"({"drop":null})"), bridged("br-a")), FlowOutcome::drop);
    EXPECT_EQ(outcome(native(equals(iif, R"({"set":["x","br-a"]})", "!=") + R"({"reject":null})"), bridged("br-a")), FlowOutcome::accept);
    EXPECT_EQ(outcome(native(equals(R"({"payload":{"protocol":"ip6","field":"saddr"}})", R"("fe80::1")", "!=") + R"({"drop":null})"), bridged("br-a")),
              FlowOutcome::accept);
    EXPECT_EQ(outcome(native(equals(R"({"payload":{"protocol":"tcp","field":"dport"}})", R"({"set":[22,{"range":[80,90]}]})") + R"({"drop":null})"),
                      tcp(bridged("b"), 81)),
              FlowOutcome::drop);
    EXPECT_EQ(outcome(native(equals(R"({"ct":{"key":"state"}})", R"(["established","related"])", "in") + R"({"drop":null})"), bridged("b")),
              FlowOutcome::accept);
    EXPECT_EQ(outcome(native(equals(R"({"meta":{"key":"skuid"}})", "0") + R"({"drop":null})"), bridged("b")), FlowOutcome::unknown);
    EXPECT_EQ(outcome(native(equals(iif, R"("@names")") + R"({"drop":null})"), bridged("b")), FlowOutcome::unknown);
}

TEST(WalkForward, verdict_maps_take_the_branch_of_the_packet) {
    const std::string map = R"({"vmap":{"key":{"ct":{"key":"state"}},"data":{"set":[["established",{"accept":null}],["new",{"drop":null}]]}}})";
    EXPECT_EQ(outcome(native(map), bridged("b")), FlowOutcome::drop);
    const std::string by_port = R"({"vmap":{"key":{"payload":{"protocol":"tcp","field":"dport"}},"data":{"set":[[22,{"accept":null}],[80,{"drop":null}]]}}})";
    EXPECT_EQ(outcome(native(by_port), tcp(bridged("b"), 22)), FlowOutcome::accept);
    EXPECT_EQ(outcome(native(by_port), tcp(bridged("b"), 80)), FlowOutcome::drop);
    EXPECT_EQ(outcome(native(by_port), bridged("b")), FlowOutcome::unknown);
}

TEST(WalkForward, what_iptables_save_cannot_show_is_taken_from_nft) {
    const std::string saved = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n[0:0] -A FORWARD -j DROP\nCOMMIT\n";  // really: ip saddr { 192.0.2.1 } drop
    const std::string head =
        R"({"nftables":[{"table":{"family":"ip","name":"filter"}},{"chain":{"family":"ip","table":"filter","name":"FORWARD","type":"filter","hook":"forward","prio":0,"policy":"accept"}},)";
    const std::string rule =
        R"({"rule":{"family":"ip","table":"filter","chain":"FORWARD","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"saddr"}},"right":{"set":["192.0.2.1"]}}},{"drop":null}]}})";
    Flow flow = bridged("b");
    flow.source = {prefix("10.0.0.0/8")};
    EXPECT_EQ(outcome(read({.nft = saved, .json = head + rule + "]}"}), flow), FlowOutcome::accept);
    const std::string hidden = R"({"chain":{"family":"ip","table":"filter","name":"MINE","type":"filter","hook":"forward","prio":5,"policy":"drop"}},)";
    EXPECT_EQ(outcome(read({.nft = saved, .json = head + hidden + rule + "]}"}), flow), FlowOutcome::drop);
    EXPECT_EQ(outcome(read({.nft = saved, .json = head + rule + "," + rule + "]}"}), flow), FlowOutcome::drop)
        << "a drop that was read is certain all the same";
}

TEST(WalkForward, rules_that_changed_between_two_readings_are_unknown) {
    const std::string saved = "*filter\n:FORWARD ACCEPT [0:0]\n[0:0] -A FORWARD -j ACCEPT\nCOMMIT\n";
    const Firewall firewall = read({.nft = saved, .json = R"({"nftables":[]})"});
    EXPECT_EQ(outcome(firewall, bridged("b")), FlowOutcome::unknown);
    EXPECT_THAT(walk_forward(firewall, bridged("b")).reason, HasSubstr("changed between"));
}

}  // namespace
}  // namespace bulkhead::host
