// SPDX-License-Identifier: Apache-2.0
// Which network namespaces are metered: the engine's own, and that of each overlay network, which the engine makes when the first endpoint
// comes, moments before its container speaks. So the folder of them is watched (inotify(7)), and one that is being made is tried again until
// it is one. Owned by the datapath thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "datapath/datapath.h"
#include "world/live/fd.h"
#include "world/reader.h"

namespace bulkhead::agent {

class NamespaceWatch {
  public:
    using Blind = std::function<void(std::string_view where, const Error& why)>;

    // REQUIRES: both outlive it.
    NamespaceWatch(world::Reader& reader, datapath::Datapath& datapath, Blind blind);

    // engine_pid 0: not known; our own namespace is metered instead, which is told as a blind spot.
    void look(std::int64_t engine_pid, std::int64_t now_ns);
    // A namespace is being made: look() wants to be called again within milliseconds.
    [[nodiscard]] bool is_pending() const { return pending_; }
    [[nodiscard]] int fd() const { return news_.get(); }  // readable when the folder changed; -1: cannot be watched
    bool take_news();                                     // whether something changed since the last time

  private:
    void follow_folder(std::int64_t engine_pid);
    void watch(const std::string& path, std::int64_t now_ns);

    world::Reader& reader_;
    datapath::Datapath& datapath_;
    Blind blind_;
    world::Fd news_;
    std::int64_t followed_pid_ = 0;
    int folder_ = -1;  // inotify's number
    std::vector<std::string> watched_;
    std::map<std::string, std::int64_t> failing_;  // since when; told_blind once that was told
    bool pending_ = false;
};

}  // namespace bulkhead::agent
