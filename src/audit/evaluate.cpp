// SPDX-License-Identifier: Apache-2.0
#include "audit/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "audit/catalog.h"
#include "base/json.h"

namespace bulkhead::audit {

namespace {

std::string text_of(const tables::Cell& cell) {
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
    if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{}", *real);
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    return {};
}

void add_evidence(const json::Value& value, std::vector<Evidence>& evidence) {
    if (value.is_array()) {
        for (const json::Value& item : value.items()) add_evidence(item, evidence);
        return;
    }
    // json_group_array over a subquery gives the pieces as text.
    if (const auto text = value.text()) {
        if (const auto document = json::Document::parse(*text); document && !document->root().text()) add_evidence(document->root(), evidence);
        return;
    }
    if (!value.is_object()) return;
    Evidence piece{value["source"].text_or(), value["locator"].text_or(), value["value"].text_or(), value["read_at"].integer_or(0)};
    const auto same = [&](const Evidence& other) { return other.locator == piece.locator && other.value == piece.value; };
    if (std::ranges::none_of(evidence, same)) evidence.push_back(std::move(piece));
}

// What a result is about where nothing in particular can be named.
std::string whole(Judged what) { return what == Judged::host ? "host" : "build files"; }

Result error_result(const Control& control, Judged what, const std::string& reason) {
    return {control.id, whole(what), whole(what), Status::error, reason, "", {}, {}};
}

struct Columns {
    std::optional<std::size_t> resource, resource_name, status, reason, layer, evidence, rests_on_absence;
};

Columns find_columns(const std::vector<std::string>& names) {
    Columns columns;
    const std::pair<std::string_view, std::optional<std::size_t>*> known[] = {{"resource", &columns.resource},
                                                                              {"resource_name", &columns.resource_name},
                                                                              {"status", &columns.status},
                                                                              {"reason", &columns.reason},
                                                                              {"layer", &columns.layer},
                                                                              {"evidence", &columns.evidence},
                                                                              {"rests_on_absence", &columns.rests_on_absence}};
    for (std::size_t i = 0; i < names.size(); ++i) {
        for (const auto& [name, into] : known) {
            if (names[i] == name) *into = i;
        }
    }
    return columns;
}

Result make_result(const Control& control, const sql::ResultSet& set, const std::vector<tables::Cell>& row, const Columns& columns) {
    Result result;
    result.control = control.id;
    result.resource = text_of(row[*columns.resource]);
    result.resource_name = columns.resource_name ? text_of(row[*columns.resource_name]) : result.resource;
    result.reason = text_of(row[*columns.reason]);
    if (columns.layer) result.layer = text_of(row[*columns.layer]);
    const auto status = parse_status(text_of(row[*columns.status]));
    if (status) {
        result.status = *status;
    } else {
        result.reason = fmt::format("the control's SQL gave the status '{}': {}", text_of(row[*columns.status]), result.reason);
    }
    if (columns.evidence) {
        if (const auto document = json::Document::parse(text_of(row[*columns.evidence]))) add_evidence(document->root(), result.evidence);
    }
    for (std::size_t i = 0; i < set.columns.size(); ++i) {
        const bool special = i == columns.resource || i == columns.resource_name || i == columns.status || i == columns.reason || i == columns.layer ||
                             i == columns.evidence || i == columns.rests_on_absence;
        if (!special) result.dimensions.emplace_back(set.columns[i], text_of(row[i]));
    }
    return result;
}

// The sources that failed in one statement, and whose they are.
class Failures {
  public:
    Failures(std::vector<tables::SourceFailure> failures, sql::Database& database) : failures_(std::move(failures)), database_(database) {}

    [[nodiscard]] const std::vector<tables::SourceFailure>& all() const { return failures_; }
    // The first that this result may rest on: those of its own container, and those of no container in particular.
    const tables::SourceFailure* blocking(const Result& result) {
        const auto found = std::ranges::find_if(failures_, [&](const auto& failure) { return blocks(failure, result); });
        return found == failures_.end() ? nullptr : &*found;
    }
    bool blocks(const tables::SourceFailure& failure, const Result& result) {
        if (failure.container_id.empty() || failure.container_id == result.resource) return true;
        if (is_build(failure.container_id)) return false;  // it has no result, and no other rests on it
        if (is_image(failure.container_id)) {
            // Another image's content, or a container of another image, does not rest on this one's.
            const auto image = std::ranges::find(result.dimensions, std::string("image_id"), &std::pair<std::string, std::string>::first);
            return image != result.dimensions.end() ? image->second == failure.container_id : !is_image(result.resource);
        }
        const auto container = std::ranges::find(result.dimensions, std::string("container_id"), &std::pair<std::string, std::string>::first);
        if (container != result.dimensions.end()) return failure.container_id == container->second;
        // A result about the host or a network rests on all its containers; one about another container does not.
        return !is_container(result.resource);
    }

