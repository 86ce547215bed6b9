// SPDX-License-Identifier: Apache-2.0
#include "fix/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "fix/diff.h"
#include "report/layout.h"
#include "report/style.h"
#include "world/redact.h"

namespace bulkhead::fix {

namespace {

using report::Style;
using report::Tone;

constexpr std::size_t names_shown_max = 6;
constexpr std::size_t width_min = 30;

std::string counted(std::size_t count, std::string_view one, std::string_view many) { return fmt::format("{} {}", count, count == 1 ? one : many); }

// "    api_key: abc" -> "    api_key: <redacted>"; so for JSON's "key": "value" and an item NAME=VALUE.
std::string masked(std::string_view line) {
    const std::size_t sign = line.find_first_of(":=");
    if (sign != std::string_view::npos) {
        const std::size_t value = line.find_first_not_of(" \"'", sign + 1);
        const bool has_value = value != std::string_view::npos && line[value] != '{' && line[value] != '[' && line[value] != '\n';
        if (has_value && world::looks_secret(line.substr(0, sign)))
            return fmt::format("{}{}{}", line.substr(0, sign + 1), line[sign] == ':' ? " " : "", world::redaction_mark) + (line.ends_with('\n') ? "\n" : "");
    }
    return world::redact_text(line);
}

class TextPlan {
  public:
    TextPlan(const Plan& plan, const report::RenderOptions& options, Secrets secrets)
        : plan_(plan), style_(options), width_(std::max(options.width, width_min)), secrets_(secrets) {}

    std::string write(const std::string& not_applicable) {
        for (const std::string& part : report::wrap(title(), width_)) line(style_.paint(Tone::strong, part));
        for (const Change& change : plan_.changes) write_change(change);
        write_steps();
        write_by_hand();
        out_ += '\n';
        wrapped("", closing(not_applicable));
        return std::move(out_);
    }

  private:
    void line(const std::string& text) { out_ += text + '\n'; }
    void wrapped(const std::string& indent, const std::string& text, const std::string& first = {}) {
        std::string lead = first.empty() ? indent : first;
        for (const std::string& part : report::wrap(text::printable(text), width_ - indent.size())) {
            line(lead + part);
            lead = indent;
        }
    }

    [[nodiscard]] std::string title() const {
        if (plan_.alarms == 0) return "No alarm was found about which something could be done.";
        std::size_t refused = 0;
        for (const Change& change : plan_.changes) refused += change.refused.empty() ? 0 : 1;
        std::string out = fmt::format("{} looked at: {} answered by {}", counted(plan_.alarms, "alarm", "alarms"), plan_.answered,
                                      counted(plan_.changes.size(), "change", "changes"));
        if (!plan_.steps.empty()) out += fmt::format(" and {}", counted(plan_.steps.size(), "step of yours", "steps of yours"));
        if (refused > 0) out += fmt::format(", {} cannot be applied from here", refused);
        return out;
    }

    void write_causes(const std::string& indent, const std::vector<Cause>& causes) {
        // Each control once, with the resources that it alarmed about.
        std::vector<std::pair<std::string, std::vector<std::string>>> controls;
        for (const Cause& cause : causes) {
            const std::string label = fmt::format("{}  {}", cause.control, cause.title);
            auto found = std::ranges::find(controls, label, &std::pair<std::string, std::vector<std::string>>::first);
            if (found == controls.end()) found = controls.insert(controls.end(), {label, {}});
            found->second.push_back(cause.resource_name);
        }
        for (const auto& [label, names] : controls) wrapped(indent + "  ", names.size() > 1 ? fmt::format("{} ({})", label, listed(names)) : label, indent);
    }

    static std::string listed(const std::vector<std::string>& names) {
        const std::vector<std::string> shown(names.begin(), names.begin() + static_cast<long>(std::min(names.size(), names_shown_max)));
        return text::join(shown, ", ") + (names.size() > shown.size() ? fmt::format(" and {} more", names.size() - shown.size()) : "");
    }

