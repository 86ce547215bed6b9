// SPDX-License-Identifier: Apache-2.0
#include "agent/live_source.h"

#include <fmt/format.h>

#include <condition_variable>
#include <map>

namespace bulkhead::agent {

namespace {

constexpr std::size_t blind_spots_told_max = 3;

class LiveSource : public flow::FlowSource {
  public:
    explicit LiveSource(AgentOptions options) : options_(std::move(options)) {}

    Result<void> run(const std::stop_token& stop, const flow::Taken& taken) override {
        std::mutex mutex;
        std::condition_variable_any changed;
        bool enough = false;  // guarded by mutex
        AgentSinks sinks;
        sinks.flow = [&](const flow::Observed& observed, flow::Moment moment) {
            if (enough || taken(observed, moment)) return;
            {
                const std::scoped_lock lock(mutex);
                enough = true;
            }
            changed.notify_all();
        };
        sinks.blind = [&](std::string_view where, const Error& why) {
            const std::scoped_lock lock(mutex);
            ++blind_[fmt::format("{}: {}", where, why.message)];
        };
        auto agent = Agent::start(options_, std::move(sinks));
        if (!agent) return std::unexpected(agent.error());
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, stop, [&] { return enough; });
        }
        (*agent)->stop();
        status_ = (*agent)->status();
        ran_ = true;
        return {};
    }

    [[nodiscard]] std::string account(std::uint64_t chosen) const override {
        if (!ran_) return {};
        const datapath::DatapathCounts& counts = status_.datapath;
        std::string out = fmt::format("{} flows on {} interfaces", status_.meaning.told, counts.attached);
        if (chosen != status_.meaning.told) out += fmt::format(", {} of them chosen", chosen);
        const auto tell = [&](std::uint64_t count, std::string_view what) {
            if (count > 0) out += fmt::format("; {} {}", count, what);
        };
        tell(counts.before_attachment.received.packets + counts.before_attachment.sent.packets, "packets passed before the interfaces were metered");
        tell(counts.not_ip.packets, "frames not_ip");
        tell(counts.truncated.packets + counts.malformed.packets + counts.too_deep.packets, "frames broken");
        tell(counts.unaccounted_full.packets + counts.unaccounted_raced.packets, "packets of flows that found no place");
        tell(counts.evicted + status_.assembly.evicted, "flows ended early for want of place");
        tell(counts.lost_begun + counts.lost_over + status_.words_dropped, "flows told late or never: too many at once");
        tell(status_.meaning.nameless, "flows with an end that nobody knows");
        if (!status_.collector.engine_answers) out += "; the engine did not answer: " + status_.collector.last_problem;
        std::size_t told = 0;
        for (const auto& [what, count] : blind_) {
            if (++told <= blind_spots_told_max) out += "; not metered: " + what;
        }
        if (blind_.size() > blind_spots_told_max) out += fmt::format("; and {} more", blind_.size() - blind_spots_told_max);
        return out;
    }

  private:
    AgentOptions options_;
    AgentStatus status_;
    bool ran_ = false;
    std::map<std::string, std::uint64_t> blind_;  // what is not metered and why; guarded by run's mutex, read after it
};

}  // namespace

std::unique_ptr<flow::FlowSource> live_source(AgentOptions options) { return std::make_unique<LiveSource>(std::move(options)); }

}  // namespace bulkhead::agent
