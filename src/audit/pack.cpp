// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <concepts>

#include "audit/catalog_parts.h"

namespace bulkhead::audit {

namespace {

class Writer {
  public:
    void text(const std::string& value) { bytes_ += std::to_string(value.size()) + ":" + value; }
    void count(std::size_t& value) { bytes_ += std::to_string(value) + ":"; }
    std::string take() { return std::move(bytes_); }

  private:
    std::string bytes_;
};

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    void text(std::string& into) {
        std::size_t size = 0;
        count(size);
        good_ = good_ && size <= bytes_.size();
        if (!good_) return;
        into = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
    }
    void count(std::size_t& into) {
        const auto [end, error] = std::from_chars(bytes_.data(), bytes_.data() + bytes_.size(), into);
        good_ = good_ && error == std::errc() && end != bytes_.data() + bytes_.size() && *end == ':' && into <= bytes_.size();
        if (good_) bytes_.remove_prefix(static_cast<std::size_t>(end - bytes_.data()) + 1);
        if (!good_) into = 0;
    }
    [[nodiscard]] bool complete() const { return good_ && bytes_.empty(); }

  private:
    std::string_view bytes_;
    bool good_ = true;
};

// One list of the fields for both directions.
template <typename Archive>
void fields(Archive& archive, std::string& value) {
    archive.text(value);
}

template <typename Archive>
void fields(Archive& archive, int& value) {
    auto number = static_cast<std::size_t>(value);
    archive.count(number);
    value = static_cast<int>(number);
}

template <typename Archive, typename Item>
void fields(Archive& archive, std::vector<Item>& items);
template <typename Archive>
void fields(Archive& archive, std::map<std::string, std::string>& map);

template <typename Archive>
void fields(Archive& archive, Fix& fix) {
    auto kind = static_cast<int>(fix.kind);
    fields(archive, kind);
    fix.kind = static_cast<FixKind>(kind);
    for (std::string* text : {&fix.target, &fix.value, &fix.mind, &fix.risk}) fields(archive, *text);
    fields(archive, fix.unless);
    fields(archive, fix.then);
}

template <typename Archive>
void fields(Archive& archive, Control& control) {
    for (std::string* text :
         {&control.id, &control.title, &control.since, &control.severity, &control.description, &control.rationale, &control.default_value,
          &control.remediation, &control.query, &control.sql, &control.attest, &control.declared_query, &control.declared_sql, &control.file})
        fields(archive, *text);
    for (std::vector<std::string>* texts : {&control.aliases, &control.tags, &control.layers, &control.references}) fields(archive, *texts);
    fields(archive, control.levels);
    fields(archive, control.params);
    fields(archive, control.declared_params);
    fields(archive, control.fixes);
}

template <typename Archive>
void fields(Archive& archive, Benchmark& benchmark) {
    for (std::string* text : {&benchmark.id, &benchmark.title, &benchmark.description}) fields(archive, *text);
    fields(archive, benchmark.children);
}

template <typename Archive>
void fields(Archive& archive, Setting& setting) {
    for (std::string* text : {&setting.name, &setting.type, &setting.default_value, &setting.description}) fields(archive, *text);
}

template <typename Archive>
void fields(Archive& archive, std::pair<std::string, std::string>& pair) {
    fields(archive, pair.first);
    fields(archive, pair.second);
}

template <typename Archive, typename Item>
void fields(Archive& archive, std::vector<Item>& items) {
    std::size_t size = items.size();
    archive.count(size);
    items.resize(size);
    for (Item& item : items) fields(archive, item);
}

template <typename Archive>
void fields(Archive& archive, std::map<std::string, std::string>& map) {
    std::vector<std::pair<std::string, std::string>> pairs(map.begin(), map.end());
    fields(archive, pairs);
    map = {std::make_move_iterator(pairs.begin()), std::make_move_iterator(pairs.end())};
}

}  // namespace

std::string pack(const Catalog& catalog) {
    Catalog copy = catalog;
    Writer writer;
    fields(writer, copy.controls);
    fields(writer, copy.benchmarks);
    fields(writer, copy.queries);
    fields(writer, copy.settings);
    return writer.take();
}

bulkhead::Result<Catalog> unpack(std::string_view bytes) {
    Catalog catalog;
    Reader reader(bytes);
    fields(reader, catalog.controls);
    fields(reader, catalog.benchmarks);
    fields(reader, catalog.queries);
    fields(reader, catalog.settings);
    if (!reader.complete()) return fail(Code::corrupt, "the controls inside the program are damaged");
    return catalog;
}

}  // namespace bulkhead::audit
