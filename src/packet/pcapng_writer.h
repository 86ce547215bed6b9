// SPDX-License-Identifier: Apache-2.0
// pcapng as bytes (draft-ietf-opsawg-pcapng): one section, interfaces as they turn up, frames with their nanoseconds and direction. Pure:
// who calls writes the bytes away. Owned by one thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bulkhead::packet {

enum class Way : std::uint8_t { unknown, in, out };

class PcapngWriter {
  public:
    // The header of a file. Numbers of interfaces begin anew.
    void begin(std::string& out, std::string_view application, std::string_view comment);
    // pcap_link_type: a LINKTYPE_ number. The number of the interface, for frames.
    std::uint32_t add_interface(std::string& out, int pcap_link_type, std::uint32_t snap_length, std::string_view name, std::string_view comment);
    static void add_frame(std::string& out, std::uint32_t interface, std::int64_t time_ns, std::span<const std::uint8_t> bytes, std::uint32_t wire_length,
                          Way way);
    // received: frames that passed the filter; dropped: those of them that are not in the file.
    static void add_statistics(std::string& out, std::uint32_t interface, std::int64_t time_ns, std::uint64_t received, std::uint64_t dropped);

  private:
    std::uint32_t interfaces_ = 0;
};

}  // namespace bulkhead::packet
