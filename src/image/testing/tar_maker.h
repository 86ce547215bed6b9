// SPDX-License-Identifier: Apache-2.0
// Tars, packed bytes and archives of images made in memory, for tests and fuzz targets' corpora.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "image/layer_stream.h"
#include "world/stream.h"

namespace bulkhead::image {

inline la_ssize_t append_to(archive*, void* out, const void* bytes, std::size_t size) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

class TarMaker {
  public:
    TarMaker() : archive_(archive_write_new()) {
        archive_write_set_format_pax_restricted(archive_);
        archive_write_set_bytes_per_block(archive_, 512);
        if (archive_write_open(archive_, &bytes_, nullptr, append_to, nullptr) != ARCHIVE_OK) std::abort();
    }
    ~TarMaker() {
        if (archive_ != nullptr) archive_write_free(archive_);
    }
    TarMaker(const TarMaker&) = delete;
    TarMaker& operator=(const TarMaker&) = delete;

    struct Owner {
        std::int64_t uid = 0, gid = 0;
    };
    TarMaker& file(const std::string& path, std::string_view bytes = "x", unsigned mode = 0644, Owner owner = {0, 0}) {
        return add(path, AE_IFREG, mode, owner, bytes, {}, {});
    }
    TarMaker& folder(const std::string& path, unsigned mode = 0755) { return add(path, AE_IFDIR, mode, {}, {}, {}, {}); }
    TarMaker& link(const std::string& path, const std::string& target) { return add(path, AE_IFLNK, 0777, {}, {}, target, {}); }
    TarMaker& hard_link(const std::string& path, const std::string& target, unsigned mode = 0644) { return add(path, AE_IFREG, mode, {}, {}, {}, target); }
    TarMaker& device(const std::string& path) { return add(path, AE_IFCHR, 0666, {}, {}, {}, {}); }
    TarMaker& with_capabilities(const std::string& path) {
        capabilities_ = true;
        return file(path, "x", 0755);
    }
    std::string take() {
        archive_write_close(archive_);
        archive_write_free(archive_);
        archive_ = nullptr;
        return std::move(bytes_);
    }

  private:
    TarMaker& add(const std::string& path, unsigned type, unsigned mode, Owner owner, std::string_view bytes, const std::string& link,
                  const std::string& hard_link) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, path.c_str());
        archive_entry_set_filetype(entry, type);
        archive_entry_set_perm(entry, static_cast<__LA_MODE_T>(mode));
        archive_entry_set_uid(entry, owner.uid);
        archive_entry_set_gid(entry, owner.gid);
        archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
        if (!link.empty()) archive_entry_set_symlink(entry, link.c_str());
        if (!hard_link.empty()) archive_entry_set_hardlink(entry, hard_link.c_str());
        if (capabilities_) archive_entry_xattr_add_entry(entry, "security.capability", "\1\0\0\2", 4);
        capabilities_ = false;
        if (archive_write_header(archive_, entry) < ARCHIVE_WARN) std::abort();
        if (!bytes.empty()) archive_write_data(archive_, bytes.data(), bytes.size());
        archive_entry_free(entry);
        return *this;
    }

    std::string bytes_;
    archive* archive_;
    bool capabilities_ = false;
};

inline std::string packed(std::string_view bytes, Packing packing) {
    if (packing == Packing::plain) return std::string(bytes);
    std::string out;
    archive* writer = archive_write_new();
    archive_write_set_format_raw(writer);
    archive_write_set_bytes_in_last_block(writer, 1);
    if (packing == Packing::gzip) archive_write_add_filter_gzip(writer);
    if (packing == Packing::zstd) archive_write_add_filter_zstd(writer);
    archive_write_open(writer, &out, nullptr, append_to, nullptr);
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, "x");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_header(writer, entry);
    archive_write_data(writer, bytes.data(), bytes.size());
    archive_entry_free(entry);
    archive_write_close(writer);
    archive_write_free(writer);
    return out;
}

