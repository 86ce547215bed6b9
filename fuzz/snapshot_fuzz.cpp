// SPDX-License-Identifier: Apache-2.0
// A snapshot file from somebody else: opened, listed, and every entry read.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "fuzz/input.h"
#include "world/snapshot/snapshot.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead::world;
    const int fd = memfd_create("snapshot", MFD_CLOEXEC);
    CHECK(fd >= 0);
    CHECK(write(fd, data, size) == static_cast<ssize_t>(size));
    {
        const auto snapshot = SnapshotReader::open("/proc/self/fd/" + std::to_string(fd));
        bulkhead::fuzz::check_result(snapshot);
        if (snapshot) {
            const auto entries = (*snapshot)->entries();
            bulkhead::fuzz::check_result(entries);
            if (entries) {
                for (const auto& entry : *entries) {
                    if (const auto request = parse_locator(entry.locator)) (void)(*snapshot)->read(*request);
                }
            }
        }
    }
    close(fd);
    return 0;
}
