// SPDX-License-Identifier: Apache-2.0
// What an audit yields: one Result per control and resource, with the evidence it rests on. Plain values; reports only read them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/fix.h"
#include "base/clock.h"
#include "base/result.h"

namespace bulkhead::audit {

enum class Status : std::uint8_t { ok, info, skip, unknown, alarm, error };  // ordered: the later is the worse
inline constexpr Status statuses[] = {Status::ok, Status::alarm, Status::info, Status::skip, Status::unknown, Status::error};
std::string_view name(Status status);
bulkhead::Result<Status> parse_status(std::string_view text);

// Whether an earlier audit said the same (audit/baseline.h).
enum class Novelty : std::uint8_t { not_compared, is_new, known };
std::string_view name(Novelty novelty);  // "", "new", "known"

struct Evidence {
    std::string source;   // the kind of the reading: engine, file, netlink, program, ...
    std::string locator;  // what was read, as in a snapshot
    std::string value;    // what it said
    UnixMs read_at = 0;   // 0: not read in this run
};

struct Result {
    std::string control;        // "csvs_7_6"
    std::string resource;       // stable id: a container's or network's id, "host" for the engine's host
    std::string resource_name;  // what people call it
    Status status = Status::error;
    std::string reason;
    std::string layer;  // declared, configured or observed: the layer that decided; "disagreement" where two contradict
    std::vector<Evidence> evidence;
    std::vector<std::pair<std::string, std::string>> dimensions;  // every other column of the control's SQL, in its order
    Novelty novelty = Novelty::not_compared;
};

// One control, as its YAML file says.
struct Control {
    std::string id;
    std::vector<std::string> aliases;  // e.g. the v1.0 id; accepted wherever an id is
    std::string title;
    std::vector<int> levels;  // 1..3
    std::string since;
    std::string severity;  // low, medium, high, critical
    std::vector<std::string> tags;
    std::vector<std::string> layers;  // that it rests on
    std::string description;
    std::string rationale;
    std::string default_value;
    std::string remediation;
    std::vector<std::string> references;
    std::string query;  // name of the named query, or empty
    std::string sql;
    std::map<std::string, std::string> params;  // what the SQL reads with param(name)
    std::string attest;                         // what people may state where no machine can tell; empty: takes no attestation
    std::string attest_sql;                     // judges such statements, with param('control')
    // The same question about build files (Dockerfile, Compose), for what a running engine does not know yet. Either may be empty.
    std::string declared_query;
    std::string declared_sql;
    std::map<std::string, std::string> declared_params;
    std::vector<Fix> fixes;
    std::string file;  // where it was defined
};

// A named tree of controls: csvs -> csvs_v3, csvs_v7 -> controls.
struct Benchmark {
    std::string id;
    std::string title;
    std::string description;
    std::vector<std::string> children;  // ids of benchmarks or controls, in order
};

// What a comparison with an earlier audit says of the whole.
struct Comparison {
    std::string baseline;  // the file
    UnixMs as_of = 0;      // of its facts
    std::size_t new_alarms = 0;
    std::size_t known_alarms = 0;
    std::size_t fixed = 0;    // its alarms that are ok, info or no longer there
    std::size_t skipped = 0;  // its alarms that are skip now, excepted ones among them
    std::size_t unclear = 0;  // its alarms of which this audit cannot tell: unknown, or not asked for
};

struct Audit {
    UnixMs started_at = 0;
    UnixMs as_of = 0;  // the facts' time: the snapshot's when it came from one
    std::string tool_version;
    std::vector<std::pair<std::string, std::string>> host;         // name, engine_version, api_version, kernel, operating_system, source, ...
    std::vector<Benchmark> benchmarks;                             // the ones that were asked for, with their children
    std::vector<Control> controls;                                 // in order of evaluation
    std::vector<Result> results;                                   // ordered by control, then resource_name, then resource
    std::vector<std::pair<std::string, std::string>> blind_spots;  // locator, reason: what could not be read, ordered
    std::size_t left_out = 0;                                      // controls that cannot judge what was given (no engine, or no build files)
    std::size_t vanished = 0;                                      // containers gone between list and inspect
    std::vector<std::string> notes;                                // about the audit itself, a sentence each: an exception that excepts nothing, ...
    std::optional<Comparison> comparison;                          // where a baseline was given
};

}  // namespace bulkhead::audit
