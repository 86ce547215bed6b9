// SPDX-License-Identifier: Apache-2.0
#include "host/xfrm.h"

#include <arpa/inet.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <utility>

#include "base/ip.h"
#include "host/netlink_messages.h"

namespace bulkhead::host {

namespace {

constexpr std::size_t templates_max = 64;  // XFRM_MAX_DEPTH is 6
constexpr std::size_t algorithm_name_bytes = 64;
constexpr std::string_view modes[] = {"transport", "tunnel", "ro", "in_trigger", "beet", "iptfs"};
constexpr std::string_view directions[] = {"in", "out", "fwd"};
constexpr std::pair<int, std::string_view> protocols[] = {
    {IPPROTO_ESP, "esp"}, {IPPROTO_AH, "ah"},     {IPPROTO_COMP, "comp"},     {IPPROTO_UDP, "udp"},
    {IPPROTO_TCP, "tcp"}, {IPPROTO_ICMP, "icmp"}, {IPPROTO_ICMPV6, "icmpv6"},
};

std::string protocol_name(int number) {
    const auto* found = std::ranges::find(protocols, number, &std::pair<int, std::string_view>::first);
    return found == std::end(protocols) ? std::to_string(number) : std::string(found->second);
}

std::string mode_name(std::uint8_t mode) { return mode < std::size(modes) ? std::string(modes[mode]) : std::to_string(mode); }

std::string address_text(int family, const xfrm_address_t& address) {
    const auto value = address_of(family, {reinterpret_cast<const char*>(&address), sizeof address});
    return value ? value->text() : "";
}

std::int64_t clipped(std::uint64_t value) { return static_cast<std::int64_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::int64_t>::max())); }

Result<XfrmSelector> selector_of(const xfrm_selector& from) {
    XfrmSelector selector;
    const auto prefix = [&](const xfrm_address_t& address, int length, std::string& target) {
        const auto value = address_of(from.family, {reinterpret_cast<const char*>(&address), sizeof address});
        if (!value) return true;  // a selector of no family selects everything
        if (length > value->bits()) return false;
        target = Prefix(*value, length).text();
        return true;
    };
    if (!prefix(from.saddr, from.prefixlen_s, selector.source) || !prefix(from.daddr, from.prefixlen_d, selector.destination)) {
        return fail(Code::corrupt, "xfrm dump: a selector with a wrong prefix");
    }
    if (from.proto != 0) selector.protocol = protocol_name(from.proto);
    selector.source_port = from.sport_mask == 0 ? 0 : ntohs(from.sport);
    selector.destination_port = from.dport_mask == 0 ? 0 : ntohs(from.dport);
    return selector;
}

std::optional<std::int64_t> mark_of(const Attributes& attributes) {
    const auto bytes = attributes.bytes(XFRMA_MARK);
    const auto mark = bytes ? header_of<xfrm_mark>(*bytes) : std::nullopt;
    return mark && mark->m != 0 ? std::optional<std::int64_t>(mark->v) : std::nullopt;
}

// Name and lengths stand in front of the key in all three kinds of algorithm.
Result<void> put_algorithm(const Attributes& attributes, std::uint16_t type, std::string_view use, std::vector<XfrmAlgorithm>& out) {
    const auto bytes = attributes.bytes(type);
    if (!bytes) return {};
    const bool has_icv = type == XFRMA_ALG_AEAD || type == XFRMA_ALG_AUTH_TRUNC;
    if (bytes->size() < algorithm_name_bytes + (has_icv ? 8 : 4)) return fail(Code::corrupt, "xfrm dump: an algorithm cut short");
    XfrmAlgorithm algorithm;
    algorithm.use = use;
    algorithm.name = bytes->substr(0, std::min(bytes->find('\0'), algorithm_name_bytes));
    algorithm.key_bits = header_of<std::uint32_t>(bytes->substr(algorithm_name_bytes)).value_or(0);
    if (has_icv) algorithm.icv_bits = header_of<std::uint32_t>(bytes->substr(algorithm_name_bytes + 4)).value_or(0);
    out.push_back(std::move(algorithm));
    return {};
}

Result<void> put_algorithms(const Attributes& attributes, std::vector<XfrmAlgorithm>& out) {
    // The kernel sends authentication twice, the older form without the length it is cut to.
    const std::uint16_t authentication = attributes.bytes(XFRMA_ALG_AUTH_TRUNC) ? XFRMA_ALG_AUTH_TRUNC : XFRMA_ALG_AUTH;
    const std::pair<std::uint16_t, std::string_view> kinds[] = {
        {XFRMA_ALG_AEAD, "aead"},
        {XFRMA_ALG_CRYPT, "encryption"},
        {authentication, "authentication"},
        {XFRMA_ALG_COMP, "compression"},
    };
    for (const auto& [type, use] : kinds) {
        if (const auto put = put_algorithm(attributes, type, use, out); !put) return put;
    }
    return {};
}

