// SPDX-License-Identifier: Apache-2.0
// Flows written to standard output in one of observe's formats, in pieces that are worth a write, or each at once where somebody looks on.
// Owned by one thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "flow/observed_text.h"

namespace bulkhead::cli {

class FlowOutput {
  public:
    enum class Flush : std::uint8_t { when_worth_it, each };
    FlowOutput(std::string_view format, flow::TextStyle style, Flush flush);
    // False once nobody reads any more.
    bool add(const flow::Observed& flow, flow::Moment moment);
    Result<void> finish();

  private:
    void write();
    std::string format_;
    flow::TextStyle style_;
    flow::FlowTableText table_;
    Flush flush_;
    std::string out_;
    bool first_ = true;
    bool gone_ = false;
    Result<void> result_;
};

}  // namespace bulkhead::cli
