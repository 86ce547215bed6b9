// SPDX-License-Identifier: Apache-2.0
#include "world/live/packet_tap.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "world/live/errno_result.h"
#include "world/live/netns.h"

namespace bulkhead::world {

namespace {

constexpr std::size_t block_bytes = 512UL << 10U;  // a frame of 64 KiB, which offloading makes, has place in it many times
constexpr unsigned block_wait_ms = 50;             // how late a frame is told of at most
constexpr std::uint16_t ethertype_all = 3;         // ETH_P_ALL
constexpr std::size_t ethernet_addresses = 12;

std::vector<TapInterface> list_interfaces(int socket) {
    std::vector<TapInterface> out;
    const std::unique_ptr<struct if_nameindex, decltype(&if_freenameindex)> all(if_nameindex(), &if_freenameindex);
    for (const struct if_nameindex* each = all.get(); each != nullptr && each->if_index != 0; ++each) {
        ifreq request{};
        std::strncpy(request.ifr_name, each->if_name, IFNAMSIZ - 1);
        TapInterface interface{.index = static_cast<int>(each->if_index), .name = each->if_name};
        if (ioctl(socket, SIOCGIFHWADDR, &request) == 0) interface.type = request.ifr_hwaddr.sa_family;
        interface.loopback = interface.type == ARPHRD_LOOPBACK;
        out.push_back(std::move(interface));
    }
    return out;
}

Result<void> narrow(int socket, const std::vector<std::uint64_t>& filter) {
    if (filter.empty()) return {};
    static_assert(sizeof(sock_filter) == sizeof(std::uint64_t));
    std::vector<sock_filter> instructions(filter.size());
    std::memcpy(instructions.data(), filter.data(), filter.size() * sizeof(sock_filter));
    const sock_fprog program{.len = static_cast<unsigned short>(instructions.size()), .filter = instructions.data()};
    if (setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) return fail_errno(errno, "filter of a packet socket");
    return {};
}

}  // namespace

Result<PacketTap> PacketTap::open(const TapOptions& options) {
    const auto visit = NetnsVisit::enter(options.netns_pid);
    if (!visit) return std::unexpected(visit.error());
    PacketTap tap;
    // Nothing is delivered before the protocol is told, so no frame slips past the filter.
    tap.socket_ = Fd(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (!tap.socket_.valid()) return fail_errno(errno, "packet socket");
    const int fd = tap.socket_.get();
    const int version = TPACKET_V3;
    if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0) return fail_errno(errno, "packet ring");
    if (auto narrowed = narrow(fd, options.filter); !narrowed) return std::unexpected(narrowed.error());
    tap.blocks_ = std::max<std::size_t>(2, options.ring_bytes / block_bytes);
    tpacket_req3 request{};
    request.tp_block_size = block_bytes;
    request.tp_block_nr = static_cast<unsigned>(tap.blocks_);
    request.tp_frame_size = TPACKET_ALIGNMENT << 7U;
    request.tp_frame_nr = static_cast<unsigned>(tap.blocks_ * block_bytes / request.tp_frame_size);
    request.tp_retire_blk_tov = block_wait_ms;
    if (setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) != 0) return fail_errno(errno, "packet ring");
    tap.ring_bytes_ = tap.blocks_ * block_bytes;
    void* ring = mmap(nullptr, tap.ring_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (ring == MAP_FAILED) return fail_errno(errno, "packet ring");
    tap.ring_ = static_cast<std::uint8_t*>(ring);
    tap.snap_length_ = options.snap_length;
    tap.interfaces_ = list_interfaces(fd);
    sockaddr_ll any{};
    any.sll_family = AF_PACKET;
    any.sll_protocol = htons(ethertype_all);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) return fail_errno(errno, "packet socket");
    return tap;
}

PacketTap::PacketTap(PacketTap&& other) noexcept
    : socket_(std::move(other.socket_)),
      ring_(std::exchange(other.ring_, nullptr)),
      ring_bytes_(other.ring_bytes_),
      block_(other.block_),
      blocks_(other.blocks_),
      snap_length_(other.snap_length_),
      counts_(other.counts_),
      interfaces_(std::move(other.interfaces_)),
      retagged_(std::move(other.retagged_)) {}

PacketTap::~PacketTap() {
    if (ring_ != nullptr) munmap(ring_, ring_bytes_);
}

bool PacketTap::take(const std::function<bool(const TapFrame&)>& taken) {
    bool more = true;
    for (std::size_t seen = 0; seen < blocks_ && more; ++seen) {
        auto* block = reinterpret_cast<tpacket_block_desc*>(ring_ + block_ * block_bytes);
        if ((__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) == 0) break;
        const auto* at = reinterpret_cast<const std::uint8_t*>(block) + block->hdr.bh1.offset_to_first_pkt;
        for (std::uint32_t i = 0; i < block->hdr.bh1.num_pkts && more; ++i) {
            const auto* header = reinterpret_cast<const tpacket3_hdr*>(at);
            const auto* from = reinterpret_cast<const sockaddr_ll*>(at + TPACKET_ALIGN(sizeof(tpacket3_hdr)));
            TapFrame frame;
            frame.bytes = {at + header->tp_mac, header->tp_snaplen};
            frame.wire_length = header->tp_len;
            frame.time_ns = static_cast<std::int64_t>(header->tp_sec) * 1'000'000'000 + header->tp_nsec;
            frame.interface = from->sll_ifindex;
            frame.type = from->sll_hatype;
            frame.outgoing = from->sll_pkttype == PACKET_OUTGOING;
            if ((header->tp_status & TP_STATUS_VLAN_VALID) != 0 && frame.bytes.size() >= ethernet_addresses) {
                const std::uint16_t protocol = (header->tp_status & TP_STATUS_VLAN_TPID_VALID) != 0 ? header->hv1.tp_vlan_tpid : 0x8100;
                const auto tag = static_cast<std::uint16_t>(header->hv1.tp_vlan_tci);
                retagged_.assign(frame.bytes.begin(), frame.bytes.begin() + ethernet_addresses);
                for (const std::uint16_t value : {protocol, tag}) {
                    retagged_.push_back(static_cast<std::uint8_t>(value >> 8U));
                    retagged_.push_back(static_cast<std::uint8_t>(value));
                }
                retagged_.insert(retagged_.end(), frame.bytes.begin() + ethernet_addresses, frame.bytes.end());
                frame.bytes = retagged_;
                frame.wire_length += 4;
            }
            frame.bytes = frame.bytes.first(std::min<std::size_t>(frame.bytes.size(), snap_length_));
            more = taken(frame);
            at += header->tp_next_offset;
        }
        __atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        block_ = (block_ + 1) % blocks_;
    }
    return more;
}

TapCounts PacketTap::counts() {
    tpacket_stats_v3 since{};  // reading sets it to zero
    socklen_t size = sizeof since;
    if (getsockopt(socket_.get(), SOL_PACKET, PACKET_STATISTICS, &since, &size) == 0) {
        counts_.received += since.tp_packets;
        counts_.dropped += since.tp_drops;
    }
    return counts_;
}

}  // namespace bulkhead::world
