// SPDX-License-Identifier: Apache-2.0
// Writes the documents that are made of the program itself (src/cli/documents.h) into the project: ninja -C build make_docs && build/make_docs .
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/documents.h"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: make_docs PROJECT\n";
        return 2;
    }
    const auto documents = bulkhead::cli::documents();
    if (!documents) {
        std::cerr << documents.error().message << "\n";
        return 2;
    }
    for (const auto& [path, text] : *documents) {
        const std::filesystem::path file = std::filesystem::path(argv[1]) / path;
        std::error_code ignored;  // told by the file that does not open
        std::filesystem::create_directories(file.parent_path(), ignored);
        std::ofstream out(file, std::ios::binary);
        out << text;
        if (!out.flush()) {
            std::cerr << "cannot write " << file << "\n";
            return 2;
        }
    }
    return 0;
}
