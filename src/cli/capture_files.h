// SPDX-License-Identifier: Apache-2.0
// Where a capture goes: one file, or a ring of files that begin anew by size or time, of which the oldest go first. Readable by their
// owner alone, as they hold what people said. Every file is whole at any moment. Owned by one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "packet/pcapng_writer.h"
#include "world/live/fd.h"

namespace bulkhead::cli {

struct CaptureFilesOptions {
    std::string path;              // "-" is standard output
    std::uint64_t bytes_max = 0;   // of a file; 0: no limit
    std::int64_t seconds_max = 0;  // of a file; 0: no limit
    std::size_t files_max = 0;     // kept; 0: all
    std::string application, comment;
};

class CaptureFiles {
  public:
    explicit CaptureFiles(CaptureFilesOptions options) : options_(std::move(options)) {}

    Result<void> open(std::int64_t now_ns);
    // One to name with each frame, from now on and in every later file.
    std::size_t add_interface(int pcap_link_type, std::uint32_t snap_length, std::string name, std::string comment);
    void add(std::size_t interface, std::int64_t time_ns, std::span<const std::uint8_t> bytes, std::uint32_t wire_length, packet::Way way);
    // Counted since the last call or the file's beginning.
    void add_statistics(std::size_t interface, std::int64_t now_ns, std::uint64_t received, std::uint64_t dropped);
    // Writes what was added, and begins the next file when it is time.
    Result<void> flush(std::int64_t now_ns);

    [[nodiscard]] const std::vector<std::string>& written() const { return written_; }  // all files, those that went too
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }                        // of all files

  private:
    struct Interface {
        int link_type;
        std::uint32_t snap_length;
        std::string name, comment;
    };
    [[nodiscard]] bool is_ring() const { return options_.bytes_max > 0 || options_.seconds_max > 0; }
    Result<void> begin_file(std::int64_t now_ns);
    Result<void> write_away();

    CaptureFilesOptions options_;
    packet::PcapngWriter writer_;
    std::vector<Interface> interfaces_;
    std::string pending_;
    std::vector<std::string> written_;
    std::deque<std::string> kept_;
    world::Fd file_;
    std::uint64_t in_file_ = 0;
    std::uint64_t bytes_ = 0;
    std::int64_t file_began_ns_ = 0;
};

}  // namespace bulkhead::cli
