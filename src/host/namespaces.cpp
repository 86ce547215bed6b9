// SPDX-License-Identifier: Apache-2.0
#include "host/namespaces.h"

#include "base/json.h"
#include "base/text.h"

namespace bulkhead::host {

Result<Namespaces> parse_namespaces(std::string_view bytes) {
    const auto document = json::Document::parse(bytes);
    if (!document) return std::unexpected(document.error());
    Namespaces namespaces;
    for (const auto& [type, value] : document->root().members()) {
        // "net:[4026531840]"; pid_for_children and time_for_children point to the same kinds and are not of the process itself.
        if (type.ends_with("_for_children")) continue;
        const std::string link = value.text_or();
        const std::size_t open = link.find('[');
        const auto inode =
            link.ends_with(']') && open != std::string::npos ? text::to_integer(std::string_view(link).substr(open + 1, link.size() - open - 2)) : std::nullopt;
        if (!inode || *inode <= 0) return fail(Code::corrupt, "not a namespace: " + text::printable(link));
        namespaces.emplace(type, *inode);
    }
    if (namespaces.empty()) return fail(Code::corrupt, "a process without namespaces");
    return namespaces;
}

}  // namespace bulkhead::host
