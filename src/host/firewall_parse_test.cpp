// SPDX-License-Identifier: Apache-2.0
#include "host/firewall_parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<std::vector<FirewallTable>> parse(const std::string& rules) {
    return parse_iptables_save("*filter\n:FORWARD DROP [7:420]\n:USER - [0:0]\n" + rules + "COMMIT\n", FirewallFamily::ip, FirewallVariant::nft, "here");
}

const FirewallRule& rule_of(const Result<std::vector<FirewallTable>>& tables, std::size_t at = 0) { return tables->at(0).find("FORWARD")->rules.at(at); }

TEST(IptablesSave, reads_counters_matches_target_and_position) {
    const auto tables = parse(
        "[1:40] -A FORWARD -j USER\n[2:80] -A FORWARD -i docker0 ! -o docker0 -p tcp -m conntrack --ctstate RELATED,ESTABLISHED -j REJECT --reject-with "
        "tcp-reset\n");
    ASSERT_TRUE(tables) << tables.error().message;
    const FirewallRule& rule = rule_of(tables, 1);
    EXPECT_EQ(rule.position, 2);
    EXPECT_EQ(rule.packets, 2);
    EXPECT_EQ(rule.bytes, 80);
    ASSERT_EQ(rule.matches.size(), 4U);
    EXPECT_EQ(rule.matches[1].option, "-o");
    EXPECT_TRUE(rule.matches[1].negated);
    EXPECT_EQ(rule.matches[3].module, "conntrack");
    EXPECT_THAT(rule.matches[3].values, ElementsAre("RELATED,ESTABLISHED"));
    EXPECT_EQ(rule.end, FirewallEnd::drop);
    EXPECT_THAT(rule.target_args, ElementsAre("--reject-with", "tcp-reset"));
    EXPECT_EQ(rule.text.substr(0, 21), "-A FORWARD -i docker0");
    EXPECT_EQ(rule_of(tables, 0).end, FirewallEnd::jump);
}

TEST(IptablesSave, knows_hook_priority_and_policy_of_built_in_chains_only) {
    const auto tables = parse("");
    ASSERT_TRUE(tables);
    const FirewallChain* forward = tables->at(0).find("FORWARD");
    EXPECT_EQ(forward->hook, "forward");
    EXPECT_EQ(forward->priority, 0);
    EXPECT_EQ(forward->policy, "DROP");
    EXPECT_EQ(forward->packets, 7);
    EXPECT_TRUE(tables->at(0).find("USER")->policy.empty());
    EXPECT_TRUE(tables->at(0).find("USER")->hook.empty());
}

TEST(IptablesSave, takes_quotes_escapes_and_line_ends_inside_a_comment_as_iptables_writes_them) {
    const auto tables = parse(
        "[0:0] -A FORWARD -m comment --comment \"a \\\"q\\\" \\\\ x\\'y\" -j ACCEPT\n"
        "[0:0] -A FORWARD -m comment --comment \"a\nCOMMIT\" -j DROP\n"
        "[0:0] -A FORWARD -m comment --comment -j -j ACCEPT\n"
        "[0:0] -A FORWARD -m comment --comment \"\" -j DROP\n");
    ASSERT_TRUE(tables) << tables.error().message;
    EXPECT_THAT(rule_of(tables, 0).matches[0].values, ElementsAre("a \"q\" \\ x'y"));
    EXPECT_THAT(rule_of(tables, 1).matches[0].values, ElementsAre("a\nCOMMIT"));
    EXPECT_THAT(rule_of(tables, 2).matches[0].values, ElementsAre("-j"));
    EXPECT_EQ(rule_of(tables, 2).target, "ACCEPT");
    EXPECT_THAT(rule_of(tables, 3).matches[0].values, ElementsAre(""));
}

