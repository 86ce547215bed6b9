// SPDX-License-Identifier: Apache-2.0
#include "image/archive.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "image/documents.h"
#include "image/layer_json.h"
#include "image/layer_stream.h"
#include "image/tar_reader.h"

namespace bulkhead::image {

namespace {

constexpr std::size_t tar_block_bytes = 512;

// POSIX ustar, "checksum": the sum of the header's bytes with its own field taken as blanks. Old tars without a magic word have it, too.
bool is_tar_header(std::string_view block) {
    if (block.size() < tar_block_bytes) return false;
    constexpr std::size_t sum_at = 148, sum_bytes = 8;
    std::int64_t sum = 0;
    bool zero = true;
    for (std::size_t i = 0; i < tar_block_bytes; ++i) {
        const auto byte = static_cast<unsigned char>(block[i]);
        zero = zero && byte == 0;
        sum += i >= sum_at && i < sum_at + sum_bytes ? ' ' : byte;
    }
    if (zero) return true;  // the end of a tar with nothing in it
    std::string_view field = block.substr(sum_at, sum_bytes);
    field = field.substr(0, field.find('\0'));
    const auto told = text::to_integer(text::trim(field), 8);
    return told && *told == sum;
}

// Passes on, counts, and remembers whether it was the source itself that failed.
class Watched : public world::ByteStream {
  public:
    Watched(world::ByteStream& inner, std::int64_t bytes_max) : inner_(inner), bytes_max_(bytes_max) {}
    Result<std::string_view> next() override {
        auto bytes = inner_.next();
        if (!bytes) error_ = bytes.error();
        if (bytes) bytes_ += static_cast<std::int64_t>(bytes->size());
        if (bytes_ > bytes_max_) {
            error_ = Error{Code::limit_exceeded, fmt::format("the archive has more than archive_bytes_max = {} bytes", bytes_max_)};
            return std::unexpected(*error_);
        }
        return bytes;
    }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  private:
    world::ByteStream& inner_;
    std::int64_t bytes_max_;
    std::int64_t bytes_ = 0;
    std::optional<Error> error_;
};

class ArchiveScan {
  public:
    ArchiveScan(world::FileSequence& files, const Limits& limits) : files_(files), limits_(limits), documents_(limits) {}

    Result<ArchiveContent> run() {
        std::int64_t entries = 0;
        for (;;) {
            const auto name = files_.next_file();
            if (!name) return std::unexpected(name.error());
            if (!*name) break;
            if (++entries > limits_.archive_entries_max) {
                return fail(Code::limit_exceeded, fmt::format("the archive has more than archive_entries_max = {} entries", limits_.archive_entries_max));
            }
            if (auto taken = take(**name); !taken) return std::unexpected(taken.error());
        }
        auto images = documents_.images(content_.problems);
        if (!images) return std::unexpected(images.error());
        content_.images = std::move(*images);
        return std::move(content_);
    }

  private:
    Result<void> take(const std::string& name) {
        Watched watched(files_.bytes(), limits_.archive_bytes_max);
        std::string first;
        while (first.size() < tar_block_bytes) {
            const auto bytes = watched.next();
            if (!bytes) return std::unexpected(bytes.error());
            if (bytes->empty()) break;
            first += *bytes;
        }
        const Packing packing = packing_of(first);
        if (packing != Packing::plain || is_tar_header(first)) return take_layer(name, watched, std::move(first), packing);
        const std::size_t letter = first.find_first_not_of(" \t\r\n");
        if (letter != std::string::npos && (first[letter] == '{' || first[letter] == '[')) return take_document(name, watched, std::move(first));
        return {};  // "VERSION", and whatever else lies there
    }

    Result<void> take_document(const std::string& name, Watched& watched, std::string bytes) {
        for (;;) {
            if (bytes.size() > limits_.document_bytes_max) {
                problem(fmt::format("{} is larger than document_bytes_max = {} bytes", text::printable(name.substr(0, 200)), limits_.document_bytes_max));
                return {};
            }
            const auto next = watched.next();
            if (!next) return std::unexpected(next.error());
            if (next->empty()) break;
            bytes += *next;
        }
        auto path = plain_path(name, limits_);
        return documents_.add(path ? std::move(*path) : name, std::move(bytes));
    }

    Result<void> take_layer(const std::string& name, Watched& watched, std::string first, Packing packing) {
        Resumed packed(std::move(first), watched);
        LayerStream plain(packed, packing, limits_, inflated_);
        auto layer = scan_layer(plain, limits_);
        auto digest = layer ? plain.finish() : std::unexpected(layer.error());
        if (watched.error()) return std::unexpected(*watched.error());
        if (inflated_ > limits_.inflated_bytes_max) return std::unexpected(digest.error());
        if (!digest) {
            problem(fmt::format("{}: {}", text::printable(name.substr(0, 200)), digest.error().message));
            return {};
        }
        layer->digest = *digest;
        layer->bytes = plain.bytes();
        content_.layers[*digest] = write_layer(*layer);
        return {};
    }

    void problem(std::string what) {
        if (content_.problems.size() < limits_.problems_max) content_.problems.push_back(std::move(what));
    }

    world::FileSequence& files_;
    const Limits& limits_;
    Documents documents_;
    ArchiveContent content_;
    std::int64_t inflated_ = 0;
};

}  // namespace

const ArchivedImage* ArchiveContent::find(const std::string& digest) const {
    for (const ArchivedImage& image : images) {
        if (std::ranges::find(image.digests, digest) == image.digests.end()) continue;
        // An index names the image of each platform; the one whose layers are here is the one that is stored.
        if (std::ranges::all_of(image.config.layers, [this](const std::string& layer) { return layers.contains(layer); })) return &image;
    }
    for (const ArchivedImage& image : images) {
        if (std::ranges::find(image.digests, digest) != image.digests.end()) return &image;
    }
    return nullptr;
}

std::string ArchiveContent::why_missing(const std::string& layer) const {
    if (problems.empty()) return fmt::format("the archive has no layer {}", layer);
    return fmt::format("the archive has no sound layer {}: {}", layer, text::join(problems, "; "));
}

Result<ArchiveContent> scan_archive(world::FileSequence& files, const Limits& limits) { return ArchiveScan(files, limits).run(); }

Result<ArchiveContent> scan_archive(world::ByteStream& archive, const Limits& limits) {
    std::string first;
    while (first.size() < tar_block_bytes) {
        const auto bytes = archive.next();
        if (!bytes) return std::unexpected(bytes.error());
        if (bytes->empty()) break;
        first += *bytes;
    }
    const Packing packing = packing_of(first);
    if (packing == Packing::plain && !is_tar_header(first)) return fail(Code::corrupt, "no archive of images: it is no tar, plain or packed by gzip or zstd");
    Resumed packed(std::move(first), archive);
    Limits outer = limits;
    outer.layer_bytes_max = outer.inflated_bytes_max = limits.archive_bytes_max;
    std::int64_t inflated = 0;
    LayerStream plain(packed, packing, outer, inflated, LayerStream::Hash::left_out);
    TarFiles files(plain);
    return scan_archive(files, limits);
}

}  // namespace bulkhead::image
