// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and friends: a message, nothing left behind, exit 130. Files under way are held in a TemporaryFile and removed by the
// signal handler itself, so that it needs nobody's help.
#pragma once

#include <string>

namespace bulkhead::cli {

void handle_interrupts();  // SIGINT, SIGTERM, SIGHUP; once, at start

// What Ctrl-C does instead of ending the program, or nullptr. Called in the signal handler: only what signal-safety(7) allows.
void set_interrupt_action(void (*action)());

// For a command that runs until it is told to end: while there is one of these, SIGINT, SIGTERM and SIGHUP only ask, and the command ends
// by itself. One at a time.
class StopAsked {
  public:
    StopAsked();
    ~StopAsked();
    StopAsked(const StopAsked&) = delete;
    StopAsked& operator=(const StopAsked&) = delete;

    explicit operator bool() const;  // any thread
};

// A file (or its journal) to remove when the process is interrupted. Owned by the main thread; at most 16 at a time.
class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string& path);
    ~TemporaryFile();  // forgets it; does not remove it
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

  private:
    int slot_ = -1;
};

}  // namespace bulkhead::cli
