// SPDX-License-Identifier: Apache-2.0
#include "cli/flow_output.h"

#include <poll.h>
#include <unistd.h>

#include <utility>

#include "cli/terminal.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t piece_bytes = 64 * 1024;

}  // namespace

FlowOutput::FlowOutput(std::string_view format, flow::TextStyle style, Flush flush) : format_(format), style_(style), table_(style), flush_(flush) {
    if (format_ == "json") out_ = "[";
    if (format_ == "table") table_.append_header(out_);
}

bool FlowOutput::add(const flow::Observed& flow, flow::Moment moment) {
    const bool first = std::exchange(first_, false);
    if (format_ == "json") {
        if (!first) out_ += ",\n";
        flow::append_json(out_, flow);
    } else if (format_ == "jsonl") {
        flow::append_json(out_, flow);
        out_ += '\n';
    } else if (format_ == "dict") {
        if (!first) out_ += '\n';
        flow::append_dict(out_, flow, style_);
    } else if (format_ == "table") {
        table_.append_row(out_, flow, moment);
    } else {
        flow::append_compact(out_, flow, style_, moment);
        out_ += '\n';
    }
    if (flush_ == Flush::each || out_.size() >= piece_bytes) write();
    return result_.has_value() && !gone_;
}

Result<void> FlowOutput::finish() {
    if (format_ == "json") out_ += "]\n";
    write();
    return result_;
}

void FlowOutput::write() {
    if (result_ && !gone_) result_ = write_out(out_);
    out_.clear();
    // write_out is content when nobody reads any more; whoever follows flows has to know.
    pollfd reader{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
    gone_ = gone_ || (::poll(&reader, 1, 0) == 1 && (reader.revents & POLLERR) != 0);
}

}  // namespace bulkhead::cli
