// SPDX-License-Identifier: Apache-2.0
// The header blob: two counts, an index of tags, and a store of values, all big-endian.
#include <fmt/format.h>

#include <array>
#include <optional>

#include "base/text.h"
#include "image/rpm.h"

namespace bulkhead::image {

namespace {

// rpmtag.h
enum Tag : std::uint32_t {
    tag_name = 1000,
    tag_version = 1001,
    tag_release = 1002,
    tag_epoch = 1003,
    tag_size = 1009,
    tag_architecture = 1022,
    tag_source_rpm = 1044,
    tag_dir_indexes = 1116,
    tag_base_names = 1117,
    tag_dir_names = 1118,
};
enum Type : std::uint32_t { type_int32 = 4, type_string = 6, type_string_array = 8, type_i18n_string = 9 };

constexpr std::uint32_t tags_max = 65536;            // rpm's own HEADER_TAGS_MAX
constexpr std::uint32_t store_bytes_max = 1U << 28;  // rpm's own HEADER_DATA_MAX
constexpr std::uint32_t files_max = 1U << 20U;
constexpr std::size_t entry_bytes = 16;

std::uint32_t big32(std::string_view bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])); };
    return byte(0) << 24U | byte(1) << 16U | byte(2) << 8U | byte(3);
}

class Header {
  public:
    static Result<Header> open(std::string_view blob) {
        if (blob.size() < 8) return fail(Code::corrupt, "an rpm header that is cut");
        Header header;
        header.tags_ = big32(blob, 0);
        const std::uint32_t store = big32(blob, 4);
        if (header.tags_ == 0 || header.tags_ > tags_max || store > store_bytes_max) return fail(Code::corrupt, "an rpm header with impossible counts");
        const std::size_t index = static_cast<std::size_t>(header.tags_) * entry_bytes;
        if (blob.size() < 8 + index + store) return fail(Code::corrupt, "an rpm header that is cut");
        header.index_ = blob.substr(8, index);
        header.store_ = blob.substr(8 + index, store);
        return header;
    }

    [[nodiscard]] std::string text(Tag tag) const {
        const auto values = texts(tag);
        return values.empty() ? std::string() : text::printable(values.front());
    }
    [[nodiscard]] std::optional<std::uint32_t> number(Tag tag) const {
        const auto values = numbers(tag);
        return values.empty() ? std::nullopt : std::optional(values.front());
    }
    [[nodiscard]] std::vector<std::string_view> texts(Tag tag) const {
        std::vector<std::string_view> values;
        const auto found = find(tag);
        if (!found || (found->type != type_string && found->type != type_string_array && found->type != type_i18n_string)) return values;
        std::string_view rest = store_.substr(found->offset);
        for (std::uint32_t i = 0; i < found->count && !rest.empty(); ++i) {
            const std::size_t end = rest.find('\0');
            if (end == std::string_view::npos) break;
            values.push_back(rest.substr(0, end));
            rest.remove_prefix(end + 1);
        }
        return values;
    }
    [[nodiscard]] std::vector<std::uint32_t> numbers(Tag tag) const {
        std::vector<std::uint32_t> values;
        const auto found = find(tag);
        if (!found || found->type != type_int32) return values;
        for (std::size_t at = found->offset; values.size() < found->count && at + 4 <= store_.size(); at += 4) values.push_back(big32(store_, at));
        return values;
    }

  private:
    struct Entry {
        std::uint32_t type = 0, offset = 0, count = 0;
    };
    [[nodiscard]] std::optional<Entry> find(Tag tag) const {
        for (std::size_t at = 0; at < index_.size(); at += entry_bytes) {
            if (big32(index_, at) != tag) continue;
            Entry entry{big32(index_, at + 4), big32(index_, at + 8), big32(index_, at + 12)};
            if (entry.offset >= store_.size() || entry.count > files_max) return std::nullopt;
            return entry;
        }
        return std::nullopt;
    }
    std::uint32_t tags_ = 0;
    std::string_view index_;
    std::string_view store_;
};

// "bash-5.2.15-3.el9.src.rpm" -> "bash".
std::string source_name(std::string file) {
    for (int i = 0; i < 2; ++i) {
        const std::size_t dash = file.rfind('-');
        if (dash == std::string::npos) return {};
        file.resize(dash);
    }
    return file;
}

}  // namespace

Result<Package> parse_rpm_header(std::string_view blob) {
    const auto header = Header::open(blob);
    if (!header) return std::unexpected(header.error());
    Package package;
    package.name = header->text(tag_name);
    if (package.name.empty()) return fail(Code::corrupt, "an rpm header without a name");
    const auto epoch = header->number(tag_epoch);
    package.version = fmt::format("{}{}-{}", epoch && *epoch != 0 ? fmt::format("{}:", *epoch) : "", header->text(tag_version), header->text(tag_release));
    package.architecture = header->text(tag_architecture);
    package.source = source_name(header->text(tag_source_rpm));
    if (const auto size = header->number(tag_size)) package.installed_bytes = *size;
    const auto names = header->texts(tag_base_names);
    const auto folders = header->texts(tag_dir_names);
    const auto places = header->numbers(tag_dir_indexes);
    for (std::size_t i = 0; i < names.size() && i < places.size(); ++i) {
        if (places[i] >= folders.size()) continue;
        std::string path = std::string(folders[places[i]]) + std::string(names[i]);
        path.erase(0, path.find_first_not_of('/'));
        if (is_code(path)) package.code_files.push_back(text::printable(path));
    }
    return package;
}

Result<std::vector<Package>> parse_rpm(RpmKind kind, std::string_view bytes, const Limits& limits) {
    std::vector<Package> packages;
    const auto add = [&](std::string_view blob) -> Result<void> {
        if (packages.size() == limits.packages_max) {
            return fail(Code::limit_exceeded, fmt::format("more than packages_max = {} packages", limits.packages_max));
        }
        auto package = parse_rpm_header(blob);
        if (!package) return std::unexpected(package.error());
        // Keys that somebody trusted are stored as packages of this name; they are none.
        if (package->name != "gpg-pubkey") packages.push_back(std::move(*package));
        return {};
    };
    const auto done = kind == RpmKind::sqlite ? rpm_blobs_of_sqlite(bytes, add)
                      : kind == RpmKind::ndb  ? rpm_blobs_of_ndb(bytes, add)
                                              : rpm_blobs_of_bdb(bytes, add);
    if (!done) return std::unexpected(done.error());
    return packages;
}

}  // namespace bulkhead::image
