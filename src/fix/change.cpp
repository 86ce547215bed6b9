// SPDX-License-Identifier: Apache-2.0
#include "fix/change.h"

#include <fmt/format.h>

#include "image/layer_stream.h"

namespace bulkhead::fix {

namespace {

std::string owner(std::int64_t uid, std::int64_t gid) { return fmt::format("{}:{}", uid, gid); }
std::string mode(std::int64_t bits) { return fmt::format("{:04o}", bits); }

}  // namespace

std::string state_before(const Change& change) {
    if (change.what == What::mode) return mode(change.mode_before);
    if (change.what == What::owner) return owner(change.uid_before, change.gid_before);
    return change.exists ? image::sha256_text(change.before) : "absent";
}

std::string state_after(const Change& change) {
    if (change.what == What::mode) return mode(change.mode_after);
    if (change.what == What::owner) return owner(change.uid_after, change.gid_after);
    return image::sha256_text(change.after);
}

}  // namespace bulkhead::fix
