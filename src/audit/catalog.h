// SPDX-License-Identifier: Apache-2.0
// The controls, benchmarks, named queries and settings: those inside the program, and more from folders of the user's. Any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "audit/result.h"

namespace bulkhead::audit {

// Something a user decides and controls judge by: setting('name') in SQL.
struct Setting {
    std::string name;
    std::string type;  // text, list (comma separated, with globs), integer, boolean (0 or 1), days (a whole number of them)
    std::string default_value;
    std::string description;
};

struct Catalog {
    std::vector<Control> controls;               // by id; "csvs_3_2" before "csvs_3_10"
    std::vector<Benchmark> benchmarks;           // by id
    std::map<std::string, std::string> queries;  // name -> SQL
    std::vector<Setting> settings;               // by name
    [[nodiscard]] const Control* find_control(std::string_view id_or_alias) const;
    [[nodiscard]] const Benchmark* find_benchmark(std::string_view id) const;
    [[nodiscard]] const Setting* find_setting(std::string_view name) const;
};

// invalid_input: "FILE:LINE:COLUMN: what is wrong and what is allowed". A bad file loses nothing silently: it stops the load.
bulkhead::Result<Catalog> load_catalog(const std::vector<std::string>& folders);

// One control or benchmark file. `file` is only for messages.
bulkhead::Result<Control> parse_control(std::string_view yaml, const std::string& file);
bulkhead::Result<std::vector<Benchmark>> parse_benchmarks(std::string_view yaml, const std::string& file);
bulkhead::Result<std::vector<Setting>> parse_settings(std::string_view yaml, const std::string& file);

// "csvs_3_2" < "csvs_3_10": runs of digits compare as numbers.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace bulkhead::audit
