// SPDX-License-Identifier: Apache-2.0
#include "fix/compose_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "base/text.h"
#include "build/yaml_tree.h"
#include "fix/yaml_lines.h"

namespace bulkhead::fix {

namespace {

using build::Key;
using build::Tree;
using build::TreeKind;

constexpr std::string_view wildcards[] = {"0.0.0.0", "[::]", "::", "*"};

std::unexpected<Error> unsafe(const std::string& why) { return fail(Code::unsupported, why); }

bool same(const Tree& a, const Tree& b) {
    if (a.kind != b.kind || a.text != b.text || a.tag != b.tag || a.items.size() != b.items.size()) return false;
    if (!a.is_map()) return std::ranges::equal(a.items, b.items, same);
    const auto order = [](const Tree& tree) {
        std::vector<std::size_t> places(tree.keys.size());
        for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
        std::ranges::sort(places, {}, [&](std::size_t i) -> const std::string& { return tree.keys[i].name; });
        return places;
    };
    const auto order_a = order(a);
    const auto order_b = order(b);
    for (std::size_t i = 0; i < order_a.size(); ++i) {
        if (a.keys[order_a[i]].name != b.keys[order_b[i]].name || !same(a.items[order_a[i]], b.items[order_b[i]])) return false;
    }
    return true;
}

Result<Tree> parse_one(std::string_view text, const std::string& file) {
    auto documents = build::parse_tree(text, file, 0);
    if (!documents) return std::unexpected(documents.error());
    if (documents->size() != 1) return unsafe("more than one document in the file");
    return std::move(documents->front());
}

Tree scalar_of(std::string_view yaml) {
    auto documents = build::parse_tree(yaml, "value", 0);
    if (documents && documents->size() == 1) return std::move(documents->front());
    Tree tree;
    tree.kind = TreeKind::scalar;
    tree.text = yaml;
    return tree;
}

// One service in the text that is being edited.
class Editor {
  public:
    Editor(std::string_view text, const std::string& file, const ComposeEdit& edit, const Tree& document)
        : text_(text), file_(file), edit_(edit), wanted_(document) {}

    Result<std::string> run() {
        Tree* services = wanted_.is_map() ? wanted_.find("services") : nullptr;
        service_ = services != nullptr && services->is_map() ? services->find(edit_.service) : nullptr;
        if (service_ == nullptr) return fail(Code::not_found, fmt::format("{} has no service {}", file_, text::printable(edit_.service)));
        service_line_ = services->find_key(edit_.service)->place.at.line;
        if (!service_->is_map()) return unsafe("the service is not written as a mapping");
        for (const std::string& key : edit_.unless) {
            if (service_->find(key) != nullptr) return unsafe(fmt::format("the service has {}, which has to be thought of together with it", key));
        }
        // Keys of a mapping that an alias or << brought stand elsewhere, before this service.
        for (const Key& key : service_->keys) {
            if (key.place.at.line > service_line_) own_keys_.push_back(key);
        }
        if (own_keys_.empty()) return unsafe("the service has no lines of its own here");
        switch (edit_.change) {
            case ComposeChange::set: return set();
            case ComposeChange::item: return add_item();
            case ComposeChange::ports: return bind_ports();
        }
        return unsafe("not a change");
    }

  private:
    [[nodiscard]] std::string indent() const { return std::string(static_cast<std::size_t>(own_keys_.front().place.at.column - 1), ' '); }
    [[nodiscard]] bool is_own(std::string_view key) const { return std::ranges::find(own_keys_, key, &Key::name) != own_keys_.end(); }

    // The first of the edits that leads to what is wanted, and to nothing else.
    Result<std::string> first_good(const std::vector<std::function<bool(YamlLines&)>>& edits) const {
        for (const auto& edit : edits) {
            YamlLines lines(text_);
            if (!edit(lines)) continue;
            std::string after = lines.text();
            const auto parsed = parse_one(after, file_);
            if (parsed && same(*parsed, wanted_)) return after;
        }
        return unsafe("it cannot be edited line by line without changing something else");
    }

    // New lines of the service: behind its first key where that is one line, else at its top.
    Result<std::string> add_lines(const std::vector<std::string>& content) const {
        const auto insert = [content](int line) {
            return [content, line](YamlLines& lines) {
                for (std::size_t i = 0; i < content.size(); ++i) {
                    if (!lines.insert_after(line + static_cast<int>(i), content[i])) return false;
                }
                return true;
            };
        };
        return first_good({insert(own_keys_.front().place.at.line), insert(service_line_)});
    }

    Result<std::string> set() {
        const Tree value = scalar_of(edit_.value);
        Tree* old = service_->find(edit_.key);
        if (old != nullptr && old->is_scalar() && old->text == value.text) return std::string(text_);
        const build::Position at = old == nullptr ? build::Position{} : old->place.at;
        if (old != nullptr && !old->is_scalar()) return unsafe(fmt::format("{} is not a single value", edit_.key));
        if (old != nullptr && old->text.contains('$')) return unsafe(fmt::format("{} comes from a variable", edit_.key));
        const bool own = old != nullptr && is_own(edit_.key);
        service_->set({edit_.key, {}}, value);
        if (!own) return add_lines({fmt::format("{}{}: {}", indent(), edit_.key, edit_.value)});
        return first_good({[&](YamlLines& lines) { return lines.replace_scalar(at, edit_.value); }});
    }

