// SPDX-License-Identifier: Apache-2.0
#include "image/layer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_map>

#include "base/text.h"
#include "image/kept_file.h"
#include "image/secret.h"

namespace bulkhead::image {

namespace {

constexpr std::string_view whiteout_prefix = ".wh.";
constexpr std::string_view opaque_name = ".wh..wh..opq";
constexpr std::string_view aufs_prefix = ".wh..wh.";  // the other notes of aufs, which mean nothing outside of it
constexpr std::size_t first_bytes = 4096;

std::string_view folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string joined(std::string_view folder, std::string_view name) {
    return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}

// The common case of a path that is plain and printable already costs one look.
bool is_plain(std::string_view path) {
    char before = '/';
    for (const char c : path) {
        if (c < ' ' || c > '~' || c == '\\' || (before == '/' && (c == '/' || c == '.'))) return false;
        before = c;
    }
    return before != '/';
}

class LayerScan {
  public:
    LayerScan(world::ByteStream& tar, const Limits& limits) : reader_(tar), limits_(limits) {}

    Result<LayerContent> run() {
        for (;;) {
            auto entry = reader_.next();
            if (!entry) return std::unexpected(entry.error());
            if (!*entry) break;
            if (auto taken = take(**entry); !taken) return std::unexpected(taken.error());
        }
        return std::move(layer_);
    }

  private:
    Result<void> take(TarEntry& entry) {
        if (++entries_ > limits_.layer_entries_max) {
            return fail(Code::limit_exceeded, fmt::format("the layer has more than layer_entries_max = {} entries", limits_.layer_entries_max));
        }
        auto path = plain_path(entry.path, limits_);
        if (!path) {
            problem(text::printable(entry.path.substr(0, 200)), path.error().message);
            return {};
        }
        if (path->empty()) return {};  // the root itself
        paths_bytes_ += path->size() + entry.link.size();
        if (paths_bytes_ > limits_.paths_bytes_max) {
            return fail(Code::limit_exceeded, fmt::format("the layer's paths have more than paths_bytes_max = {} bytes", limits_.paths_bytes_max));
        }
        const std::string_view name = std::string_view(*path).substr(path->rfind('/') + 1);
        if (name.starts_with(whiteout_prefix)) {
            const std::string_view folder = folder_of(*path);
            if (name == opaque_name) {
                add({std::string(folder), FileType::opaque});
            } else if (!name.starts_with(aufs_prefix)) {
                add({joined(folder, name.substr(whiteout_prefix.size())), FileType::whiteout});
            }
            return {};
        }
        LayerFile file{std::move(*path), entry.type, entry.mode, entry.uid, entry.gid, entry.size, {}, entry.capabilities};
        if (entry.type == FileType::hard_link) return take_hard_link(std::move(file), entry.link);
        if (entry.type == FileType::symlink) file.link = text::printable(std::string_view(entry.link).substr(0, limits_.path_bytes_max));
        if (entry.type == FileType::regular) {
            if (auto read = take_bytes(file); !read) return read;
        }
        add(std::move(file));
        return {};
    }

    // The link is another name of one inode: what it says about mode and owner is then true of both names, as an extracting engine
    // sets them through the link.
    Result<void> take_hard_link(LayerFile file, std::string_view link) {
        auto target = plain_path(link, limits_);
        if (!target) {
            problem(file.path, "a hard link to " + text::printable(link.substr(0, 200)) + ": " + target.error().message);
            return {};
        }
        file.link = std::move(*target);
        if (const auto found = by_path_.find(file.link); found != by_path_.end()) {
            LayerFile& original = layer_.files[found->second];
            original.mode = file.mode;
            original.uid = file.uid;
            original.gid = file.gid;
            file.size = original.size;
            file.capabilities = original.capabilities;
            copy_kept(original.path, file.path);
        } else if (const auto kind = kept_kind(file.path)) {
            refuse_kept_file(*kind, file.path, "a hard link to " + file.link + ", which is not in its layer", layer_);
        }
        add(std::move(file));
        return {};
    }

    // A package database or account file that got a second name.
    void copy_kept(const std::string& from, const std::string& to) {
        const auto kind = kept_kind(to);
        if (!kind) return;
        const auto copy = [&](auto& list) {
            const auto found = std::ranges::find_if(list, [&](const auto& one) { return one.path == from; });
            if (found == list.end()) return false;
            auto second = *found;
            second.path = to;
            std::erase_if(list, [&](const auto& one) { return one.path == to; });
            list.push_back(std::move(second));
            return true;
        };
        if (copy(layer_.databases) || copy(layer_.account_files) || copy(layer_.package_files)) return;
        refuse_kept_file(*kind, to, "a hard link to " + from + ", which was not kept", layer_);
    }

