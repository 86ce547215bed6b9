// SPDX-License-Identifier: Apache-2.0
#include "agent/identities.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <mutex>
#include <set>
#include <tuple>

#include "flow/filter.h"
#include "flow/key.h"

namespace bulkhead::agent {

namespace {

constexpr std::int64_t open_end = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t forget_every_ns = 10'000'000'000;

bool same(const flow::Identity& a, const flow::Identity& b) {
    const auto fields = [](const flow::Identity& one) {
        return std::tie(one.who, one.container_id, one.container, one.image, one.project, one.service, one.task, one.network, one.node, one.labels);
    };
    return fields(a) == fields(b);
}

bool same(const Claim& a, const Claim& b) { return a.address == b.address && a.network_id == b.network_id && same(*a.identity, *b.identity); }
bool same(const Attachment& a, const Attachment& b) { return a.place == b.place && a.network_id == b.network_id && same(*a.identity, *b.identity); }

template <class T>
bool among(const std::vector<T>& list, const T& one) {
    return std::ranges::any_of(list, [&](const T& other) { return same(other, one); });
}

// Where one address is several things at once: the more that is known, the better.
int rank(flow::Who who) {
    switch (who) {
        case flow::Who::container: return 7;
        case flow::Who::service: return 6;
        case flow::Who::peer: return 5;
        case flow::Who::gateway: return 4;
        case flow::Who::host: return 3;
        case flow::Who::node: return 2;
        case flow::Who::external: return 1;
        case flow::Who::unknown: break;
    }
    return 0;
}

// Nobody's own: multicast, broadcast, loopback, link-local, none at all.
bool has_no_owner(const packet::Address& mapped) {
    if (flow::is_mapped(mapped)) {
        const std::uint8_t first = mapped[12];
        return first == 0 || first == 127 || first >= 224 || (first == 169 && mapped[13] == 254);
    }
    constexpr packet::Address none{};
    packet::Address loopback{};
    loopback[15] = 1;
    return mapped == none || mapped == loopback || mapped[0] == 0xff || (mapped[0] == 0xfe && (mapped[1] & 0xc0U) == 0x80);
}

flow::IdentityPtr just(flow::Who who) {
    static const auto external = std::make_shared<const flow::Identity>(flow::Identity{.who = flow::Who::external});
    static const auto unknown = std::make_shared<const flow::Identity>();
    return who == flow::Who::external ? external : unknown;
}

}  // namespace

packet::Address mapped_address(const IpAddress& address) {
    packet::Address out = address.bytes();
    return flow::mapped(out, address.is_v4());
}

std::size_t Identities::AddressHash::operator()(const packet::Address& address) const {
    std::uint64_t high, low;
    std::memcpy(&high, address.data(), 8);
    std::memcpy(&low, address.data() + 8, 8);
    return (high * 0x9e3779b97f4a7c15ULL) ^ (low * 0xd6e8feb86659fd93ULL);
}

Identities::Identities(IdentityLimits limits) : limits_(limits) {}

void Identities::put(Holding holding) {
    const std::unique_lock lock(mutex_);
    const std::int64_t now_ns = holding.from_ns;
    put_locked(holding);
    forget_locked(now_ns);
}

void Identities::put_locked(Holding& holding) {
    end_locked(holding.owner, holding.from_ns, &holding);
    Holding& known = current_[holding.owner];
    const auto open = [&](Spans& spans, const std::string& network_id, const flow::IdentityPtr& identity) {
        spans.push_back({holding.from_ns, open_end, holding.owner, network_id, identity});
        ++spans_;
    };
    for (const Claim& claim : holding.addresses) {
        if (!among(known.addresses, claim)) open(by_address_[claim.address], claim.network_id, claim.identity);
    }
    for (const Attachment& one : holding.attachments) {
        if (!among(known.attachments, one)) open(by_place_[one.place], one.network_id, one.identity);
    }
    known = std::move(holding);
}

void Identities::end(const std::string& owner, std::int64_t time_ns) {
    const std::unique_lock lock(mutex_);
    end_locked(owner, time_ns, nullptr);
    current_.erase(owner);
    forget_locked(time_ns);
}

void Identities::end_locked(const std::string& owner, std::int64_t time_ns, const Holding* but) {
    const auto found = current_.find(owner);
    if (found == current_.end()) return;
    const auto close = [&](Spans& spans, const std::string& network_id, const flow::Identity& identity) {
        for (Span& span : spans) {
            if (span.until_ns == open_end && span.owner == owner && span.network_id == network_id && same(*span.identity, identity)) {
                span.until_ns = std::max(time_ns, span.from_ns);
            }
        }
    };
    for (const Claim& claim : found->second.addresses) {
        if (but == nullptr || !among(but->addresses, claim)) close(by_address_[claim.address], claim.network_id, *claim.identity);
    }
    for (const Attachment& one : found->second.attachments) {
        if (but == nullptr || !among(but->attachments, one)) close(by_place_[one.place], one.network_id, *one.identity);
    }
}

void Identities::replace(std::vector<Holding> holdings, std::vector<NetworkFacts> networks, std::int64_t time_ns) {
    const std::unique_lock lock(mutex_);
    std::set<std::string> owners;
    for (const Holding& holding : holdings) owners.insert(holding.owner);
    std::vector<std::string> gone;
    for (const auto& [owner, holding] : current_) {
        if (!owners.contains(owner)) gone.push_back(owner);
    }
    for (const std::string& owner : gone) {
        end_locked(owner, time_ns, nullptr);
        current_.erase(owner);
    }
    for (Holding& holding : holdings) put_locked(holding);
    networks_ = std::move(networks);
    forget_locked(time_ns);
}

void Identities::put_networks(std::vector<NetworkFacts> networks) {
    const std::unique_lock lock(mutex_);
    networks_ = std::move(networks);
}

void Identities::forget_locked(std::int64_t now_ns) {
    const bool full = spans_ > limits_.spans_max;
    if (!full && now_ns - forgot_at_ns_ < forget_every_ns) return;
    forgot_at_ns_ = now_ns;
    std::int64_t before_ns = now_ns - limits_.remember_ns;
    const auto sweep = [&](auto& map) {
        for (auto it = map.begin(); it != map.end();) {
            spans_ -= std::erase_if(it->second, [&](const Span& span) { return span.until_ns != open_end && span.until_ns < before_ns; });
            it = it->second.empty() ? map.erase(it) : std::next(it);
        }
    };
    sweep(by_address_);
    sweep(by_place_);
    if (spans_ <= limits_.spans_max) return;
    std::vector<std::int64_t> ends;
    const auto gather = [&](const auto& map) {
        for (const auto& [key, spans] : map) {
            for (const Span& span : spans) {
                if (span.until_ns != open_end) ends.push_back(span.until_ns);
            }
        }
    };
    gather(by_address_);
    gather(by_place_);
    if (ends.empty()) return;  // all of them are somebody's now, and the engine bounds those
    // A tenth more than needed, so that not each event sorts.
    const std::size_t many = std::min(ends.size(), spans_ - limits_.spans_max + limits_.spans_max / 10) - 1;
    std::ranges::nth_element(ends, ends.begin() + static_cast<std::ptrdiff_t>(many));
    before_ns = ends[many] + 1;
    const std::size_t had = spans_;
    sweep(by_address_);
    sweep(by_place_);
    forgotten_early_ += had - spans_;
}

const Identities::Span* Identities::choose(const Spans& spans, std::int64_t time_ns, const std::string& network_id) const {
    const Span* best = nullptr;
    std::tuple<bool, int, std::int64_t> best_worth;
    const Span* nearest = nullptr;
    std::int64_t nearest_by = limits_.grace_ns;
    for (const Span& span : spans) {
        const bool held = limits_.timeless ? span.until_ns == open_end : span.from_ns <= time_ns && time_ns < span.until_ns;
        if (held) {
            const std::tuple worth{!network_id.empty() && span.network_id == network_id, rank(span.identity->who), span.from_ns};
            if (best == nullptr || worth > best_worth) best = &span, best_worth = worth;
        } else if (!limits_.timeless) {
            const std::int64_t by = time_ns < span.from_ns ? span.from_ns - time_ns : time_ns - span.until_ns;
            if (by <= nearest_by) nearest = &span, nearest_by = by;
        }
    }
    return best != nullptr ? best : nearest;
}

const NetworkFacts* Identities::network_around(const packet::Address& mapped) const {
    const NetworkFacts* best = nullptr;
    int longest = -1;
    const IpAddress address = flow::address_of(mapped);
    for (const NetworkFacts& network : networks_) {
        for (const Prefix& subnet : network.subnets) {
            if (subnet.length() > longest && subnet.contains(address)) best = &network, longest = subnet.length();
        }
    }
    return best;
}

flow::IdentityPtr Identities::at(const packet::Address& mapped, std::int64_t time_ns, const Place& place) const {
    const std::shared_lock lock(mutex_);
    std::string network_id;
    if (const auto found = by_place_.find(place); place.interface != 0 && found != by_place_.end()) {
        if (const Span* span = choose(found->second, time_ns, {})) network_id = span->network_id;
    }
    if (const auto found = by_address_.find(mapped); found != by_address_.end()) {
        if (const Span* span = choose(found->second, time_ns, network_id)) return span->identity;
    }
    if (has_no_owner(mapped)) return just(flow::Who::unknown);
    if (const NetworkFacts* network = network_around(mapped)) {
        flow::Identity unknown;
        unknown.network = network->name;
        return std::make_shared<const flow::Identity>(std::move(unknown));
    }
    return just(flow::Who::external);
}

flow::IdentityPtr Identities::behind(const Place& place, std::int64_t time_ns) const {
    if (place.interface == 0) return nullptr;
    const std::shared_lock lock(mutex_);
    const auto found = by_place_.find(place);
    if (found == by_place_.end()) return nullptr;
    const Span* span = choose(found->second, time_ns, {});
    return span == nullptr ? nullptr : span->identity;
}

flow::IdentityPtr Identities::sender(const packet::Address& mapped, std::int64_t time_ns, const Place& place) const {
    const auto owner = behind(place, time_ns);
    auto by_address = at(mapped, time_ns, place);
    return owner == nullptr || owner->container_id == by_address->container_id ? by_address : owner;
}

std::optional<NetworkFacts> Identities::network_of_vni(std::uint32_t vni) const {
    const std::shared_lock lock(mutex_);
    for (const NetworkFacts& network : networks_) {
        if (std::ranges::find(network.vnis, vni) != network.vnis.end()) return network;
    }
    return std::nullopt;
}

std::optional<NetworkFacts> Identities::network_named(const std::string& name) const {
    const std::shared_lock lock(mutex_);
    const auto found = std::ranges::find(networks_, name, &NetworkFacts::name);
    return found == networks_.end() ? std::nullopt : std::optional(*found);
}

std::size_t Identities::spans() const {
    const std::shared_lock lock(mutex_);
    return spans_;
}

std::uint64_t Identities::forgotten_early() const {
    const std::shared_lock lock(mutex_);
    return forgotten_early_;
}

}  // namespace bulkhead::agent
