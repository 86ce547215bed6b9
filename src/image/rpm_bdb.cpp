// SPDX-License-Identifier: Apache-2.0
// Packages: a Berkeley DB hash (Berkeley DB's dbinc/db_page.h). Values of packages are large, so each lies on a chain of overflow
// pages; what is small enough to lie on the hash page itself is rpm's counter, no package.
#include <algorithm>

#include "image/rpm.h"

namespace bulkhead::image {

namespace {

constexpr std::uint32_t hash_magic = 0x061561;
constexpr std::size_t page_header_bytes = 26;
constexpr unsigned char page_hash_unsorted = 2, page_overflow = 7, page_hash_meta = 8, page_hash = 13;
constexpr unsigned char item_off_page = 3;
constexpr std::size_t off_page_bytes = 12;

class Pages {
  public:
    static Result<Pages> open(std::string_view bytes) {
        constexpr std::size_t meta_bytes = 72;
        if (bytes.size() < meta_bytes) return fail(Code::corrupt, "a Berkeley database that is cut");
        Pages pages;
        pages.bytes_ = bytes;
        if (pages.number32(12) != hash_magic) {
            pages.swapped_ = true;  // written by a machine of the other byte order
            if (pages.number32(12) != hash_magic) return fail(Code::corrupt, "not a Berkeley hash database");
        }
        pages.size_ = pages.number32(20);
        constexpr std::size_t page_min = 512, page_max = 65536;
        if (pages.size_ < page_min || pages.size_ > page_max || (pages.size_ & (pages.size_ - 1)) != 0) {
            return fail(Code::corrupt, "a Berkeley database with an impossible page size");
        }
        if (bytes[24] != 0) return fail(Code::unsupported, "an encrypted Berkeley database");
        if (static_cast<unsigned char>(bytes[25]) != page_hash_meta) return fail(Code::corrupt, "a Berkeley database that is no hash");
        // last_pgno; what lies behind it belongs to nothing.
        pages.count_ = std::min<std::size_t>(static_cast<std::size_t>(pages.number32(32)) + 1, bytes.size() / pages.size_);
        if (static_cast<std::size_t>(pages.number32(32)) + 1 > bytes.size() / pages.size_) return fail(Code::corrupt, "a Berkeley database that is cut");
        return pages;
    }

    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] std::size_t page_bytes() const { return size_; }
    [[nodiscard]] std::size_t start(std::size_t page) const { return page * size_; }
    [[nodiscard]] unsigned char type(std::size_t page) const { return byte(start(page) + 25); }
    [[nodiscard]] std::uint32_t next(std::size_t page) const { return number32(start(page) + 16); }
    [[nodiscard]] std::size_t entries(std::size_t page) const { return number16(start(page) + 20); }
    [[nodiscard]] std::size_t used(std::size_t page) const { return number16(start(page) + 22); }  // of an overflow page
    [[nodiscard]] unsigned char byte(std::size_t at) const { return static_cast<unsigned char>(bytes_[at]); }
    [[nodiscard]] std::uint32_t number32(std::size_t at) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) value |= static_cast<std::uint32_t>(byte(at + i)) << (8 * (swapped_ ? 3 - i : i));
        return value;
    }
    [[nodiscard]] std::size_t number16(std::size_t at) const {
        return swapped_ ? static_cast<std::size_t>(byte(at) << 8U | byte(at + 1)) : static_cast<std::size_t>(byte(at + 1) << 8U | byte(at));
    }
    [[nodiscard]] std::string_view bytes(std::size_t at, std::size_t length) const { return bytes_.substr(at, length); }

  private:
    std::string_view bytes_;
    std::size_t size_ = 0;
    std::size_t count_ = 0;
    bool swapped_ = false;
};

// The value on the chain of overflow pages that begins at `page`. Each page adds at least a byte, so a loop ends at the length.
Result<std::string> chained(const Pages& pages, std::size_t page, std::size_t length) {
    if (length > pages.count() * pages.page_bytes()) return fail(Code::corrupt, "a value longer than its database");
    std::string value;
    value.reserve(length);
    while (value.size() < length) {
        if (page == 0 || page >= pages.count() || pages.type(page) != page_overflow) return fail(Code::corrupt, "a value whose pages are missing");
        const std::size_t room = pages.page_bytes() - page_header_bytes;
        const std::size_t used = pages.used(page) == 0 ? room : std::min(pages.used(page), room);
        value += pages.bytes(pages.start(page) + page_header_bytes, std::min(used, length - value.size()));
        page = pages.next(page);
    }
    return value;
}

}  // namespace

Result<void> rpm_blobs_of_bdb(std::string_view bytes, const RpmBlob& each) {
    const auto pages = Pages::open(bytes);
    if (!pages) return std::unexpected(pages.error());
    // A hostile file may name one long value many times; a sound one holds each once.
    std::size_t left = bytes.size();
    for (std::size_t page = 0; page < pages->count(); ++page) {
        if (pages->type(page) != page_hash && pages->type(page) != page_hash_unsorted) continue;
        const std::size_t start = pages->start(page);
        const std::size_t entries = pages->entries(page);
        if (page_header_bytes + (entries * 2) > pages->page_bytes()) return fail(Code::corrupt, "a Berkeley database with a broken page");
        for (std::size_t entry = 1; entry < entries; entry += 2) {  // keys and values in turns
            const std::size_t item = pages->number16(start + page_header_bytes + (entry * 2));
            if (item + off_page_bytes > pages->page_bytes()) continue;  // too near to the end for anything but a small value
            if (pages->byte(start + item) != item_off_page) continue;
            const std::size_t length = pages->number32(start + item + 8);
            auto value = chained(*pages, pages->number32(start + item + 4), length);
            if (!value) return std::unexpected(value.error());
            if (value->size() > left) return fail(Code::corrupt, "a Berkeley database that holds more than its size");
            left -= value->size();
            if (auto done = each(*value); !done) return done;
        }
    }
    return {};
}

}  // namespace bulkhead::image
