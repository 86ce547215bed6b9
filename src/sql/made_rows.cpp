// SPDX-License-Identifier: Apache-2.0
#include "sql/made_rows.h"

namespace bulkhead::sql {

std::shared_ptr<const MadeRows> RowStore::get(const std::string& table, const Wanted& wanted, const std::function<MadeRows()>& make) {
    std::promise<std::shared_ptr<const MadeRows>> promise;
    std::shared_future<std::shared_ptr<const MadeRows>> future;
    bool first = false;
    {
        const std::scoped_lock lock(mutex_);
        const auto [at, fresh] = made_.try_emplace({table, wanted});
        if (fresh) at->second = promise.get_future().share();
        first = fresh;
        future = at->second;
    }
    if (first) {
        // An exception (memory) reaches everybody who waits, not only the one who made it.
        try {
            promise.set_value(std::make_shared<const MadeRows>(make()));
        } catch (...) {
            promise.set_exception(std::current_exception());
        }
    }
    return future.get();
}

}  // namespace bulkhead::sql