    // A service's build that could not be followed.
    static bool is_build(const std::string& id) { return id.starts_with("build:"); }

  private:
    static bool is_image(const std::string& id) { return id.starts_with("sha256:"); }
    // Ids of networks look like those of containers, so the engine's list decides; asked only when something failed.
    bool is_container(const std::string& resource) {
        if (!containers_) {
            containers_.emplace();
            for (const auto& failure : failures_) containers_->insert(failure.container_id);
            if (const auto set = database_.run("select id from docker_container")) {
                for (const auto& row : set->rows) containers_->insert(text_of(row[0]));
            }
        }
        return containers_->contains(resource);
    }

    std::vector<tables::SourceFailure> failures_;
    sql::Database& database_;
    std::optional<std::set<std::string>> containers_;
};

// An alarm stands whatever else could not be read, unless the control says that it rests on something not being there.
void withhold_unfounded(Result& result, bool rests_on_absence, Failures& failures) {
    if (result.status == Status::error || (result.status == Status::alarm && !rests_on_absence)) return;
    const auto* failure = failures.blocking(result);
    if (failure == nullptr) return;
    result.reason = result.status == Status::unknown
                        ? fmt::format("{} (could not read {}: {})", result.reason, failure->locator, failure->reason)
                        : fmt::format("could not read {}: {} (without it: {}, {})", failure->locator, failure->reason, name(result.status), result.reason);
    result.status = Status::unknown;
    result.evidence.push_back({failure->locator.substr(0, failure->locator.find(':')), failure->locator, failure->reason, 0});
}

// What people call that whose source failed: a container by its short id, a build by its service.
std::string short_name(const std::string& id, Judged what) {
    if (id.empty()) return whole(what);
    return Failures::is_build(id) ? id.substr(id.rfind(':') + 1) : id.substr(0, 12);
}

// The results of one statement, as it gives them.
std::vector<Result> results_of(const Control& control, Judged what, const std::string& sql, const sql::Database::Params& params, sql::Database& database) {
    const bool declared = what == Judged::build_files;
    const auto set = database.run(sql, params);
    if (!set) return {error_result(control, what, set.error().message)};
    const Columns columns = find_columns(set->columns);
    if (!columns.resource || !columns.status || !columns.reason) {
        return {error_result(control, what, "the control's SQL must give the columns resource, status and reason")};
    }
    Failures failures(set->failures, database);
    std::vector<Result> results;
    for (const auto& row : set->rows) {
        results.push_back(make_result(control, *set, row, columns));
        const bool rests_on_absence = columns.rests_on_absence && text_of(row[*columns.rests_on_absence]) == "1";
        withhold_unfounded(results.back(), rests_on_absence, failures);
    }
    if (set->truncated) results.push_back(error_result(control, what, "more results than the row limit: the rest is not judged"));
    // A container that could not be inspected gives no row of its own; it must not vanish from the verdicts.
    for (const auto& failure : failures.all()) {
        const bool judged = std::ranges::any_of(results, [&](const Result& result) { return failures.blocks(failure, result); });
        if (judged) continue;
        const std::string resource = failure.container_id.empty() ? whole(what) : failure.container_id;
        results.push_back({control.id,
                           resource,
                           short_name(failure.container_id, what),
                           Status::unknown,
                           fmt::format("could not read {}: {}", failure.locator, failure.reason),
                           Failures::is_build(failure.container_id) ? "declared" : "",
                           {},
                           {}});
    }
    if (results.empty()) {
        const std::string reason = declared ? "nothing in the build files that this control judges" : "nothing here that this control judges";
        results.push_back({control.id, whole(what), whole(what), Status::skip, reason, declared ? "declared" : "", {}, {}});
    }
    return results;
}

}  // namespace

std::vector<Result> evaluate(const Control& control, sql::Database& database, Judged what) {
    std::vector<Result> results;
    if (what == Judged::build_files) {
        results = results_of(control, what, control.declared_sql, control.declared_params, database);
    } else if (!control.sql.empty() || control.attest.empty()) {
        results = results_of(control, what, control.sql, control.params, database);
    }
    // A statement of its own: what could not be read for the facts leaves what people signed for as it is, and the other way round.
    if (what == Judged::host && !control.attest.empty()) {
        for (Result& result : results_of(control, what, control.attest_sql, {{"control", control.id}}, database)) results.push_back(std::move(result));
    }
    const auto order = [](const Result& a, const Result& b) {
        if (a.resource_name != b.resource_name) return natural_less(a.resource_name, b.resource_name);
        return a.resource < b.resource;
    };
    std::ranges::stable_sort(results, order);
    return results;
}

}  // namespace bulkhead::audit
