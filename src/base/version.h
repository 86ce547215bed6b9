// SPDX-License-Identifier: Apache-2.0
// The program's version, as --version, snapshots and reports say it.
#pragma once

namespace bulkhead {
inline constexpr const char* version = "0.1.0";
}
