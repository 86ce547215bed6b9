// SPDX-License-Identifier: Apache-2.0
// The one place where global options become a world, its facts and the database over them.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "build/build_files.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "sql/database.h"
#include "tables/facts.h"
#include "trust/policy.h"
#include "world/reader.h"

namespace bulkhead::world {
class Recorder;
}

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

    // Whether an engine answers at all: the error says what was tried.
    Result<void> check_engine();
    // Reads every table that needs no argument, so that a recording holds more than one audit needed.
    void read_all_tables();
    Result<void> finish_recording();

  private:
    Session() = default;
    std::string place_;  // what is read, for messages
    trust::Policy trust_policy_;
    std::unique_ptr<world::Reader> reader_;
    std::unique_ptr<world::Recorder> recorder_;
    std::unique_ptr<TemporaryFile> partial_;
    std::unique_ptr<world::World> world_;
    std::unique_ptr<tables::Facts> facts_;
    std::unique_ptr<sql::Database> database_;
};

}  // namespace bulkhead::cli