TEST(IptablesSave, a_module_named_without_options_is_kept_as_a_condition) {
    const auto tables = parse("[0:0] -A FORWARD -m socket -j DROP\n[0:0] -A FORWARD -m tcp --dport 80 -m socket -m mark --mark 0x1 -j DROP\n");
    ASSERT_TRUE(tables);
    ASSERT_EQ(rule_of(tables, 0).matches.size(), 1U);
    EXPECT_EQ(rule_of(tables, 0).matches[0].module, "socket");
    EXPECT_EQ(rule_of(tables, 1).matches.size(), 3U);
}

TEST(IptablesSave, targets_that_only_log_or_mark_pass_on_and_unknown_ones_are_unclear) {
    const auto tables =
        parse("[0:0] -A FORWARD -j LOG --log-prefix \"x -j DROP\"\n[0:0] -A FORWARD -j NFQUEUE --queue-num 1\n[0:0] -A FORWARD -g USER\n[0:0] -A FORWARD\n");
    ASSERT_TRUE(tables);
    EXPECT_EQ(rule_of(tables, 0).end, FirewallEnd::next);
    EXPECT_EQ(rule_of(tables, 1).end, FirewallEnd::unclear);
    EXPECT_EQ(rule_of(tables, 2).end, FirewallEnd::go_to);
    EXPECT_EQ(rule_of(tables, 3).end, FirewallEnd::next);
}

TEST(IptablesSave, what_is_not_understood_fails_the_whole_reading) {
    for (const std::string rules :
         {"[0:0] -A FORWARD stray -j DROP\n", "[0:0] -A FORWARD -i\n", "[0:0] -I FORWARD -j DROP\n", "[0:0] -A NOWHERE -j DROP\n", "[x:0] -A FORWARD -j DROP\n",
          "[0:0] -A FORWARD -m comment --comment \"open -j DROP\n", ":FORWARD ACCEPT [0:0]\n", "[0:0] -A FORWARD -m conntrack [unsupported revision] -j DROP\n",
          "*nat\n", "hello\n", "[0:0] -A FORWARD -j DROP !\n:X\n"}) {
        const auto tables = parse(rules);
        ASSERT_FALSE(tables) << rules;
        EXPECT_EQ(tables.error().code, Code::corrupt);
    }
}

TEST(IptablesSave, output_cut_short_is_an_error_and_no_output_is_no_table) {
    const auto cut = parse_iptables_save("*filter\n:FORWARD ACCEPT [0:0]\n[0:0] -A FORWARD -j ACCEPT\n", FirewallFamily::ip, FirewallVariant::nft, "");
    ASSERT_FALSE(cut);
    EXPECT_THAT(cut.error().message, HasSubstr("COMMIT"));
    const auto empty = parse_iptables_save("", FirewallFamily::ip, FirewallVariant::nft, "");
    ASSERT_TRUE(empty);
    EXPECT_TRUE(empty->empty());
}

TEST(IptablesSave, bounds_hold) {
    EXPECT_EQ(parse("[0:0] -A FORWARD -m comment --comment " + std::string(firewall_line_bytes_max, 'x') + " -j DROP\n").error().code, Code::limit_exceeded);
    std::string words = "[0:0] -A FORWARD -m x --y";
    for (std::size_t i = 0; i <= firewall_words_max; ++i) words += " 1";
    EXPECT_EQ(parse(words + "\n").error().code, Code::limit_exceeded);
    std::string rules;
    for (std::size_t i = 0; i <= firewall_rules_max; ++i) rules += "-A FORWARD\n";
    EXPECT_EQ(parse(rules).error().code, Code::limit_exceeded);
}

Result<std::vector<FirewallTable>> parse_json(const std::string& objects) { return parse_nft_ruleset("{\"nftables\":[" + objects + "]}", "here"); }

const std::string frame = R"({"table":{"family":"inet","name":"t","handle":1}},)"
                          R"({"chain":{"family":"inet","table":"t","name":"c","handle":1,"type":"filter","hook":"forward","prio":-10,"policy":"drop"}},)";

