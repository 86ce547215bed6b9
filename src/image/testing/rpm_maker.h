// SPDX-License-Identifier: Apache-2.0
// Small rpm databases of all three kinds, written as rpm lays them out, for tests.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::image {

inline std::string big_endian(std::uint32_t value) {
    return {static_cast<char>(value >> 24U), static_cast<char>(value >> 16U), static_cast<char>(value >> 8U), static_cast<char>(value)};
}
inline std::string little_endian(std::uint32_t value) {
    const std::string big = big_endian(value);
    return {big.rbegin(), big.rend()};
}

inline std::string rpm_header(std::string_view name, std::string_view version, std::string_view release, std::uint32_t epoch = 0) {
    std::string index;
    std::string store;
    std::uint32_t tags = 0;
    const auto add = [&](std::uint32_t tag, std::uint32_t type, std::uint32_t count, const std::string& value) {
        if (type == 4) store.resize((store.size() + 3) / 4 * 4);
        index += big_endian(tag) + big_endian(type) + big_endian(static_cast<std::uint32_t>(store.size())) + big_endian(count);
        store += value;
        ++tags;
    };
    const auto text = [](std::string_view value) { return std::string(value) + '\0'; };
    add(1000, 6, 1, text(name));
    add(1001, 6, 1, text(version));
    add(1002, 6, 1, text(release));
    if (epoch != 0) add(1003, 4, 1, big_endian(epoch));
    add(1009, 4, 1, big_endian(4096));
    add(1022, 6, 1, text("x86_64"));
    add(1044, 6, 1, text(std::string(name) + "-1-1.src.rpm"));
    add(1116, 4, 2, big_endian(0) + big_endian(1));
    add(1117, 8, 2, text(name) + text("README"));
    add(1118, 8, 2, text("/usr/bin/") + text("/usr/share/doc/"));
    return big_endian(tags) + big_endian(static_cast<std::uint32_t>(store.size())) + index + store;
}

inline std::string ndb_database(const std::vector<std::string>& blobs) {
    std::string page =
        "RpmP" + little_endian(0) + little_endian(1) + little_endian(1) + little_endian(static_cast<std::uint32_t>(blobs.size() + 1)) + std::string(12, '\0');
    std::string data;
    for (std::size_t i = 0; i < blobs.size(); ++i) {
        const auto index = static_cast<std::uint32_t>(i + 1);
        std::string blob = "BlbS" + little_endian(index) + little_endian(0) + little_endian(static_cast<std::uint32_t>(blobs[i].size())) + blobs[i];
        blob.resize((blob.size() + 12 + 15) / 16 * 16);
        page += "Slot" + little_endian(index) + little_endian(static_cast<std::uint32_t>((4096 + data.size()) / 16)) +
                little_endian(static_cast<std::uint32_t>(blob.size() / 16));
        data += blob;
    }
    while (page.size() < 4096) page += "Slot" + std::string(12, '\0');
    return page + data + std::string(1024, '\0');
}

// Page 0 describes, page 1 is the hash, the values lie on overflow pages behind.
inline std::string bdb_database(const std::vector<std::string>& blobs, bool swapped = false) {
    constexpr std::size_t page_bytes = 4096;
    const auto number32 = [swapped](std::uint32_t value) { return swapped ? big_endian(value) : little_endian(value); };
    const auto put = [](std::string& page, std::size_t at, const std::string& bytes) { page.replace(at, bytes.size(), bytes); };
    const auto put16 = [swapped](std::string& page, std::size_t at, std::size_t value) {
        page[at + (swapped ? 1 : 0)] = static_cast<char>(value);
        page[at + (swapped ? 0 : 1)] = static_cast<char>(value >> 8U);
    };
    std::string overflow;
    std::string hash(page_bytes, '\0');
    hash[25] = 13;
    put16(hash, 20, blobs.size() * 2);
    std::size_t next_page = 2;
    std::size_t item = page_bytes;
    for (std::size_t i = 0; i < blobs.size(); ++i) {
        item -= 5;
        hash[item] = 1;  // a key on the page itself
        put16(hash, 26 + (i * 4), item);
        item -= 12;
        hash[item] = 3;
        put(hash, item + 4, number32(static_cast<std::uint32_t>(next_page)));
        put(hash, item + 8, number32(static_cast<std::uint32_t>(blobs[i].size())));
        put16(hash, 28 + (i * 4), item);
        for (std::size_t at = 0; at < blobs[i].size(); at += page_bytes - 26) {
            const std::string part = blobs[i].substr(at, page_bytes - 26);
            std::string page(page_bytes, '\0');
            page[25] = 7;
            put16(page, 22, part.size());
            ++next_page;
            put(page, 16, number32(at + part.size() < blobs[i].size() ? static_cast<std::uint32_t>(next_page) : 0));
            put(page, 26, part);
            overflow += page;
        }
    }
    std::string meta(page_bytes, '\0');
    put(meta, 12, number32(0x061561));
    put(meta, 16, number32(9));
    put(meta, 20, number32(page_bytes));
    meta[25] = 8;
    put(meta, 32, number32(static_cast<std::uint32_t>(next_page - 1)));
    return meta + hash + overflow;
}

inline std::string sqlite_bytes(sqlite3* database) {
    sqlite3_int64 size = 0;
    unsigned char* bytes = sqlite3_serialize(database, "main", &size, 0);
    std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    sqlite3_free(bytes);
    return out;
}

inline std::string sqlite_database(const std::vector<std::string>& blobs) {
    sqlite3* database = nullptr;
    sqlite3_open(":memory:", &database);
    sqlite3_exec(database, "create table Packages(hnum integer primary key autoincrement, blob blob not null)", nullptr, nullptr, nullptr);
    for (const std::string& blob : blobs) {
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(database, "insert into Packages(blob) values (?)", -1, &statement, nullptr);
        sqlite3_bind_blob(statement, 1, blob.data(), static_cast<int>(blob.size()), SQLITE_STATIC);
        sqlite3_step(statement);
        sqlite3_finalize(statement);
    }
    std::string out = sqlite_bytes(database);
    sqlite3_close(database);
    return out;
}

}  // namespace bulkhead::image
