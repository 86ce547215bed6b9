// SPDX-License-Identifier: Apache-2.0
#include "host/firewall_walk.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "host/firewall_match.h"

namespace bulkhead::host {

namespace {

constexpr int depth_max = 64;  // of jumps; the kernel stops at 16 (NFT_JUMP_STACK_SIZE in net/netfilter/nf_tables.h)
constexpr std::size_t trace_steps_max = 1'000;

// How a packet may end in a chain. Each end that is possible names what brings it about; `open` is the first rule whose conditions
// the flow leaves open and that matters.
struct Ends {
    Decider accept;
    Decider drop;
    Decider open;
    bool falls_through = false;  // may come out at the chain's end
    [[nodiscard]] bool decides() const { return accept || drop; }
};

void note(Decider& slot, const Decider& decider) {
    if (!slot) slot = decider;
}

bool may_untrack(const FirewallRule& rule) {
    if (rule.target == "NOTRACK" || rule.target == "notrack") return true;
    return rule.target == "CT" && std::ranges::find(rule.target_args, "--notrack") != rule.target_args.end();
}

class TableWalk {
  public:
    TableWalk(const FirewallTable& table, Packet& packet, std::vector<TraceStep>& trace) : table_(table), packet_(packet), trace_(trace) {}

    Ends base(const FirewallChain& chain) {
        Ends ends = walk(chain, 0);
        if (ends.falls_through) note(chain.policy == "DROP" ? ends.drop : ends.accept, {&chain, nullptr});
        return ends;
    }

  private:
    enum class Then : std::uint8_t { next_rule, done };

    Ends walk(const FirewallChain& chain, int depth) {
        if (const auto known = walked_.find(&chain); known != walked_.end()) return known->second;
        Ends ends;
        Then then = Then::next_rule;
        for (std::size_t i = 0; i < chain.rules.size() && then == Then::next_rule; ++i) {
            const FirewallRule& rule = chain.rules[i];
            const Met all = conditions(rule);
            if (all == Met::no) continue;
            then = rule.branches.empty() ? apply(chain, rule, rule, all, depth, ends) : apply_map(chain, rule, all, depth, ends);
        }
        if (then == Then::next_rule) ends.falls_through = true;
        walked_.emplace(&chain, ends);
        return ends;
    }

    Met conditions(const FirewallRule& rule) const {
        Met all = Met::yes;
        for (const auto& match : rule.matches) {
            all = both(all, met(match, packet_));
            if (all == Met::no) break;
        }
        return all;
    }

    // At most one branch applies: the first whose key is certainly the packet's, or any of those before it that may be.
    Then apply_map(const FirewallChain& chain, const FirewallRule& rule, Met all, int depth, Ends& ends) {
        for (const auto& branch : rule.branches) {
            const Met key = both(all, conditions(branch));
            if (key == Met::no) continue;
            if (apply(chain, rule, branch, key, depth, ends) == Then::done) return Then::done;
            if (key == Met::yes) return Then::next_rule;
        }
        return Then::next_rule;
    }

    // `what` holds the verdict: the rule itself or one branch of its map.
    Then apply(const FirewallChain& chain, const FirewallRule& rule, const FirewallRule& what, Met met_all, int depth, Ends& ends) {
        const bool certain = met_all == Met::yes;
        const Decider here{&chain, &rule};
        if (trace_.size() < trace_steps_max) trace_.push_back({here, certain});
        if (may_untrack(what)) packet_.tracked = false;
        switch (what.end) {
            case FirewallEnd::next: return Then::next_rule;
            case FirewallEnd::accept: note(ends.accept, here); break;
            case FirewallEnd::drop: note(ends.drop, here); break;
            case FirewallEnd::give_up: ends.falls_through = true; break;
            case FirewallEnd::jump: return call(what, here, certain, depth, ends);
            case FirewallEnd::go_to: return call(what, here, certain, depth, ends);
            case FirewallEnd::unclear: return undecided(here, ends);
        }
        if (certain) return Then::done;
        note(ends.open, here);
        return Then::next_rule;
    }

    Then call(const FirewallRule& rule, const Decider& here, bool certain, int depth, Ends& ends) {
        const FirewallChain* target = table_.find(rule.target);
        if (target == nullptr || depth >= depth_max || std::ranges::find(stack_, target) != stack_.end()) return undecided(here, ends);
        stack_.push_back(target);
        const Ends inner = walk(*target, depth + 1);
        stack_.pop_back();
        if (!certain && (inner.decides() || rule.end == FirewallEnd::go_to)) note(ends.open, here);
        if (inner.accept) note(ends.accept, inner.accept);
        if (inner.drop) note(ends.drop, inner.drop);
        if (inner.open && inner.decides()) note(ends.open, inner.open);
        if (rule.end == FirewallEnd::go_to && inner.falls_through) ends.falls_through = true;
        const bool comes_back = rule.end == FirewallEnd::jump && inner.falls_through;
        return certain && !comes_back ? Then::done : Then::next_rule;
    }

    // Anything may happen to the packet here, going on to the next rule included.
    static Then undecided(const Decider& here, Ends& ends) {
        note(ends.accept, here);
        note(ends.drop, here);
        note(ends.open, here);
        return Then::next_rule;
    }

