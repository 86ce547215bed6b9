// SPDX-License-Identifier: Apache-2.0
// One file with all raw evidence of a run: a SQLite database (open it in the plain sqlite3 shell: bytes are zlib streams, so
// `select sqlar_uncompress(bytes, size) from reading` shows them). Recorder writes one while it reads; SnapshotReader replays it.
//   meta(key, value)      format_version, tool_version, as_of_ms, saved_at_ms
//   reading(locator primary key, source, outcome, reason, read_at_ms, size, bytes)
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "world/reader.h"

namespace bulkhead::world {

inline constexpr int snapshot_format_version = 1;

class Recorder : public Reader {
  public:
    // Writes beside the path and takes its name only in finish(): a killed run leaves no half snapshot. The file is for its owner
    // only (0600). REQUIRES: the inner reader outlives the recorder.
    static Result<std::unique_ptr<Recorder>> create(Reader& inner, std::string path, const std::string& tool_version);
    ~Recorder() override;

    Reading read(const Request& request) override;  // any thread
    [[nodiscard]] UnixMs as_of() const override;
    Result<void> finish();  // also tells of any reading that could not be written

  private:
    struct Store;
    Recorder(Reader& inner, std::unique_ptr<Store> store);
    Reader& inner_;
    std::unique_ptr<Store> store_;
};

class SnapshotReader : public Reader {
  public:
    // Errors: not_found, permission_denied, corrupt (not a snapshot, or damaged), unsupported (from a newer bulkhead).
    static Result<std::unique_ptr<SnapshotReader>> open(const std::string& path);
    ~SnapshotReader() override;

    // What was not recorded is `failed: not in this snapshot`. Any thread.
    Reading read(const Request& request) override;
    [[nodiscard]] UnixMs as_of() const override;
    [[nodiscard]] const std::map<std::string, std::string>& meta() const;

    struct Entry {
        std::string locator;
        Outcome outcome = Outcome::failed;
        std::int64_t size = 0;
        UnixMs read_at = 0;
        std::string reason;
    };
    Result<std::vector<Entry>> entries();  // ordered by locator

  private:
    struct Store;
    explicit SnapshotReader(std::unique_ptr<Store> store);
    std::unique_ptr<Store> store_;
};

}  // namespace bulkhead::world
