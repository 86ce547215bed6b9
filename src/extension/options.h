// SPDX-License-Identifier: Apache-2.0
// What the extension reads, as its user says it: by the environment when it is loaded, by bulkhead_open(name, value, ...) later. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace bulkhead::extension {

struct Options {
    std::string host;          // as --host of the program; empty: as docker itself would choose
    std::string from;          // a snapshot in place of the live host
    std::string image;         // an archive of images or an OCI layout in place of the live host
    std::string dialect;       // whose tables take the place of ours: sql/views.h
    bool partial = false;      // answer from what could be read; else a source that could not be read ends the statement
    bool show_values = false;  // environment values and other secrets stay in what is read

    bool operator==(const Options&) const = default;
};

using Environment = std::function<std::optional<std::string>(const std::string&)>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

// BULKHEAD_FROM, BULKHEAD_IMAGE, BULKHEAD_DIALECT, BULKHEAD_PARTIAL. DOCKER_HOST and its kin are asked for where the engine is looked for.
Result<Options> options_of(const Environment& environment);

// Those of the environment, and over them what the call names: host, from, image, dialect, partial, values. Of host, from and image the last
// way to say it counts alone: a call that names one sets aside what the environment says of the others. invalid_input: no such option, no such value.
Result<Options> options_of(const Options& environment, const Pairs& pairs);

}  // namespace bulkhead::extension
