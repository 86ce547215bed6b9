// SPDX-License-Identifier: Apache-2.0
// Runs a command once and tells what it took, as one line: wall seconds, peak resident MB, CPU seconds, exit code. Its output is thrown away.
// usage: measure COMMAND [ARGUMENT...]; a command that ends by a signal or cannot be run is an error (exit code 2).
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace {

[[noreturn]] void become(char** command) {
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere >= 0) {
        dup2(nowhere, STDIN_FILENO);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
    }
    execvp(command[0], command);
    _exit(127);
}

double seconds(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: measure COMMAND [ARGUMENT...]\n");
        return 2;
    }
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) become(argv + 1);
    int status = 0;
    rusage usage{};
    if (child < 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) == 127) {
        std::fprintf(stderr, "measure: %s did not run to its end\n", argv[1]);
        return 2;
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    const double cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    std::printf("%.6f %.1f %.6f %d\n", wall.count(), static_cast<double>(usage.ru_maxrss) / 1024.0, cpu, WEXITSTATUS(status));
    return 0;
}
