// SPDX-License-Identifier: Apache-2.0
// A snapshot file from somebody else: opened, listed, and every entry read.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "fuzz/input.h"
#include "world/snapshot/snapshot.h"

namespace {

// One file for the whole run, on a file system in memory where there is one. SQLite wants a path, so that an anonymous file will not do.
class SnapshotFile {
  public:
    SnapshotFile() {
        const int fd = mkstemp(path_.data());
        CHECK(fd >= 0);
        close(fd);
    }
    ~SnapshotFile() { std::remove(path_.c_str()); }
    SnapshotFile(const SnapshotFile&) = delete;
    SnapshotFile& operator=(const SnapshotFile&) = delete;

    const std::string& fill(const std::uint8_t* data, std::size_t size) {
        std::FILE* file = std::fopen(path_.c_str(), "wb");
        CHECK(file != nullptr);
        CHECK(std::fwrite(data, 1, size, file) == size);
        CHECK(std::fclose(file) == 0);
        return path_;
    }

  private:
    std::string path_ = access("/dev/shm", W_OK) == 0 ? "/dev/shm/bulkhead-fuzz-XXXXXX" : "/tmp/bulkhead-fuzz-XXXXXX";
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead::world;
    static SnapshotFile file;
    const auto snapshot = SnapshotReader::open(file.fill(data, size));
    bulkhead::fuzz::check_result(snapshot);
    if (!snapshot) return 0;
    const auto entries = (*snapshot)->entries();
    bulkhead::fuzz::check_result(entries);
    if (!entries) return 0;
    for (const auto& entry : *entries) {
        if (const auto request = parse_locator(entry.locator)) (void)(*snapshot)->read(*request);
    }
    return 0;
}
