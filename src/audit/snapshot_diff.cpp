// SPDX-License-Identifier: Apache-2.0
#include "audit/snapshot_diff.h"

#include <fmt/format.h>

#include <algorithm>

namespace bulkhead::audit {

namespace {

std::string text_of(const tables::Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
    if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{}", *real);
    return {};
}

FactSet answer(const FactQuestion& question, sql::Database& database) {
    FactSet facts{.name = std::string(question.name)};
    const auto set = database.run(question.sql);
    if (!set) {
        facts.failures.emplace("the question", set.error().message);
        return facts;
    }
    facts.columns.assign(set->columns.begin() + 1, set->columns.end());
    for (const auto& row : set->rows) {
        std::vector<std::string> values;
        for (std::size_t i = 1; i < row.size(); ++i) values.push_back(text_of(row[i]));
        const std::string key = text_of(row[0]);
        std::string unique = key;
        for (int n = 2; facts.rows.contains(unique); ++n) unique = fmt::format("{} ({})", key, n);
        facts.rows.emplace(unique, std::move(values));
    }
    for (const tables::SourceFailure& failure : set->failures) facts.failures.emplace(failure.locator, failure.reason);
    if (set->truncated) facts.failures.emplace("the question", "it has too many rows");
    return facts;
}

// Why rows that only the other has may be here too, unseen; empty where all was read that the other read.
std::string blindness(const FactSet& here, const FactSet& there, std::string_view which) {
    for (const auto& [locator, reason] : here.failures) {
        if (!there.failures.contains(locator)) return fmt::format("{} could not read {}: {}", which, locator, reason);
    }
    return {};
}

std::vector<ColumnChange> changes(const FactSet& before, const FactSet& after, const std::vector<std::string>& old_row, const std::vector<std::string>& row) {
    std::vector<ColumnChange> out;
    for (std::size_t i = 0; i < std::min(row.size(), old_row.size()); ++i) {
        if (row[i] != old_row[i]) out.push_back({i < after.columns.size() ? after.columns[i] : before.columns[i], old_row[i], row[i]});
    }
    return out;
}

void diff_one(const FactSet& before, const FactSet& after, std::vector<FactDifference>& out) {
    const std::string unseen_before = blindness(before, after, "the first");
    const std::string unseen_after = blindness(after, before, "the second");
    for (const std::string& reason : {unseen_before, unseen_after}) {
        if (!reason.empty()) out.push_back({.question = after.name, .change = Change::unclear, .reason = reason});
    }
    for (const auto& [key, row] : before.rows) {
        const auto now = after.rows.find(key);
        if (now == after.rows.end()) {
            const Change change = unseen_after.empty() ? Change::gone : Change::unclear;
            out.push_back({.question = after.name, .change = change, .key = key, .reason = unseen_after});
        } else if (auto columns = changes(before, after, row, now->second); !columns.empty()) {
            out.push_back({.question = after.name, .change = Change::changed, .key = key, .columns = std::move(columns)});
        }
    }
    for (const auto& [key, row] : after.rows) {
        if (before.rows.contains(key)) continue;
        out.push_back({.question = after.name, .change = unseen_before.empty() ? Change::appeared : Change::unclear, .key = key, .reason = unseen_before});
    }
}

// All results of one identity: what is compared, and what is told.
struct Said {
    std::vector<Status> statuses;
    const Result* worst = nullptr;
};

std::map<std::string, Said> said_by(const Audit& audit, const Catalog& catalog) {
    std::map<std::string, Said> out;
    for (const Result& result : audit.results) {
        Said& said = out[identity(catalog, result.control, result.resource, result.resource_name)];
        said.statuses.push_back(result.status);
        if (said.worst == nullptr || said.worst->status < result.status) said.worst = &result;
    }
    for (auto& [key, said] : out) std::ranges::sort(said.statuses);
    return out;
}

}  // namespace

std::string_view name(Change change) {
    switch (change) {
        case Change::appeared: return "appeared";
        case Change::gone: return "gone";
        case Change::changed: return "changed";
        case Change::unclear: return "unclear";
    }
    return "unclear";
}

std::vector<FactSet> gather_facts(sql::Database& database) {
    std::vector<FactSet> out;
    for (const FactQuestion& question : fact_questions()) out.push_back(answer(question, database));
    return out;
}

std::vector<FactDifference> diff_facts(const std::vector<FactSet>& before, const std::vector<FactSet>& after) {
    std::vector<FactDifference> out;
    for (const FactSet& now : after) {
        const auto then = std::ranges::find(before, now.name, &FactSet::name);
        if (then != before.end()) diff_one(*then, now, out);
    }
    return out;
}

std::vector<ResultDifference> diff_results(const Audit& before, const Audit& after, const Catalog& catalog) {
    const auto then = said_by(before, catalog);
    const auto now = said_by(after, catalog);
    std::vector<ResultDifference> out;
    const auto add = [&](const Said* old_said, const Said* new_said) {
        const Result& told = new_said != nullptr ? *new_said->worst : *old_said->worst;
        out.push_back({.control = told.control,
                       .resource_name = told.resource_name.empty() ? told.resource : told.resource_name,
                       .before = old_said == nullptr ? std::nullopt : std::optional(old_said->worst->status),
                       .after = new_said == nullptr ? std::nullopt : std::optional(new_said->worst->status),
                       .reason = told.reason});
    };
    for (const auto& [key, said] : then) {
        const auto found = now.find(key);
        if (found == now.end() || found->second.statuses != said.statuses) add(&said, found == now.end() ? nullptr : &found->second);
    }
    for (const auto& [key, said] : now) {
        if (!then.contains(key)) add(nullptr, &said);
    }
    std::ranges::sort(out, [](const ResultDifference& a, const ResultDifference& b) {
        return a.control != b.control ? natural_less(a.control, b.control) : a.resource_name < b.resource_name;
    });
    return out;
}

}  // namespace bulkhead::audit
