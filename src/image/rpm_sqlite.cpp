// SPDX-License-Identifier: Apache-2.0
// rpmdb.sqlite: the table Packages(hnum, blob). The file is somebody else's: only a plain table of that name is read, in memory, with
// bounded work.
#include <sqlite3.h>

#include "base/text.h"
#include "image/rpm.h"
#include "world/snapshot/sqlite_handle.h"

namespace bulkhead::image {

namespace {

constexpr int steps_between_looks = 10'000;
constexpr int looks_max = 100'000;  // a billion steps of SQLite's machine

int look(void* looks) { return ++*static_cast<int*>(looks) > looks_max ? 1 : 0; }

Error broken(sqlite3* database) { return {Code::corrupt, std::string("not a sound SQLite database: ") + text::printable(sqlite3_errmsg(database))}; }

}  // namespace

Result<void> rpm_blobs_of_sqlite(std::string_view bytes, const RpmBlob& each) {
    if (!bytes.starts_with("SQLite format 3")) return fail(Code::corrupt, "not an SQLite database");
    // SQLite takes what is missing at the end for zeros; the header tells how long it should be (SQLite file format, 1.3).
    constexpr std::size_t header_bytes = 100;
    const auto byte = [&](std::size_t at) { return static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at])); };
    if (bytes.size() < header_bytes) return fail(Code::corrupt, "an SQLite database that is cut");
    const std::uint64_t page_bytes = byte(16) == 0 && byte(17) == 1 ? 65536 : byte(16) << 8U | byte(17);
    const std::uint64_t pages = byte(28) << 24U | byte(29) << 16U | byte(30) << 8U | byte(31);
    if (pages * page_bytes > bytes.size()) return fail(Code::corrupt, "an SQLite database that is cut");
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, nullptr);
    const SqliteDatabase database(opened);
    if (result != SQLITE_OK) return fail(Code::internal, "SQLite cannot start");
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    int looks = 0;
    sqlite3_progress_handler(opened, steps_between_looks, look, &looks);
    // A database in WAL mode cannot be opened from memory; rpm leaves these two bytes of the header at 2 (SQLite file format, 1.3).
    auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size()));
    if (copy == nullptr) return fail(Code::limit_exceeded, "no memory for an rpm database");
    bytes.copy(reinterpret_cast<char*>(copy), bytes.size());
    constexpr std::size_t write_version_at = 18;
    if (bytes.size() > write_version_at + 1) copy[write_version_at] = copy[write_version_at + 1] = 1;
    if (sqlite3_deserialize(opened, "main", copy, static_cast<sqlite3_int64>(bytes.size()), static_cast<sqlite3_int64>(bytes.size()),
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY) != SQLITE_OK) {
        return std::unexpected(broken(opened));
    }
    sqlite3_exec(opened, "pragma cell_size_check=on", nullptr, nullptr, nullptr);
    auto plain = sqlite_prepare(opened, "select 1 from sqlite_schema where name = 'Packages' and type = 'table' and rootpage > 0");
    if (!plain) return std::unexpected(broken(opened));
    if (sqlite3_step(plain->get()) != SQLITE_ROW) return fail(Code::corrupt, "an SQLite database without rpm's table of packages");
    auto statement = sqlite_prepare(opened, "select blob from Packages");
    if (!statement) return std::unexpected(broken(opened));
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(statement->get())) == SQLITE_ROW) {
        if (auto done = each(sqlite_blob(statement->get(), 0)); !done) return done;
    }
    if (step != SQLITE_DONE) return std::unexpected(broken(opened));
    return {};
}

}  // namespace bulkhead::image
