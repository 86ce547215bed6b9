// SPDX-License-Identifier: Apache-2.0
// What the terminals that this process writes to can show, and the one way of writing to them. Owned by the main thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "report/format.h"

namespace bulkhead::cli {

bool is_terminal(int fd);

// For what goes to standard output: its width (a terminal's own, else COLUMNS, else 80), colour only on a terminal and without
// NO_COLOR (no-color.org), line drawing only in a UTF-8 locale.
report::RenderOptions render_options(bool no_color);

Result<void> write_out(std::string_view bytes);  // all of it to standard output; a reader that went away is no error
void complain(std::string_view message);         // "bulkhead: message" to standard error, one line, made safe for a terminal
void complain(const Error& error);

// One line on a terminal's standard error that is written over and over, and gone at the end.
class ProgressLine {
  public:
    explicit ProgressLine(bool on) : on_(on) {}
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(std::string_view line);
    void clear();

  private:
    bool on_;
    bool shown_ = false;
};

}  // namespace bulkhead::cli
