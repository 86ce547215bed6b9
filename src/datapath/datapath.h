// SPDX-License-Identifier: Apache-2.0
// Metering in the kernel: TC programs on the host's end of every container's interface count each packet into its flow, and this class
// attaches them, follows interfaces as they come and go, and hands flows over as flow::Record. It never sits in a packet's way.
//
// For each interface and direction, at rest: what the interface counts = before_attachment + during_attachment's part + all its flows +
// unaccounted + frames of no flow. Nothing is lost without a counter.
// Needs root (CAP_BPF, CAP_NET_ADMIN, CAP_SYS_ADMIN for other namespaces). Owned by the datapath thread: all of it, callbacks too.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "flow/flow_source.h"
#include "flow/record.h"

namespace bulkhead::datapath {

struct Options {
    std::uint32_t flows_max = 131'072;    // in the kernel, about 350 bytes each, allocated at once
    std::uint32_t ring_bytes = 4U << 20;  // a power of two, at least a page
    std::uint32_t payload_bytes = 512;    // first bytes of each direction that are handed over; 0: none; at most payload_bytes_max
    std::int64_t tcp_idle_ns = 300'000'000'000;
    std::int64_t other_idle_ns = 60'000'000'000;
    std::int64_t linger_ns = 2'000'000'000;            // what comes late for a connection that is over still belongs to it
    std::int64_t going_on_ns = 1'000'000'000;          // how often a flow that goes on is told, when it has changed
    std::string lock_file = "/run/bulkhead/datapath";  // one datapath a host; empty: no lock, for tests alone
};
inline constexpr std::uint32_t payload_bytes_max = 1024;

struct Counted {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
};

// Seen from the interface, as its own counters are: received is what came in through it. On a host's end of a veth that is what the
// container sent.
struct Both {
    Counted received, sent;
};

enum class InterfaceKind : std::uint8_t { veth, macvlan, ipvlan, other };

struct Interface {
    std::uint16_t id = 0;  // of this run; used again only after the last flow of it was handed over
    std::string name;
    std::uint32_t index = 0;        // in its namespace
    std::string netns;              // path as it was given to watch(); "" is the namespace of this process
    std::uint64_t netns_inode = 0;  // tells namespaces apart whatever their path
    InterfaceKind kind = InterfaceKind::other;
    std::uint32_t peer_index = 0;           // IFLA_LINK: of a veth the other end's index; 0: none
    std::optional<std::int32_t> peer_nsid;  // of the peer's namespace, as this one numbers it; nothing: the same
    std::uint32_t master_index = 0;         // the bridge it is a port of; 0: none
    std::string mac;                        // "02:42:..."
    Both before_attachment;                 // what the interface had counted when the programs were attached
    Both during_attachment;                 // what it counted while they were: metered or not, at most this is missing
    std::int64_t attached_ns = 0;           // wall clock
    std::int64_t attach_took_ns = 0;        // from the kernel's word of the interface, or the wish to watch, to programs in place
    bool gone = false;                      // it is not there any more; its flows are being handed over
};

// One flow of one interface, for whoever keeps something beside it. The serial tells a flow from an earlier one with the same key.
struct FlowRef {
    std::uint16_t interface = 0;
    flow::Key key;
    std::uint64_t serial = 0;
    bool operator==(const FlowRef&) const = default;
};

// The first bytes of a direction, packet by packet.
struct Payload {
    FlowRef flow;
    std::int64_t time_ns = 0;
    bool from_source = true;              // as far as it is known now who is: see flow::Record
    std::span<const std::uint8_t> bytes;  // good during the call
    std::uint32_t wire_bytes = 0;         // what the packet had; more than bytes.size() where it was cut
    bool has_sequence = false;            // TCP
    std::uint32_t sequence = 0;
};

struct Callbacks {
    // record: counts of the whole flow so far, seen from this interface. begun: with the first packet, at once; over: once, with the
    // final counts. A flow whose begin was lost (counted) comes as going_on or over alone.
    std::function<void(const Interface&, const FlowRef&, const flow::Record&, flow::Moment)> flow;
    std::function<void(const Interface&, const Payload&)> payload;
    std::function<void(const Interface&)> attached;                    // may be empty
    std::function<void(const Interface&)> left;                        // after the last flow of one that is gone; may be empty
    std::function<void(std::string_view where, const Error&)> failed;  // not metered: a blind spot; may be empty
};

// Which interfaces of a namespace are metered.
enum class Which : std::uint8_t {
    container_ends,  // veths that are a bridge's port or whose peer lives elsewhere, as they come: the host, overlay namespaces
    children,        // macvlan and ipvlan, within a container's namespace
    everything,      // all but the loopback
};

// Since open. Everything that is not in some flow is in here.
struct DatapathCounts {
    std::uint64_t flows_begun = 0;
    std::uint64_t flows_over = 0;
    std::uint64_t flows_now = 0;                     // as of the last look
    Counted in_flows;                                // of flows that are over
    Counted unaccounted_full;                        // the table was full
    Counted unaccounted_raced;                       // two processors and the drain met over one flow, again and again
    Counted not_ip, truncated, malformed, too_deep;  // frames of no flow, as packet::Outcome names them
    std::uint64_t evicted = 0;                       // flows ended before their time, because the table was nearly full
    std::uint64_t orphan_fragments = 0;              // later fragments whose first was not seen: flows without ports
    std::uint64_t merged = 0;                        // connections that began on a flow that could not be handed over at once, and are counted in it
    std::uint64_t lost_begun = 0, lost_payload = 0, lost_over = 0;  // words that found no place in the ring; what they tell comes later, payload never
    Both before_attachment, during_attachment;
    std::uint64_t attached = 0, attach_failed = 0, adopted = 0, left = 0;  // interfaces; adopted: a dead agent's programs were on it
    std::uint64_t links_missed = 0;  // the kernel's words of interfaces overran the socket; everything was looked at again
    std::uint64_t clock_steps = 0;   // the wall clock was set
    std::uint64_t bad_words = 0;     // of the ring, not understood
};

class Datapath {
  public:
    // Loads the programs. Errors: permission_denied (not root), unavailable (another agent has the lock; the message names it),
    // unsupported (this kernel cannot; the message says what is missing).
    static Result<std::unique_ptr<Datapath>> open(const Options& options, Callbacks callbacks);
    ~Datapath();  // detaches
    Datapath(const Datapath&) = delete;
    Datapath& operator=(const Datapath&) = delete;

