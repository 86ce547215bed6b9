// SPDX-License-Identifier: Apache-2.0
// Keeps a write to a closed connection from ending the program: SIGPIPE is blocked in this thread, and one raised meanwhile is
// taken away. See pthread_sigmask(3), sigtimedwait(2). Owned by one thread.
#pragma once

#include <csignal>
#include <ctime>

namespace bulkhead::world {

class SigpipeBlocked {
  public:
    SigpipeBlocked() {
        sigset_t pending;
        sigemptyset(&pending);
        sigpending(&pending);
        was_pending_ = sigismember(&pending, SIGPIPE) == 1;
        sigemptyset(&set_);
        sigaddset(&set_, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &set_, &before_);
    }
    ~SigpipeBlocked() {
        const timespec no_wait{};
        if (!was_pending_) sigtimedwait(&set_, nullptr, &no_wait);
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    SigpipeBlocked(const SigpipeBlocked&) = delete;
    SigpipeBlocked& operator=(const SigpipeBlocked&) = delete;

  private:
    sigset_t set_{};
    sigset_t before_{};
    bool was_pending_ = false;
};

}  // namespace bulkhead::world