    const FirewallTable& table_;
    Packet& packet_;
    std::vector<TraceStep>& trace_;
    std::vector<const FirewallChain*> stack_;
    std::unordered_map<const FirewallChain*, Ends> walked_;
};

struct Base {
    const FirewallTable* table = nullptr;
    const FirewallChain* chain = nullptr;
    std::size_t hook = 0;
    std::size_t order = 0;
};

constexpr std::array hooks = {std::string_view("ingress"), std::string_view("prerouting"), std::string_view("forward"), std::string_view("postrouting"),
                              std::string_view("egress")};

// Which families' chains a packet of this flow meets. Bridged frames always meet those of the bridge family.
bool concerns(FirewallFamily family, const Flow& flow) {
    if (family == FirewallFamily::netdev) return true;
    if (family == FirewallFamily::bridge) return flow.bridged;
    if (family == FirewallFamily::arp || (flow.bridged && !flow.br_netfilter)) return false;
    return family == FirewallFamily::inet || family == flow.family;
}

std::vector<Base> base_chains(const Firewall& firewall, const Flow& flow) {
    std::vector<Base> bases;
    for (const auto& table : firewall.tables) {
        if (!concerns(table.family, flow)) continue;
        for (const auto& chain : table.chains) {
            const auto hook = std::ranges::find(hooks, chain.hook);
            if (chain.hook.empty() || hook == hooks.end()) continue;
            bases.push_back({&table, &chain, static_cast<std::size_t>(hook - hooks.begin()), bases.size()});
        }
    }
    // Of one priority, the order of the listing.
    std::ranges::sort(bases, {}, [](const Base& base) { return std::tuple(base.hook, base.chain->priority.value_or(0), base.order); });
    return bases;
}

std::string described(const Decider& decider) {
    const FirewallChain& chain = *decider.chain;
    const std::string where = std::string(name(chain.family)) + " " + chain.table + " " + chain.name;
    if (decider.rule == nullptr) return "policy " + chain.policy + " of " + where;
    return "rule " + std::to_string(decider.rule->position) + " of " + where + " (" + decider.rule->text.substr(0, 400) + ")";
}

const FirewallReading* unread(const Firewall& firewall, const Flow& flow) {
    for (const auto& reading : firewall.readings) {
        const bool matters = flow.family == FirewallFamily::ip6 ? reading.ip6 : reading.ip;
        if (matters && reading.unreadable()) return &reading;
    }
    return nullptr;
}

// The accept worth naming: of the forward hook rather than another, and there a rule rather than a policy.
int weight(const FirewallChain& base, const Decider& accept) { return (base.hook == "forward" ? 2 : 0) + (accept.rule != nullptr ? 1 : 0); }

Verdict accepted(const Firewall& firewall, const Flow& flow, const Decider& accept) {
    if (const FirewallReading* missing = unread(firewall, flow)) {
        return {FlowOutcome::unknown, accept, "accepted by what could be read, but " + missing->locator + " could not be: " + missing->reason, {}};
    }
    const bool any_present = std::ranges::any_of(firewall.readings, [&](const FirewallReading& reading) {
        return reading.outcome == world::Outcome::present && (flow.family == FirewallFamily::ip6 ? reading.ip6 : reading.ip);
    });
    if (!any_present) return {FlowOutcome::unknown, {}, "no program that lists firewall rules is installed", {}};
    return {FlowOutcome::accept, accept, accept ? "accepted by " + described(accept) : "no rule and no policy stands in the way", {}};
}

}  // namespace

std::string_view name(FlowOutcome outcome) {
    switch (outcome) {
        case FlowOutcome::accept: return "accept";
        case FlowOutcome::drop: return "drop";
        case FlowOutcome::unknown: return "unknown";
    }
    return "unknown";
}

Verdict walk_forward(const Firewall& firewall, const Flow& flow) {
    Verdict verdict;
    std::vector<TraceStep> trace;
    Decider accept;
    Ends doubt;  // of the first chain that may do either
    int heaviest = -1;
    bool tracked = true;
    for (const auto& base : base_chains(firewall, flow)) {
        Packet packet{flow, base.chain->hook, base.table->family, tracked};
        Ends ends = TableWalk(*base.table, packet, trace).base(*base.chain);
        tracked = packet.tracked;
        const bool other_device = base.table->family == FirewallFamily::netdev;  // its chain belongs to one device: perhaps not this packet's
        if (other_device && ends.drop) note(ends.accept, {base.chain, nullptr});
        if (ends.drop && !ends.accept) return {FlowOutcome::drop, ends.drop, "dropped by " + described(ends.drop), std::move(trace)};
        if (ends.drop && !doubt.drop) doubt = ends;
        if (const int weighs = weight(*base.chain, ends.accept); weighs >= heaviest) {
            accept = ends.accept;
            heaviest = weighs;
        }
    }
    if (doubt.drop) {
        const Decider& open = doubt.open ? doubt.open : doubt.drop;
        verdict = {FlowOutcome::unknown,
                   open,
                   "left open by " + described(open) + "; dropped by " + described(doubt.drop) + " or accepted by " + described(doubt.accept),
                   {}};
    } else {
        verdict = accepted(firewall, flow, accept);
    }
    verdict.trace = std::move(trace);
    return verdict;
}

}  // namespace bulkhead::host
