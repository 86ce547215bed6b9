// SPDX-License-Identifier: Apache-2.0
#include "audit/attestations.h"

#include <fmt/format.h>

#include <iterator>
#include <map>

#include "audit/day.h"
#include "audit/input_file.h"
#include "audit/select.h"
#include "audit/yaml_fields.h"
#include "base/text.h"

namespace bulkhead::audit {

namespace {

using tables::Attestation;

constexpr std::size_t text_bytes_max = 2000;  // of one field

bulkhead::Result<void> take_days(Attestation& attestation, const YamlFields& fields) {
    const auto dated = parse_day(attestation.date);
    if (!dated) return fields.fail_at("date", "'date' is a day, written YYYY-MM-DD");
    const auto last = parse_day(attestation.expires);
    if (!last) return fields.fail_at("expires", "'expires' is a day, written YYYY-MM-DD");
    if (*last < *dated) return fields.fail_at("expires", "'expires' is before 'date'");
    if (*last - *dated > attestation_days_max * day_ms)
        return fields.fail_at("expires", fmt::format("an attestation holds for {} days at most: look again before", attestation_days_max));
    attestation.dated_at = *dated;
    attestation.ends_at = *last + day_ms;
    return {};
}

bulkhead::Result<Attestation> attestation_from(const YAML::Node& node, const std::string& file) {
    const auto fields = YamlFields::read(node, file, {"id", "statement", "owner", "date", "expires", "evidence"});
    if (!fields) return std::unexpected(fields.error());
    Attestation attestation;
    attestation.file = file;
    attestation.line = node.Mark().line + 1;
    attestation.column = node.Mark().column + 1;
    const std::pair<std::string_view, std::string*> texts[] = {{"id", &attestation.control},      {"statement", &attestation.statement},
                                                               {"owner", &attestation.owner},     {"date", &attestation.date},
                                                               {"expires", &attestation.expires}, {"evidence", &attestation.evidence}};
    for (const auto& [key, into] : texts) {
        auto value = key == "evidence" ? fields->text_or(key, "") : fields->text(key);
        if (!value) return std::unexpected(value.error());
        if (value->size() > text_bytes_max) return fields->fail_at(key, fmt::format("'{}' is longer than {} bytes", key, text_bytes_max));
        *into = std::move(*value);
    }
    if (auto days = take_days(attestation, *fields); !days) return std::unexpected(days.error());
    return attestation;
}

std::unexpected<Error> fail_at(const Attestation& attestation, const std::string& message) {
    return fail(Code::invalid_input, fmt::format("{}:{}:{}: {}", attestation.file, attestation.line, attestation.column, message));
}

}  // namespace

bulkhead::Result<std::vector<Attestation>> parse_attestations(std::string_view yaml, const std::string& file) {
    const auto node = parse_yaml(yaml, file);
    if (!node) return std::unexpected(node.error());
    if (!node->IsSequence()) return fail_at(node->Mark(), file, "expected a list of attestations (bulkhead attest template)");
    if (node->size() > attestations_max) return fail(Code::limit_exceeded, fmt::format("{}: more than {} attestations", file, attestations_max));
    std::vector<Attestation> attestations;
    for (const auto& item : *node) {
        auto attestation = attestation_from(item, file);
        if (!attestation) return std::unexpected(attestation.error());
        attestations.push_back(std::move(*attestation));
    }
    return attestations;
}

bulkhead::Result<std::vector<Attestation>> read_attestations(const std::vector<std::string>& files) {
    std::vector<Attestation> all;
    for (const std::string& path : files) {
        const auto bytes = read_input_file(path, "the attestations", yaml_bytes_max);
        if (!bytes) return std::unexpected(bytes.error());
        auto some = parse_attestations(*bytes, path);
        if (!some) return some;
        all.insert(all.end(), std::make_move_iterator(some->begin()), std::make_move_iterator(some->end()));
    }
    return all;
}

bulkhead::Result<void> check_attestations(std::vector<Attestation>& attestations, const Catalog& catalog) {
    std::map<std::string, std::string> places;
    for (Attestation& attestation : attestations) {
        const Control* control = catalog.find_control(attestation.control);
        if (control == nullptr)
            return fail_at(attestation, fmt::format("there is no control {} (bulkhead attest template)", text::printable(attestation.control)));
        if (control->attest.empty())
            return fail_at(attestation, fmt::format("{} takes no attestation: it is decided by what is there (bulkhead explain {})", control->id, control->id));
        attestation.control = control->id;
        const auto [first, fresh] = places.emplace(control->id, attestation.place());
        if (!fresh) return fail_at(attestation, fmt::format("{} is answered twice: first at {}", control->id, first->second));
    }
    return {};
}

bulkhead::Result<std::vector<Attestation>> attestations_of(const std::vector<std::string>& files, const Catalog& catalog) {
    auto attestations = read_attestations(files);
    if (!attestations) return attestations;
    if (auto checked = check_attestations(*attestations, catalog); !checked) return std::unexpected(checked.error());
    return attestations;
}

bulkhead::Result<std::string> attestation_template(const Catalog& catalog, const std::vector<std::string>& ids) {
    const auto chosen = choose(catalog, {.ids = ids});
    if (!chosen) return std::unexpected(chosen.error());
    std::string out =
        "# Attestations for `bulkhead audit --attestations FILE`. Keep what is true, in your own words; take out the rest.\n"
        "# date: when it was verified; expires: the last day it may be relied on; evidence: a URL or path, where there is one.\n";
    std::size_t count = 0;
    for (const Control* control : chosen->controls) {
        if (control->attest.empty()) continue;
        ++count;
        out += fmt::format("\n# {}\n- id: {}\n  statement: |\n", control->title, control->id);
        for (const std::string_view line : text::lines(control->attest)) out += fmt::format("    {}\n", text::trim(line));
        out += "  owner: \"\"\n  date: \"\"\n  expires: \"\"\n  # evidence: https://...\n";
    }
    if (count == 0) return fail(Code::invalid_input, "none of these controls takes an attestation");
    return out;
}

}  // namespace bulkhead::audit
