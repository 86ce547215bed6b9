// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <mutex>

#include "world/live/errno_result.h"
#include "world/snapshot/snapshot.h"
#include "world/snapshot/sqlite_handle.h"
#include "world/snapshot/zlib_bytes.h"

namespace bulkhead::world {

namespace {

constexpr const char* schema = R"sql(
create table meta(key text primary key, value text not null) without rowid;
create table reading(locator text primary key, source text not null, outcome text not null, reason text not null,
                     read_at_ms integer not null, size integer not null, bytes blob) without rowid;
)sql";

}  // namespace

struct Recorder::Store {
    std::mutex mutex;  // guards all below
    std::string path;
    std::string partial;
    SqliteDatabase database;
    SqliteStatement insert;
    std::string problem;
    bool unfinished = false;  // the partial file is there, and ours

    ~Store() {
        insert.reset();
        database.reset();
        if (unfinished) std::remove(partial.c_str());
    }

    Result<void> execute(const char* sql) const {
        char* message = nullptr;
        if (sqlite3_exec(database.get(), sql, nullptr, nullptr, &message) == SQLITE_OK) return {};
        const std::string why = message == nullptr ? "error" : message;
        sqlite3_free(message);
        return fail(Code::unavailable, "writing " + path + ": " + why);
    }
};

Recorder::Recorder(Reader& inner, std::unique_ptr<Store> store) : inner_(inner), store_(std::move(store)) {}
Recorder::~Recorder() = default;
UnixMs Recorder::as_of() const { return inner_.as_of(); }

Result<std::unique_ptr<Recorder>> Recorder::create(Reader& inner, std::string path, const std::string& tool_version) {
    auto store = std::make_unique<Store>();
    store->path = std::move(path);
    store->partial = fmt::format("{}.partial-{}", store->path, getpid());
    // O_EXCL: never through somebody's link, and readable by nobody else from the first byte on.
    const int fd = ::open(store->partial.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) return fail_errno(errno, "cannot write " + store->path);
    ::close(fd);
    store->unfinished = true;
    sqlite3* database = nullptr;
    const int opened = sqlite3_open_v2(store->partial.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
    store->database.reset(database);
    if (opened != SQLITE_OK) return fail(Code::unavailable, "cannot write " + store->path);
    // The file is thrown away when the run does not finish, so a journal protects nothing.
    for (const char* sql : {"pragma journal_mode=off", "pragma synchronous=off", "begin", schema}) {
        if (auto done = store->execute(sql); !done) return std::unexpected(done.error());
    }
    const std::string meta = fmt::format("insert into meta values ('format_version','{}'),('tool_version','{}'),('as_of_ms','{}'),('saved_at_ms','{}')",
                                         snapshot_format_version, tool_version, inner.as_of(), now_ms());
    if (auto done = store->execute(meta.c_str()); !done) return std::unexpected(done.error());
    auto insert = sqlite_prepare(store->database.get(), "insert or replace into reading values (?,?,?,?,?,?,?)");
    if (!insert) return std::unexpected(insert.error());
    store->insert = std::move(*insert);
    return std::unique_ptr<Recorder>(new Recorder(inner, std::move(store)));
}

Reading Recorder::read(const Request& request) {
    Reading reading = inner_.read(request);
    const auto bytes = deflate_bytes(reading.bytes);
    const std::scoped_lock lock(store_->mutex);
    if (!bytes) {
        store_->problem = bytes.error().message;
        return reading;
    }
    sqlite3_stmt* insert = store_->insert.get();
    const auto bind = [&](int at, std::string_view text) { sqlite3_bind_text(insert, at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT); };
    bind(1, reading.locator);
    bind(2, name(request.kind));
    bind(3, name(reading.outcome));
    bind(4, reading.reason);
    sqlite3_bind_int64(insert, 5, reading.read_at);
    sqlite3_bind_int64(insert, 6, static_cast<sqlite3_int64>(reading.bytes.size()));
    sqlite3_bind_blob64(insert, 7, bytes->data(), bytes->size(), SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE) store_->problem = sqlite3_errmsg(store_->database.get());
    sqlite3_reset(insert);
    sqlite3_clear_bindings(insert);
    return reading;
}

Result<void> Recorder::finish() {
    const std::scoped_lock lock(store_->mutex);
    if (!store_->problem.empty()) return fail(Code::unavailable, "writing " + store_->path + ": " + store_->problem);
    store_->insert.reset();
    if (auto done = store_->execute("commit"); !done) return done;
    store_->database.reset();
    if (std::rename(store_->partial.c_str(), store_->path.c_str()) != 0) return fail_errno(errno, "cannot write " + store_->path);
    store_->unfinished = false;
    return {};
}

}  // namespace bulkhead::world
