// SPDX-License-Identifier: Apache-2.0
// One thing on the host that a plan would change: the content of a file, or the mode and owner of a path. What it is now is part of it,
// so that it is applied to nothing else. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bulkhead::fix {

enum class What : std::uint8_t { content, owner, mode };

// Which file it is, and as what it was seen.
struct FileId {
    std::string device;  // "8:1"
    std::int64_t inode = 0;

    bool operator==(const FileId&) const = default;
};

// An alarm that a change answers.
struct Cause {
    std::string control;
    std::string title;
    std::string resource_name;

    bool operator==(const Cause&) const = default;
};

struct Change {
    What what = What::content;
    std::string path;           // absolute, without symbolic links, below the root of root_pid
    std::int64_t root_pid = 0;  // the engine's process; 0: as this process sees it
    bool exists = true;         // false: the file is made anew
    FileId id;                  // of the path; where it does not exist, of the folder that is there already
    std::string folder;         // the deepest folder of the path that is there already (content)

    std::string before, after;  // What::content
    std::int64_t mode_before = 0, mode_after = 0;
    std::int64_t uid_before = 0, uid_after = 0, gid_before = 0, gid_after = 0;

    bool is_daemon_json = false;
    std::vector<std::string> summary;  // one line for each thing that changes
    std::vector<Cause> causes;
    std::vector<std::string> minds;  // what to look at before
    std::string refused;             // not empty: why it can be shown and not be applied
};

// What the path is after the change, in one line: digest of the content, mode, or owner. The same text is the same change.
std::string state_before(const Change& change);
std::string state_after(const Change& change);

}  // namespace bulkhead::fix
