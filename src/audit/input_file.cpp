// SPDX-License-Identifier: Apache-2.0
#include "audit/input_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace bulkhead::audit {

bulkhead::Result<std::string> read_input_file(const std::string& path, const std::string& what, std::size_t bytes_max) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return fail(Code::invalid_input, fmt::format("cannot read {} {}: it is a folder", what, path));
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
        const int why = errno;
        const Code code = why == EACCES || why == EPERM ? Code::permission_denied : why == ENOENT || why == ENOTDIR ? Code::not_found : Code::unavailable;
        return fail(code, fmt::format("cannot read {} {}: {}", what, path, why == 0 ? "unreadable" : std::strerror(why)));
    }
    // By pieces, so that the bound costs nothing where the file is small.
    constexpr std::size_t piece_bytes = 64UL << 10U;
    std::string bytes;
    while (stream && bytes.size() <= bytes_max) {
        const std::size_t had = bytes.size();
        bytes.resize(had + piece_bytes);
        stream.read(bytes.data() + had, piece_bytes);
        bytes.resize(had + static_cast<std::size_t>(stream.gcount()));
    }
    if (stream.bad()) return fail(Code::unavailable, fmt::format("cannot read {} {}", what, path));
    if (bytes.size() > bytes_max) return fail(Code::limit_exceeded, fmt::format("{}: larger than {} bytes", path, bytes_max));
    return bytes;
}

}  // namespace bulkhead::audit