    // Meters the interfaces of a namespace that are there, and those that come. netns: "" for our own, "/proc/PID/ns/net",
    // "/run/docker/netns/1-abc". What a crashed agent left on its interfaces is replaced or removed. A namespace watched already, under
    // whatever path, is not an error. Errors: not_found, permission_denied, unavailable.
    Result<void> watch(const std::string& netns, Which which);
    void unwatch(const std::string& netns);  // and detaches there; a namespace that died is unwatched by itself

    // Waits for something to do, at most so long, and does it: new interfaces, words of the ring, the drain. Callbacks come from here.
    Result<void> poll(std::chrono::milliseconds timeout);
    [[nodiscard]] int fd() const;  // readable when poll has something to do at once; the drain wants poll a few times a second besides

    // Detaches, then hands over every flow that is left as over, with End::running. Nothing comes afterwards.
    Result<void> finish();

    [[nodiscard]] std::vector<Interface> interfaces() const;
    [[nodiscard]] DatapathCounts counts() const;
    // Of one interface: all packets that the programs saw, by flows that are over, flows that go on and frames of none. At rest it is the
    // interface's own counter less before_attachment. Walks the table.
    [[nodiscard]] Result<Both> seen_on(std::uint16_t interface) const;

  private:
    struct State;
    explicit Datapath(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// Counters by name, for metrics and tables: "flows_begun", "unaccounted_full_packets", ...
std::vector<std::pair<std::string_view, std::uint64_t>> named(const DatapathCounts& counts);

}  // namespace bulkhead::datapath