FirewallRule json_rule(const std::string& expressions) {
    const auto tables = parse_json(frame + R"({"rule":{"family":"inet","table":"t","chain":"c","handle":2,"expr":[)" + expressions + "]}}");
    if (!tables) return {};
    return tables->at(0).chains.at(0).rules.at(0);
}

TEST(NftRuleset, reads_chains_with_hook_priority_and_policy) {
    const auto tables = parse_json(frame + R"({"set":{"family":"inet","name":"s","table":"t"}})");
    ASSERT_TRUE(tables) << tables.error().message;
    const FirewallChain& chain = tables->at(0).chains.at(0);
    EXPECT_EQ(chain.hook, "forward");
    EXPECT_EQ(chain.priority, -10);
    EXPECT_EQ(chain.policy, "DROP");
    EXPECT_EQ(chain.family, FirewallFamily::inet);
}

TEST(NftRuleset, reads_conditions_counters_and_verdict) {
    const FirewallRule rule = json_rule(
        R"({"match":{"op":"!=","left":{"meta":{"key":"iifname"}},"right":"docker0"}},)"
        R"({"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"saddr"}},"right":{"set":["1.2.3.4",{"prefix":{"addr":"10.0.0.0","len":8}}]}}},)"
        R"({"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":{"range":[80,90]}}},{"counter":{"packets":3,"bytes":9}},{"goto":{"target":"x"}})");
    ASSERT_EQ(rule.matches.size(), 3U);
    EXPECT_EQ(rule.matches[0].option, "meta iifname");
    EXPECT_TRUE(rule.matches[0].negated);
    EXPECT_THAT(rule.matches[1].values, ElementsAre("1.2.3.4", "10.0.0.0/8"));
    EXPECT_THAT(rule.matches[2].values, ElementsAre("80-90"));
    EXPECT_EQ(rule.packets, 3);
    EXPECT_EQ(rule.end, FirewallEnd::go_to);
    EXPECT_EQ(rule.target, "x");
}

TEST(NftRuleset, a_statement_that_is_not_known_makes_the_end_unclear) {
    EXPECT_EQ(json_rule(R"({"queue":{"num":1}})").end, FirewallEnd::unclear);
    EXPECT_EQ(json_rule(R"({"vmap":{"key":{"meta":{"key":"iifname"}},"data":"@m"}})").end, FirewallEnd::unclear);
    EXPECT_EQ(json_rule(R"({"xt":{"type":"target","name":"X"}})").end, FirewallEnd::unclear);
    EXPECT_EQ(json_rule(R"({"log":{"prefix":"x"}})").end, FirewallEnd::next);
}

TEST(NftRuleset, a_verdict_map_is_one_rule_with_branches) {
    const FirewallRule rule = json_rule(
        R"({"vmap":{"key":{"ct":{"key":"state"}},"data":{"set":[["established",{"accept":null}],["invalid",{"drop":null}],["new",{"jump":{"target":"x"}}]]}}})");
    ASSERT_EQ(rule.branches.size(), 3U);
    EXPECT_EQ(rule.branches[1].end, FirewallEnd::drop);
    EXPECT_EQ(rule.branches[2].target, "x");
    EXPECT_EQ(rule.branches[2].matches[0].option, "ct state");
}

TEST(NftRuleset, broken_json_and_rules_of_unknown_chains_fail_the_reading) {
    EXPECT_FALSE(parse_nft_ruleset("{\"nftables\":[", ""));
    EXPECT_FALSE(parse_nft_ruleset("{}", ""));
    EXPECT_FALSE(parse_nft_ruleset("", ""));
    EXPECT_FALSE(parse_json(R"({"rule":{"family":"inet","table":"t","chain":"c","expr":[]}})"));
    EXPECT_FALSE(parse_json(R"({"table":{"family":"mars","name":"t"}})"));
    EXPECT_FALSE(parse_json(R"({"metainfo":{"json_schema_version":2}})"));
}

}  // namespace
}  // namespace bulkhead::host
