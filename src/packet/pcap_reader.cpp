// SPDX-License-Identifier: Apache-2.0
// Classic pcap: one interface, a header for each frame (pcap-savefile(5)).
#include <fmt/format.h>

#include "packet/readers.h"

namespace bulkhead::packet {

namespace {

constexpr std::uint32_t microseconds = 0xa1b2c3d4, nanoseconds = 0xa1b23c4d, extended = 0xa1b2cd34;  // the last: record headers of 24 bytes

class PcapReader final : public CaptureFile {
  public:
    PcapReader(ByteWindow window, ByteOrder order, std::uint32_t magic, Interface interface)
        : window_(std::move(window)), order_(order), nanoseconds_per_tick_(magic == nanoseconds ? 1 : 1000), header_bytes_(magic == extended ? 24 : 16) {
        interfaces_.push_back(std::move(interface));
    }

    Result<bool> next(Frame& frame) override {
        const auto header = window_.take(header_bytes_);
        if (!header) return std::unexpected(header.error());
        if (header->size() < header_bytes_) {
            counts_.cut = !header->empty();
            return false;
        }
        const std::uint32_t seconds = order_.u32(*header, 0);
        const std::uint32_t ticks = order_.u32(*header, 4);
        const std::uint32_t captured = order_.u32(*header, 8);
        const std::uint32_t wire = order_.u32(*header, 12);
        if (captured > max_frame_bytes)
            return fail(Code::corrupt, fmt::format("byte {}: a frame of {} bytes, more than the {} there can be", window_.offset() - header_bytes_, captured,
                                                   max_frame_bytes));
        const auto bytes = window_.take(captured);
        if (!bytes) return std::unexpected(bytes.error());
        if (bytes->size() < captured) {
            counts_.cut = true;
            return false;
        }
        frame.bytes = *bytes;
        frame.wire_length = std::max(wire, captured);
        frame.time_ns = static_cast<std::int64_t>(seconds) * 1'000'000'000 + static_cast<std::int64_t>(ticks) * nanoseconds_per_tick_;
        frame.interface = 0;
        ++counts_.frames;
        return true;
    }

  private:
    [[nodiscard]] bool holds_next() const override {
        const auto held = window_.held();
        if (held.size() < header_bytes_) return false;
        return held.size() - header_bytes_ >= order_.u32(held, 8);
    }

    ByteWindow window_;
    ByteOrder order_;
    std::int64_t nanoseconds_per_tick_;
    std::uint32_t header_bytes_;
};

}  // namespace

Result<std::unique_ptr<CaptureFile>> open_pcap(ByteWindow window, std::uint32_t magic) {
    const auto known = [](std::uint32_t value) { return value == microseconds || value == nanoseconds || value == extended; };
    const bool swapped = !known(magic);
    if (swapped) magic = __builtin_bswap32(magic);
    if (!known(magic)) return fail(Code::corrupt, "this is no capture file: it begins neither as pcap nor as pcapng");
    const ByteOrder order(swapped);
    const auto header = window.take(20);
    if (!header) return std::unexpected(header.error());
    if (header->size() < 20) return fail(Code::corrupt, "the capture file ends within its header");
    if (order.u16(*header, 0) != 2) return fail(Code::corrupt, fmt::format("version {} of pcap is none that is known", order.u16(*header, 0)));
    Interface interface;
    interface.snap_length = order.u32(*header, 12);
    interface.pcap_link_type = order.u32(*header, 16) & 0xffff;  // above are the bits for a frame check sequence
    interface.link = link_of(interface.pcap_link_type);
    return std::make_unique<PcapReader>(std::move(window), order, magic, std::move(interface));
}

}  // namespace bulkhead::packet
