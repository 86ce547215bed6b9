// SPDX-License-Identifier: Apache-2.0
#include "audit/run.h"

#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>

#include "audit/evaluate.h"
#include "audit/select.h"
#include "base/clock.h"
#include "base/version.h"
#include "image/archive_reader.h"

namespace bulkhead::audit {

namespace {

// Who was audited. What cannot be read is simply not said here: the results say it.
std::vector<std::pair<std::string, std::string>> describe_host(sql::Database& database) {
    std::vector<std::pair<std::string, std::string>> host;
    const auto set = database.run("select name, server_version as engine_version, operating_system, kernel_version as kernel, architecture from docker_info");
    if (!set || set->rows.empty()) return host;
    for (std::size_t i = 0; i < set->columns.size(); ++i) {
        if (const auto* text = std::get_if<std::string>(&set->rows[0][i])) host.emplace_back(set->columns[i], *text);
    }
    return host;
}

constexpr std::size_t work_worth_a_thread = 8;

// Hands out the work of one audit from both ends of the list, each once. Any thread.
class Ends {
  public:
    explicit Ends(std::size_t count) : back_(count) {}
    std::optional<std::size_t> front() {
        const std::scoped_lock lock(mutex_);
        return front_ < back_ ? std::optional(front_++) : std::nullopt;
    }
    std::optional<std::size_t> back() {
        const std::scoped_lock lock(mutex_);
        return front_ < back_ ? std::optional(--back_) : std::nullopt;
    }

  private:
    std::mutex mutex_;  // guards both
    std::size_t front_ = 0;
    std::size_t back_;
};

using Results = std::vector<std::vector<Result>>;  // by place of the control

// Controls of several standards ask the same question: those with the same SQL and the same parameters are one piece of work.
using Work = std::vector<std::vector<std::size_t>>;  // places of the controls, by first place

Work share_work(const std::vector<const Control*>& controls) {
    Work work;
    std::map<std::tuple<std::string_view, std::map<std::string, std::string>, std::string_view>, std::size_t> known;
    for (std::size_t place = 0; place < controls.size(); ++place) {
        const Control& control = *controls[place];
        // What people state is stated about one control.
        const std::string_view stated = control.attest.empty() ? std::string_view() : std::string_view(control.id);
        const auto [at, fresh] = known.try_emplace({control.sql, control.params, stated}, work.size());
        if (fresh) work.emplace_back();
        work[at->second].push_back(place);
    }
    return work;
}

void evaluate_one(const std::vector<const Control*>& controls, const std::vector<std::size_t>& places, sql::Database& database, Results& results) {
    results[places[0]] = evaluate(*controls[places[0]], database);
    for (const std::size_t place : std::span(places).subspan(1)) {
        results[place] = results[places[0]];
        for (Result& result : results[place]) result.control = controls[place]->id;
    }
}

// The list's other end: what either end has read, and the tables it made of it, serve both.
void evaluate_from_the_back(const std::vector<const Control*>& controls, const Work& work, const sql::Database& database, tables::Facts& own, Ends& ends,
                            Results& results) {
    const auto opened = database.beside(own);
    if (!opened) return;  // the front does it all
    while (const auto at = ends.back()) evaluate_one(controls, work[*at], **opened, results);
}

Results evaluate_all(const std::vector<const Control*>& controls, sql::Database& database, tables::Facts& facts, const Progress& progress) {
    Results results(controls.size());
    const Work work = share_work(controls);
    Ends ends(work.size());
    std::jthread other;
    if (work.size() >= work_worth_a_thread) {
        other = std::jthread([&, &own = facts.beside()] { evaluate_from_the_back(controls, work, database, own, ends, results); });
    }
    while (const auto at = ends.front()) {
        if (progress) progress(work[*at][0], controls.size(), controls[work[*at][0]]->id);
        evaluate_one(controls, work[*at], database, results);
    }
    if (other.joinable()) other.join();
    return results;
}

}  // namespace

bulkhead::Result<Audit> run(const Catalog& catalog, sql::Database& database, tables::Facts& facts, const Selection& selection, const Progress& progress) {
    auto chosen = choose(catalog, selection);
    if (!chosen) return std::unexpected(chosen.error());
    const auto engine = facts.world.read(world::engine_get("/info"));
    // An archive of images can be judged without an engine; what needs one is unknown there.
    if (!engine->present() && engine->reason != image::archive_has_no_engine)
        return fail(engine->outcome == world::Outcome::denied ? Code::permission_denied : Code::unavailable, engine->reason);
    Audit audit;
    audit.started_at = now_ms();
    audit.as_of = facts.world.as_of();
    audit.tool_version = version;
    audit.benchmarks = std::move(chosen->benchmarks);
    for (const Control* control : chosen->controls) audit.controls.push_back(*control);
    for (auto& results : evaluate_all(chosen->controls, database, facts, progress)) {
        audit.results.insert(audit.results.end(), std::make_move_iterator(results.begin()), std::make_move_iterator(results.end()));
    }
    audit.host = describe_host(database);
    if (auto filtered = filter_results(audit.results, catalog, selection, database); !filtered) return std::unexpected(filtered.error());
    // Where containers were listed at all, how many were gone when they were to be inspected.
    if (facts.world.read_at("engine:/containers/json?all=1") != 0) audit.vanished = facts.engine.containers().vanished;
    for (const auto& reading : facts.world.unreadable()) audit.blind_spots.emplace_back(reading->locator, reading->reason);
    return audit;
}

}  // namespace bulkhead::audit
