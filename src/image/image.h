// SPDX-License-Identifier: Apache-2.0
// What an image is made of, as its configuration says (OCI image-spec config.md; Docker's is the same in what matters): what it runs,
// as whom, its layers and its build history. Values of environment and labels that look like secrets are not kept. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "image/limits.h"
#include "image/secret.h"

namespace bulkhead::image {

struct BuildStep {
    std::string created;     // RFC 3339
    std::string created_by;  // the instruction, whole, its secrets taken out
    std::string comment;
    bool empty_layer = false;

    bool operator==(const BuildStep&) const = default;
};

struct ConfigSecret {
    std::string place;      // env, history, label
    std::int64_t step = 0;  // of the history, from 0
    Secret secret;

    bool operator==(const ConfigSecret&) const = default;
};

struct ImageConfig {
    std::string id;  // as it was asked for; of an archive's image, the digest of its configuration
    std::string config_digest;
    std::vector<std::string> names;  // tags that an archive gives it
    std::string created, author, architecture, os;
    std::string user, working_dir, stop_signal;
    std::vector<std::string> env_names, exposed_ports, volumes, entrypoint, cmd, healthcheck_test, onbuild, shell;
    std::map<std::string, std::string> labels;
    std::vector<std::string> layers;  // digests of the plain tars, lowest first
    std::vector<BuildStep> history;   // oldest first
    std::vector<ConfigSecret> secrets;

    bool operator==(const ImageConfig&) const = default;
};

// A configuration as it lies in an archive. corrupt: no such thing; limit_exceeded.
Result<ImageConfig> parse_config(std::string_view bytes, const Limits& limits);

// As the readings of kind image hold it.
std::string write_image(const ImageConfig& image);
Result<ImageConfig> parse_image(std::string_view json);

}  // namespace bulkhead::image
