// SPDX-License-Identifier: Apache-2.0
#include "world/live/netns.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include <string>

#include "base/check.h"
#include "world/live/errno_result.h"

namespace bulkhead::world {

Result<NetnsVisit> NetnsVisit::enter(std::int64_t pid) {
    if (pid == 0) return NetnsVisit(Fd());
    const std::string path = "/proc/" + std::to_string(pid) + "/ns/net";
    const Fd target(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!target.valid()) return fail_errno(errno, path);
    Fd home(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
    if (!home.valid()) return fail_errno(errno, "/proc/thread-self/ns/net");
    struct stat there{};
    struct stat here{};
    if (fstat(target.get(), &there) == 0 && fstat(home.get(), &here) == 0 && there.st_ino == here.st_ino && there.st_dev == here.st_dev) {
        return NetnsVisit(Fd());
    }
    if (setns(target.get(), CLONE_NEWNET) != 0) return fail_errno(errno, "entering " + path);
    return NetnsVisit(std::move(home));
}

NetnsVisit::~NetnsVisit() {
    if (home_.valid()) CHECK(setns(home_.get(), CLONE_NEWNET) == 0);
}

}  // namespace bulkhead::world
