// SPDX-License-Identifier: Apache-2.0
// IPsec states and policies of a network namespace from XFRM dumps (linux/xfrm.h, ip-xfrm(8)). Keys are not read: world/ has
// zeroed them. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::host {

struct XfrmSelector {
    std::string source, destination;            // prefixes; "0.0.0.0/0" for any, empty where the selector is of no family
    std::string protocol;                       // udp, tcp, a number; empty: any
    int source_port = 0, destination_port = 0;  // 0: any
};

struct XfrmAlgorithm {
    std::string use;   // encryption, authentication, aead, compression
    std::string name;  // "rfc4106(gcm(aes))"
    std::int64_t key_bits = 0;
    std::int64_t icv_bits = 0;  // of aead and truncated authentication
};

struct XfrmState {
    std::string source, destination;
    std::int64_t spi = 0;
    std::string protocol;  // esp, ah, comp
    std::string mode;      // transport, tunnel, beet, ...
    std::int64_t reqid = 0;
    std::optional<std::int64_t> mark;
    XfrmSelector selector;
    std::vector<XfrmAlgorithm> algorithms;
    bool extended_sequence = false;
    std::optional<std::int64_t> sequence_out, sequence_in;  // of 2^32 (2^64 extended) that a key may be used for
    std::int64_t bytes = 0, packets = 0;
    std::int64_t added_at_s = 0, used_at_s = 0;  // Unix seconds; 0: never used
};

struct XfrmTemplate {
    std::string source, destination;
    std::int64_t spi = 0;
    std::string protocol, mode;
    std::int64_t reqid = 0;
    bool optional = false;  // traffic may pass in the clear where there is no state
};

struct XfrmPolicy {
    XfrmSelector selector;
    std::string direction;  // in, out, fwd
    std::string action;     // allow, block
    std::int64_t priority = 0;
    std::optional<std::int64_t> mark;
    std::vector<XfrmTemplate> templates;
};

Result<std::vector<XfrmState>> parse_xfrm_states(std::string_view dump);
Result<std::vector<XfrmPolicy>> parse_xfrm_policies(std::string_view dump);

}  // namespace bulkhead::host
