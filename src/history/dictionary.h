// SPDX-License-Identifier: Apache-2.0
// What repeats in a day file is written once: texts, identities, processes, and the conversation, which is all of a flow but its numbers.
// Ids are found in memory; what was forgotten there is written again, so the same thing may have several ids, and readers compare what
// they mean. Owned by the writer's thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "flow/observed.h"
#include "history/database.h"
#include "history/recent_map.h"

namespace bulkhead::history {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

// All of a conversation, as words without gaps.
struct ConversationKey {
    packet::Address source, destination, source_translated, destination_translated, outer_source, outer_destination;
    std::uint32_t source_identity, destination_identity;  // ids, as all below
    std::uint32_t source_process, destination_process, source_names, destination_names;
    std::uint32_t network, node, l7_name, l7_application;
    std::uint32_t vni;
    std::uint16_t destination_port, destination_translated_port, vlan;
    std::uint8_t protocol, verdict, encrypted, traits;
    std::uint16_t unused;
};
static_assert(sizeof(ConversationKey) == 152 && std::has_unique_object_representations_v<ConversationKey>);

// 128 bits in the place of a key, so that a great many fit into little memory. Of this process only: senders choose what they send, so it
// is seeded, and nobody can aim at another's.
struct Fingerprint {
    std::uint64_t first = 0, second = 0;
    bool operator==(const Fingerprint&) const = default;
};
Fingerprint fingerprint_of(const ConversationKey& key);

struct FingerprintHash {
    using is_avalanching = void;
    std::size_t operator()(const Fingerprint& print) const { return print.first; }
};

// A JSON array of texts; empty for none.
std::string array_text(std::span<const std::string> values);

// What a conversation is known by: its row, and a number of the caller's own.
struct ConversationId {
    std::int64_t row = 0;
    std::uint32_t pair = 0;
    std::uint32_t pair_generation = 0;
};

class Dictionary {
  public:
    static Result<Dictionary> open(Database& database);

    Result<std::uint32_t> text(std::string_view text);  // 0 for an empty one
    // Good until the next call.
    Result<ConversationId*> conversation(const flow::Observed& observed);
    // After a transaction was taken back: what it wrote is not there.
    Result<void> forget();

  private:
    struct Identified {
        flow::IdentityPtr kept;  // so that its address stays its own
        std::uint32_t row = 0;
    };
    Result<void> number_rows();
    Result<std::uint32_t> identity(const flow::IdentityPtr& identity);
    Result<std::uint32_t> process(const flow::ProcessPtr& process);
    Result<std::uint32_t> names(const std::vector<std::string>& names);
    Result<ConversationKey> key_of(const flow::Observed& observed);
    Result<void> write(const ConversationKey& key);

    Database* database_ = nullptr;
    SqliteStatement add_text_, add_identity_, add_process_, add_conversation_;
    std::uint32_t last_text_ = 0, last_identity_ = 0, last_process_ = 0;
    std::int64_t last_conversation_ = 0;
    static constexpr std::size_t texts_max = 16'384, identities_max = 8'192, processes_max = 4'096, conversations_max = 131'072;
    RecentMap<std::string, std::uint32_t, TextHash> texts_{texts_max};
    RecentMap<const flow::Identity*, Identified> identities_{identities_max};
    RecentMap<std::string, std::uint32_t, TextHash> identity_rows_{identities_max};
    RecentMap<std::string, std::uint32_t, TextHash> processes_{processes_max};
    RecentMap<Fingerprint, ConversationId, FingerprintHash> conversations_{conversations_max};
};

}  // namespace bulkhead::history
