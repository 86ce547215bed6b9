// SPDX-License-Identifier: Apache-2.0
// docker_audit_watch: for each path of docker_host_path, whether the kernel's audit rules record what happens to it.
#include <algorithm>

#include "host/audit_rules.h"
#include "host/namespaces.h"
#include "tables/audit_rule_files.h"
#include "tables/docker_host_paths.h"

namespace bulkhead::tables {

namespace {

constexpr std::int64_t init_pid = 1;

struct Row {
    host::DockerPath found;
    std::optional<std::string> verdict, rule, why, switched_off_by, file_rule;
    std::string problem, locator;
};

// Audit rules name paths of the root of whoever loaded them, which is init's.
class InitRoot {
  public:
    explicit InitRoot(Scan& scan) : world_(scan.facts().world), engine_(*scan.facts().host.engine_pid()) {
        is_shared_ = mount_namespace(init_pid) && mount_namespace(init_pid) == mount_namespace(engine_);
    }
    // Why rules for this path are none for the engine's file; empty: they are.
    std::string objection(const host::DockerPath& found, const std::string& real) {
        if (is_shared_) return {};
        const auto reading = world_.read(world::stat_at(real, init_pid));
        if (reading->unreadable()) return reading->reason;
        std::vector<host::Problem> problems;
        const auto stat = host::parsed<host::FileStat>(*reading, host::parse_file_stat, problems, host::Absent::is_nothing);
        if (stat && stat->is_same_file(*found.stat)) return {};
        return "the engine has a root of its own, and audit rules are about paths of the host's: " + real + " is another file there";
    }
    // A rule's path without the links that the kernel follows when it loads it: all of a folder's, those above a file.
    std::string resolved(const host::AuditRule& rule) {
        const std::size_t slash = rule.path.rfind('/');
        const bool is_folder = rule.kind == "dir";
        if (slash == std::string::npos || (!is_folder && slash == 0)) return rule.path;
        const auto reading = world_.read(world::stat_at(is_folder ? rule.path : rule.path.substr(0, slash), init_pid));
        const auto stat = reading->present() ? host::parse_file_stat(reading->bytes) : fail(Code::not_found, "");
        if (!stat || stat->path.empty()) return rule.path;
        return is_folder ? stat->path : (stat->path == "/" ? "" : stat->path) + rule.path.substr(slash);
    }

  private:
    std::optional<std::int64_t> mount_namespace(std::int64_t pid) {
        const auto reading = world_.read(world::namespaces_of(pid));
        const auto namespaces = reading->present() ? host::parse_namespaces(reading->bytes) : fail(Code::not_found, "");
        if (!namespaces || !namespaces->contains("mnt")) return std::nullopt;
        return namespaces->at("mnt");
    }

