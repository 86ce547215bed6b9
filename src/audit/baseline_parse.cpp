// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "audit/baseline.h"
#include "audit/json_place.h"
#include "base/json.h"

namespace bulkhead::audit {

namespace {

constexpr std::string_view schema = "bulkhead.audit/1";

class Parser {
  public:
    Parser(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

    bulkhead::Result<Baseline> parse() {
        if (bytes_.size() > baseline_bytes_max) return fail(Code::limit_exceeded, fmt::format("{}: larger than {} bytes", file_, baseline_bytes_max));
        const auto document = json::Document::parse(bytes_);
        if (!document) return std::unexpected(syntax_error(document.error()));
        const json::Value root = document->root();
        if (root["schema"].text_or() != schema)
            return wrong({"schema"}, fmt::format("expected a report of `bulkhead audit --format json` (\"schema\": \"{}\")", schema));
        Baseline baseline{.file = file_};
        if (const json::Value as_of = root["as_of"]; as_of.exists() && !as_of.is_null()) {
            const auto time = parse_rfc3339(as_of.text_or());
            if (!time) return wrong({"as_of"}, "as_of is a time as in 2026-11-22T12:00:00Z, or null");
            baseline.as_of = *time;
        }
        if (!root["results"].is_array()) return wrong({"results"}, "results is a list of results");
        const std::vector<json::Value> results = root["results"].items();
        if (results.size() > baseline_results_max) return fail(Code::limit_exceeded, fmt::format("{}: more than {} results", file_, baseline_results_max));
        baseline.results.reserve(results.size());
        for (std::size_t i = 0; i < results.size(); ++i) {
            auto result = take(results[i], i);
            if (!result) return std::unexpected(result.error());
            baseline.results.push_back(std::move(*result));
        }
        return baseline;
    }

  private:
    bulkhead::Result<BaselineResult> take(const json::Value& value, std::size_t index) {
        if (!value.is_object()) return wrong({"results", index}, "a result is an object");
        BaselineResult result;
        const std::pair<std::string_view, std::string*> texts[] = {
            {"control", &result.control}, {"resource", &result.resource}, {"resource_name", &result.resource_name}, {"reason", &result.reason}};
        for (const auto& [key, into] : texts) {
            const auto text = value[key].text();
            if (!text) return wrong({"results", index, key}, fmt::format("a result has the text \"{}\"", key));
            *into = *text;
        }
        if (result.control.empty()) return wrong({"results", index, "control"}, "\"control\" is empty");
        const auto status = parse_status(value["status"].text_or());
        if (!status) return wrong({"results", index, "status"}, "a result's status is ok, alarm, info, skip, unknown or error");
        result.status = *status;
        return result;
    }

    [[nodiscard]] std::unexpected<Error> wrong(const std::vector<JsonStep>& steps, const std::string& message) const {
        return fail(Code::invalid_input, fmt::format("{}: {}", place_in(file_, bytes_, json_offset(bytes_, steps)), message));
    }
    [[nodiscard]] Error syntax_error(const Error& error) const {
        return {error.code, fmt::format("{}: {}", place_in(file_, bytes_, json_error_offset(bytes_)), error.message)};
    }

    std::string_view bytes_;
    const std::string& file_;
};

}  // namespace

bulkhead::Result<Baseline> parse_baseline(std::string_view json, const std::string& file) { return Parser(json, file).parse(); }

}  // namespace bulkhead::audit
