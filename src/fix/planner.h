// SPDX-License-Identifier: Apache-2.0
// The fixes of controls, one by one, gathered into the changes of a plan: several of one file become one change. Owned by one thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fix/plan.h"
#include "host/dockerd_config.h"

namespace bulkhead::fix {

inline constexpr std::size_t edits_of_file_max = 500;

class Planner {
  public:
    Planner(tables::Facts& facts, const PlanOptions& options);

    // Plans one fix for one result. The error says why not.
    Result<void> propose(const audit::Fix& fix, const audit::Result& result, const Cause& cause);
    // What was gathered, in the order in which it is to be applied, with the steps that follow from it.
    void finish(Plan& plan);

  private:
    struct Draft {
        Change change;
        std::set<std::string> edits;  // keys of what was done already
    };
    Result<Draft*> draft(const std::string& path, std::int64_t root_pid);
    Result<void> edit(Draft& draft, const audit::Fix& fix, const Cause& cause, const std::string& summary, const Result<std::string>& edited);
    Result<void> daemon_json(const audit::Fix& fix, const Cause& cause);
    Result<void> compose(const audit::Fix& fix, const audit::Result& result, const Cause& cause);
    Result<void> attribute(const audit::Fix& fix, const audit::Result& result, const Cause& cause);
    Result<void> unit_drop_in(const audit::Fix& fix, const Cause& cause);
    void step(const std::string& text, const Cause& cause, const std::string& mind);
    void steps_of(const audit::Fix& fix, const Cause& cause);
    bool has_systemd();

    tables::Facts& facts_;
    PlanOptions options_;
    std::optional<host::Found<host::DaemonSetting>> settings_;
    std::map<std::string, Draft> drafts_;           // by the path as it was named and its root
    std::map<std::string, Change> modes_, owners_;  // by path
    std::vector<Step> steps_;
    std::map<std::string, std::vector<Cause>> then_;  // reload, restart, recreate
    std::set<std::string> compose_services_;
};

// Text as one word of a shell's command line.
std::string shell_word(const std::string& text);

}  // namespace bulkhead::fix
