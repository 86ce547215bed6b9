// SPDX-License-Identifier: Apache-2.0
// Part of the build: reads the YAML of the project's controls and the SQL of its queries, and writes them as one file that the program
// carries. A mistake in one of them stops the build with file, line and column.
// usage: pack_controls SOURCE_FOLDER OUTPUT
#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "audit/catalog_parts.h"

namespace {

using namespace bulkhead;

Result<void> write_pack(const std::string& source, const std::string& output) {
    audit::Catalog catalog;
    for (const char* folder : {"controls", "queries"}) {
        if (auto added = audit::add_folder(catalog, source + "/" + folder, folder); !added) return added;
    }
    if (auto finished = audit::finish(catalog); !finished) return finished;
    std::ofstream file(output, std::ios::binary | std::ios::trunc);
    file << audit::pack(catalog);
    file.close();
    if (!file) return fail(Code::unavailable, "cannot write " + output);
    return {};
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    const auto written = write_pack(arguments[1], arguments[2]);
    if (written) return 0;
    fmt::print(stderr, "{}\n", written.error().message);
    return 1;
}
