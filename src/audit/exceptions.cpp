// SPDX-License-Identifier: Apache-2.0
#include "audit/exceptions.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "audit/day.h"
#include "audit/glob.h"
#include "audit/input_file.h"
#include "audit/nearest.h"
#include "audit/yaml_fields.h"
#include "base/text.h"

namespace bulkhead::audit {

namespace {

constexpr std::size_t text_bytes_max = 2000;  // of one field

bulkhead::Result<Exception> exception_from(const YAML::Node& node, const std::string& file) {
    const auto fields = YamlFields::read(node, file, {"control", "resource", "reason", "owner", "expires"});
    if (!fields) return std::unexpected(fields.error());
    Exception exception;
    exception.file = file;
    exception.line = node.Mark().line + 1;
    exception.column = node.Mark().column + 1;
    const std::pair<std::string_view, std::string*> texts[] = {{"control", &exception.control},
                                                               {"resource", &exception.resource},
                                                               {"reason", &exception.reason},
                                                               {"owner", &exception.owner},
                                                               {"expires", &exception.expires}};
    for (const auto& [key, into] : texts) {
        auto value = fields->text(key);
        if (!value) return std::unexpected(value.error());
        if (value->size() > text_bytes_max) return fields->fail_at(key, fmt::format("'{}' is longer than {} bytes", key, text_bytes_max));
        *into = std::move(*value);
    }
    const auto last = parse_day(exception.expires);
    if (!last) return fields->fail_at("expires", "'expires' is the last day it holds, written YYYY-MM-DD");
    exception.ends_at = *last + day_ms;
    return exception;
}

bool names_control(const Exception& exception, const Control& control) {
    return glob_matches(exception.control, control.id) ||
           std::ranges::any_of(control.aliases, [&](const std::string& alias) { return glob_matches(exception.control, alias); });
}

// By what people call it, or by its id where it has no name or the whole id is given.
bool names_resource(const Exception& exception, const Result& result) {
    return glob_matches(exception.resource, result.resource_name.empty() ? result.resource : result.resource_name) || exception.resource == result.resource;
}

// A misspelt one would except nothing, and nobody would know why.
bulkhead::Result<void> check(const Exception& exception, const Catalog& catalog) {
    if (std::ranges::any_of(catalog.controls, [&](const Control& control) { return names_control(exception, control); })) return {};
    std::vector<std::string> known;
    for (const Control& control : catalog.controls) known.push_back(control.id);
    return fail(Code::invalid_input, fmt::format("{}: there is no control {}: {}", exception.place(), text::printable(exception.control),
                                                 nearest_of(exception.control, known, "bulkhead list")));
}

std::string who_and_why(const Exception& exception) { return fmt::format("{}: {}", exception.owner, exception.reason); }

// What became of one exception in this run.
struct Use {
    bool names_result = false;
    bool excepts = false;  // changed an alarm, or would have if it had not ended
};

void apply(std::vector<const Exception*>& named, std::vector<Use*>& uses, Result& result, UnixMs as_of) {
    std::size_t valid = named.size();
    for (std::size_t i = 0; i < named.size(); ++i) {
        uses[i]->excepts = true;
        if (valid == named.size() && as_of < named[i]->ends_at) valid = i;
    }
    if (valid < named.size()) {
        result.reason = fmt::format("Excepted until {} by {} (alarm: {})", named[valid]->expires, who_and_why(*named[valid]), result.reason);
        result.status = Status::skip;
    } else if (!named.empty()) {
        const Exception& ended = *named.front();
        result.reason += fmt::format(" The exception at {} expired on {} ({}).", ended.place(), ended.expires, who_and_why(ended));
    }
}

}  // namespace

std::string Exception::place() const { return fmt::format("{}:{}:{}", file, line, column); }

bulkhead::Result<std::vector<Exception>> parse_exceptions(std::string_view yaml, const std::string& file) {
    const auto node = parse_yaml(yaml, file);
    if (!node) return std::unexpected(node.error());
    if (node->IsNull()) return std::vector<Exception>();  // all of them were taken out
    if (!node->IsSequence()) return fail_at(node->Mark(), file, "expected a list of exceptions, each with the keys: control, resource, reason, owner, expires");
    if (node->size() > exceptions_max) return fail(Code::limit_exceeded, fmt::format("{}: more than {} exceptions", file, exceptions_max));
    std::vector<Exception> exceptions;
    for (const auto& item : *node) {
        auto exception = exception_from(item, file);
        if (!exception) return std::unexpected(exception.error());
        exceptions.push_back(std::move(*exception));
    }
    return exceptions;
}

bulkhead::Result<std::vector<Exception>> exceptions_of(const std::vector<std::string>& files, const Catalog& catalog) {
    std::vector<Exception> all;
    for (const std::string& path : files) {
        const auto bytes = read_input_file(path, "the exceptions", yaml_bytes_max);
        if (!bytes) return std::unexpected(bytes.error());
        auto some = parse_exceptions(*bytes, path);
        if (!some) return some;
        for (const Exception& exception : *some) {
            if (auto known = check(exception, catalog); !known) return std::unexpected(known.error());
        }
        all.insert(all.end(), std::make_move_iterator(some->begin()), std::make_move_iterator(some->end()));
    }
    return all;
}

std::vector<std::string> apply_exceptions(std::vector<Result>& results, const std::vector<Exception>& exceptions, const std::vector<Control>& judged,
                                          UnixMs as_of) {
    std::vector<Use> uses(exceptions.size());
    std::map<std::string_view, std::vector<std::size_t>> of_control;
    std::set<std::size_t> asked;
    for (const Control& control : judged) {
        for (std::size_t i = 0; i < exceptions.size(); ++i) {
            if (!names_control(exceptions[i], control)) continue;
            of_control[control.id].push_back(i);
            asked.insert(i);
        }
    }
    for (Result& result : results) {
        const auto found = of_control.find(result.control);
        if (found == of_control.end()) continue;
        std::vector<const Exception*> named;
        std::vector<Use*> used;
        for (const std::size_t i : found->second) {
            if (!names_resource(exceptions[i], result)) continue;
            uses[i].names_result = true;
            named.push_back(&exceptions[i]);
            used.push_back(&uses[i]);
        }
        if (result.status == Status::alarm) apply(named, used, result, as_of);
    }
    std::vector<std::string> notes;
    for (const std::size_t i : asked) {
        const Exception& exception = exceptions[i];
        if (uses[i].excepts) continue;
        notes.push_back(fmt::format("The exception at {} for {} on {} excepts nothing: {}.", exception.place(), exception.control, exception.resource,
                                    uses[i].names_result ? "there is no alarm of it" : "no result is about such a resource"));
    }
    return notes;
}

}  // namespace bulkhead::audit
