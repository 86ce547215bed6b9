// SPDX-License-Identifier: Apache-2.0
// Feeds the inputs kept for one fuzz target to it, without libFuzzer. A finding ends the program as it would end the fuzzer.
// usage: fuzz_replay NAME FOLDER-OR-FILE
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/replay_targets.h"

namespace {

void replay(const Target& target, const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    // An exact copy on the heap, so that a read past the end is seen by the sanitizers.
    const std::vector<std::uint8_t> data(bytes.begin(), bytes.end());
    target.run(data.data(), data.size());
}

int replay_all(const Target& target, const std::filesystem::path& where) {
    std::size_t count = 0;
    if (std::filesystem::is_directory(where)) {
        for (const auto& entry : std::filesystem::directory_iterator(where)) {
            replay(target, entry.path());
            ++count;
        }
    } else if (std::filesystem::exists(where)) {
        replay(target, where);
        count = 1;
    }
    std::printf("%zu inputs\n", count);
    return count > 0 ? 0 : 1;  // a target without inputs proves nothing
}

}  // namespace

int main(int argc, char** argv) {
    for (const Target& target : targets) {
        if (argc == 3 && target.name == argv[1]) return replay_all(target, argv[2]);
    }
    std::fprintf(stderr, "usage: fuzz_replay NAME FOLDER-OR-FILE; names:");
    for (const Target& target : targets) std::fprintf(stderr, " %.*s", static_cast<int>(target.name.size()), target.name.data());
    std::fprintf(stderr, "\n");
    return 2;
}
