// SPDX-License-Identifier: Apache-2.0
#include "history/dictionary.h"

#include <array>
#include <bit>
#include <random>
#include <span>

#include "base/json.h"
#include "history/schema.h"

namespace bulkhead::history {

namespace {

packet::Address mapped_or_none(const std::optional<flow::Translated>& translated) { return translated ? translated->address : packet::Address{}; }

std::string labels_text(const flow::Identity& identity) {
    if (identity.labels.empty()) return {};
    std::string out = "{";
    for (const auto& [key, value] : identity.labels) {
        if (out.size() > 1) out += ',';
        out += json::quote(key);
        out += ':';
        out += json::quote(value);
    }
    out += '}';
    return out;
}

// Odd, so that no multiplication loses anything.
std::array<std::uint64_t, 4> random_words() {
    std::random_device device;
    std::array<std::uint64_t, 4> out{};
    for (std::uint64_t& word : out) word = (static_cast<std::uint64_t>(device()) << 32U | device()) | 1U;
    return out;
}

// Equal for equal identities; lengths keep neighbours apart.
std::string content_of(const flow::Identity& identity, const std::string& labels) {
    std::string out(1, static_cast<char>(identity.who));
    for (const std::string* field : {&identity.container_id, &identity.container, &identity.image, &identity.project, &identity.service, &identity.task,
                                     &identity.network, &identity.node, &labels}) {
        out += std::to_string(field->size()) + ':' + *field;
    }
    return out;
}

}  // namespace

std::string array_text(std::span<const std::string> values) {
    if (values.empty()) return {};
    std::string out = "[";
    for (const std::string& value : values) {
        if (out.size() > 1) out += ',';
        out += json::quote(value);
    }
    out += ']';
    return out;
}

// Folded multiplications of 128 bits, once with each seed.
Fingerprint fingerprint_of(const ConversationKey& key) {
    using Words = std::array<std::uint64_t, sizeof(ConversationKey) / sizeof(std::uint64_t)>;
    static const std::array<std::uint64_t, 4> seeds = random_words();
    __extension__ using Wide = unsigned __int128;
    const auto fold = [](std::uint64_t a, std::uint64_t b) {
        const Wide product = static_cast<Wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
    };
    Fingerprint out{seeds[0], seeds[1]};
    for (const std::uint64_t word : std::bit_cast<Words>(key)) {
        out.first = fold(out.first ^ word, seeds[2]) + seeds[0];
        out.second = fold(out.second ^ word ^ seeds[0], seeds[3]) + seeds[1];
    }
    return {fold(out.first, seeds[3]), fold(out.second, seeds[2])};
}

Result<Dictionary> Dictionary::open(Database& database) {
    Dictionary out;
    out.database_ = &database;
    const auto prepare = [&](SqliteStatement& statement, std::string_view sql) -> Result<void> {
        auto prepared = database.prepare(sql);
        if (!prepared) return std::unexpected(prepared.error());
        statement = std::move(*prepared);
        return {};
    };
    for (const auto& [statement, sql] : {std::pair{&out.add_text_, "insert into text values(?,?)"},
                                         {&out.add_identity_, "insert into identity values(?,?,?,?,?,?,?,?,?,?,?)"},
                                         {&out.add_process_, "insert into process values(?,?,?,?)"},
                                         {&out.add_conversation_, "insert into conversation values(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"}}) {
        if (auto prepared = prepare(*statement, sql); !prepared) return std::unexpected(prepared.error());
    }
    if (auto numbered = out.number_rows(); !numbered) return std::unexpected(numbered.error());
    return out;
}

Result<void> Dictionary::number_rows() {
    const auto last = [&](const char* table) { return database_->number(std::string("select max(id) from ") + table); };
    const auto texts = last("text"), identities = last("identity"), processes = last("process"), conversations = last("conversation");
    if (!texts || !identities || !processes || !conversations) return std::unexpected(database_->error());
    last_text_ = static_cast<std::uint32_t>(*texts);
    last_identity_ = static_cast<std::uint32_t>(*identities);
    last_process_ = static_cast<std::uint32_t>(*processes);
    last_conversation_ = *conversations;
    return {};
}

Result<void> Dictionary::forget() {
    texts_.clear();
    identities_.clear();
    identity_rows_.clear();
    processes_.clear();
    conversations_.clear();
    return number_rows();
}

Result<std::uint32_t> Dictionary::text(std::string_view text) {
    if (text.empty()) return 0;
    if (const auto* known = texts_.find(text)) return *known;
    if (auto added = Binder(add_text_).integer(last_text_ + 1).text(text).step(); !added) return std::unexpected(added.error());
    return texts_.insert(std::string(text), ++last_text_);
}

Result<std::uint32_t> Dictionary::identity(const flow::IdentityPtr& identity) {
    if (!identity) return 0;
    if (const auto* known = identities_.find(identity.get())) return known->row;
    const std::string labels = labels_text(*identity);
    std::string content = content_of(*identity, labels);
    if (const auto* known = identity_rows_.find(content)) return identities_.insert(identity.get(), {identity, *known}).row;
    Binder binder(add_identity_);
    binder.integer(last_identity_ + 1).integer(static_cast<int>(identity->who));
    for (const std::string* field : {&identity->container_id, &identity->container, &identity->image, &identity->project, &identity->service, &identity->task,
                                     &identity->network, &identity->node, &labels})
        binder.text_or_null(*field);
    if (auto added = binder.step(); !added) return std::unexpected(added.error());
    identity_rows_.insert(std::move(content), ++last_identity_);
    return identities_.insert(identity.get(), {identity, last_identity_}).row;
}

Result<std::uint32_t> Dictionary::process(const flow::ProcessPtr& process) {
    if (!process) return 0;
    std::string content = std::to_string(process->uid) + ':' + std::to_string(process->exe.size()) + ':' + process->exe + process->name;
    if (const auto* known = processes_.find(content)) return *known;
    if (auto added = Binder(add_process_).integer(last_process_ + 1).text(process->exe).text(process->name).integer(process->uid).step(); !added)
        return std::unexpected(added.error());
    return processes_.insert(std::move(content), ++last_process_);
}

Result<std::uint32_t> Dictionary::names(const std::vector<std::string>& names) { return text(array_text(names)); }

Result<ConversationKey> Dictionary::key_of(const flow::Observed& observed) {
    const flow::Record& record = observed.record;
    ConversationKey key{};
    key.source = record.source();
    key.destination = record.destination();
    key.source_translated = mapped_or_none(observed.source.translated);
    key.destination_translated = mapped_or_none(observed.destination.translated);
    key.destination_translated_port = observed.destination.translated ? observed.destination.translated->port : 0;
    key.outer_source = record.outer_source;
    key.outer_destination = record.outer_destination;
    key.vni = record.key.network();
    key.destination_port = record.destination_port();
    key.vlan = record.vlan;
    key.protocol = record.key.protocol();
    key.verdict = static_cast<std::uint8_t>(observed.verdict);
    key.encrypted = !observed.encrypted ? 0 : *observed.encrypted ? 2 : 1;
    key.traits = static_cast<std::uint8_t>((record.tunnelled ? trait_bit::tunnelled : 0) | (observed.userland_proxy ? trait_bit::userland_proxy : 0) |
                                           (record.source_certain ? trait_bit::source_certain : 0));
    const std::pair<std::uint32_t*, Result<std::uint32_t>> ids[] = {
        {&key.source_identity, identity(observed.source.identity)},
        {&key.destination_identity, identity(observed.destination.identity)},
        {&key.source_process, process(observed.source.process)},
        {&key.destination_process, process(observed.destination.process)},
        {&key.source_names, names(observed.source.names)},
        {&key.destination_names, names(observed.destination.names)},
        {&key.network, text(observed.network)},
        {&key.node, text(observed.node)},
        {&key.l7_name, observed.l7 ? text(observed.l7->name) : 0},
        {&key.l7_application, observed.l7 ? text(observed.l7->application) : 0},
    };
    for (const auto& [field, id] : ids) {
        if (!id) return std::unexpected(id.error());
        *field = *id;
    }
    return key;
}

Result<void> Dictionary::write(const ConversationKey& key) {
    return Binder(add_conversation_)
        .integer(last_conversation_ + 1)
        .address(key.source)
        .address(key.destination)
        .integer_or_null(key.source_identity)
        .integer_or_null(key.destination_identity)
        .integer_or_null(key.source_process)
        .integer_or_null(key.destination_process)
        .address_or_null(key.source_translated)
        .address_or_null(key.destination_translated)
        .integer_or_null(key.destination_translated_port)
        .integer_or_null(key.source_names)
        .integer_or_null(key.destination_names)
        .integer(key.destination_port)
        .integer(key.protocol)
        .integer_or_null(key.vni)
        .integer_or_null(key.vlan)
        .integer_or_null(key.network)
        .integer_or_null(key.node)
        .integer(key.verdict)
        .integer_or_null(key.encrypted - 1, -1)
        .integer(key.traits)
        .address_or_null(key.outer_source)
        .address_or_null(key.outer_destination)
        .integer_or_null(key.l7_name)
        .integer_or_null(key.l7_application)
        .step();
}

Result<ConversationId*> Dictionary::conversation(const flow::Observed& observed) {
    auto key = key_of(observed);
    if (!key) return std::unexpected(key.error());
    const Fingerprint print = fingerprint_of(*key);
    if (auto* known = conversations_.find(print)) return known;
    if (auto written = write(*key); !written) return std::unexpected(written.error());
    return &conversations_.insert(print, {++last_conversation_, 0, 0});
}

}  // namespace bulkhead::history
