// SPDX-License-Identifier: Apache-2.0
#include "cli/capture_files.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/text.h"

namespace bulkhead::cli {

namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;

// As dumpcap names them: trace_00001_20261122120000.pcapng, so that names sort by time.
std::string name_in_ring(const std::string& path, std::size_t number, std::int64_t now_ns) {
    const std::filesystem::path given(path);
    const std::time_t seconds = now_ns / ns_per_second;
    const std::string ending = given.extension().empty() ? ".pcapng" : given.extension().string();
    return (given.parent_path() / fmt::format("{}_{:05}_{:%Y%m%d%H%M%S}{}", given.stem().string(), number, fmt::gmtime(seconds), ending)).string();
}

}  // namespace

Result<void> CaptureFiles::open(std::int64_t now_ns) { return begin_file(now_ns); }

Result<void> CaptureFiles::begin_file(std::int64_t now_ns) {
    if (options_.path == "-") {
        file_ = world::Fd(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
    } else {
        const std::string path = is_ring() ? name_in_ring(options_.path, written_.size() + 1, now_ns) : options_.path;
        file_ = world::Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600));
        if (!file_.valid())
            return fail(errno == EACCES ? Code::permission_denied : Code::unavailable, fmt::format("cannot write {}: {}", path, std::strerror(errno)));
        written_.push_back(path);
        kept_.push_back(path);
        if (options_.files_max > 0 && kept_.size() > options_.files_max) {
            ::unlink(kept_.front().c_str());
            kept_.pop_front();
        }
    }
    if (!file_.valid()) return fail(Code::unavailable, "cannot write to standard output");
    in_file_ = 0;
    file_began_ns_ = now_ns;
    pending_.clear();
    writer_.begin(pending_, options_.application, options_.comment);
    for (const Interface& each : interfaces_) writer_.add_interface(pending_, each.link_type, each.snap_length, each.name, each.comment);
    return {};
}

std::size_t CaptureFiles::add_interface(int pcap_link_type, std::uint32_t snap_length, std::string name, std::string comment) {
    writer_.add_interface(pending_, pcap_link_type, snap_length, name, comment);
    interfaces_.push_back({pcap_link_type, snap_length, std::move(name), std::move(comment)});
    return interfaces_.size() - 1;
}

void CaptureFiles::add(std::size_t interface, std::int64_t time_ns, std::span<const std::uint8_t> bytes, std::uint32_t wire_length, packet::Way way) {
    packet::PcapngWriter::add_frame(pending_, static_cast<std::uint32_t>(interface), time_ns, bytes, wire_length, way);
}

void CaptureFiles::add_statistics(std::size_t interface, std::int64_t now_ns, std::uint64_t received, std::uint64_t dropped) {
    packet::PcapngWriter::add_statistics(pending_, static_cast<std::uint32_t>(interface), now_ns, received, dropped);
}

Result<void> CaptureFiles::write_away() {
    std::string_view rest = pending_;
    while (!rest.empty()) {
        const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
            return fail(Code::unavailable, fmt::format("cannot write {}: {}", written_.empty() ? "to standard output" : written_.back(), std::strerror(errno)));
        rest.remove_prefix(static_cast<std::size_t>(written));
        in_file_ += static_cast<std::uint64_t>(written);
        bytes_ += static_cast<std::uint64_t>(written);
    }
    pending_.clear();
    return {};
}

Result<void> CaptureFiles::flush(std::int64_t now_ns) {
    if (auto written = write_away(); !written) return written;
    const bool full = options_.bytes_max > 0 && in_file_ >= options_.bytes_max;
    const bool old = options_.seconds_max > 0 && now_ns - file_began_ns_ >= options_.seconds_max * ns_per_second;
    return full || old ? begin_file(now_ns) : Result<void>{};
}

}  // namespace bulkhead::cli