    Result<std::string> add_item() {
        const Tree value = scalar_of(edit_.value);
        Tree* list = service_->find(edit_.key);
        if (list == nullptr) {
            Tree made;
            made.kind = TreeKind::list;
            made.items.push_back(value);
            service_->set({edit_.key, {}}, std::move(made));
            return add_lines({fmt::format("{}{}:", indent(), edit_.key), fmt::format("{}  - {}", indent(), edit_.value)});
        }
        if (!list->is_list() || !is_own(edit_.key)) return unsafe(fmt::format("{} is not a list with lines of its own", edit_.key));
        // "no-new-privileges:false" beside "no-new-privileges:true" would leave it open which of them counts.
        const std::string name = value.text.substr(0, value.text.find(':'));
        for (const Tree& item : list->items) {
            if (item.text == value.text) return std::string(text_);
            if (item.text.contains('$')) return unsafe(fmt::format("{} has an item that comes from a variable", edit_.key));
            if (name != value.text && item.text.starts_with(name)) return unsafe(fmt::format("{} says {} already", edit_.key, text::printable(item.text)));
        }
        const build::Position start = list->place.at;
        const int last_line = list->items.empty() ? 0 : list->items.back().place.at.line;
        list->items.push_back(value);
        if (last_line == 0) return unsafe(fmt::format("{} is an empty list", edit_.key));
        return first_good({[&](YamlLines& lines) {
                               const std::string_view line = lines.has(last_line) ? lines.line(last_line) : "";
                               const std::size_t dash = line.find_first_not_of(' ');
                               if (dash == std::string_view::npos || line[dash] != '-') return false;
                               return lines.insert_after(last_line, fmt::format("{}- {}", std::string(dash, ' '), edit_.value));
                           },
                           [&](YamlLines& lines) {
                               const std::size_t at = lines.has(start.line) ? lines.line(start.line).rfind(']') : std::string_view::npos;
                               if (at == std::string_view::npos) return false;
                               return lines.insert_at({start.line, static_cast<int>(at) + 1}, fmt::format(", \"{}\"", edit_.value));
                           }});
    }

    // "8080:80" -> "127.0.0.1:8080:80"; nothing: it names an address already.
    [[nodiscard]] std::optional<std::string> bound(const std::string& port) const {
        for (const std::string_view wildcard : wildcards) {
            if (port.starts_with(std::string(wildcard) + ":")) return edit_.value + port.substr(wildcard.size());
        }
        const auto colons = std::ranges::count(port, ':');
        if (port.starts_with('[') || colons >= 2) return std::nullopt;
        return fmt::format("{}:{}{}", edit_.value, colons == 0 ? ":" : "", port);
    }

    // What has to be written for one port: nothing, or a step on the lines.
    using LineEdit = std::function<bool(YamlLines&)>;
    Result<std::optional<LineEdit>> bind(Tree& port) const {
        if (port.is_scalar()) {
            if (port.text.contains('$')) return unsafe("a port comes from a variable");
            const auto text = bound(port.text);
            if (!text) return std::nullopt;
            port.text = *text;
            return LineEdit([at = port.place.at, text = fmt::format("\"{}\"", *text)](YamlLines& lines) { return lines.replace_scalar(at, text); });
        }
        if (!port.is_map() || port.keys.empty()) return unsafe("a port is neither text nor a mapping");
        Tree value = scalar_of(fmt::format("\"{}\"", edit_.value));
        if (Tree* address = port.find("host_ip")) {
            if (address->text.contains('$')) return unsafe("an address comes from a variable");
            if (!address->text.empty() && std::ranges::find(wildcards, address->text) == std::end(wildcards)) return std::nullopt;
            const build::Position at = address->place.at;
            address->text = edit_.value;
            return LineEdit([at, text = fmt::format("\"{}\"", edit_.value)](YamlLines& lines) { return lines.replace_scalar(at, text); });
        }
        const build::Position first = port.keys.front().place.at;
        port.set({"host_ip", {}}, std::move(value));
        return LineEdit([first, text = fmt::format("{}host_ip: \"{}\"", std::string(static_cast<std::size_t>(first.column - 1), ' '), edit_.value)](
                            YamlLines& lines) { return lines.insert_after(first.line, text); });
    }

    Result<std::string> bind_ports() {
        Tree* ports = service_->find("ports");
        if (ports == nullptr) return std::string(text_);
        if (!ports->is_list() || !is_own("ports")) return unsafe("ports is not a list with lines of its own");
        std::vector<LineEdit> edits;
        for (Tree& port : ports->items) {
            auto edit = bind(port);
            if (!edit) return std::unexpected(edit.error());
            if (*edit) edits.push_back(std::move(**edit));
        }
        if (edits.empty()) return std::string(text_);
        // From the last to the first, so that places stay right.
        return first_good(
            {[&](YamlLines& lines) { return std::ranges::all_of(edits.rbegin(), edits.rend(), [&](const LineEdit& edit) { return edit(lines); }); }});
    }

    std::string_view text_;
    const std::string& file_;
    const ComposeEdit& edit_;
    Tree wanted_;
    Tree* service_ = nullptr;
    int service_line_ = 0;
    std::vector<Key> own_keys_;
};

}  // namespace

Result<std::string> edit_compose(std::string_view text, const std::string& file, const ComposeEdit& edit) {
    const auto document = parse_one(text, file);
    if (!document) return std::unexpected(document.error());
    return Editor(text, file, edit, *document).run();
}

}  // namespace bulkhead::fix
