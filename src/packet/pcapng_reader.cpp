// SPDX-License-Identifier: Apache-2.0
// pcapng: sections of blocks, each section in its own byte order and with its own interfaces (draft-ietf-opsawg-pcapng, section 3).
#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "packet/readers.h"

namespace bulkhead::packet {

namespace {

constexpr std::uint32_t interface_block = 1, old_packet_block = 2, simple_packet_block = 3, statistics_block = 5, packet_block = 6;
constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr std::uint16_t option_end = 0, option_comment = 1;

using Bytes = std::span<const std::uint8_t>;
__extension__ using Wide = unsigned __int128;  // a 64-bit count of ticks times their length

// Calls found(code, value) for each option; a list that is cut ends there.
template <class Found>
void each_option(ByteOrder order, Bytes options, Found found) {
    while (options.size() >= 4) {
        const std::uint16_t code = order.u16(options, 0);
        const std::uint16_t length = order.u16(options, 2);
        const std::size_t padded = (length + 3U) & ~3U;
        if (code == option_end || options.size() < 4 + padded) return;
        found(code, options.subspan(4, length));
        options = options.subspan(4 + padded);
    }
}

std::string text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), max_name_bytes)}; }

// Ticks of an interface's clock as nanoseconds (if_tsresol, if_tsoffset). What a clock of our time cannot show becomes 0.
std::int64_t nanoseconds(const Interface& interface, std::uint64_t ticks) {
    Wide value = ticks;
    const int exponent = interface.resolution & 0x7f;
    if ((interface.resolution & 0x80) != 0) {
        value = exponent > 64 ? 0 : value * 1'000'000'000 >> exponent;
    } else {
        for (int power = exponent; power < 9; ++power) value *= 10;
        for (int power = std::min(exponent, 40); power > 9; --power) value /= 10;
    }
    constexpr std::int64_t far = INT64_MAX / 4;
    const bool strange = value > static_cast<Wide>(far) || interface.offset_seconds > far / 1'000'000'000 || interface.offset_seconds < -far / 1'000'000'000;
    return strange ? 0 : static_cast<std::int64_t>(value) + interface.offset_seconds * 1'000'000'000;
}

class PcapngReader final : public CaptureFile {
  public:
    explicit PcapngReader(ByteWindow window) : window_(std::move(window)) {}

    // A section header behind its type and its length, which can be read only by the byte order that follows it.
    Result<bool> begin_section(std::array<std::uint8_t, 4> length_bytes) {
        const auto magic_bytes = window_.take(4);
        if (!magic_bytes) return std::unexpected(magic_bytes.error());
        if (magic_bytes->size() < 4) return cut();
        const std::uint32_t magic = ByteOrder().u32(*magic_bytes, 0);
        if (magic != byte_order_magic && magic != __builtin_bswap32(byte_order_magic)) return corrupt("a section without its byte order");
        order_ = ByteOrder(magic != byte_order_magic);
        const std::uint32_t length = order_.u32(length_bytes, 0);
        if (length < 28 || length % 4 != 0 || length > max_block_bytes) return corrupt(fmt::format("a section header of {} bytes", length));
        // Frames name interfaces by their number in the section; those of sections before stay what they were.
        first_interface_ = interfaces_.size();
        const auto rest = window_.take(length - 12);
        if (!rest) return std::unexpected(rest.error());
        if (rest->size() < length - 12) return cut();
        if (order_.u16(*rest, 0) != 1) return corrupt(fmt::format("version {} of pcapng is none that is known", order_.u16(*rest, 0)));
        return true;
    }

    Result<bool> next(Frame& frame) override {
        for (;;) {
            const auto head = window_.take(8);
            if (!head) return std::unexpected(head.error());
            if (head->size() < 8) {
                counts_.cut = !head->empty();
                return false;
            }
            if (ByteOrder().u32(*head, 0) == pcapng_magic) {
                std::array<std::uint8_t, 4> length_bytes{};
                std::copy_n(head->data() + 4, 4, length_bytes.data());
                const auto begun = begin_section(length_bytes);
                if (!begun || !*begun) return begun;
                continue;
            }
            const std::uint32_t type = order_.u32(*head, 0);
            const std::uint32_t length = order_.u32(*head, 4);
            if (length < 12 || length % 4 != 0) return corrupt(fmt::format("a block of {} bytes", length));
            if (length > max_block_bytes)
                return fail(Code::limit_exceeded,
                            fmt::format("byte {}: a block of {} bytes, more than the {} that are read", window_.offset() - 8, length, max_block_bytes));
            const auto body = window_.take(length - 8);
            if (!body) return std::unexpected(body.error());
            if (body->size() < length - 8) return cut();
            const auto got = read_block(type, body->first(length - 12), frame);
            if (!got || *got) return got;
        }
    }

  private:
    [[nodiscard]] bool holds_next() const override {
        const auto held = window_.held();
        if (held.size() < 8) return false;
        const std::uint32_t type = order_.u32(held, 0);
        return (type == packet_block || type == simple_packet_block || type == old_packet_block) && order_.u32(held, 4) <= held.size();
    }

    Result<bool> cut() {
        counts_.cut = true;
        return false;
    }
    [[nodiscard]] std::unexpected<Error> corrupt(std::string what) const { return fail(Code::corrupt, fmt::format("byte {}: {}", window_.offset(), what)); }

    // True when it was a frame.
    Result<bool> read_block(std::uint32_t type, Bytes body, Frame& frame) {
        switch (type) {
            case interface_block: return read_interface(body);
            case packet_block: return read_packet(body, frame);
            case old_packet_block: return read_old_packet(body, frame);
            case simple_packet_block: return read_simple_packet(body, frame);
            case statistics_block: read_statistics(body); break;
            default: break;
        }
        ++counts_.skipped_blocks;
        return false;
    }