void put_sequence(const Attributes& attributes, XfrmState& state) {
    if (const auto bytes = attributes.bytes(XFRMA_REPLAY_ESN_VAL)) {
        // xfrm_replay_state_esn: bmp_len, oseq, seq, oseq_hi, seq_hi, replay_window, then the bitmap.
        if (const auto words = header_of<std::array<std::uint32_t, 6>>(*bytes)) {
            state.sequence_out = clipped((std::uint64_t{words->at(3)} << 32U) | words->at(1));
            state.sequence_in = clipped((std::uint64_t{words->at(4)} << 32U) | words->at(2));
        }
    } else if (const auto old = attributes.bytes(XFRMA_REPLAY_VAL)) {
        if (const auto replay = header_of<xfrm_replay_state>(*old)) {
            state.sequence_out = replay->oseq;
            state.sequence_in = replay->seq;
        }
    }
}

Result<XfrmState> state_of(std::string_view payload) {
    const auto header = header_of<xfrm_usersa_info>(payload);
    if (!header) return fail(Code::corrupt, "xfrm dump: a state cut short");
    const auto attributes = Attributes::parse(payload, sizeof(xfrm_usersa_info));
    if (!attributes) return std::unexpected(attributes.error());
    auto selector = selector_of(header->sel);
    if (!selector) return std::unexpected(selector.error());
    XfrmState state;
    state.source = address_text(header->family, header->saddr);
    state.destination = address_text(header->family, header->id.daddr);
    if (state.source.empty()) return fail(Code::corrupt, "xfrm dump: a state of no family");
    state.spi = ntohl(header->id.spi);
    state.protocol = protocol_name(header->id.proto);
    state.mode = mode_name(header->mode);
    state.reqid = header->reqid;
    state.mark = mark_of(*attributes);
    state.selector = std::move(*selector);
    if (const auto put = put_algorithms(*attributes, state.algorithms); !put) return std::unexpected(put.error());
    state.extended_sequence = (header->flags & XFRM_STATE_ESN) != 0;
    put_sequence(*attributes, state);
    state.bytes = clipped(header->curlft.bytes);
    state.packets = clipped(header->curlft.packets);
    state.added_at_s = clipped(header->curlft.add_time);
    state.used_at_s = clipped(header->curlft.use_time);
    return state;
}

Result<void> put_templates(std::string_view bytes, std::vector<XfrmTemplate>& out) {
    while (!bytes.empty()) {
        const auto from = header_of<xfrm_user_tmpl>(bytes);
        if (!from || out.size() == templates_max) return fail(Code::corrupt, "xfrm dump: wrong templates");
        XfrmTemplate one;
        one.source = address_text(from->family, from->saddr);
        one.destination = address_text(from->family, from->id.daddr);
        one.spi = ntohl(from->id.spi);
        one.protocol = protocol_name(from->id.proto);
        one.mode = mode_name(from->mode);
        one.reqid = from->reqid;
        one.optional = from->optional != 0;
        out.push_back(std::move(one));
        bytes.remove_prefix(sizeof(xfrm_user_tmpl));
    }
    return {};
}

Result<XfrmPolicy> policy_of(std::string_view payload) {
    const auto header = header_of<xfrm_userpolicy_info>(payload);
    if (!header) return fail(Code::corrupt, "xfrm dump: a policy cut short");
    const auto attributes = Attributes::parse(payload, sizeof(xfrm_userpolicy_info));
    if (!attributes) return std::unexpected(attributes.error());
    auto selector = selector_of(header->sel);
    if (!selector) return std::unexpected(selector.error());
    XfrmPolicy policy;
    policy.selector = std::move(*selector);
    policy.direction = header->dir < std::size(directions) ? std::string(directions[header->dir]) : std::to_string(header->dir);
    policy.action = header->action == XFRM_POLICY_BLOCK ? "block" : "allow";
    policy.priority = header->priority;
    policy.mark = mark_of(*attributes);
    if (const auto templates = attributes->bytes(XFRMA_TMPL)) {
        if (const auto put = put_templates(*templates, policy.templates); !put) return std::unexpected(put.error());
    }
    return policy;
}

template <class T>
Result<std::vector<T>> parse_all(std::string_view dump, std::uint16_t type, Result<T> (*parse)(std::string_view)) {
    const auto messages = parse_messages(dump);
    if (!messages) return std::unexpected(messages.error());
    std::vector<T> out;
    for (const Message& message : *messages) {
        if (message.type != type) return fail(Code::corrupt, "xfrm dump: a message of another kind");
        auto one = parse(message.payload);
        if (!one) return std::unexpected(one.error());
        out.push_back(std::move(*one));
    }
    return out;
}

}  // namespace

Result<std::vector<XfrmState>> parse_xfrm_states(std::string_view dump) { return parse_all(dump, XFRM_MSG_NEWSA, state_of); }

Result<std::vector<XfrmPolicy>> parse_xfrm_policies(std::string_view dump) { return parse_all(dump, XFRM_MSG_NEWPOLICY, policy_of); }

}  // namespace bulkhead::host
