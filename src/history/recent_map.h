// SPDX-License-Identifier: Apache-2.0
// A map that forgets what was not asked for lately: two generations, each up to a size; what is found in the old one moves to the young
// one. Holds up to twice that many. Owned by one thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <functional>
#include <utility>

namespace bulkhead::history {

template <class Key, class Value, class Hash = std::hash<Key>, class Equal = std::equal_to<>>
class RecentMap {
  public:
    explicit RecentMap(std::size_t generation_max) : generation_max_(generation_max) {}

    // Good until the next call; null where it is not known.
    template <class Wanted>
    Value* find(const Wanted& wanted) {
        if (const auto found = young_.find(wanted); found != young_.end()) return &found->second;
        const auto found = old_.find(wanted);
        if (found == old_.end()) return nullptr;
        std::pair<Key, Value> kept(found->first, std::move(found->second));
        old_.erase(found);
        return &insert(std::move(kept.first), std::move(kept.second));
    }

    Value& insert(Key key, Value value) {
        if (young_.size() >= generation_max_) {
            old_ = std::move(young_);
            young_.clear();
        }
        return young_.insert_or_assign(std::move(key), std::move(value)).first->second;
    }

    void clear() {
        young_.clear();
        old_.clear();
    }

  private:
    using Map = boost::unordered_flat_map<Key, Value, Hash, Equal>;
    std::size_t generation_max_;
    Map young_, old_;
};

}  // namespace bulkhead::history
