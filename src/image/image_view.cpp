// SPDX-License-Identifier: Apache-2.0
#include "image/image_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "image/kept_file.h"
#include "image/layer_stack.h"

namespace bulkhead::image {

namespace {

constexpr std::string_view dpkg_list_folder = "var/lib/dpkg/info/";

bool is_program_file(const LayerFile& file) { return (file.is_file() || file.type == FileType::symlink) && is_program(file.path); }

// The path may name a link, or lie behind one, to something that no scan kept.
std::optional<LayerProblem> hidden_behind_link(const LayerStack& stack, std::string_view path, std::span<const std::string_view> known) {
    const std::string target = stack.resolved(path);
    if (target == path || std::ranges::find(known, target) != known.end()) return std::nullopt;
    return LayerProblem{std::string(path), fmt::format("it leads by a link to {}, which is not read", target.empty() ? "/" : target)};
}

class Viewer {
  public:
    explicit Viewer(const Layers& layers) : layers_(layers), stack_(layers, interesting(layers)) {}

    ImageView run() {
        take_special_files();
        take_packages();
        take_accounts();
        take_secrets();
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            view_.searched_files += layers_[i]->searched_files;
            view_.unsearched_files += layers_[i]->unsearched_files;
            if (!layers_[i]->os_name.empty()) view_.os_name = layers_[i]->os_name;
            for (const LayerProblem& problem : layers_[i]->problems) {
                const auto kind = kept_kind(problem.path);
                auto& list = kind == Kept::rpm_log || kind == Kept::dpkg_list ? view_.package_problems : view_.file_problems;
                if (!stack_.hidden_by(problem.path, i)) list.push_back(problem);
            }
        }
        return std::move(view_);
    }

  private:
    static std::vector<std::string> interesting(const Layers& layers) {
        std::vector<std::string> paths;
        for (const std::string_view path : database_paths()) paths.emplace_back(path);
        for (const std::string_view path : account_paths()) paths.emplace_back(path);
        for (const LayerContent* layer : layers) {
            for (const LayerFile& file : layer->files) {
                if (file.special() || is_program_file(file)) paths.push_back(file.path);
            }
            for (const auto& one : layer->databases) paths.push_back(one.path);
            for (const auto& one : layer->package_files) paths.push_back(one.path);
            for (const auto& one : layer->secret_files) paths.push_back(one.path);
            for (const auto& one : layer->problems) paths.push_back(one.path);
        }
        return paths;
    }

    void take_special_files() {
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            for (const LayerFile& file : layers_[i]->files) {
                const bool program = is_program_file(file);
                if ((!file.special() && !program) || stack_.hidden_by(file.path, i)) continue;
                if (file.special()) view_.special_files.push_back({i, file});
                if (program) view_.programs.push_back({i, file});
            }
        }
        const auto path = [](const SeenFile& one) -> const std::string& { return one.file.path; };
        std::ranges::sort(view_.special_files, {}, path);
        std::ranges::sort(view_.programs, {}, path);
    }

