// SPDX-License-Identifier: Apache-2.0
// How long each format takes for an audit of 1,000 containers by 100 controls, and how large the page for people is: medians of 5 runs. The
// audit is made up: a fifth alarms, some unknown, two pieces of evidence a result, as real ones have.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <sstream>
#include <vector>

#include "report/format.h"

namespace {

using namespace bulkhead;

constexpr int containers = 1000;
constexpr int controls = 100;
constexpr int runs = 5;

audit::Audit made_up() {
    constexpr UnixMs time = 1'700'000'000'000;
    audit::Audit audit;
    audit.started_at = audit.as_of = time;
    audit.tool_version = "bench";
    audit.host = {{"name", "bench"}, {"engine_version", "20.10.24"}};
    audit.benchmarks = {{"all", "All controls", "", {}}};
    constexpr std::string_view severities[] = {"low", "medium", "high", "critical"};
    for (int i = 0; i < controls; ++i) {
        audit::Control control;
        control.id = fmt::format("control_{}", i);
        control.title = "Containers have what this control asks of them and nothing besides";
        control.levels = {i % 3 + 1};
        control.severity = severities[i % 4];
        control.description = std::string(500, 'd');
        control.rationale = std::string(300, 'r');
        control.remediation = std::string(300, 'm');
        audit.benchmarks[0].children.push_back(control.id);
        audit.controls.push_back(std::move(control));
        for (int j = 0; j < containers; ++j) {
            const std::string id = fmt::format("{:064x}", j);
            const audit::Status status = (i + j) % 5 == 0 ? audit::Status::alarm : (i + j) % 47 == 0 ? audit::Status::unknown : audit::Status::ok;
            audit.results.push_back({fmt::format("control_{}", i),
                                     id,
                                     fmt::format("shop-service-{}", j),
                                     status,
                                     "The setting of the container is not what it should be, as its process says.",
                                     "observed",
                                     {{"engine", "engine:/containers/" + id + "/json", "HostConfig.Setting is true", time},
                                      {"file", fmt::format("file:/proc/{}/status", j + 100), "Uid:\t0 0 0 0", time}},
                                     {{"pid", std::to_string(j + 100)}}});
        }
    }
    return audit;
}

double median(std::vector<double> times) {
    std::ranges::sort(times);
    return times[times.size() / 2];
}

}  // namespace

int main() {
    const audit::Audit audit = made_up();
    for (const report::Format& format : report::catalog()) {
        std::vector<double> times;
        std::size_t bytes = 0;
        for (int i = 0; i < runs; ++i) {
            const auto start = std::clock();
            std::ostringstream out;
            format.write(audit, {}, out);
            bytes = std::move(out).str().size();
            times.push_back(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
        }
        fmt::print("report_{}_1000\t{:.3f}\ts\n", format.name, median(std::move(times)));
        if (format.name == "html" || format.name == "json") fmt::print("report_{}_1000_size\t{:.1f}\tMB\n", format.name, static_cast<double>(bytes) / 1e6);
    }
}
