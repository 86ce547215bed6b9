// SPDX-License-Identifier: Apache-2.0
#include "audit/run.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>

#include "audit/evaluate.h"
#include "audit/inline_ignores.h"
#include "audit/select.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/version.h"
#include "build/build_files.h"
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
constexpr std::string_view image_tag = "source=image";  // of controls that can judge an image by itself

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

// A control's question: about the host, or about build files.
struct Question {
    const Control* control = nullptr;
    Judged what = Judged::host;
};
using Questions = std::vector<Question>;
using Results = std::vector<std::vector<Result>>;  // by place of the question

// Controls of several standards ask the same: those with the same SQL and the same parameters are one piece of work.
using Work = std::vector<std::vector<std::size_t>>;  // places of the questions, by first place

Work share_work(const Questions& questions) {
    Work work;
    std::map<std::tuple<Judged, std::string_view, std::map<std::string, std::string>, std::string_view>, std::size_t> known;
    for (std::size_t place = 0; place < questions.size(); ++place) {
        const auto& [control, what] = questions[place];
        const bool host = what == Judged::host;
        // What people state is stated about one control.
        const std::string_view stated = host && !control->attest.empty() ? std::string_view(control->id) : std::string_view();
        const auto [at, fresh] =
            known.try_emplace({what, host ? control->sql : control->declared_sql, host ? control->params : control->declared_params, stated}, work.size());
        if (fresh) work.emplace_back();
        work[at->second].push_back(place);
    }
    return work;
}

void evaluate_one(const Questions& questions, const std::vector<std::size_t>& places, sql::Database& database, Results& results) {
    const Question& first = questions[places[0]];
    results[places[0]] = evaluate(*first.control, database, first.what);
    for (const std::size_t place : std::span(places).subspan(1)) {
        results[place] = results[places[0]];
        for (Result& result : results[place]) result.control = questions[place].control->id;
    }
}

// The list's other end: what either end has read, and the tables it made of it, serve both.
void evaluate_from_the_back(const Questions& questions, const Work& work, const sql::Database& database, tables::Facts& own, Ends& ends, Results& results) {
    const auto opened = database.beside(own);
    if (!opened) return;  // the front does it all
    while (const auto at = ends.back()) evaluate_one(questions, work[*at], **opened, results);
}

Results evaluate_all(const Questions& questions, sql::Database& database, tables::Facts& facts, const Progress& progress) {
    Results results(questions.size());
    const Work work = share_work(questions);
    Ends ends(work.size());
    std::jthread other;
    if (work.size() >= work_worth_a_thread) {
        other = std::jthread([&, &own = facts.beside()] { evaluate_from_the_back(questions, work, database, own, ends, results); });
    }
    while (const auto at = ends.front()) {
        if (progress) progress(work[*at][0], questions.size(), questions[work[*at][0]].control->id);
        evaluate_one(questions, work[*at], database, results);
    }
    if (other.joinable()) other.join();
    return results;
}

// What can be asked of what is there. A control that can judge neither is left out, and counted.
Questions questions_of(const std::vector<const Control*>& controls, const Selection& selection, bool build_files) {
    // Of an archive, all others could only say that they do not know; by its name each can be asked all the same.
    const bool images_only = selection.archive && selection.ids.empty();
    Questions questions;
    for (const Control* control : controls) {
        const bool of_host = selection.engine && (!images_only || std::ranges::find(control->tags, image_tag) != control->tags.end());
        if (of_host && (!control->sql.empty() || !control->attest.empty())) questions.push_back({control, Judged::host});
        if (build_files && !control->declared_sql.empty()) questions.push_back({control, Judged::build_files});
    }
    return questions;
}

// Benchmarks of which nothing was judged would stand empty in a report.
void drop_empty(std::vector<Benchmark>& benchmarks, const std::vector<Control>& controls) {
    std::set<std::string> kept;
    for (const Control& control : controls) {
        kept.insert(control.id);
        kept.insert(control.aliases.begin(), control.aliases.end());
    }
    for (bool grew = true; grew;) {
        grew = false;
        for (const Benchmark& benchmark : benchmarks) {
            const bool some = std::ranges::any_of(benchmark.children, [&](const std::string& child) { return kept.contains(child); });
            grew = (some && kept.insert(benchmark.id).second) || grew;
        }
    }
    std::erase_if(benchmarks, [&](const Benchmark& benchmark) { return !kept.contains(benchmark.id); });
}

std::vector<std::pair<std::string, std::string>> describe_files(const build::BuildInput& input) {
    std::vector<std::string> files = input.dockerfiles;
    files.insert(files.end(), input.compose.files.begin(), input.compose.files.end());
    return {{"name", "build files"}, {"build_files", text::join(files, ", ")}};
}

}  // namespace

bulkhead::Result<Audit> run(const Catalog& catalog, sql::Database& database, tables::Facts& facts, const Selection& selection, const Progress& progress) {
    auto chosen = choose(catalog, selection);
    if (!chosen) return std::unexpected(chosen.error());
    const bool build_files = facts.build().input().any();
    if (selection.engine) {
        const auto engine = facts.world.read(world::engine_get("/info"));
        // An archive of images can be judged without an engine; what needs one is unknown there.
        if (!engine->present() && engine->reason != image::archive_has_no_engine)
            return fail(engine->outcome == world::Outcome::denied ? Code::permission_denied : Code::unavailable, engine->reason);
    }
    const Questions questions = questions_of(chosen->controls, selection, build_files);
    if (questions.empty()) {
        return fail(Code::invalid_input, build_files ? "none of these controls can judge build files: without --dockerfile and --compose an engine is asked"
                                                     : "these controls judge build files only: give --dockerfile FILE or --compose FILE");
    }
    Audit audit;
    audit.started_at = now_ms();
    audit.as_of = facts.world.as_of();
    audit.tool_version = version;
    audit.benchmarks = std::move(chosen->benchmarks);
    for (const Question& question : questions) {
        if (audit.controls.empty() || audit.controls.back().id != question.control->id) audit.controls.push_back(*question.control);
    }
    audit.left_out = chosen->controls.size() - audit.controls.size();
    drop_empty(audit.benchmarks, audit.controls);
    for (auto& results : evaluate_all(questions, database, facts, progress)) {
        audit.results.insert(audit.results.end(), std::make_move_iterator(results.begin()), std::make_move_iterator(results.end()));
    }
    if (auto applied = apply_ignores(audit.results, catalog, facts); !applied) return std::unexpected(applied.error());
    audit.notes = apply_exceptions(audit.results, selection.exceptions, audit.controls, audit.as_of);
    audit.host = selection.engine ? describe_host(database) : describe_files(facts.build().input());
    if (selection.engine && build_files) audit.host.push_back(describe_files(facts.build().input()).back());
    if (auto filtered = filter_results(audit.results, catalog, selection, database); !filtered) return std::unexpected(filtered.error());
    // Where containers were listed at all, how many were gone when they were to be inspected.
    if (selection.engine && facts.world.read_at("engine:/containers/json?all=1") != 0) audit.vanished = facts.engine.containers().vanished;
    for (const auto& reading : facts.world.unreadable()) audit.blind_spots.emplace_back(reading->locator, reading->reason);
    return audit;
}

}  // namespace bulkhead::audit
