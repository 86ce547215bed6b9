// SPDX-License-Identifier: Apache-2.0
#include "fix/plan_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "base/version.h"

namespace bulkhead::fix {

namespace {

constexpr std::int64_t plan_version = 1;

std::string_view name(What what) {
    if (what == What::mode) return "mode";
    return what == What::owner ? "owner" : "content";
}

std::string list(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + json::quote(text);
    return out + "]";
}

std::string causes(const std::vector<Cause>& causes) {
    std::string out = "[";
    for (const Cause& cause : causes)
        out += fmt::format("{}{{\"control\": {}, \"resource_name\": {}}}", out.size() > 1 ? ", " : "", json::quote(cause.control),
                           json::quote(cause.resource_name));
    return out + "]";
}

std::string change_json(const Change& change, Secrets secrets) {
    return fmt::format(
        R"(    {{"what": "{}", "path": {}, "of": "{}", "before": {}, "after": {}, "exact": {}, "refused": {}, "summary": {}, "mind": {}, "causes": {}, "diff": {}}})",
        name(change.what), json::quote(change.path), change.root_pid == 0 ? "caller" : "engine", json::quote(state_before(change)),
        json::quote(state_after(change)), json::quote(exact(change)), json::quote(change.refused), list(change.summary), list(change.minds),
        causes(change.causes), change.what == What::content ? json::quote(diff_of(change, secrets)) : "null");
}

template <class Items, class Write>
std::string block(const Items& items, Write write) {
    std::string out = "[";
    for (const auto& item : items) out += (out.size() > 1 ? ",\n" : "\n") + write(item);
    return out + (items.empty() ? "]" : "\n  ]");
}

}  // namespace

// The engine's process number is left out: it changes with each start, and the file is the same.
std::string exact(const Change& change) {
    return fmt::format("{} {} of the {} {} -> {}", name(change.what), change.path, change.root_pid == 0 ? "caller" : "engine", state_before(change),
                       state_after(change));
}

std::string plan_json(const Plan& plan, const Asked& asked, Secrets secrets) {
    std::string out = fmt::format("{{\n  \"bulkhead_fix_plan\": {},\n  \"tool_version\": {},\n  \"engine_version\": {},\n", plan_version, json::quote(version),
                                  json::quote(plan.engine_version));
    out += fmt::format(
        "  \"asked\": {{\"ids\": {}, \"compose\": {}, \"env_files\": {}, \"profiles\": {}, \"use_environment\": {}, \"settings\": {}, \"settings_file\": {}, "
        "\"info\": {}, \"risky\": {}}},\n",
        list(asked.ids), list(asked.compose_files), list(asked.env_files), list(asked.profiles), asked.use_environment, list(asked.settings),
        json::quote(asked.settings_file), asked.options.info, asked.options.risky);
    out += fmt::format("  \"summary\": {{\"alarms\": {}, \"answered\": {}, \"unknown\": {}}},\n", plan.alarms, plan.answered, plan.unknown);
    out += "  \"changes\": " + block(plan.changes, [&](const Change& change) { return change_json(change, secrets); });
    out += ",\n  \"steps\": " + block(plan.steps, [](const Step& step) {
               return fmt::format(R"(    {{"text": {}, "mind": {}, "causes": {}}})", json::quote(step.text), json::quote(step.mind), causes(step.causes));
           });
    out += ",\n  \"by_hand\": " + block(plan.by_hand, [](const ByHand& one) {
               return fmt::format(R"(    {{"control": {}, "title": {}, "why": {}, "remediation": {}, "resource_names": {}}})", json::quote(one.control),
                                  json::quote(one.title), json::quote(one.why), json::quote(one.remediation), list(one.resource_names));
           });
    return out + "\n}\n";
}

Result<Reviewed> parse_plan_json(std::string_view bytes, const std::string& file) {
    if (bytes.size() > plan_file_bytes_max) return fail(Code::limit_exceeded, fmt::format("{}: larger than {} bytes", file, plan_file_bytes_max));
    const auto document = json::Document::parse(bytes);
    if (!document) return fail(Code::invalid_input, fmt::format("{}: {}: a plan is made by `bulkhead fix --output FILE`", file, document.error().message));
    const json::Value root = document->root();
    if (root["bulkhead_fix_plan"].integer() != plan_version || !root["asked"].is_object() || !root["changes"].is_array())
        return fail(Code::invalid_input, fmt::format("{}: no plan of this version of bulkhead: make one with `bulkhead fix --output FILE`", file));
    Reviewed reviewed;
    const json::Value asked = root["asked"];
    reviewed.asked = {.ids = asked["ids"].texts(),
                      .compose_files = asked["compose"].texts(),
                      .env_files = asked["env_files"].texts(),
                      .profiles = asked["profiles"].texts(),
                      .settings = asked["settings"].texts(),
                      .settings_file = asked["settings_file"].text_or(),
                      .use_environment = asked["use_environment"].boolean_or(false),
                      .options = {.info = asked["info"].boolean_or(false), .risky = asked["risky"].boolean_or(false)}};
    for (const json::Value& change : root["changes"].items()) {
        const auto text = change["exact"].text();
        if (!text) return fail(Code::invalid_input, fmt::format("{}: a change does not say what it is exactly", file));
        if (change["refused"].text_or().empty()) reviewed.changes.push_back(*text);
    }
    return reviewed;
}

Result<void> check_reviewed(const Plan& plan, const Reviewed& reviewed) {
    std::vector<std::string> now;
    for (const Change& change : plan.changes) {
        if (change.refused.empty()) now.push_back(exact(change));
    }
    for (const std::string& one : reviewed.changes) {
        if (std::ranges::find(now, one) == now.end())
            return fail(Code::unavailable,
                        "the plan is no longer what could be done, its target has changed since: " + text::printable(one) + ": make a new plan");
    }
    for (const std::string& one : now) {
        if (std::ranges::find(reviewed.changes, one) == reviewed.changes.end())
            return fail(Code::unavailable, "there is more to do than the plan says: " + text::printable(one) + ": make a new plan");
    }
    return {};
}

}  // namespace bulkhead::fix
