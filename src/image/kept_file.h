// SPDX-License-Identifier: Apache-2.0
// Which files of a layer are read whole, and what they become: package databases, account files, os-release. Private to this room.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "image/layer.h"

namespace bulkhead::image {

enum class Kept : std::uint8_t { dpkg_status, dpkg_list, apk, rpm_sqlite, rpm_ndb, rpm_bdb, rpm_log, passwd, group, shadow, os_release };

std::optional<Kept> kept_kind(std::string_view path);  // path as plain_path gives it
bool is_database(Kept kind);
std::string_view manager_of(Kept kind);  // of a database

// Paths at which a package manager or the runtime looks, apart from dpkg's folder status.d.
std::span<const std::string_view> database_paths();
std::span<const std::string_view> account_paths();

// Puts what the file says, or why it could not be understood, into the layer's content.
void take_kept_file(Kept kind, const std::string& path, std::string_view bytes, const Limits& limits, LayerContent& layer);
// The same for a file that was not read, with the reason.
void refuse_kept_file(Kept kind, const std::string& path, const std::string& reason, LayerContent& layer);

}  // namespace bulkhead::image
