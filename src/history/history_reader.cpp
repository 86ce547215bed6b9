// SPDX-License-Identifier: Apache-2.0
#include "history/history_reader.h"

#include <fmt/format.h>

#include <iterator>

#include "base/json.h"
#include "base/text.h"

namespace bulkhead::history {

namespace {

Result<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const auto byte = i + 2 < text.size() ? text::to_integer(text.substr(i + 1, 2), 16) : std::nullopt;
        if (!byte) return fail(Code::invalid_input, "not percent-encoded: " + text::printable(text));
        out += static_cast<char>(*byte);
        i += 2;
    }
    return out;
}

// Nobody may take a history that is not there for one in which nothing happened.
world::Outcome outcome_of(Code code) { return code == Code::permission_denied ? world::Outcome::denied : world::Outcome::failed; }

}  // namespace

Result<std::pair<std::string, Conditions>> parse_target(std::string_view target) {
    std::pair<std::string, Conditions> out;
    const std::size_t question = target.find('?');
    out.first = target.substr(0, question);
    if (question == std::string_view::npos) return out;
    for (const std::string_view part : text::split(target.substr(question + 1), '&')) {
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos) return fail(Code::invalid_input, "not a condition: " + text::printable(part));
        auto value = decoded(part.substr(equals + 1));
        if (!value) return std::unexpected(value.error());
        out.second[std::string(part.substr(0, equals))] = std::move(*value);
    }
    return out;
}

std::pair<UnixMs, UnixMs> times_of(const Conditions& conditions) {
    const auto number = [&](const char* key, UnixMs otherwise) {
        const auto found = conditions.find(key);
        return found == conditions.end() ? otherwise : text::to_integer(found->second).value_or(otherwise);
    };
    return {number("since", INT64_MIN), number("until", INT64_MAX)};
}

world::Reading HistoryReader::read(const world::Request& request) {
    if (request.kind != world::Kind::history) return inner_.read(request);
    world::Reading reading{world::locator(request), world::Outcome::present, {}, {}, now_ms()};
    auto found = answer(request.target);
    if (found) {
        reading.bytes = std::move(*found);
    } else {
        reading.outcome = outcome_of(found.error().code);
        reading.reason = found.error().message;
    }
    return reading;
}

Result<std::string> HistoryReader::answer(const std::string& target) {
    auto asked = parse_target(target);
    if (!asked) return std::unexpected(asked.error());
    const auto& [what, conditions] = *asked;
    auto reader = history::Reader::open(folder_);
    // Where nobody ever watched, there is no time in which somebody did: that is known.
    if (!reader && reader.error().code == Code::not_found && what == "watched_time") return AnswerText().take();
    if (!reader && reader.error().code == Code::not_found)
        return fail(Code::unavailable, fmt::format("{} in {}: bulkhead serve has not run here (another folder: --history)", world::no_history, folder_));
    if (!reader) return std::unexpected(reader.error());
    AnswerText out;
    Result<void> answered;
    if (what == "flow" || what == "dns_query" || what == "http_request" || what == "tls_session") {
        answered = answer_flows(**reader, what, conditions, out);
    } else if (what == "edge") {
        answered = answer_edges(**reader, out);
    } else if (what == "container_history") {
        answered = answer_containers(**reader, conditions, out);
    } else if (what == "datapath_stats") {
        answered = answer_counters(**reader, conditions, out);
    } else if (what == "blind_spot") {
        answered = answer_blind_spots(**reader, as_of(), out);
    } else if (what == "watched_time") {
        answered = answer_watched(**reader, out);
    } else {
        answered = fail(Code::invalid_input, "nothing of that name is kept: " + text::printable(what));
    }
    if (!answered) return std::unexpected(answered.error());
    return out.take();
}

void AnswerText::begin() {
    out_ += rows_++ == 0 ? "\n{" : ",\n{";
    first_ = true;
}

void AnswerText::key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
}

void AnswerText::text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    key(name);
    out_ += json::quote(value);
}

void AnswerText::number(std::string_view name, std::int64_t value) {
    key(name);
    fmt::format_to(std::back_inserter(out_), "{}", value);
}

void AnswerText::json(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    key(name);
    out_ += value;
}

void AnswerText::time(std::string_view name, UnixMs value) { text(name, rfc3339(value)); }

void AnswerText::end() { out_ += '}'; }

Result<std::string> AnswerText::take() {
    if (full()) {
        return fail(Code::limit_exceeded, fmt::format("more than {} rows match: ask for less (where time >= '...' and source_container = '...'), or use the "
                                                      "table edge",
                                                      answer_rows_max));
    }
    out_ += "\n]";
    return std::move(out_);
}

}  // namespace bulkhead::history
