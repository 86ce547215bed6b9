// SPDX-License-Identifier: Apache-2.0
#include "image/kept_file.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "image/rpm.h"

namespace bulkhead::image {

namespace {

constexpr std::array<std::string_view, 9> databases = {
    "var/lib/dpkg/status",           "lib/apk/db/installed", "usr/lib/apk/db/installed",          "var/lib/rpm/rpmdb.sqlite",
    "var/lib/rpm/Packages.db",       "var/lib/rpm/Packages", "usr/lib/sysimage/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/Packages.db",
    "usr/lib/sysimage/rpm/Packages",
};
constexpr std::array<std::string_view, 3> accounts = {"etc/passwd", "etc/group", "etc/shadow"};
constexpr std::string_view dpkg_status_folder = "var/lib/dpkg/status.d/";
constexpr std::string_view dpkg_list_folder = "var/lib/dpkg/info/";

bool is_rpm_folder(std::string_view folder) { return folder == "var/lib/rpm/" || folder == "usr/lib/sysimage/rpm/"; }

std::string os_name_of(std::string_view bytes) {
    for (const std::string_view line : text::lines(bytes)) {
        if (!line.starts_with("PRETTY_NAME=")) continue;
        std::string_view value = text::trim(line.substr(12));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        return text::printable(value.substr(0, 200));
    }
    return {};
}

Result<std::vector<Package>> packages_of(Kept kind, std::string_view bytes, const Limits& limits) {
    switch (kind) {
        case Kept::dpkg_status: return parse_dpkg(bytes, limits);
        case Kept::apk: return parse_apk(bytes, limits);
        case Kept::rpm_sqlite: return parse_rpm(RpmKind::sqlite, bytes, limits);
        case Kept::rpm_ndb: return parse_rpm(RpmKind::ndb, bytes, limits);
        default: return parse_rpm(RpmKind::bdb, bytes, limits);
    }
}

template <class T>
void put(Result<std::vector<T>> parsed, std::vector<T>& into, std::string& problem) {
    if (parsed) {
        into = std::move(*parsed);
    } else {
        problem = parsed.error().message;
    }
}

// A later file of the same name is the one that counts.
template <class T>
T& slot(std::vector<T>& list, const std::string& path) {
    const auto found = std::ranges::find(list, path, &T::path);
    if (found != list.end()) {
        *found = T{};
        found->path = path;
        return *found;
    }
    list.emplace_back().path = path;
    return list.back();
}

}  // namespace

std::optional<Kept> kept_kind(std::string_view path) {
    if (path == "etc/passwd") return Kept::passwd;
    if (path == "etc/group") return Kept::group;
    if (path == "etc/shadow") return Kept::shadow;
    if (path == "etc/os-release" || path == "usr/lib/os-release") return Kept::os_release;
    if (path == "var/lib/dpkg/status") return Kept::dpkg_status;
    if (path == "lib/apk/db/installed" || path == "usr/lib/apk/db/installed") return Kept::apk;
    if (path.starts_with(dpkg_status_folder)) {
        // Distroless images have the checksums beside it.
        return path.ends_with(".md5sums") || path.find('/', dpkg_status_folder.size()) != std::string_view::npos ? std::nullopt
                                                                                                                 : std::optional(Kept::dpkg_status);
    }
    if (path.starts_with(dpkg_list_folder) && path.ends_with(".list")) return Kept::dpkg_list;
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos || !is_rpm_folder(path.substr(0, slash + 1))) return std::nullopt;
    const std::string_view name = path.substr(slash + 1);
    if (name == "rpmdb.sqlite") return Kept::rpm_sqlite;
    if (name == "rpmdb.sqlite-wal") return Kept::rpm_log;
    if (name == "Packages.db") return Kept::rpm_ndb;
    if (name == "Packages") return Kept::rpm_bdb;
    return std::nullopt;
}

bool is_database(Kept kind) {
    return kind == Kept::dpkg_status || kind == Kept::apk || kind == Kept::rpm_sqlite || kind == Kept::rpm_ndb || kind == Kept::rpm_bdb;
}

std::string_view manager_of(Kept kind) {
    if (kind == Kept::dpkg_status || kind == Kept::dpkg_list) return "dpkg";
    return kind == Kept::apk ? "apk" : "rpm";
}

std::span<const std::string_view> database_paths() { return databases; }
std::span<const std::string_view> account_paths() { return accounts; }

void take_kept_file(Kept kind, const std::string& path, std::string_view bytes, const Limits& limits, LayerContent& layer) {
    if (kind == Kept::os_release) {
        // Most have the one as a link to the other.
        if (layer.os_name.empty() || path == "etc/os-release") layer.os_name = os_name_of(bytes);
        return;
    }
    if (kind == Kept::dpkg_list) {
        slot(layer.package_files, path).code_files = parse_dpkg_list(bytes);
        return;
    }
    if (kind == Kept::rpm_log) {
        if (!bytes.empty()) layer.problems.push_back({path, "the rpm database has a write-ahead log, which is not read"});
        return;
    }
    if (is_database(kind)) {
        PackageDatabase& database = slot(layer.databases, path);
        database.manager = manager_of(kind);
        put(packages_of(kind, bytes, limits), database.packages, database.problem);
        return;
    }
    AccountFile& file = slot(layer.account_files, path);
    if (kind == Kept::passwd) put(parse_accounts(bytes, limits), file.accounts, file.problem);
    if (kind == Kept::group) put(parse_groups(bytes, limits), file.groups, file.problem);
    if (kind == Kept::shadow) put(parse_shadow(bytes, limits), file.shadow, file.problem);
}

void refuse_kept_file(Kept kind, const std::string& path, const std::string& reason, LayerContent& layer) {
    if (is_database(kind)) {
        PackageDatabase& database = slot(layer.databases, path);
        database.manager = manager_of(kind);
        database.problem = reason;
    } else if (kind == Kept::passwd || kind == Kept::group || kind == Kept::shadow) {
        slot(layer.account_files, path).problem = reason;
    } else if (kind != Kept::os_release) {
        layer.problems.push_back({path, reason});
    }
}

}  // namespace bulkhead::image
