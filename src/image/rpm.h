// SPDX-License-Identifier: Apache-2.0
// rpm's database in its three forms (rpm 4.x): Packages (Berkeley DB hash), Packages.db (ndb), rpmdb.sqlite. Each holds one header
// blob a package (rpm's lib/header.c; "rpm file format" of rpm.org). librpm is not used: it is under the GPL, keeps global state and wants
// files. Hostile bytes; pure; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "image/package.h"

namespace bulkhead::image {

enum class RpmKind : std::uint8_t { sqlite, ndb, bdb };

Result<std::vector<Package>> parse_rpm(RpmKind kind, std::string_view bytes, const Limits& limits);

// The parts, for tests and fuzzing. A blob is what one package's header is stored as.
using RpmBlob = std::function<Result<void>(std::string_view)>;
Result<void> rpm_blobs_of_sqlite(std::string_view bytes, const RpmBlob& each);
Result<void> rpm_blobs_of_ndb(std::string_view bytes, const RpmBlob& each);
Result<void> rpm_blobs_of_bdb(std::string_view bytes, const RpmBlob& each);
Result<Package> parse_rpm_header(std::string_view blob);

}  // namespace bulkhead::image
