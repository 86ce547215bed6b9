// SPDX-License-Identifier: Apache-2.0
// The files that make up a systemd unit, found by systemd's rules (systemd.unit(5), "Unit File Load Path") without asking systemd: the
// first file of that name, and all drop-ins NAME.d/*.conf. Values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/file_stat.h"
#include "host/host.h"

namespace bulkhead::host {

inline constexpr std::size_t unit_drop_ins_max = 1000;

struct UnitFile {
    std::string unit;  // docker.service
    std::string path;  // in the engine's root
    bool is_drop_in = false;
    bool is_masked = false;  // a link to /dev/null: the unit cannot be started
    FileStat stat;
    std::string locator;
};

Found<UnitFile> systemd_unit_files(Host& host, std::string_view unit);

}  // namespace bulkhead::host
