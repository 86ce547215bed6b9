// SPDX-License-Identifier: Apache-2.0
// What a person sets for the service: one YAML file with comments. Every key is known, every mistake names file, line and column.
// packaging/bulkhead.yaml has all of them with what they are when left out. Pure but for load_config.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "datapath/datapath.h"
#include "history/writer.h"

namespace bulkhead::agent {

inline constexpr std::string_view default_config_file = "/etc/bulkhead/bulkhead.yaml";
inline constexpr std::string_view default_listen = "unix:/run/bulkhead/agent.sock";

struct Config {
    std::string engine;                  // as --host takes it; empty: as docker would choose
    std::string listen{default_listen};  // "unix:/path" or "127.0.0.1:PORT"; others than loopback are refused: nobody is asked who he is
    std::string history{history::default_folder};
    history::Retention retention;
    datapath::Options datapath;

    bool operator==(const Config& other) const;
};

// file: its name, for messages.
Result<Config> parse_config(std::string_view text, const std::string& file);
// not_found where there is none.
Result<Config> load_config(const std::string& path);

// "2GB", "512 MiB", "1000": a number of bytes.
Result<std::uint64_t> parse_size(std::string_view text);

}  // namespace bulkhead::agent
