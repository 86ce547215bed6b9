// SPDX-License-Identifier: Apache-2.0
// The one place where global options become a world, its facts and the database over them.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "build/build_files.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "sql/database.h"
#include "tables/facts.h"
#include "trust/policy.h"
#include "world/reader.h"

namespace bulkhead::world {
class CacheFolder;
class Recorder;
struct RegistryAccess;
}  // namespace bulkhead::world

namespace bulkhead::cli {

struct SessionOptions {
    bool show_values = false;      // environment values and other secrets stay in what is read
    bool probe = false;            // active probes may be sent
    std::string record_to;         // a snapshot to write of all that is read; empty: none
    build::BuildInput build = {};  // Dockerfiles and Compose files to read beside the engine
    bool engine = true;            // false: no engine is asked, whatever the address
    sql::Limits limits = {};
    sql::Database::Use use = sql::Database::Use::query;
};

// Owned by the main thread.
class Session {
  public:
    // invalid_input for wrong addresses and combinations; the snapshot's own errors. Nothing is read from the engine yet.
    static Result<std::unique_ptr<Session>> open(const GlobalOptions& global, const SessionOptions& options);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    tables::Facts& facts() { return *facts_; }
    sql::Database& database() { return *database_; }

    // Makes what people attest part of the facts, for the tables and as readings that results cite.
    void bring(std::vector<tables::Attestation> attestations);
    // Whether an engine answers at all: the error says what was tried.
    Result<void> check_engine();
    // Reads every table that needs no argument, so that a recording holds more than one audit needed.
    void read_all_tables();
    Result<void> finish_recording();
    // Who is told, from any thread, of each image that is looked into; no one after the Tale is gone.
    class Tale {
      public:
        Tale(Session& session, std::function<void(const std::string&)> listener);
        ~Tale();
        Tale(const Tale&) = delete;
        Tale& operator=(const Tale&) = delete;

      private:
        Session& session_;
    };
    // Files of the cache that were there and not believed.
    [[nodiscard]] std::int64_t broken_cache_files() const;

  private:
    Session() = default;
    Result<void> open_live(const GlobalOptions& global, const SessionOptions& options, std::vector<world::RegistryAccess> registries);
    void tell(const std::string& image_id);
    std::string place_;          // what is read, for messages
    std::mutex listener_mutex_;  // guards listener_
    std::function<void(const std::string&)> listener_;
    std::shared_ptr<world::CacheFolder> cache_;
    std::unique_ptr<world::Reader> inner_reader_;  // below reader_, where that looks into images
    std::unique_ptr<world::Reader> past_reader_;   // between both, where there may be a history
    trust::Policy trust_policy_;
    std::unique_ptr<world::Reader> reader_;
    std::unique_ptr<world::Recorder> recorder_;
    std::unique_ptr<TemporaryFile> partial_;
    std::unique_ptr<world::World> world_;
    std::unique_ptr<tables::Facts> facts_;
    std::unique_ptr<sql::Database> database_;
};

}  // namespace bulkhead::cli