    Result<void> take_bytes(const LayerFile& file) {
        const auto kind = kept_kind(file.path);
        const bool credential = is_credential_file(file.path);
        if (is_key_store(file.path)) layer_.secret_files.push_back({file.path, {{"key_store", "", 0, "", !is_sample_place(file.path)}}});
        const auto size = static_cast<std::uint64_t>(file.size);
        if (kind && size > limits_.kept_file_bytes_max) {
            refuse_kept_file(*kind, file.path, fmt::format("larger than kept_file_bytes_max = {} bytes", limits_.kept_file_bytes_max), layer_);
            return {};
        }
        if (!kind && size > limits_.secret_file_bytes_max) {
            ++layer_.unsearched_files;
            return {};
        }
        if (size == 0 && !kind) return {};
        auto bytes = whole(kind ? limits_.kept_file_bytes_max : limits_.secret_file_bytes_max, !kind && !credential);
        if (!bytes) return std::unexpected(bytes.error());
        if (!*bytes) return {};  // a program or picture: what is no text has no keys in it that could be told from noise
        if (kind) {
            kept_bytes_ += (*bytes)->size();
            if (kept_bytes_ > limits_.kept_bytes_max) {
                refuse_kept_file(*kind, file.path, fmt::format("the layer's databases have more than kept_bytes_max = {} bytes", limits_.kept_bytes_max),
                                 layer_);
            } else {
                take_kept_file(*kind, file.path, **bytes, limits_, layer_);
            }
            return {};
        }
        search(file.path, **bytes);
        return {};
    }

    void search(const std::string& path, std::string_view bytes) {
        ++layer_.searched_files;
        auto secrets = find_secrets(path, bytes);
        if (secrets.empty()) return;
        std::erase_if(layer_.secret_files, [&](const SecretFile& one) { return one.path == path; });
        secrets_ += secrets.size();
        if (secrets_ > limits_.secrets_max) {
            if (!secrets_overflow_) problem(path, fmt::format("more than secrets_max = {} candidates; the others are left out", limits_.secrets_max));
            secrets_overflow_ = true;
            return;
        }
        layer_.secret_files.push_back({path, std::move(secrets)});
    }

    // All bytes of the current entry. Where text_only, nothing as soon as the first bytes show that it is none.
    Result<std::optional<std::string_view>> whole(std::size_t bytes_max, bool text_only) {
        buffer_.clear();
        for (;;) {
            const auto next = reader_.data();
            if (!next) return std::unexpected(next.error());
            if (next->empty()) break;
            if (text_only && buffer_.size() < first_bytes && std::memchr(next->data(), 0, std::min(next->size(), first_bytes)) != nullptr) return std::nullopt;
            if (buffer_.size() + next->size() > bytes_max) return fail(Code::corrupt, "a file is longer than its entry says");
            buffer_ += *next;
        }
        return std::string_view(buffer_);
    }

    void add(LayerFile file) {
        // Whiteouts and files of one name stand for different times: before this layer, and in it.
        if (file.type == FileType::whiteout || file.type == FileType::opaque) {
            layer_.files.push_back(std::move(file));
            return;
        }
        const auto [at, fresh] = by_path_.emplace(file.path, layer_.files.size());
        if (fresh) {
            layer_.files.push_back(std::move(file));
        } else {
            layer_.files[at->second] = std::move(file);  // the later entry replaces the earlier one
        }
    }

    void problem(std::string path, std::string reason) {
        if (layer_.problems.size() < limits_.problems_max) layer_.problems.push_back({std::move(path), std::move(reason)});
    }

    TarReader reader_;
    const Limits& limits_;
    LayerContent layer_;
    std::unordered_map<std::string, std::size_t> by_path_;
    std::string buffer_;
    std::int64_t entries_ = 0;
    std::size_t paths_bytes_ = 0, kept_bytes_ = 0, secrets_ = 0;
    bool secrets_overflow_ = false;
};

}  // namespace

Result<std::string> plain_path(std::string_view path, const Limits& limits) {
    if (path.size() > limits.path_bytes_max) {
        return fail(Code::unsupported, fmt::format("its path is longer than path_bytes_max = {} bytes", limits.path_bytes_max));
    }
    if (path.starts_with("./")) path.remove_prefix(2);
    if (path.ends_with('/')) path.remove_suffix(1);
    if (is_plain(path)) return std::string(path);
    std::string out;
    for (const std::string_view part : text::split(path, '/')) {
        if (part.empty() || part == ".") continue;
        if (part == "..") return fail(Code::unsupported, "its path leads out of its folder");
        if (!out.empty()) out += '/';
        out += part;
    }
    // printable() writes a control byte as \xNN, so a backslash of the path's own must not look like one: two paths, two texts.
    for (std::size_t at = 0; (at = out.find('\\', at)) != std::string::npos; at += 4) out.replace(at, 1, "\\x5c");
    return text::printable(out);
}

Result<LayerContent> scan_layer(world::ByteStream& tar, const Limits& limits) { return LayerScan(tar, limits).run(); }

}  // namespace bulkhead::image
