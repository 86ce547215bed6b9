// SPDX-License-Identifier: Apache-2.0
// The JSON documents of an archive of images, and which images they describe. Private to this room. Pure; any thread.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "image/archive.h"

namespace bulkhead::image {

class Documents {
  public:
    explicit Documents(const Limits& limits) : limits_(limits) {}

    Result<void> add(std::string name, std::string bytes);
    // corrupt: nothing here describes an image. What is wrong with single documents goes to problems.
    Result<std::vector<ArchivedImage>> images(std::vector<std::string>& problems) const;

  private:
    class Collector;
    [[nodiscard]] const std::string* named(const std::string& name) const;
    [[nodiscard]] const std::string* of_digest(const std::string& digest) const;

    const Limits& limits_;
    std::deque<std::string> documents_;
    std::map<std::string, const std::string*> by_name_;  // the last of a name counts
    std::map<std::string, const std::string*> by_digest_;
    std::size_t bytes_ = 0;
};

}  // namespace bulkhead::image
