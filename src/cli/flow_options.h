// SPDX-License-Identifier: Apache-2.0
// The options that observe, map and top share: where flows come from and which of them are wanted. Owned by the main thread.
#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/flow_sources.h"
#include "flow/filter.h"
#include "flow/filter_words.h"
#include "flow/where.h"

namespace bulkhead::cli {

struct FlowInput {
    CaptureInput capture;    // its path empty: no capture
    std::string containers;  // a snapshot that names a capture's addresses
    std::string file;        // of flows; "-" is standard input
    std::string history;     // a folder; empty: where an agent keeps it, if a time is asked for
    bool follow = false;
};
void add_flow_input(CLI::App& app, FlowInput& input);

struct FlowChoiceOptions {
    flow::FilterWords words;
    std::string where;
};
void add_flow_choice(CLI::App& app, FlowChoiceOptions& options);

// Which flows are wanted, by filter and by expression.
class FlowChoice {
  public:
    static Result<FlowChoice> make(const FlowChoiceOptions& options);
    [[nodiscard]] const flow::Filter& filter() const { return filter_; }
    // An error of the expression is kept in failure(), and nothing is taken from then on.
    bool takes(const flow::Observed& flow);
    [[nodiscard]] const Result<void>& failure() const { return failure_; }

  private:
    flow::Filter filter_;
    std::optional<flow::Where> where_;
    Result<void> failure_;
};

// What is named; without a name the history where the filter has times, and this host as it runs where it has none.
// invalid_input: several sources are named, or one is asked what it cannot tell.
Result<FlowSourcePtr> open_flows(const FlowInput& input, const GlobalOptions& global, const flow::Filter& filter);

}  // namespace bulkhead::cli
