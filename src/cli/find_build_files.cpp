// SPDX-License-Identifier: Apache-2.0
#include "cli/find_build_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"

namespace bulkhead::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view no_dockerfile_ends[] = {".dockerignore", ".md", ".txt", ".tmpl", ".tpl", ".template", ".j2", ".erb", ".in", ".bak", ".orig", "~"};
constexpr std::string_view foreign_folders[] = {"node_modules", "vendor"};
// As Compose looks for them, the first that is there (compose-spec, "Compose file").
constexpr std::string_view compose_names[] = {"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"};

Error cannot_list(const fs::path& folder, const std::error_code& error) {
    const bool none = error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
    const bool denied = error == std::errc::permission_denied;
    return {none     ? Code::not_found
            : denied ? Code::permission_denied
                     : Code::unavailable,
            fmt::format("cannot look for build files in {}: {}", folder.string(), error.message())};
}

std::string shown(const fs::path& folder, const std::string& name) { return folder == "." ? name : (folder / name).string(); }

bool is_file(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error);
}

class Search {
  public:
    Result<void> folder(const fs::path& path, int depth) {
        std::error_code error;
        std::vector<std::pair<std::string, bool>> entries;  // name, whether it is a folder
        for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
            if (++looked_at_ > find_entries_max)
                return fail(Code::limit_exceeded,
                            fmt::format("more than {} files below {}: name those to judge with --dockerfile and --compose", find_entries_max, path.string()));
            std::error_code type_error;
            const auto type = at->symlink_status(type_error).type();
            entries.emplace_back(at->path().filename().string(), type == fs::file_type::directory);
        }
        if (error) return std::unexpected(cannot_list(path, error));
        std::ranges::sort(entries);
        for (const auto& [name, is_folder] : entries) {
            if (is_folder || !is_dockerfile_name(name) || !is_file(path / name)) continue;
            if (found.size() == find_dockerfiles_max)
                return fail(Code::limit_exceeded, fmt::format("more than {} Dockerfiles: name those to judge with --dockerfile", find_dockerfiles_max));
            found.push_back(shown(path, name));
        }
        for (const auto& [name, is_folder] : entries) {
            if (!is_folder || name.starts_with('.') || std::ranges::find(foreign_folders, name) != std::end(foreign_folders)) continue;
            if (depth == find_depth_max)
                return fail(Code::limit_exceeded, fmt::format("folders below {} are deeper than {}: name the files to judge with --dockerfile and --compose",
                                                              shown(path, name), find_depth_max));
            if (auto below = folder(path == "." ? fs::path(name) : path / name, depth + 1); !below) return below;
        }
        return {};
    }

    std::vector<std::string> found;

  private:
    std::size_t looked_at_ = 0;
};

}  // namespace

bool is_dockerfile_name(const std::string& name) {
    const std::string lower = text::lower(name);
    if (std::ranges::any_of(no_dockerfile_ends, [&](std::string_view end) { return lower.ends_with(end); })) return false;
    for (const std::string_view base : {"dockerfile", "containerfile"}) {
        if (lower == base || lower.starts_with(std::string(base) + ".") || lower.ends_with("." + std::string(base))) return true;
    }
    return false;
}

Result<FoundBuildFiles> find_build_files(const std::string& folder) {
    Search search;
    if (auto done = search.folder(folder, 0); !done) return std::unexpected(done.error());
    FoundBuildFiles files{.dockerfiles = std::move(search.found), .compose = {}};
    for (const std::string_view name : compose_names) {
        if (!is_file(fs::path(folder) / name)) continue;
        files.compose.push_back(shown(folder, std::string(name)));
        // Compose merges an override of the same family by itself.
        const std::string stem(name.substr(0, name.rfind('.')));
        for (const std::string_view end : {".override.yaml", ".override.yml"}) {
            const std::string beside = stem + std::string(end);
            if (!is_file(fs::path(folder) / beside)) continue;
            files.compose.push_back(shown(folder, beside));
            break;
        }
        break;
    }
    return files;
}

}  // namespace bulkhead::cli
