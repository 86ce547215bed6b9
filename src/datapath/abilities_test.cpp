// SPDX-License-Identifier: Apache-2.0
#include "datapath/abilities.h"

#include <gtest/gtest.h>

#include "datapath/testing/small_network.h"

namespace bulkhead::datapath {

AbilityEvidence good_evidence() {
    AbilityEvidence out;
    out.config = "CONFIG_NET=y\nCONFIG_VXLAN=m\nCONFIG_MACVLAN=y\n# CONFIG_IPVLAN is not set\nCONFIG_INET_ESP=y\nCONFIG_CRYPTO_GCM=m\nCONFIG_IP_VS=y\n";
    for (const std::string& path : ability_files()) out.files.emplace(path, "1\n");
    return out;
}

Ability ability(const AbilityEvidence& evidence, std::string_view name) {
    for (const Ability& one : judge_abilities(evidence)) {
        if (one.name == name) return one;
    }
    ADD_FAILURE() << "there is no " << name;
    return {};
}

TEST(Abilities, each_has_words_for_what_is_not_seen_without_it) {
    for (const Ability& one : judge_abilities(good_evidence())) {
        EXPECT_FALSE(one.without.empty()) << one.name;
        EXPECT_FALSE(one.found.empty()) << one.name;
        EXPECT_EQ(one.able, one.name == "ipvlan" ? Able::no : Able::yes) << one.name << ": " << one.found;
    }
}

TEST(Abilities, who_may_not_ask_learns_nothing_of_the_kernel) {
    AbilityEvidence evidence = good_evidence();
    evidence.programs = fail(Code::permission_denied, "refused");
    EXPECT_EQ(ability(evidence, "bpf_programs").able, Able::unknown);
    evidence.programs = fail(Code::unsupported, "no such map");
    EXPECT_EQ(ability(evidence, "bpf_programs").able, Able::no);
    EXPECT_TRUE(ability(evidence, "bpf_programs").needed);
}

TEST(Abilities, a_switch_that_is_off_is_neither_there_nor_missing) {
    AbilityEvidence evidence = good_evidence();
    const std::string path = "/proc/sys/net/netfilter/nf_conntrack_acct";
    evidence.files.at(path) = "0\n";
    EXPECT_EQ(ability(evidence, "conntrack_accounting").able, Able::off);
    evidence.files.at(path) = "what";
    EXPECT_EQ(ability(evidence, "conntrack_accounting").able, Able::unknown);
    evidence.files.at(path) = fail(Code::not_found, "no");
    EXPECT_EQ(ability(evidence, "conntrack_accounting").able, Able::no);
    evidence.files.at(path) = fail(Code::permission_denied, "no");
    EXPECT_EQ(ability(evidence, "conntrack_accounting").able, Able::unknown);
}

TEST(Abilities, a_configuration_that_cannot_be_read_proves_nothing_missing) {
    AbilityEvidence evidence = good_evidence();
    evidence.config = fail(Code::not_found, "neither here nor there");
    EXPECT_EQ(ability(evidence, "vxlan").able, Able::unknown);
    evidence.config = "";
    EXPECT_EQ(ability(evidence, "vxlan").able, Able::unknown);
    evidence.config = "CONFIG_NET=y\nCONFIG_VXLAN_NOT=y\n";
    EXPECT_EQ(ability(evidence, "vxlan").able, Able::no);
    // One of two is not enough, whatever is known of the other.
    evidence.config = "CONFIG_NET=y\nCONFIG_INET_ESP=maybe\n";
    EXPECT_EQ(ability(evidence, "esp").able, Able::no);
}

TEST(Abilities, the_kernel_that_runs_the_other_tests_is_found_able) {
    if (!testing::is_root()) {
        if (testing::must_not_skip()) FAIL() << "needs root";
        GTEST_SKIP() << "needs root";
    }
    const AbilityEvidence evidence = gather_ability_evidence();
    EXPECT_EQ(ability(evidence, "bpf_programs").able, Able::yes) << ability(evidence, "bpf_programs").found;
    EXPECT_EQ(ability(evidence, "tc_clsact").able, Able::yes) << ability(evidence, "tc_clsact").found;
    EXPECT_FALSE(evidence.release.empty());
}

}  // namespace bulkhead::datapath
