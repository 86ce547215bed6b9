// SPDX-License-Identifier: Apache-2.0
// Registries and notary servers over HTTPS: only GET, only of servers that the user named, bounded in time and size. Tokens are asked for
// where a server wants them (https://distribution.github.io/distribution/spec/auth/token/); credentials are those of docker login.
// Any thread, several at once.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "world/reading.h"

namespace bulkhead::world {

struct RegistryAccess {
    std::string base;      // "https://registry.example.org:5000", without a slash at the end; http:// only for this machine itself
    std::string ca_file;   // PEM; empty: the system's
    std::string user;      // empty: nobody
    std::string password;  // never in a reading or a message
};

inline constexpr std::size_t registry_body_bytes_max = std::size_t{8} << 20U;

class RegistryClient {
  public:
    explicit RegistryClient(std::vector<RegistryAccess> servers) : servers_(std::move(servers)) {}

    Reading get(const std::string& url);

  private:
    struct Answer;
    Answer fetch(const RegistryAccess& server, const std::string& url, const std::string& token, bool with_login) const;
    Result<std::string> token_for(const RegistryAccess& server, const std::string& challenge);

    const std::vector<RegistryAccess> servers_;
    std::mutex mutex_;
    std::map<std::string, std::string> tokens_;  // by challenge; guarded by mutex_
};

// User and password that `docker login` left in a config.json for a server ("registry.example.org:5000"); both empty where there are none.
// Credential helpers are programs and are not run.
std::pair<std::string, std::string> docker_login(std::string_view config_json, std::string_view server);

// The parts of `Bearer realm="..",service="..",scope=".."`.
std::map<std::string, std::string> parse_challenge(std::string_view challenge);

}  // namespace bulkhead::world
