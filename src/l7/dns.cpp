// SPDX-License-Identifier: Apache-2.0
// DNS over UDP and TCP: questions and their answers, put together by their numbers.
#include <algorithm>
#include <array>
#include <vector>

#include "l7/dns_message.h"
#include "l7/protocols.h"

namespace bulkhead::l7 {

namespace {

constexpr std::size_t pending_max = 64;           // questions without an answer; beyond, the oldest is given up
constexpr std::size_t stream_bytes_max = 16'384;  // of one message over TCP that is waited for; of a longer one the beginning is read
constexpr std::uint16_t type_axfr = 252;

class Dns final : public Conversation {
  public:
    explicit Dns(bool tcp) : tcp_(tcp) {}

    Progress take(const Piece& piece, flow::L7& l7) override {
        if (!tcp_) {
            take_message(piece.bytes, piece.cut == 0, piece.time_ns, l7);
        } else if (!take_stream(sides_[piece.from_client ? 0 : 1], piece, l7)) {
            return Progress::enough;
        }
        return pending_.empty() ? Progress::idle : Progress::more;
    }

  private:
    struct Pending {
        std::uint16_t id;
        std::uint16_t type;
        std::size_t exchange;  // in L7::dns; its size where it was left out
    };
    struct Side {
        Gathered gathered;
        std::uint64_t skip = 0;  // of a message of which enough was read
    };

    // Messages behind their lengths (RFC 1035, section 4.2.2). False: where the next one begins is not known.
    bool take_stream(Side& side, const Piece& piece, flow::L7& l7) {
        Span bytes = piece.bytes;
        while (!bytes.empty()) {
            if (side.skip > 0) {
                const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(side.skip, bytes.size()));
                side.skip -= skipped;
                bytes = bytes.subspan(skipped);
                continue;
            }
            const std::size_t before = side.gathered.size();
            const Span all = side.gathered.with(bytes, stream_bytes_max);
            const std::size_t length = all.size() >= 2 ? static_cast<std::size_t>(all[0] << 8 | all[1]) + 2 : stream_bytes_max;
            const bool is_last = piece.cut > 0 && before + bytes.size() < length;
            if (all.size() < std::min(length, stream_bytes_max) && !is_last) {
                side.gathered.keep(all);
                return piece.cut == 0;
            }
            if (all.size() > 2) take_message(all.first(std::min(length, all.size())).subspan(2), all.size() >= length, piece.time_ns, l7);
            if (is_last) return false;
            const std::size_t used = std::min(all.size(), length) - before;
            side.skip = length - std::min(all.size(), length);
            side.gathered.clear();
            bytes = bytes.subspan(std::min(used, bytes.size()));
        }
        return piece.cut == 0;
    }

    void take_message(Span bytes, bool whole, std::int64_t time_ns, flow::L7& l7) {
        auto message = parse_dns(bytes, whole);
        if (!message) return;
        if (message->loop_pointer) add_risk(l7, "dns_loop_pointer");
        if (message->malformed) add_risk(l7, "dns_malformed");
        if (message->type == type_axfr) add_risk(l7, "dns_zone_transfer");
        if (message->is_response) {
            take_answer(*message, time_ns, l7);
        } else {
            take_question(*message, time_ns, l7);
        }
    }

    void take_question(DnsMessage& message, std::int64_t time_ns, flow::L7& l7) {
        // Asked again: one question still.
        for (const Pending& one : pending_) {
            if (one.id == message.id && one.exchange < l7.dns.size() && l7.dns[one.exchange].name == message.name && one.type == message.type) return;
        }
        if (pending_.size() >= pending_max) pending_.erase(pending_.begin());
        pending_.push_back({message.id, message.type, add_exchange(message, time_ns, l7)});
    }

    static std::size_t add_exchange(DnsMessage& message, std::int64_t time_ns, flow::L7& l7) {
        if (l7.dns.size() >= flow::l7_exchanges_max) {
            ++l7.exchanges_left_out;
            return SIZE_MAX;
        }
        flow::DnsQuery& query = l7.dns.emplace_back();
        query.time_ns = time_ns;
        query.name = bounded(message.name);
        query.type = message.type;
        return l7.dns.size() - 1;
    }

    void take_answer(DnsMessage& message, std::int64_t time_ns, flow::L7& l7) {
        // An answer must be to what was asked: number, type and name, else anybody's packet would be believed.
        const auto asked = std::ranges::find_if(pending_, [&](const Pending& one) {
            return one.id == message.id && one.type == message.type && (one.exchange >= l7.dns.size() || l7.dns[one.exchange].name == message.name);
        });
        std::size_t exchange;
        if (asked != pending_.end()) {
            exchange = asked->exchange;
            pending_.erase(asked);
            if (exchange < l7.dns.size()) l7.dns[exchange].latency_ns = std::max<std::int64_t>(time_ns - l7.dns[exchange].time_ns, 0);
        } else if (!l7.dns.empty() && l7.dns.back().rcode >= 0 && l7.dns.back().name == message.name && l7.dns.back().type == message.type) {
            return;  // the same answer once more
        } else {
            exchange = add_exchange(message, time_ns, l7);
        }
        if (exchange >= l7.dns.size()) return;
        flow::DnsQuery& query = l7.dns[exchange];
        query.rcode = message.rcode;
        query.answers = std::move(message.answers);
        query.ttl = message.ttl;
    }

    bool tcp_;
    std::vector<Pending> pending_;
    std::array<Side, 2> sides_;
};

}  // namespace

std::unique_ptr<Conversation> open_dns(bool tcp) { return std::make_unique<Dns>(tcp); }

bool is_dns(const Opening& opening) {
    if (!opening.tcp) return parse_dns(opening.bytes, opening.bytes.size() >= opening.wire_bytes).has_value();
    Bytes bytes(opening.bytes);
    const std::uint16_t length = bytes.u16();
    if (!bytes.ok() || length < 17) return false;
    // The first message may be longer than the first packet, but its question is in it.
    return parse_dns(bytes.take_up_to(length), false).has_value();
}

}  // namespace bulkhead::l7
