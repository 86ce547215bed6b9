// SPDX-License-Identifier: Apache-2.0
// Whose signatures count for which repository. Made by audit/trust_file.cpp from the file that the user gives; plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trust/cosign.h"
#include "trust/notary.h"

namespace bulkhead::trust {

struct NotaryPolicy {
    std::string server;  // "https://notary.example.org:4443"
    NotaryPins pins;
};

struct RepositoryPolicy {
    std::string match;     // glob over the full name: "registry.example.org/shop/*"
    std::string registry;  // where it is asked: "https://registry.example.org"; empty: derived from the name
    std::optional<CosignPolicy> cosign;
    std::optional<NotaryPolicy> notary;
    std::string origin;  // "FILE:LINE"
};

struct Policy {
    std::vector<RepositoryPolicy> repositories;
    // The first that matches; nothing is asked of a registry that none matches.
    [[nodiscard]] const RepositoryPolicy* find(std::string_view repository) const;
};

// "nginx" -> "docker.io/library/nginx"; "user/x" -> "docker.io/user/x"; names with a registry stay (Docker's rule: a part with a dot,
// a colon or "localhost" before the first slash is a registry).
std::string full_repository(std::string_view name);

// "https://registry-1.docker.io" for docker.io, else "https://" and the registry's part of the name.
std::string registry_of(std::string_view full_name);
std::string path_of(std::string_view full_name);  // without the registry

}  // namespace bulkhead::trust
