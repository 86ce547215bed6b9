// SPDX-License-Identifier: Apache-2.0
// Other processes for tests of what the live world sees of them: one that stays until it is let go, and one that answers by its exit.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <functional>

namespace bulkhead::world {

// Runs `prepare` in a child, which then stays as it is until the object goes away.
class StayingChild {
  public:
    explicit StayingChild(const std::function<bool()>& prepare) {
        std::array<int, 2> ready{};
        std::array<int, 2> let_go{};
        if (::pipe(ready.data()) != 0 || ::pipe(let_go.data()) != 0) std::abort();
        pid_ = ::fork();
        if (pid_ == 0) {
            ::close(ready[0]);
            ::close(let_go[1]);
            const char answer = prepare() ? 'y' : 'n';
            char byte = 0;
            if (::write(ready[1], &answer, 1) == 1) [[maybe_unused]]
                const auto ended = ::read(let_go[0], &byte, 1);
            ::_exit(0);
        }
        ::close(ready[1]);
        ::close(let_go[0]);
        let_go_ = let_go[1];
        char answer = 'n';
        prepared_ = ::read(ready[0], &answer, 1) == 1 && answer == 'y';
        ::close(ready[0]);
    }
    ~StayingChild() { end(); }
    StayingChild(const StayingChild&) = delete;
    StayingChild& operator=(const StayingChild&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] bool prepared() const { return prepared_; }
    void end() {
        if (let_go_ < 0) return;
        ::close(let_go_);
        let_go_ = -1;
        ::waitpid(pid_, nullptr, 0);
    }

  private:
    pid_t pid_ = -1;
    int let_go_ = -1;
    bool prepared_ = false;
};

// What `work` returns in a child of its own (0 to 127), so that it may give up rights or enter namespaces for good; -1 when it crashed.
inline int in_child(const std::function<int()>& work) {
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(work());
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// In a child: no rights but those of `nobody`.
inline bool become_nobody() {
    constexpr unsigned nobody = 65534;
    return ::setgid(nobody) == 0 && ::setuid(nobody) == 0;
}

}  // namespace bulkhead::world