    world::World& world_;
    std::int64_t engine_;
    bool is_shared_ = false;
};

std::optional<std::vector<host::AuditRule>> rules_in_force(Scan& scan, InitRoot& root, std::string& locator) {
    const auto reading = scan.facts().world.read(world::netlink_in("audit_rules", 0));
    locator = reading->locator;
    std::vector<host::Problem> problems;
    if (reading->absent()) return std::vector<host::AuditRule>{};  // a kernel without audit
    auto rules = host::parsed<std::vector<host::AuditRule>>(*reading, host::parse_audit_rules, problems, host::Absent::is_nothing);
    report(scan, problems);
    if (rules) {
        for (host::AuditRule& rule : *rules) rule.path = rule.kind.empty() ? rule.path : root.resolved(rule);
    }
    return rules;
}

std::optional<std::string> rule_in_files(const std::vector<AuditFileRow>& rows, const std::string& real, bool is_directory) {
    for (const AuditFileRow& row : rows) {
        const auto coverage = host::audit_coverage({row.found.rule}, real, is_directory);
        if (coverage.verdict != host::AuditCoverage::Verdict::none) return row.file + ": " + row.found.rule.text;
    }
    return std::nullopt;
}

void judge(Row& row, const std::vector<host::AuditRule>& rules, const std::string& real) {
    const auto coverage = host::audit_coverage(rules, real, row.found.stat->type == "directory");
    row.verdict = name(coverage.verdict);
    if (coverage.rule != nullptr) row.rule = coverage.rule->text;
    if (!coverage.why.empty()) row.why = coverage.why;
    if (const auto* off = host::audit_switch_off(rules)) row.switched_off_by = off->text;
}

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    auto paths = docker_host_paths(scan);
    if (!scan.facts().host.engine_pid()) return rows;
    InitRoot root(scan);
    std::string locator;
    const auto rules = rules_in_force(scan, root, locator);
    const bool has_file_rules = rules && std::ranges::any_of(*rules, [](const host::AuditRule& rule) { return rule.action == "always" && !rule.kind.empty(); });
    // Weaker evidence only: what cannot be read there changes no verdict.
    Scan of_files(scan.facts(), {});
    const auto files = audit_file_rows(of_files);
    for (host::DockerPath& found : paths) {
        Row row{.found = std::move(found), .verdict = {}, .rule = {}, .why = {}, .switched_off_by = {}, .file_rule = {}, .problem = {}, .locator = locator};
        row.problem = row.found.problem;
        if (row.found.stat) {
            const std::string real = row.found.stat->path.empty() ? row.found.path : row.found.stat->path;
            row.file_rule = rule_in_files(files, real, row.found.stat->type == "directory");
            // Where no rule names any file, none can mean this one, whatever the root.
            if (rules && has_file_rules) row.problem = root.objection(row.found, real);
            if (rules && row.problem.empty()) judge(row, *rules, real);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

template <class Member>
auto path(Member host::DockerPath::* member) {
    return [member](const Row& row) { return text_or_null(row.found.*member); };
}

Cell exists(const Row& row) { return row.found.problem.empty() ? cell(row.found.stat.has_value()) : Cell{}; }
Cell real_path(const Row& row) { return row.found.stat && !row.found.stat->path.empty() ? cell(row.found.stat->path) : text_or_null(row.found.path); }

}  // namespace

Table docker_audit_watch() {
    return make_table<Row>(
        TableSpec<Row>{.name = "docker_audit_watch",
                       .help = "for each path of docker_host_path: do the audit rules in force record what happens to it",
                       .columns = {{"thing", Type::text, "as in docker_host_path", path(&host::DockerPath::thing)},
                                   {"path", Type::text, "as it is named", path(&host::DockerPath::path)},
                                   {"real_path", Type::text, "without symbolic links", real_path},
                                   {"found_by", Type::text, "what told the path", path(&host::DockerPath::found_by)},
                                   {"is_there", Type::boolean, "null: not known, see problem", exists},
                                   {"reason", Type::text, "why it is not there", path(&host::DockerPath::reason)},
                                   {"problem", Type::text, "why nothing can be told", [](const Row& row) { return text_or_null(row.problem); }},
                                   {"verdict", Type::text, "recorded; partly, see why; none; null: not known", of(&Row::verdict)},
                                   {"rule", Type::text, "the rule that decides", of(&Row::rule)},
                                   {"why", Type::text, "what the rule leaves out", of(&Row::why)},
                                   {"switched_off_by", Type::text, "a rule that keeps all processes from being audited", of(&Row::switched_off_by)},
                                   {"file_rule", Type::text, "a rule for it in /etc/audit, in force or not", of(&Row::file_rule)},
                                   {"path_locator", Type::text, "the reading of the path", path(&host::DockerPath::locator)},
                                   {"found_locator", Type::text, "the reading that told the path", path(&host::DockerPath::found_locator)},
                                   {"locator", Type::text, "the reading of the rules", of(&Row::locator)}},
                       .examples = {"select thing, real_path, verdict, why from docker_audit_watch where is_there"},
                       .rows = read});
}

}  // namespace bulkhead::tables