    void take_packages() {
        // dpkg's file lists, the last of each package.
        std::map<std::string_view, const PackageFiles*> lists;
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            for (const PackageFiles& one : layers_[i]->package_files) {
                if (!stack_.hidden_by(one.path, i)) lists[one.path] = &one;
            }
        }
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            for (const PackageDatabase& database : layers_[i]->databases) {
                if (stack_.hidden_by(database.path, i)) continue;
                view_.databases.push_back(database.path);
                if (!database.problem.empty()) view_.package_problems.push_back({database.path, database.problem});
                for (const Package& package : database.packages) {
                    view_.packages.push_back({i, database.manager, database.path, package});
                    if (database.manager == "dpkg") add_code_files(lists, view_.packages.back().package);
                }
            }
        }
        for (const std::string_view path : database_paths()) {
            if (auto problem = hidden_behind_link(stack_, path, database_paths())) view_.package_problems.push_back(std::move(*problem));
        }
    }

    // NAME.list, or NAME:ARCHITECTURE.list where several may be installed.
    static void add_code_files(const std::map<std::string_view, const PackageFiles*>& lists, Package& package) {
        for (const std::string& name : {package.name, package.name + ":" + package.architecture}) {
            const std::string path = fmt::format("{}{}.list", dpkg_list_folder, name);
            if (const auto found = lists.find(path); found != lists.end()) package.code_files = found->second->code_files;
        }
    }

    // The account file of each layer that has one, from the topmost down to where it is made anew.
    const AccountFile* account_file(std::size_t layer, std::string_view path) const {
        const auto found = std::ranges::find(layers_[layer]->account_files, path, &AccountFile::path);
        return found == layers_[layer]->account_files.end() ? nullptr : &*found;
    }
    const AccountFile* last_account_file(std::string_view path) {
        if (auto problem = hidden_behind_link(stack_, path, {})) view_.account_problems.push_back(std::move(*problem));
        const auto found = stack_.at(path);
        if (!found || !found->file->is_file()) return nullptr;
        const AccountFile* file = account_file(found->layer, path);
        if (file == nullptr) {
            view_.account_problems.push_back({std::string(path), "its content was not kept"});
        } else if (!file->problem.empty()) {
            view_.account_problems.push_back({std::string(path), file->problem});
        }
        return file;
    }

    void take_accounts() {
        const AccountFile* passwd = last_account_file("etc/passwd");
        const AccountFile* groups = last_account_file("etc/group");
        const AccountFile* shadow = last_account_file("etc/shadow");
        view_.has_passwd = passwd != nullptr;
        if (passwd == nullptr) return;
        for (const Account& account : passwd->accounts) {
            SeenAccount seen{first_layer_of(account), account, account.password, {}};
            if (seen.password == "shadow") seen.password = password_in(shadow, account.name);
            if (groups != nullptr) {
                for (const Group& group : groups->groups) {
                    const bool member = std::ranges::find(group.members, account.name) != group.members.end();
                    if (member || group.gid == account.gid) seen.groups.push_back(group.name);
                }
            }
            view_.accounts.push_back(std::move(seen));
        }
    }

    // No shadow file, or no line in it, means that nobody can log in by password: shadow(5).
    static std::string password_in(const AccountFile* shadow, const std::string& name) {
        if (shadow == nullptr) return "locked";
        if (!shadow->problem.empty()) return "unknown";
        const auto found = std::ranges::find(shadow->shadow, name, &ShadowEntry::name);
        return found == shadow->shadow.end() ? "locked" : found->password;
    }

    std::size_t first_layer_of(const Account& account) const {
        std::size_t first = 0;
        bool before = false;
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const AccountFile* file = account_file(i, "etc/passwd");
            if (file == nullptr) continue;
            const bool has = std::ranges::any_of(file->accounts, [&](const Account& one) { return one.name == account.name && one.uid == account.uid; });
            if (has && !before) first = i;
            before = has;
        }
        return first;
    }

    void take_secrets() {
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            for (const SecretFile& file : layers_[i]->secret_files) {
                for (const Secret& secret : file.secrets) view_.secrets.push_back({i, file.path, secret, stack_.hidden_by(file.path, i)});
            }
        }
    }

    const Layers& layers_;
    LayerStack stack_;
    ImageView view_;
};

}  // namespace

ImageView view_of(const Layers& layers) { return Viewer(layers).run(); }

std::vector<SeenFile> all_files(const Layers& layers) {
    std::vector<std::string> paths;
    for (const LayerContent* layer : layers) {
        for (const LayerFile& file : layer->files) paths.push_back(file.path);
    }
    const LayerStack stack(layers, paths);
    std::vector<SeenFile> files;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        for (const LayerFile& file : layers[i]->files) {
            if (file.type == FileType::whiteout || file.type == FileType::opaque) continue;
            if (!stack.hidden_by(file.path, i)) files.push_back({i, file});
        }
    }
    std::ranges::sort(files, {}, [](const SeenFile& one) { return one.file.path; });
    return files;
}

}  // namespace bulkhead::image
