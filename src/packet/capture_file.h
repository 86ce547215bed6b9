// SPDX-License-Identifier: Apache-2.0
// Frames out of a capture file, classic pcap (pcap-savefile(5)) or pcapng (draft-ietf-opsawg-pcapng), told by its first bytes, in the
// order of the file and in constant memory. Own readers because files of several interfaces with link types of their own are what
// `capture` writes and libpcap refuses to read. Owned by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "packet/packet.h"
#include "world/stream.h"

namespace bulkhead::packet {

// Bounds on what a file may ask of us.
inline constexpr std::uint32_t max_frame_bytes = 256 * 1024;  // libpcap's own MAXIMUM_SNAPLEN
inline constexpr std::uint32_t max_block_bytes = 16 * 1024 * 1024;
inline constexpr std::size_t max_interfaces = 65'536;
inline constexpr std::size_t max_name_bytes = 1024;

struct Interface {
    Link link = Link::unknown;
    int pcap_link_type = 0;
    std::uint32_t snap_length = 0;  // 0 is no limit
    std::string name;               // pcapng only, as are those below; at most max_name_bytes
    std::string description;
    std::string comment;
    std::uint8_t resolution = 6;      // if_tsresol: a power of 10, or with the high bit of 2
    std::int64_t offset_seconds = 0;  // if_tsoffset
};

struct Frame {
    std::span<const std::uint8_t> bytes;  // as captured; good until the next call
    std::uint32_t wire_length = 0;        // at least bytes.size()
    std::int64_t time_ns = 0;             // since 1970; 0 where the file has no time (simple packet blocks)
    std::uint32_t interface = 0;          // into interfaces()
};

struct CaptureCounts {
    std::uint64_t frames = 0;
    std::uint64_t skipped_blocks = 0;  // pcapng: kinds of block that hold no frame
    std::uint64_t dropped = 0;         // frames that whoever captured says were lost (isb_ifdrop, isb_osdrop, epb_dropcount)
    bool cut = false;                  // the file ends within a record: whoever wrote it was stopped
};

class CaptureFile {
  public:
    // Errors: corrupt (no capture file, or an impossible header), and what the stream says.
    static Result<std::unique_ptr<CaptureFile>> open(std::unique_ptr<world::ByteStream> bytes);
    CaptureFile() = default;
    CaptureFile(const CaptureFile&) = delete;
    CaptureFile& operator=(const CaptureFile&) = delete;
    virtual ~CaptureFile() = default;

    // False at the end. Errors: corrupt with the place (byte offset) and what is wrong there, limit_exceeded; frames before it were good.
    virtual Result<bool> next(Frame& frame) = 0;
    // As many as lie side by side in memory, at least one: all are good until the next call. 0 at the end. What an error would have
    // hidden comes first.
    Result<std::size_t> next(std::span<Frame> frames);
    // Grows as the file tells of more; a frame's own is always there.
    [[nodiscard]] const std::vector<Interface>& interfaces() const { return interfaces_; }
    [[nodiscard]] const CaptureCounts& counts() const { return counts_; }

  protected:
    // Whether the next frame can be had without touching those that were given before.
    [[nodiscard]] virtual bool holds_next() const = 0;
    std::vector<Interface> interfaces_;
    CaptureCounts counts_;

  private:
    Result<bool> ended_ = true;
};

}  // namespace bulkhead::packet
