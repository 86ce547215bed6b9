// SPDX-License-Identifier: Apache-2.0
// A Secret as JSON, in layers and in image configurations. Private to this room. Any thread.
#pragma once

#include "image/json_writer.h"
#include "image/secret.h"

namespace bulkhead::image {

inline std::string write_secret(const Secret& secret) {
    return ObjectWriter()
        .text("kind", secret.kind)
        .text("name", secret.name)
        .number("line", secret.line)
        .text("hash", secret.hash)
        .flag("likely", secret.likely, true)
        .take();
}

inline Secret read_secret(const json::Value& item) {
    return {item["kind"].text_or(), item["name"].text_or(), item["line"].integer_or(0), item["hash"].text_or(), item["likely"].boolean_or(true)};
}

}  // namespace bulkhead::image
