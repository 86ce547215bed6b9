// SPDX-License-Identifier: Apache-2.0
#include "cli/interrupt.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <climits>
#include <csignal>
#include <cstring>

#include "cli/command.h"

namespace bulkhead::cli {

namespace {

constexpr int slots_max = 16;

// Fixed memory: a signal handler may neither allocate nor lock (signal-safety(7)).
struct Slot {
    std::array<char, PATH_MAX> path{};
    std::atomic<bool> used = false;
};
std::array<Slot, slots_max> slots;
static_assert(std::atomic<bool>::is_always_lock_free);

std::atomic<void (*)()> interrupt_action = nullptr;
std::atomic<bool> waits_to_be_asked = false;
std::atomic<bool> was_asked = false;

void on_signal(int signal) {
    if (waits_to_be_asked) {
        was_asked = true;
        return;
    }
    if (void (*const action)() = interrupt_action; action != nullptr && signal == SIGINT) {
        action();
        return;
    }
    for (const Slot& slot : slots) {
        if (slot.used) ::unlink(slot.path.data());
    }
    constexpr char message[] = "\nbulkhead: interrupted, nothing was kept\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, message, sizeof message - 1);
    ::_exit(exit_interrupted);
}

}  // namespace

void handle_interrupts() {
    struct sigaction action{};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // writes say EPIPE instead; see write_out
}

void set_interrupt_action(void (*action)()) { interrupt_action = action; }

StopAsked::StopAsked() {
    was_asked = false;
    waits_to_be_asked = true;
}

StopAsked::~StopAsked() { waits_to_be_asked = false; }

StopAsked::operator bool() const { return was_asked; }

TemporaryFile::TemporaryFile(const std::string& path) {
    if (path.size() >= PATH_MAX) return;
    for (int i = 0; i < slots_max; ++i) {
        Slot& slot = slots[static_cast<std::size_t>(i)];
        if (slot.used) continue;
        std::memcpy(slot.path.data(), path.c_str(), path.size() + 1);
        slot.used = true;
        slot_ = i;
        return;
    }
}

TemporaryFile::~TemporaryFile() {
    if (slot_ >= 0) slots[static_cast<std::size_t>(slot_)].used = false;
}

}  // namespace bulkhead::cli
