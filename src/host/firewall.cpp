// SPDX-License-Identifier: Apache-2.0
#include "host/firewall.h"

#include <array>
#include <iterator>
#include <utility>

#include "host/firewall_parse.h"

namespace bulkhead::host {

namespace {

struct Program {
    std::string_view name;
    FirewallFamily family;
    FirewallVariant variant;
};
// nft's own listing is first: what iptables-nft-save says is compared with it.
constexpr std::array programs = {
    Program{"nft -j list ruleset", FirewallFamily::inet, FirewallVariant::native},
    Program{"iptables-nft-save -c", FirewallFamily::ip, FirewallVariant::nft},
    Program{"ip6tables-nft-save -c", FirewallFamily::ip6, FirewallVariant::nft},
    Program{"iptables-legacy-save -c", FirewallFamily::ip, FirewallVariant::legacy},
    Program{"ip6tables-legacy-save -c", FirewallFamily::ip6, FirewallVariant::legacy},
};

std::vector<FirewallTable> parse(const Program& program, const world::Reading& reading, FirewallReading& out) {
    if (!reading.present()) return {};
    auto tables = program.variant == FirewallVariant::native ? parse_nft_ruleset(reading.bytes, reading.locator)
                                                             : parse_iptables_save(reading.bytes, program.family, program.variant, reading.locator);
    if (tables) return std::move(*tables);
    out.outcome = world::Outcome::failed;
    out.reason = "not understood: " + tables.error().message;
    return {};
}

void move_to(std::vector<FirewallTable>& to, std::vector<FirewallTable>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
}

}  // namespace

Firewall read_firewall(world::World& world, std::int64_t netns_pid) {
    std::vector<world::Request> requests;
    for (const auto& program : programs) requests.push_back(world::program_in(program.name, netns_pid));
    const auto readings = world.read_all(requests);

    Firewall firewall;
    std::vector<FirewallTable> native;
    for (std::size_t i = 0; i < programs.size(); ++i) {
        const Program& program = programs[i];
        FirewallReading reading{readings[i]->locator, readings[i]->outcome, readings[i]->reason, program.family != FirewallFamily::ip6,
                                program.family != FirewallFamily::ip};
        auto tables = parse(program, *readings[i], reading);
        if (program.variant == FirewallVariant::native) {
            native = std::move(tables);
        } else {
            const bool compare = program.variant == FirewallVariant::nft && firewall.readings[0].outcome == world::Outcome::present;
            if (compare && !merge_nft_tables(tables, native)) {
                reading.outcome = world::Outcome::failed;
                reading.reason = "other rules than nft lists: they changed between the two readings";
            }
            move_to(firewall.tables, tables);
        }
        firewall.readings.push_back(std::move(reading));
    }
    move_to(firewall.tables, native);
    return firewall;
}

}  // namespace bulkhead::host