    void write_change(const Change& change) {
        std::string what = change.path;
        if (change.what != What::content)
            what += fmt::format(": {} {} -> {}", change.what == What::mode ? "mode" : "owner", state_before(change), state_after(change));
        if (change.what == What::content && !change.exists) what += " (new)";
        out_ += '\n';
        wrapped("  ", what + (change.root_pid != 0 ? "  [the engine's]" : ""), " ");
        write_causes("    ", change.causes);
        for (const std::string& mind : change.minds) wrapped("    ", "mind: " + mind);
        if (!change.refused.empty()) wrapped("    ", "not applied from here: " + change.refused);
        if (change.what != What::content) return;
        const std::string diff = diff_of(change, secrets_);
        for (const std::string_view text : text::lines(diff)) {
            const Tone tone = text.starts_with('+') ? Tone::ok : text.starts_with('-') ? Tone::alarm : Tone::faint;
            line("  " + style_.paint(tone, shown(text)));
        }
    }

    // Tabs stay, so that the diff is one.
    static std::string shown(std::string_view text) {
        std::string out;
        for (const std::string_view part : text::split(text, '\t')) {
            if (part.data() != text.data()) out += '\t';
            out += text::printable(part);
        }
        return out;
    }

    void write_steps() {
        if (plan_.steps.empty()) return;
        out_ += '\n';
        line(style_.paint(Tone::strong, "Then, by you:"));
        std::size_t number = 0;
        for (const Step& step : plan_.steps) {
            // A command stays on its line: it is to be copied.
            line(fmt::format("  {:>2}. {}", ++number, text::printable(step.text)));
            // What several steps in a row share stands once, below the last of them.
            const std::string controls = controls_of(step);
            const bool last = number == plan_.steps.size() || plan_.steps[number].mind != step.mind || controls_of(plan_.steps[number]) != controls;
            if (!controls.empty() && last) wrapped("      ", controls);
            if (!step.mind.empty() && last) wrapped("      ", "mind: " + step.mind);
        }
    }

    static std::string controls_of(const Step& step) {
        std::set<std::string> names;
        for (const Cause& cause : step.causes) names.insert(cause.control);
        return listed({names.begin(), names.end()});
    }

    void write_by_hand() {
        if (plan_.by_hand.empty()) return;
        out_ += '\n';
        line(style_.paint(Tone::strong, "By hand:"));
        for (const ByHand& one : plan_.by_hand) {
            wrapped("    ", fmt::format("{}  {} ({})", one.control, one.title, listed(one.resource_names)), "  ");
            if (!one.why.empty()) wrapped("      ", one.why);
            wrapped("      ", one.remediation);
        }
    }

    [[nodiscard]] std::string closing(const std::string& not_applicable) const {
        std::string out;
        if (plan_.unknown > 0) out = fmt::format("{} could not be judged; nothing is planned for them. ", counted(plan_.unknown, "result", "results"));
        const bool any = std::ranges::any_of(plan_.changes, [](const Change& change) { return change.refused.empty(); });
        if (!any) return out + "Nothing to apply.";
        if (!not_applicable.empty()) return out + "None of it can be applied: " + not_applicable;
        return out + "Nothing was changed yet: bulkhead fix --apply writes the files above, and only them.";
    }

    const Plan& plan_;
    Style style_;
    std::size_t width_;
    Secrets secrets_;
    std::string out_;
};

}  // namespace

std::string diff_of(const Change& change, Secrets secrets) {
    const std::string diff = unified_diff(change.before, change.after, change.exists ? "a" + change.path : "/dev/null", "b" + change.path);
    if (secrets == Secrets::shown) return diff;
    std::string out;
    std::string_view rest = diff;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
        const std::string_view one = rest.substr(0, end);
        const bool header = one.starts_with("--- ") || one.starts_with("+++ ") || one.starts_with("@@") || one.starts_with("\\");
        out += header ? std::string(one) : std::string(one.substr(0, 1)) + masked(one.substr(1));
        rest.remove_prefix(end);
    }
    return out;
}

std::string plan_text(const Plan& plan, const report::RenderOptions& options, const std::string& not_applicable, Secrets secrets) {
    return TextPlan(plan, options, secrets).write(not_applicable);
}

}  // namespace bulkhead::fix
