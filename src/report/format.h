// SPDX-License-Identifier: Apache-2.0
// What an output format is: a function from a finished audit to bytes. One format = one file in src/report/ named as the format,
// which defines `Format <name>()` in namespace bulkhead::report; the catalog of all of them is generated from the folder.
#pragma once

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "audit/result.h"

namespace bulkhead::report {

enum class Color : std::uint8_t { off, on };
enum class Glyphs : std::uint8_t { ascii, unicode };
enum class Passes : std::uint8_t { folded, each };  // one line with the names of what is ok, or every result with its evidence

struct RenderOptions {
    std::size_t width = 80;  // columns of the terminal; formats for machines do not look at it
    Color color = Color::off;
    Glyphs glyphs = Glyphs::unicode;
    Passes passes = Passes::folded;
};

struct Format {
    std::string name;
    std::string help;
    // Writes all of it. The stream's state says whether it could; text from outside is made safe here, by each format's own rules.
    std::function<void(const audit::Audit&, const RenderOptions&, std::ostream&)> write;
    std::vector<std::string> suffixes{};  // how names of files end that hold this format: ".html"; no two formats have the same
};

std::vector<Format> catalog();  // ordered by name. Any thread.

}  // namespace bulkhead::report
