// SPDX-License-Identifier: Apache-2.0
// A world made of text, for tests: what was not set is `failed: not in this world`, so that a forgotten source never looks empty.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "world/reader.h"

namespace bulkhead::world {

class FakeReader : public Reader {
  public:
    FakeReader& set(const std::string& locator, std::string bytes) {
        readings_[locator] = {locator, Outcome::present, std::move(bytes), "", as_of_};
        return *this;
    }
    FakeReader& set_outcome(const std::string& locator, Outcome outcome, std::string reason = "as the test says") {
        readings_[locator] = {locator, outcome, "", std::move(reason), as_of_};
        return *this;
    }
    void set_as_of(UnixMs as_of) { as_of_ = as_of; }

    Reading read(const Request& request) override {
        const std::scoped_lock lock(mutex_);
        const std::string key = locator(request);
        asked_.push_back(key);
        if (const auto found = readings_.find(key); found != readings_.end()) return found->second;
        return {key, Outcome::failed, "", "not in this world", as_of_};
    }
    [[nodiscard]] UnixMs as_of() const override { return as_of_; }
    [[nodiscard]] std::vector<std::string> asked() const {
        const std::scoped_lock lock(mutex_);
        return asked_;
    }

  private:
    UnixMs as_of_ = 1'700'000'000'000;
    std::map<std::string, Reading> readings_;
    mutable std::mutex mutex_;
    std::vector<std::string> asked_;
};

}  // namespace bulkhead::world
