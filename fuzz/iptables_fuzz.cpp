// SPDX-License-Identifier: Apache-2.0
// The output of iptables-save -c. First byte: 4 or 6, the family.
#include "fuzz/firewall_input.h"
#include "fuzz/input.h"
#include "host/firewall_parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead;
    const auto [which, bytes] = fuzz::choice_of(data, size);
    const auto family = which == '6' ? host::FirewallFamily::ip6 : host::FirewallFamily::ip;
    auto tables = host::parse_iptables_save(bytes, family, host::FirewallVariant::nft, "program:iptables-nft-save -c@netns:1");
    fuzz::check_result(tables);
    if (tables) fuzz::walk(std::move(*tables));
    return 0;
}
