// SPDX-License-Identifier: Apache-2.0
// Who had which address, and when. What an owner (a container, a network, the host, a service) holds is put in as it begins and ended
// as it ends; a look-up asks for a moment, so that an address that went to another container never renames what was before.
// Roster (roster.h) makes the holdings out of what engine and host say. Bounded; any thread, guarded by a mutex inside.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ip.h"
#include "flow/identity.h"
#include "packet/packet.h"

namespace bulkhead::agent {

// Where a packet was seen: an interface by its index within a network namespace, which is the inode of /proc/PID/ns/net. 0: not known.
struct Place {
    std::uint64_t netns = 0;
    std::uint32_t interface = 0;
    auto operator<=>(const Place&) const = default;
};

// An address that its owner has. Addresses are unique within one network only.
struct Claim {
    packet::Address address{};  // mapped, as in flow::Key
    std::string network_id;     // empty: of the host itself, or of another node
    flow::IdentityPtr identity;
};

// The outer end of an owner's interface: what comes in there is the owner's, whatever address it claims to be.
struct Attachment {
    Place place;
    std::string network_id;
    flow::IdentityPtr identity;
};

struct Holding {
    std::string owner;  // "container:ID", "network:ID", "host", "node:ID", "service:NAME@NETWORK"
    std::int64_t from_ns = 0;
    std::vector<Claim> addresses;
    std::vector<Attachment> attachments;
};

struct NetworkFacts {
    std::string id;
    std::string name;
    std::string driver;
    std::vector<Prefix> subnets;
    std::vector<std::uint32_t> vnis;  // of an overlay
    std::string bridge;               // its interface on the host, where it has one
    std::optional<bool> encrypted;    // of an overlay: as it is set up, not as it was seen
};

struct IdentityLimits {
    std::int64_t remember_ns = 3'600'000'000'000;  // what ended longer ago than any flow lasts without being told is forgotten
    std::int64_t grace_ns = 3'000'000'000;         // packets seen this long before or after a holding are still its, if nobody else's
    std::size_t spans_max = 1'000'000;             // beyond, what ended first is forgotten first
    bool timeless = false;                         // look-ups take who has the address now: for captures beside a snapshot of another time
};

class Identities {
  public:
    explicit Identities(IdentityLimits limits = {});

    // The owner holds exactly this from holding.from_ns on. What it held before and holds no more ends then.
    void put(Holding holding);
    void end(const std::string& owner, std::int64_t time_ns);
    // After a full reading: these are all owners there are; the others ended.
    void replace(std::vector<Holding> holdings, std::vector<NetworkFacts> networks, std::int64_t time_ns);
    void put_networks(std::vector<NetworkFacts> networks);

    // Never null. Who had the address then; where several networks use the same address, the one that `place` belongs to. An address
    // of a container network that nobody holds is unknown, with the network's name; all others that nobody holds are external.
    [[nodiscard]] flow::IdentityPtr at(const packet::Address& mapped, std::int64_t time_ns, const Place& place = {}) const;
    // The container whose interface this is the outer end of; null where it is nobody's.
    [[nodiscard]] flow::IdentityPtr behind(const Place& place, std::int64_t time_ns) const;
    // The same with the address as second: what comes out of an interface. Never null.
    [[nodiscard]] flow::IdentityPtr sender(const packet::Address& mapped, std::int64_t time_ns, const Place& place) const;

    [[nodiscard]] std::optional<NetworkFacts> network_of_vni(std::uint32_t vni) const;
    [[nodiscard]] std::optional<NetworkFacts> network_named(const std::string& name) const;
    [[nodiscard]] std::size_t spans() const;
    [[nodiscard]] std::uint64_t forgotten_early() const;  // because of spans_max

  private:
    struct Span {
        std::int64_t from_ns = 0;
        std::int64_t until_ns = 0;  // open_end: not ended
        std::string owner;
        std::string network_id;
        flow::IdentityPtr identity;
    };
    using Spans = std::vector<Span>;
    struct AddressHash {
        std::size_t operator()(const packet::Address& address) const;
    };

    // All REQUIRE: mutex_ is held.
    void put_locked(Holding& holding);
    void end_locked(const std::string& owner, std::int64_t time_ns, const Holding* but);
    void forget_locked(std::int64_t now_ns);
    [[nodiscard]] const Span* choose(const Spans& spans, std::int64_t time_ns, const std::string& network_id) const;
    [[nodiscard]] const NetworkFacts* network_around(const packet::Address& mapped) const;

    const IdentityLimits limits_;
    mutable std::shared_mutex mutex_;  // guards all below
    std::unordered_map<packet::Address, Spans, AddressHash> by_address_;
    std::map<Place, Spans> by_place_;
    std::unordered_map<std::string, Holding> current_;  // by owner
    std::vector<NetworkFacts> networks_;
    std::size_t spans_ = 0;
    std::uint64_t forgotten_early_ = 0;
    std::int64_t forgot_at_ns_ = 0;
};

packet::Address mapped_address(const IpAddress& address);

}  // namespace bulkhead::agent