    Result<bool> read_interface(Bytes body) {
        if (body.size() < 8) return corrupt("an interface without its fields");
        if (interfaces_.size() >= max_interfaces) return fail(Code::limit_exceeded, fmt::format("more than {} interfaces", max_interfaces));
        Interface interface;
        interface.pcap_link_type = order_.u16(body, 0);
        interface.link = link_of(interface.pcap_link_type);
        interface.snap_length = order_.u32(body, 4);
        each_option(order_, body.subspan(8), [&](std::uint16_t code, Bytes value) {
            switch (code) {
                case option_comment: interface.comment = text(value); break;
                case 2: interface.name = text(value); break;
                case 3: interface.description = text(value); break;
                case 9:
                    if (!value.empty()) interface.resolution = value[0];
                    break;
                case 14:
                    if (value.size() >= 8) interface.offset_seconds = static_cast<std::int64_t>(order_.u64(value, 0));
                    break;
                default: break;
            }
        });
        interfaces_.push_back(std::move(interface));
        return false;
    }

    Result<bool> read_packet(Bytes body, Frame& frame) {
        if (body.size() < 20) return corrupt("a packet block without its fields");
        const std::uint32_t captured = order_.u32(body, 12);
        const auto got =
            take_frame(frame, order_.u32(body, 0), body.subspan(20), captured, order_.u32(body, 16), true, order_.u32(body, 4), order_.u32(body, 8));
        const std::size_t padded = (static_cast<std::size_t>(captured) + 3) & ~std::size_t{3};
        if (got && body.size() >= 20 + padded) {
            each_option(order_, body.subspan(20 + padded), [&](std::uint16_t code, Bytes value) {
                if (code == 4 && value.size() >= 8) count_drops(drops_between_ += order_.u64(value, 0));
            });
        }
        return got;
    }

    Result<bool> read_old_packet(Bytes body, Frame& frame) {
        if (body.size() < 20) return corrupt("a packet block without its fields");
        if (const std::uint16_t drops = order_.u16(body, 2); drops != 0xffff) count_drops(drops_between_ += drops);
        return take_frame(frame, order_.u16(body, 0), body.subspan(20), order_.u32(body, 12), order_.u32(body, 16), true, order_.u32(body, 4),
                          order_.u32(body, 8));
    }

    Result<bool> read_simple_packet(Bytes body, Frame& frame) {
        if (body.size() < 4 || interfaces_.size() <= first_interface_) return corrupt("a simple packet block without its fields or its interface");
        const std::uint32_t wire = order_.u32(body, 0);
        const std::uint32_t snap = interfaces_[first_interface_].snap_length;
        const std::uint32_t captured = std::min({wire, snap == 0 ? wire : snap, static_cast<std::uint32_t>(body.size() - 4)});
        return take_frame(frame, 0, body.subspan(4), captured, wire, false, 0, 0);
    }

    Result<bool> take_frame(Frame& frame, std::uint32_t number, Bytes bytes, std::uint32_t captured, std::uint32_t wire, bool timed, std::uint32_t high,
                            std::uint32_t low) {
        const std::size_t interface = first_interface_ + number;
        if (interface >= interfaces_.size()) return corrupt(fmt::format("a frame of interface {}, of which nothing was said", number));
        if (captured > bytes.size() || captured > max_frame_bytes)
            return corrupt(fmt::format("a frame of {} bytes in a block with place for {}", captured, bytes.size()));
        frame.bytes = bytes.first(captured);
        frame.wire_length = std::max(wire, captured);
        frame.time_ns = timed ? nanoseconds(interfaces_[interface], static_cast<std::uint64_t>(high) << 32 | low) : 0;
        frame.interface = static_cast<std::uint32_t>(interface);
        ++counts_.frames;
        return true;
    }

    void read_statistics(Bytes body) {
        if (body.size() < 12) return;
        const std::size_t interface = first_interface_ + order_.u32(body, 0);
        if (interface >= interfaces_.size()) return;
        std::uint64_t drops = 0;
        each_option(order_, body.subspan(12), [&](std::uint16_t code, Bytes value) {
            if ((code == 5 || code == 7) && value.size() >= 8) drops += order_.u64(value, 0);  // isb_ifdrop, isb_osdrop
        });
        // Counted from the start of the capture: the last one of an interface is all of it.
        drops_of_.resize(interfaces_.size());
        drops_of_[interface] = drops;
        count_drops(std::accumulate(drops_of_.begin(), drops_of_.end(), std::uint64_t{0}));
    }

    // The same loss is told by the blocks between which it was and by the statistics at the end.
    void count_drops(std::uint64_t drops) { counts_.dropped = std::max(counts_.dropped, drops); }

    ByteWindow window_;
    ByteOrder order_;
    std::size_t first_interface_ = 0;
    std::uint64_t drops_between_ = 0;
    std::vector<std::uint64_t> drops_of_;  // by interface
};

}  // namespace

Result<std::unique_ptr<CaptureFile>> open_pcapng(ByteWindow window) {
    std::array<std::uint8_t, 4> length_bytes{};
    const auto length = window.take(4);
    if (!length) return std::unexpected(length.error());
    if (length->size() < 4) return fail(Code::corrupt, "the capture file ends within its header");
    std::copy_n(length->data(), 4, length_bytes.data());
    auto reader = std::make_unique<PcapngReader>(std::move(window));
    const auto begun = reader->begin_section(length_bytes);
    if (!begun) return std::unexpected(begun.error());
    if (!*begun) return fail(Code::corrupt, "the capture file ends within its header");
    return reader;
}

}  // namespace bulkhead::packet
