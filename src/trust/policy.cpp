// SPDX-License-Identifier: Apache-2.0
#include "trust/policy.h"

#include <fnmatch.h>

namespace bulkhead::trust {

const RepositoryPolicy* Policy::find(std::string_view repository) const {
    const std::string name(repository);
    for (const RepositoryPolicy& one : repositories) {
        if (fnmatch(one.match.c_str(), name.c_str(), 0) == 0) return &one;
    }
    return nullptr;
}

std::string full_repository(std::string_view name) {
    const std::size_t slash = name.find('/');
    if (slash == std::string_view::npos) return "docker.io/library/" + std::string(name);
    const std::string_view first = name.substr(0, slash);
    const bool is_registry = first.find_first_of(".:") != std::string_view::npos || first == "localhost";
    if (!is_registry) return "docker.io/" + std::string(name);
    if (first == "index.docker.io") return full_repository("docker.io" + std::string(name.substr(slash)));
    if (first == "docker.io" && name.find('/', slash + 1) == std::string_view::npos) return "docker.io/library/" + std::string(name.substr(slash + 1));
    return std::string(name);
}

std::string registry_of(std::string_view full_name) {
    const std::string_view host = full_name.substr(0, full_name.find('/'));
    return "https://" + (host == "docker.io" ? "registry-1.docker.io" : std::string(host));
}

std::string path_of(std::string_view full_name) {
    const std::size_t slash = full_name.find('/');
    return slash == std::string_view::npos ? std::string(full_name) : std::string(full_name.substr(slash + 1));
}

}  // namespace bulkhead::trust
