// SPDX-License-Identifier: Apache-2.0
// Flows out of the history that an agent keeps, and on request those it goes on to write.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "base/clock.h"
#include "cli/flow_sources.h"
#include "history/reader.h"

namespace bulkhead::cli {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t overlap_ns = 10'000'000'000;  // what is written later than others that ended later
constexpr std::size_t id_digits_min = 12;            // the reader takes for an id
constexpr std::size_t blind_shown = 3;

// Plain names narrow what is read; the filter itself is asked afterwards in any case. Patterns narrow nothing.
std::vector<std::string> plain(const std::vector<flow::NamePattern>& patterns) {
    std::vector<std::string> out;
    for (const flow::NamePattern& pattern : patterns) {
        if (!pattern.is_plain()) return {};
        out.push_back(pattern.text());
    }
    return out;
}

void narrow(history::EndQuery& query, const flow::EndFilter& filter) {
    query.containers = plain(filter.containers);
    const auto may_be_id = [](const std::string& text) {
        return text.size() < id_digits_min && text.find_first_not_of("0123456789abcdef") == std::string::npos;
    };
    if (std::ranges::any_of(query.containers, may_be_id)) query.containers.clear();
    query.services = plain(filter.services);
    query.projects = plain(filter.projects);
}

history::Query query_of(const flow::Filter& filter) {
    history::Query query;
    if (filter.since_ns) query.since_ns = *filter.since_ns;
    if (filter.until_ns) query.until_ns = *filter.until_ns;
    if (filter.inverted) return query;
    narrow(query.source, filter.from);
    narrow(query.destination, filter.to);
    query.protocols = filter.protocols;
    query.l7_names = plain(filter.l7.protocols);
    return query;
}

std::string span_text(std::int64_t ms) {
    const std::int64_t minutes = ms / 60'000;
    if (minutes < 1) return fmt::format("{} s", ms / 1000);
    if (minutes < 120) return fmt::format("{} min", minutes);
    if (minutes < 48 * 60) return fmt::format("{} h", minutes / 60);
    return fmt::format("{} d", minutes / 1440);
}

class HistoryFlows : public flow::FlowSource {
  public:
    HistoryFlows(std::unique_ptr<history::Reader> reader, const flow::Filter& filter, Following following)
        : reader_(std::move(reader)), query_(query_of(filter)), asked_since_(filter.since_ns), following_(following) {}

    Result<void> run(const std::stop_token& stop, const flow::Taken& taken) override {
        const std::int64_t asked_until = query_.until_ns;
        std::mutex mutex;
        std::condition_variable_any changed;
        for (;;) {
            const std::int64_t now_ns = now_ms() * ns_per_ms;
            bool wanted = true;
            const auto read = reader_->flows(query_, [&](const flow::Observed& flow) {
                if (!stop.stop_requested() && is_new(flow)) {
                    ++flows_;
                    wanted = taken(flow, flow::Moment::over);
                }
                return wanted && !stop.stop_requested();
            });
            if (!read) return std::unexpected(read.error());
            if (following_ == Following::no || !wanted || now_ns >= asked_until) break;
            query_.since_ns = std::max(query_.since_ns, now_ns - overlap_ns);
            std::erase_if(given_, [&](const auto& one) { return one.second < query_.since_ns; });
            std::unique_lock lock(mutex);
            changed.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
            if (stop.stop_requested()) break;
        }
        tell_what_was_watched(asked_until);
        return {};
    }

    [[nodiscard]] std::string account(std::uint64_t chosen) const override { return fmt::format("{} flows, {} of them chosen{}", flows_, chosen, watched_); }

  private:
    // Only what is followed can come twice.
    bool is_new(const flow::Observed& flow) {
        if (following_ == Following::no) return true;
        const auto [id, is_new] = given_.try_emplace({flow::words_of(flow.record.key), flow.record.first_ns}, flow.record.last_ns);
        if (!is_new && id->second == flow.record.last_ns) return false;
        id->second = flow.record.last_ns;
        return true;
    }
    // An honest window: what nobody watched is not silence.
    void tell_what_was_watched(std::int64_t asked_until) {
        const UnixMs until = std::min(asked_until, now_ms() * ns_per_ms) / ns_per_ms;
        const UnixMs since = asked_since_ ? *asked_since_ / ns_per_ms : 0;
        const auto coverage = reader_->coverage(since, until);
        if (!coverage) {
            watched_ = "; when it was watched is not known: " + coverage.error().message;
            return;
        }
        const UnixMs watched = coverage->watched_ms();
        watched_ =
            asked_since_ ? fmt::format("; watched {} of {}", span_text(watched), span_text(until - since)) : fmt::format("; watched {}", span_text(watched));
        for (std::size_t i = 0; i < std::min(coverage->blind.size(), blind_shown); ++i) {
            const history::BlindSpot& spot = coverage->blind[i];
            watched_ += fmt::format("; {}{}{}: {} missing", spot.cause, spot.place.empty() ? "" : " at ", spot.place, spot.count);
        }
        if (coverage->blind.size() > blind_shown) watched_ += fmt::format("; {} more blind spots", coverage->blind.size() - blind_shown);
    }

    std::unique_ptr<history::Reader> reader_;
    history::Query query_;
    std::optional<std::int64_t> asked_since_;
    Following following_;
    std::map<std::pair<flow::KeyWords, std::int64_t>, std::int64_t> given_;  // last packet of flows that may come again
    std::uint64_t flows_ = 0;
    std::string watched_;
};

}  // namespace

Result<FlowSourcePtr> open_history_flows(const std::string& folder, const flow::Filter& filter, Following following) {
    auto reader = history::Reader::open(folder);
    if (!reader) return std::unexpected(reader.error());
    return std::make_unique<HistoryFlows>(std::move(*reader), filter, following);
}

}  // namespace bulkhead::cli
