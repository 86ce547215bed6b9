// SPDX-License-Identifier: Apache-2.0
// What the layers of an image make together: which files are still there when all lie upon each other, and which layer brought them.
// Whiteouts, opaque folders, and files in the place of folders hide what lies below (OCI image-spec layer.md). Nothing is followed:
// where a database lies behind a link whose target was not read, that is a problem, not an empty database. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "image/image.h"
#include "image/layer.h"

namespace bulkhead::image {

struct SeenFile {
    std::size_t layer = 0;  // position, 0 is the lowest
    LayerFile file;
};

struct SeenPackage {
    std::size_t layer = 0;  // that has the database as it is in the end
    std::string manager;
    std::string database;  // path
    Package package;
};

struct SeenAccount {
    std::size_t first_layer = 0;  // the lowest from which on every passwd has this account, under this id
    Account account;
    std::string password;             // empty, locked, set, or unknown: with /etc/shadow taken into account
    std::vector<std::string> groups;  // its own and those that list it
};

struct SeenSecret {
    std::size_t layer = 0;
    std::string path;
    Secret secret;
    std::optional<std::size_t> hidden_by;  // the layer that deleted or replaced it: out of sight, and still in the image
};

struct ImageView {
    std::vector<SeenFile> special_files;  // set-id, capabilities, world-writable: as they are in the end
    std::vector<SeenFile> programs;       // what lies in some bin, sbin or libexec, links too
    std::vector<SeenPackage> packages;
    std::vector<SeenAccount> accounts;
    std::vector<SeenSecret> secrets;
    bool has_passwd = false;
    std::vector<std::string> databases;  // paths of the package databases that are there in the end
    std::string os_name;
    std::int64_t searched_files = 0, unsearched_files = 0;
    std::vector<LayerProblem> package_problems, account_problems, file_problems;
};

// Layers are given lowest first.
using Layers = std::vector<const LayerContent*>;
ImageView view_of(const Layers& layers);

// Every file as it is in the end, ordered by path.
std::vector<SeenFile> all_files(const Layers& layers);

}  // namespace bulkhead::image
