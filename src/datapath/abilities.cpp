// SPDX-License-Identifier: Apache-2.0
#include "datapath/abilities.h"

#include <fmt/format.h>

#include <optional>

#include "base/text.h"

namespace bulkhead::datapath {

namespace {

constexpr const char* jit = "/proc/sys/net/core/bpf_jit_enable";
constexpr const char* btf = "/sys/kernel/btf";
constexpr const char* tracefs = "/sys/kernel/tracing/events";
constexpr const char* conntrack = "/proc/sys/net/netfilter/nf_conntrack_count";
constexpr const char* conntrack_accounts = "/proc/sys/net/netfilter/nf_conntrack_acct";
constexpr const char* bridge_calls = "/proc/sys/net/bridge/bridge-nf-call-iptables";
constexpr const char* xfrm = "/proc/net/xfrm_stat";
constexpr const char* ipvs = "/proc/net/ip_vs";

// Of the kernel's configuration: y, m, or nothing where it says that it is not set.
struct Option {
    Able able = Able::unknown;
    std::string found;
};

Option option_of(const AbilityEvidence& evidence, std::string_view symbol) {
    if (!evidence.config) return {Able::unknown, fmt::format("the kernel's configuration cannot be read: {}", evidence.config.error().message)};
    for (const std::string_view line : text::lines(*evidence.config)) {
        if (!line.starts_with(symbol) || line.size() <= symbol.size() || line[symbol.size()] != '=') continue;
        const std::string_view value = line.substr(symbol.size() + 1);
        if (value == "y") return {Able::yes, fmt::format("{}=y", symbol)};
        if (value == "m") return {Able::yes, fmt::format("{}=m, a module", symbol)};
        return {Able::unknown, fmt::format("{}={}", symbol, text::printable(value))};
    }
    // A symbol that older or newer kernels do not know is not set either; a text without any symbol is no configuration.
    if (evidence.config->find("CONFIG_NET=y") == std::string::npos) return {Able::unknown, "what should be the kernel's configuration is none"};
    return {Able::no, fmt::format("{} is not set", symbol)};
}

Ability by_option(const AbilityEvidence& evidence, std::string_view name, std::vector<std::string_view> symbols, std::string_view without) {
    Ability out{.name = name, .able = Able::yes, .found = {}, .without = without, .needed = false};
    for (const std::string_view symbol : symbols) {
        const Option option = option_of(evidence, symbol);
        if (!out.found.empty()) out.found += ", ";
        out.found += option.found;
        if (option.able == Able::no) out.able = Able::no;
        if (option.able == Able::unknown && out.able != Able::no) out.able = Able::unknown;
    }
    return out;
}

Option presence_of(const AbilityEvidence& evidence, const std::string& path) {
    const auto found = evidence.files.find(path);
    if (found == evidence.files.end()) return {Able::unknown, path + " was not looked at"};
    if (found->second) return {Able::yes, path};
    if (found->second.error().code == Code::not_found) return {Able::no, path + " is not there"};
    return {Able::unknown, found->second.error().message};
}

Ability by_presence(const AbilityEvidence& evidence, std::string_view name, const std::string& path, std::string_view without) {
    const Option option = presence_of(evidence, path);
    return {.name = name, .able = option.able, .found = option.found, .without = without, .needed = false};
}

// A switch of /proc/sys: 0 is off, anything else on.
Ability by_switch(const AbilityEvidence& evidence, std::string_view name, const std::string& path, std::string_view without) {
    Ability out = by_presence(evidence, name, path, without);
    if (out.able != Able::yes) return out;
    const std::string_view value = text::trim(*evidence.files.at(path));
    out.found = fmt::format("{} is {}", path, text::printable(value));
    if (value == "0") out.able = Able::off;
    if (!text::to_integer(value)) out.able = Able::unknown;
    return out;
}

Ability by_trial(const Result<void>& trial, std::string_view name, std::string_view done, std::string_view without) {
    Ability out{.name = name, .able = Able::yes, .found = std::string(done), .without = without, .needed = true};
    if (trial) return out;
    // Who may not ask learns nothing of the kernel.
    out.able = trial.error().code == Code::unsupported ? Able::no : Able::unknown;
    out.found = trial.error().message;
    return out;
}

}  // namespace

std::string_view name(Able able) {
    switch (able) {
        case Able::yes: return "ok";
        case Able::off: return "off";
        case Able::no: return "missing";
        case Able::unknown: return "unknown";
    }
    return "unknown";
}

const std::vector<std::string>& ability_files() {
    static const std::vector<std::string> all{jit, btf, tracefs, conntrack, conntrack_accounts, bridge_calls, xfrm, ipvs};
    return all;
}

std::vector<Ability> judge_abilities(const AbilityEvidence& evidence) {
    std::vector<Ability> out;
    out.push_back(by_trial(evidence.programs, "bpf_programs", "our programs are taken, with their tables and their ring",
                           "no flow is seen as it happens; capture files can still be read (observe --pcap)"));
    out.push_back(by_trial(evidence.attached, "tc_clsact", "our programs were attached to a veth, and detached",
                           "no flow is seen as it happens; capture files can still be read (observe --pcap)"));
    out.push_back(by_switch(evidence, "bpf_jit", jit, "each packet costs several times as much"));
    Ability traced =
        by_trial(evidence.raw_tracepoints, "raw_tracepoints", "programs for tracepoints are taken", "processes that connect and end at once stay unnamed");
    traced.needed = false;
    out.push_back(traced);
    out.push_back(by_presence(evidence, "btf", btf, "programs that follow the kernel's own types cannot be used; processes of short connections stay unnamed"));
    out.push_back(by_presence(evidence, "tracefs", tracefs, "tracepoints by name cannot be used; raw ones, where there are any, take their place"));
    out.push_back(by_presence(evidence, "conntrack", conntrack,
                              "translations are not followed: behind a published port or masquerading, one of the two ends is the host"));
    out.push_back(by_switch(evidence, "conntrack_accounting", conntrack_accounts,
                            "the kernel's own counts of translated connections are no second witness; flows are counted all the same"));
    out.push_back(by_switch(evidence, "bridge_netfilter", bridge_calls,
                            "rules of iptables do not see traffic within one bridge, so icc=false and the like have no effect there"));
    out.push_back(by_option(evidence, "vxlan", {"CONFIG_VXLAN"}, "overlay networks do not work on this host, so there is nothing of them to be seen"));
    out.push_back(by_option(evidence, "macvlan", {"CONFIG_MACVLAN"}, "macvlan networks do not work on this host"));
    out.push_back(by_option(evidence, "ipvlan", {"CONFIG_IPVLAN"}, "ipvlan networks do not work on this host"));
    out.push_back(by_presence(evidence, "xfrm", xfrm, "encrypted overlay networks do not work on this host"));
    out.push_back(by_option(evidence, "esp", {"CONFIG_INET_ESP", "CONFIG_CRYPTO_GCM"},
                            "encrypted overlay networks carry nothing: the engine sets them up, and the kernel refuses the keys"));
    Ability balanced = by_option(evidence, "ipvs", {"CONFIG_IP_VS"}, "virtual addresses and the ingress of Swarm services answer nobody");
    if (presence_of(evidence, ipvs).able == Able::yes) balanced = by_presence(evidence, "ipvs", ipvs, balanced.without);
    out.push_back(balanced);
    return out;
}

}  // namespace bulkhead::datapath
