// SPDX-License-Identifier: Apache-2.0
// Folders of the host as handles, reached without following a single symbolic link (openat2(2)): what was swapped for a link in the
// meantime is not reached at all. Below another process's root nothing leads out of it. Owned by one thread.
#pragma once

#include <sys/stat.h>

#include <string>

#include "base/result.h"
#include "fix/change.h"
#include "world/live/fd.h"

namespace bulkhead::fix {

// The root that a change is about: of the engine's process, or our own. unsupported: that process lives in a user namespace of its own, or
// is neither root's nor ours: what it calls its files may be anything.
Result<world::Fd> open_root(std::int64_t root_pid);

// An O_PATH handle of an absolute path below that root. The path "/" is the root itself.
Result<world::Fd> open_path(const world::Fd& root, const std::string& path, int extra_flags = 0);

// The same for a folder; what is missing of it is made (mode 0755, the caller's). `made` gets the topmost that was made.
Result<world::Fd> open_folder(const world::Fd& root, const std::string& path, std::string& made);

Result<struct stat> status_of(const world::Fd& fd, const std::string& shown);
FileId id_of(const struct stat& status);

std::string folder_of(const std::string& path);  // "/etc/docker" of "/etc/docker/daemon.json"; "/" of "/x"
std::string name_of(const std::string& path);

}  // namespace bulkhead::fix