// Bytes in pieces, as they come over a socket.
class TextStream : public world::ByteStream {
  public:
    explicit TextStream(std::string bytes, std::size_t piece = 4096) : bytes_(std::move(bytes)), piece_(piece) {}
    Result<std::string_view> next() override {
        if (at_ >= bytes_.size() && end_) return std::unexpected(*end_);
        const std::string_view out = std::string_view(bytes_).substr(at_, piece_);
        at_ += out.size();
        return out;
    }
    void break_at_end(Error error) { end_ = std::move(error); }

  private:
    std::string bytes_;
    std::size_t piece_;
    std::size_t at_ = 0;
    std::optional<Error> end_;
};

// An image of these layers as `docker save` or an OCI archive has it.
struct ImageMaker {
    std::vector<std::string> layers;                             // plain tars
    std::string config = R"("User":"app","Env":["PATH=/bin"])";  // members of "config"
    std::string history = "[]";
    std::string tag = "shop/web:1";
    Packing packing = Packing::gzip;

    [[nodiscard]] std::string config_json() const {
        std::string ids;
        for (const std::string& layer : layers) ids += (ids.empty() ? "" : ",") + json::quote(sha256_text(layer));
        return fmt::format(
            R"({{"architecture":"amd64","os":"linux","created":"2026-01-10T07:26:40Z","config":{{{}}},"rootfs":{{"type":"layers","diff_ids":[{}]}},"history":{}}})",
            config, ids, history);
    }
    [[nodiscard]] std::string id() const { return sha256_text(config_json()); }
    static std::string blob(const std::string& bytes) { return "blobs/sha256/" + sha256_text(bytes).substr(7); }

    // Engines up to 24: a folder a layer, the manifest at the end.
    [[nodiscard]] std::string docker_save() const {
        TarMaker tar;
        tar.file(id().substr(7) + ".json", config_json());
        std::string paths;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const std::string folder = std::string(64, static_cast<char>('a' + i));
            tar.folder(folder).file(folder + "/VERSION", "1.0").file(folder + "/json", "{}").file(folder + "/layer.tar", layers[i]);
            paths += (i == 0 ? "" : ",") + json::quote(folder + "/layer.tar");
        }
        tar.file("manifest.json", fmt::format(R"([{{"Config":"{}.json","RepoTags":["{}"],"Layers":[{}]}}])", id().substr(7), tag, paths));
        return tar.take();
    }
    [[nodiscard]] std::string manifest_json() const {
        std::string list;
        for (const std::string& layer : layers) {
            const std::string bytes = packed(layer, packing);
            list += fmt::format(R"({}{{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{}","size":{}}})", list.empty() ? "" : ",",
                                sha256_text(bytes), bytes.size());
        }
        return fmt::format(R"({{"schemaVersion":2,"config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{}","size":1}},"layers":[{}]}})",
                           id(), list);
    }
    [[nodiscard]] std::string index_json() const {
        return fmt::format(R"({{"schemaVersion":2,"manifests":[{{"digest":"{}","size":1,"annotations":{{"org.opencontainers.image.ref.name":"{}"}}}}]}})",
                           sha256_text(manifest_json()), tag);
    }
    // Path and content of each file of an OCI layout.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> layout() const {
        std::vector<std::pair<std::string, std::string>> files = {{"oci-layout", R"({"imageLayoutVersion":"1.0.0"})"}, {"index.json", index_json()}};
        for (const std::string& bytes : {manifest_json(), config_json()}) files.emplace_back(blob(bytes), bytes);
        for (const std::string& layer : layers) {
            const std::string bytes = packed(layer, packing);
            files.emplace_back(blob(bytes), bytes);
        }
        return files;
    }
    [[nodiscard]] std::string oci_archive() const {
        TarMaker tar;
        for (const auto& [path, bytes] : layout()) tar.file(path, bytes);
        return tar.take();
    }
};

}  // namespace bulkhead::image
