// SPDX-License-Identifier: Apache-2.0
// Edits of anybody's daemon.json and Compose file: what was edited says what was meant, and editing it again changes nothing.
#include "fix/compose_edit.h"
#include "fix/diff.h"
#include "fix/json_edit.h"
#include "fuzz/input.h"

namespace {

using namespace bulkhead::fix;

void check_again(const bulkhead::Result<std::string>& once, const bulkhead::Result<std::string>& twice, std::string_view before) {
    bulkhead::fuzz::check_result(once);
    if (!once) return;
    CHECK(twice && *twice == *once);
    CHECK(unified_diff(before, *once, "a", "b").empty() == (before == *once));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(bulkhead::fuzz::text_of(data, size));
    const auto set = set_member(text, "icc", "false");
    check_again(set, set ? set_member(*set, "icc", "false") : set, text);
    const auto removed = remove_member(text, "icc");
    check_again(removed, removed ? remove_member(*removed, "icc") : removed, text);
    for (const ComposeEdit& edit :
         {ComposeEdit{ComposeChange::set, "web", "read_only", "true", {"deploy"}}, ComposeEdit{ComposeChange::item, "web", "cap_drop", "NET_RAW", {}},
          ComposeEdit{ComposeChange::ports, "web", "ports", "127.0.0.1", {}}}) {
        const auto once = edit_compose(text, "c.yaml", edit);
        check_again(once, once ? edit_compose(*once, "c.yaml", edit) : once, text);
    }
    return 0;
}
