// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "audit/catalog_parts.h"
#include "base/resources.h"

namespace bulkhead::audit {

bulkhead::Result<Catalog> load_catalog(const std::vector<std::string>& folders) {
    const auto packed = std::ranges::find(resources(), std::string_view("catalog.pack"), &Resource::path);
    if (packed == resources().end()) return fail(Code::corrupt, "the program was built without its controls");
    auto catalog = unpack(packed->bytes);
    if (!catalog) return catalog;
    for (const std::string& folder : folders) {
        if (auto added = add_folder(*catalog, folder); !added) return std::unexpected(added.error());
    }
    if (auto finished = finish(*catalog); !finished) return std::unexpected(finished.error());
    return catalog;
}

}  // namespace bulkhead::audit
