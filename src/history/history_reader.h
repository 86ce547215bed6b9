// SPDX-License-Identifier: Apache-2.0
// A Reader that knows the past: answers readings of kind history from a history folder, and passes all others on. An answer is a JSON array with
// one object a line, whose keys are the columns of the table that asks; what is not known is left out.
//   history:WHAT?CONDITIONS   WHAT: flow, dns_query, http_request, tls_session, edge, container_history, datapath_stats, blind_spot, watched_time
//   conditions: since, until (milliseconds since 1970); of flows and what was said in them also source_container, destination_port, ... = value,
//   which may be answered with more than they ask for
// A history that is not there is a failed reading, never an empty one (but for watched_time: nobody watched); so is one that holds more than fits into an
// answer. Any thread.
#pragma once

#include <map>
#include <string>

#include "history/reader.h"
#include "world/reader.h"

namespace bulkhead::history {

inline constexpr std::size_t answer_rows_max = 100'000;
inline constexpr std::size_t answer_bytes_max = 96UL << 20U;

class HistoryReader : public world::Reader {
  public:
    // REQUIRES: the inner reader outlives this.
    HistoryReader(world::Reader& inner, std::string folder) : inner_(inner), folder_(std::move(folder)) {}

    world::Reading read(const world::Request& request) override;
    [[nodiscard]] UnixMs as_of() const override { return inner_.as_of(); }

  private:
    Result<std::string> answer(const std::string& target);

    world::Reader& inner_;
    const std::string folder_;
};

using Conditions = std::map<std::string, std::string>;
// What a request asks for: the part before '?', and the conditions decoded. invalid_input.
Result<std::pair<std::string, Conditions>> parse_target(std::string_view target);

// One object a line, within the bounds above. limit_exceeded: the answer is no answer, then.
class AnswerText {
  public:
    // Adds a row, begun with the first field. Values of json are JSON already.
    void begin();
    void text(std::string_view name, std::string_view value);  // left out when empty
    void number(std::string_view name, std::int64_t value);
    void json(std::string_view name, std::string_view value);  // left out when empty
    void time(std::string_view name, UnixMs value);
    void end();
    [[nodiscard]] bool full() const { return rows_ > answer_rows_max || out_.size() > answer_bytes_max; }
    Result<std::string> take();

  private:
    void key(std::string_view name);
    std::string out_ = "[";
    std::size_t rows_ = 0;
    bool first_ = true;
};

// history_answers.cpp: rows of each kind.
Result<void> answer_flows(Reader& reader, const std::string& what, const Conditions& conditions, AnswerText& out);
Result<void> answer_edges(Reader& reader, AnswerText& out);
Result<void> answer_containers(Reader& reader, const Conditions& conditions, AnswerText& out);
Result<void> answer_counters(Reader& reader, const Conditions& conditions, AnswerText& out);
Result<void> answer_blind_spots(Reader& reader, UnixMs now, AnswerText& out);
Result<void> answer_watched(Reader& reader, AnswerText& out);
std::pair<UnixMs, UnixMs> times_of(const Conditions& conditions);

}  // namespace bulkhead::history
