// SPDX-License-Identifier: Apache-2.0
#include "packet/pcapng_writer.h"

#include <algorithm>
#include <cstring>

#include "packet/readers.h"

namespace bulkhead::packet {

namespace {

constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr std::uint32_t interface_block = 1, statistics_block = 5, packet_block = 6;
constexpr std::uint16_t end_of_options = 0, comment_option = 1;
constexpr std::size_t text_max = 1024;  // bytes of a name or comment

template <class T>
void put(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);  // in this machine's byte order, which the section tells
}

void put_padded(std::string& out, std::string_view bytes) {
    out += bytes;
    out.append((4 - bytes.size() % 4) % 4, '\0');
}

void put_option(std::string& out, std::uint16_t code, std::string_view value) {
    if (value.empty()) return;
    put(out, code);
    put(out, static_cast<std::uint16_t>(value.size()));
    put_padded(out, value);
}

void put_text(std::string& out, std::uint16_t code, std::string_view text) { put_option(out, code, text.substr(0, text_max)); }

// Writes a block's head, and its length in both places when it goes.
class Block {
  public:
    Block(std::string& out, std::uint32_t type) : out_(out), start_(out.size()) {
        put(out, type);
        put(out, std::uint32_t{0});
    }
    ~Block() {
        const auto length = static_cast<std::uint32_t>(out_.size() - start_ + 4);
        put(out_, length);
        std::memcpy(out_.data() + start_ + 4, &length, sizeof length);
    }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;

  private:
    std::string& out_;
    std::size_t start_;
};

void put_end(std::string& out) { put(out, std::uint32_t{end_of_options}); }

void put_time(std::string& out, std::int64_t time_ns) {
    put(out, static_cast<std::uint32_t>(static_cast<std::uint64_t>(time_ns) >> 32));
    put(out, static_cast<std::uint32_t>(time_ns));
}

std::string eight(std::uint64_t value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }

}  // namespace

void PcapngWriter::begin(std::string& out, std::string_view application, std::string_view comment) {
    interfaces_ = 0;
    const Block block(out, pcapng_magic);
    put(out, byte_order_magic);
    put(out, std::uint16_t{1});
    put(out, std::uint16_t{0});
    put(out, std::int64_t{-1});  // the section's length is not told
    put_text(out, comment_option, comment);
    put_text(out, 4, application);
    put_end(out);
}

std::uint32_t PcapngWriter::add_interface(std::string& out, int pcap_link_type, std::uint32_t snap_length, std::string_view name, std::string_view comment) {
    const Block block(out, interface_block);
    put(out, static_cast<std::uint16_t>(pcap_link_type));
    put(out, std::uint16_t{0});
    put(out, snap_length);
    put_text(out, comment_option, comment);
    put_text(out, 2, name);
    put_option(out, 9, "\x09");  // nanoseconds
    put_end(out);
    return interfaces_++;
}

void PcapngWriter::add_frame(std::string& out, std::uint32_t interface, std::int64_t time_ns, std::span<const std::uint8_t> bytes, std::uint32_t wire_length,
                             Way way) {
    const Block block(out, packet_block);
    put(out, interface);
    put_time(out, time_ns);
    put(out, static_cast<std::uint32_t>(bytes.size()));
    put(out, std::max(wire_length, static_cast<std::uint32_t>(bytes.size())));
    put_padded(out, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (way == Way::unknown) return;
    const std::uint32_t flags = way == Way::in ? 1 : 2;
    put_option(out, 2, {reinterpret_cast<const char*>(&flags), sizeof flags});
    put_end(out);
}

void PcapngWriter::add_statistics(std::string& out, std::uint32_t interface, std::int64_t time_ns, std::uint64_t received, std::uint64_t dropped) {
    const Block block(out, statistics_block);
    put(out, interface);
    put_time(out, time_ns);
    put_option(out, 4, eight(received));
    put_option(out, 7, eight(dropped));
    put_end(out);
}

}  // namespace bulkhead::packet
