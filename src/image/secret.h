// SPDX-License-Identifier: Apache-2.0
// What looks like a credential: private keys and tokens by their form, files that hold credentials by their name, settings by name and
// entropy. A candidate keeps its kind, its place and a short hash of the value (to tell two apart), never the value. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::image {

struct Secret {
    std::string kind;       // private_key, aws_access_key, github_token, ..., docker_credentials, password_setting
    std::string name;       // of the setting, where it has one
    std::int64_t line = 0;  // from 1; 0: the whole file
    std::string hash;       // first 8 digits of the value's SHA-256
    bool likely = true;     // false: in documentation, tests or examples, where keys are often made up

    bool operator==(const Secret&) const = default;
};

// A file whose bytes must be seen to judge it, whatever its size (up to the limit) and place.
bool is_credential_file(std::string_view path);
// A binary store of keys: told by its name alone.
bool is_key_store(std::string_view path);
// Documentation, tests, examples.
bool is_sample_place(std::string_view path);

// All candidates in one file.
std::vector<Secret> find_secrets(std::string_view path, std::string_view bytes);
// In a line of build history or an environment entry ("NAME=value").
std::vector<Secret> find_secrets_in_setting(std::string_view name, std::string_view value);
std::vector<Secret> find_secrets_in_text(std::string_view text);

// Bits per byte.
double entropy(std::string_view value);

}  // namespace bulkhead::image
