// SPDX-License-Identifier: Apache-2.0
// How long a Compose file of 10,000 lines and a Dockerfile of 2,000 take to be read, merged and resolved: the median of 31 runs each, in ms,
// and beside it the least processor time of them, which a busy machine does not change.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <vector>

#include "build/compose.h"
#include "build/dockerfile_stages.h"

namespace {

using namespace bulkhead;

std::string compose_text() {
    std::string text = "services:\n";
    for (int i = 0; std::ranges::count(text, '\n') < 9'980; ++i) {
        text += fmt::format(
            "  service{0}:\n    image: registry.example.org/team/app{0}:1.2.3\n    read_only: true\n    user: \"1000:1000\"\n    cap_drop: [ALL]\n"
            "    security_opt:\n      - no-new-privileges:true\n    environment:\n      NAME: value-{0}\n      LEVEL: ${{LEVEL:-info}}\n    ports:\n"
            "      - \"127.0.0.1:{1}:8080/tcp\"\n    volumes:\n      - data:/data:ro\n    deploy:\n      resources:\n        limits:\n          memory: 128M\n"
            "    healthcheck:\n      test: [\"CMD\", \"true\"]\n",
            i, 10'000 + i);
    }
    return text + "volumes:\n  data: {}\n";
}

std::string dockerfile_text() {
    std::string text = "ARG TAG=1\nFROM debian:$TAG\n";
    for (int i = 0; std::ranges::count(text, '\n') < 1'990; ++i) {
        text += fmt::format(
            "ENV NAME{0}=value PATH_{0}=\"/opt/${{NAME{0}}}\"\nRUN apt-get update && \\\n    apt-get install -y package{0} && \\\n    rm -rf /x\nCOPY "
            "--chown=1:1 a{0} /b/\n",
            i);
    }
    return text + "USER app\n";
}

double processor_ms() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

template <class Work>
void measure(const char* name, Work work) {
    std::vector<double> times;
    std::vector<double> processor;
    for (int i = 0; i < 31; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const double processor_start = processor_ms();
        if (!work()) std::exit(2);
        processor.push_back(processor_ms() - processor_start);
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    std::ranges::sort(times);
    fmt::print("{}\t{:.2f}\tms\n{}_processor\t{:.2f}\tms\n", name, times[times.size() / 2], name, std::ranges::min(processor));
}

}  // namespace

int main() {
    const std::string compose = compose_text();
    const std::string dockerfile = dockerfile_text();
    measure("compose_10000_lines", [&] {
        const auto read = [&](const std::string& path) -> Result<std::string> {
            if (path == "c.yaml") return compose;
            return fail(Code::not_found, "no such file");
        };
        return build::load_compose({.files = {"c.yaml"}}, read).has_value();
    });
    measure("dockerfile_2000_lines", [&] {
        const auto parsed = build::parse_dockerfile(dockerfile, "D");
        return parsed && !build::resolve(*parsed).stages.empty();
    });
}
