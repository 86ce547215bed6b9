// SPDX-License-Identifier: Apache-2.0
// host_resource: what is left of the engine's host: memory (/proc/meminfo, proc(5)) and how much work waits for CPU, memory and disks
// (/proc/pressure/*, Linux Documentation/accounting/psi.rst). A kernel without pressure figures has no rows of them.
#include <charconv>
#include <optional>

#include "base/text.h"
#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

namespace {

struct Row {
    std::string name;
    double value = 0;
    std::string unit;
    std::string locator;
};

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// "MemAvailable:   123456 kB"
void add_memory(Scan& scan, std::vector<Row>& rows) {
    const auto reading = scan.facts().world.read(world::file_at("/proc/meminfo"));
    if (!reading->present()) return scan.failed(reading->locator, reading->reason.empty() ? "not there" : reading->reason);
    constexpr std::pair<std::string_view, std::string_view> wanted[] = {
        {"MemTotal", "memory_total"}, {"MemAvailable", "memory_available"}, {"SwapTotal", "swap_total"}, {"SwapFree", "swap_free"}};
    for (const auto& [key, name] : wanted) {
        std::optional<double> kib;
        for (const std::string_view line : text::lines(reading->bytes)) {
            if (!line.starts_with(std::string(key) + ":")) continue;
            std::string_view value = text::trim(line.substr(key.size() + 1));
            if (value.ends_with(" kB")) kib = number(text::trim(value.substr(0, value.size() - 3)));
        }
        if (!kib) {
            scan.failed(reading->locator, "no " + std::string(key) + " in it");
            continue;
        }
        rows.push_back({std::string(name), *kib * 1024, "bytes", reading->locator});
    }
}

// "some avg10=0.00 avg60=0.12 avg300=0.05 total=1234": per cent of the time in which some, or all ("full"), work waited.
void add_pressure(Scan& scan, std::vector<Row>& rows, const std::string& of) {
    const auto reading = scan.facts().world.read(world::file_at("/proc/pressure/" + of));
    if (reading->absent()) return;
    if (!reading->present()) return scan.failed(*reading);
    bool found = false;
    for (const std::string_view line : text::lines(reading->bytes)) {
        const auto words = text::split(line, ' ');
        for (const std::string_view word : words) {
            if (!word.starts_with("avg60=")) continue;
            const auto value = number(word.substr(6));
            if (!value) continue;
            found = true;
            rows.push_back({of + "_pressure_" + std::string(words[0]), *value, "percent", reading->locator});
        }
    }
    if (!found) scan.failed(reading->locator, "no figures in it");
}

std::vector<Row> rows(Scan& scan) {
    Facts& facts = scan.facts();
    if (!facts.host.engine_pid()) {
        scan.failed(facts.host.engine_problem().locator, facts.host.engine_problem().reason);
        return {};
    }
    std::vector<Row> found;
    add_memory(scan, found);
    for (const char* of : {"cpu", "memory", "io"}) add_pressure(scan, found, of);
    return found;
}

}  // namespace

Table host_resource() {
    return make_table<Row>({
        .name = "host_resource",
        .help = "What is left of the engine's host, and how much work waits for it.",
        .columns = {{"name", Type::text, "memory_total, memory_available, swap_total, swap_free; cpu_, memory_, io_pressure_some and _full (last minute)",
                     [](const Row& row) { return cell(row.name); }},
                    {"value", Type::real, "how much", [](const Row& row) { return cell(row.value); }},
                    {"unit", Type::text, "bytes, percent (of the time)", [](const Row& row) { return cell(row.unit); }},
                    {"locator", Type::text, "where this row was read", [](const Row& row) { return cell(row.locator); }}},
        .examples = {"select name, value from host_resource where unit = 'percent' and value > 10"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
