// SPDX-License-Identifier: Apache-2.0
#include "agent/meaning.h"

#include <algorithm>
#include <utility>

#include "agent/attribution.h"

namespace bulkhead::agent {

namespace {

constexpr std::uint16_t dns_port = 53;

// Of a network that people make for themselves: only such an address may turn out to be a container's.
bool is_private(const packet::Address& mapped) {
    if (!flow::is_mapped(mapped)) return (mapped[0] & 0xfeU) == 0xfc;
    const std::uint8_t a = mapped[12], b = mapped[13];
    return a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) || (a == 100 && b >= 64 && b < 128);
}

bool knows_nothing(const flow::Identity& identity) { return identity.who == flow::Who::unknown && !identity.network.empty(); }

bool is_containers(const flow::IdentityPtr& owner, const flow::Identity& end) { return owner != nullptr && owner->container_id == end.container_id; }

// Which view is whose: an end was seen where its own interface is.
SeenAt seen_at(const Conversation& conversation, const flow::Record& record, const Identities& identities, const std::string& node) {
    SeenAt seen{.source = {}, .destination = {}, .node = node};
    const auto source = identities.at(record.source(), record.first_ns);
    const auto destination = identities.at(record.destination(), record.first_ns);
    for (const View& view : conversation.views) {
        const auto owner = identities.behind(view.place, record.first_ns);
        if (owner == nullptr) continue;
        if (is_containers(owner, *source)) {
            seen.source = view.place;
        } else if (is_containers(owner, *destination)) {
            seen.destination = view.place;
        } else if (conversation.views.size() == 1 || &view == &conversation.views.front()) {
            // Neither address is its own: what a container sends with another's is still its own doing.
            (destination->who == flow::Who::container || source->who != flow::Who::container ? seen.source : seen.destination) = view.place;
        }
    }
    return seen;
}

flow::Translated translated(const host::Translation::End& end) { return {mapped_address(end.address), end.port}; }

}  // namespace

Meaning::Meaning(MeaningParts parts, std::function<void(const flow::Observed&, flow::Moment)> out, AssemblyLimits limits)
    : parts_(std::move(parts)), out_(std::move(out)), assembly_(limits) {}

void Meaning::take(const Word& word, std::int64_t now_ns) {
    if (const auto* flow_word = std::get_if<FlowWord>(&word)) {
        take_flow(*flow_word, now_ns);
    } else {
        take_payload(std::get<PayloadWord>(word));
    }
}

bool Meaning::may_get_a_name(const flow::Identity& identity, const packet::Address& address) const {
    if (knows_nothing(identity)) return true;
    return identity.who == flow::Who::external && is_private(address) && parts_.settled && !parts_.settled();
}

void Meaning::attribute_once(Conversation& conversation, const flow::Record& record) {
    if (conversation.attributed) return;
    auto seen = attribute(record, *parts_.identities, seen_at(conversation, record, *parts_.identities, parts_.node));
    conversation.source.identity = std::move(seen.source.identity);
    conversation.destination.identity = std::move(seen.destination.identity);
    conversation.network = std::move(seen.network);
    conversation.attributed =
        !may_get_a_name(*conversation.source.identity, record.source()) && !may_get_a_name(*conversation.destination.identity, record.destination());
    // Between two containers of a host nothing is translated that the views themselves would not show.
    const bool within = conversation.source.identity->who == flow::Who::container && conversation.destination.identity->who == flow::Who::container;
    if (parts_.translate && !conversation.translated && !within) {
        conversation.translated = true;
        if (const auto found = parts_.translate(record)) {
            if (found->source) conversation.source.translated = translated(*found->source);
            if (found->destination) conversation.destination.translated = translated(*found->destination);
            conversation.outer = is_outer(conversation, record.first_ns);
            if (conversation.outer) ++counts_.outer_views;
        }
    }
}

// The host's outer interface saw it before or behind its translation, and a container of this host is an end of it: the container's own
// interface tells of it, with the address that was asked for beside the one that was reached. What the kernel tracks has passed its filters.
bool Meaning::is_outer(const Conversation& conversation, std::int64_t time_ns) const {
    if (conversation.source.identity->who == flow::Who::container || conversation.destination.identity->who == flow::Who::container) return false;
    for (const flow::Party* party : {&conversation.source, &conversation.destination}) {
        if (party->translated && parts_.identities->at(party->translated->address, time_ns)->who == flow::Who::container) return true;
    }
    return false;
}

void Meaning::tell(Conversation& conversation, const flow::Record& record, flow::Moment moment) {
    if (conversation.outer) return;
    flow::Observed out;
    out.record = record;
    out.source = conversation.source;
    out.destination = conversation.destination;
    for (auto [party, address, other] :
         {std::tuple{&out.source, &record.source(), &record.destination()}, std::tuple{&out.destination, &record.destination(), &record.source()}}) {
        if (party->identity->who == flow::Who::external) party->names = dns_.names(*other, *address, record.first_ns);
    }
    if (parts_.look && conversation.l7_slot != 0 && conversation.l7 == nullptr) {
        out.l7 = parts_.look(conversation.l7_slot);
    } else {
        out.l7 = conversation.l7;
    }
    out.network = conversation.network;
    out.node = parts_.node;
    if (moment == flow::Moment::over) out.loss = Assembly::loss(conversation);
    // docker-proxy connects from the network's gateway, where the kernel's own translation would have kept the client's address.
    out.userland_proxy = out.source.identity->who == flow::Who::gateway && out.destination.identity->who == flow::Who::container && !out.source.translated &&
                         !out.destination.translated;
    out_(out, moment);
}

void Meaning::tell_over(Conversation& conversation, std::int64_t now_ns) {
    const flow::Record& record = *conversation.final;
    attribute_once(conversation, record);
    if (knows_nothing(*conversation.source.identity) || knows_nothing(*conversation.destination.identity)) ++counts_.nameless;
    if (parts_.take && conversation.l7_slot != 0) conversation.l7 = parts_.take(conversation.l7_slot);
    if (!std::exchange(conversation.begun_told, true)) tell(conversation, conversation.begun ? *conversation.begun : record, flow::Moment::begun);
    tell(conversation, record, flow::Moment::over);
    if (!conversation.outer) ++counts_.told;
    conversation.begun.reset();
    assembly_.told(conversation, now_ns);
}

void Meaning::take_flow(const FlowWord& word, std::int64_t now_ns) {
    const auto joined = assembly_.take(word.interface, word.ref, word.record, word.moment, now_ns);
    if (joined.conversation == nullptr) return;
    Conversation& conversation = *joined.conversation;
    if (joined.begins) {
        attribute_once(conversation, word.record);
        if (!conversation.attributed) {
            ++counts_.waited;
            conversation.wait_until_ns = now_ns + name_wait_ns;
            waiting_.push_back(conversation.serial);
            if (parts_.look_again && parts_.settled && parts_.settled()) parts_.look_again();
        }
    }
    const bool waits = conversation.wait_until_ns != 0;
    if (!conversation.begun_told) {
        if (waits && !conversation.begun) conversation.begun = std::make_unique<flow::Record>(word.record);
        if (!waits) {
            conversation.begun_told = true;
            tell(conversation, word.record, flow::Moment::begun);
        }
    }
    if (waits) return;
    if (joined.ends) {
        tell_over(conversation, now_ns);
    } else if (word.moment == flow::Moment::going_on && joined.leads) {
        attribute_once(conversation, word.record);
        tell(conversation, word.record, flow::Moment::going_on);
    }
}

void Meaning::take_payload(const PayloadWord& word) {
    if (!parts_.feed) return;
    Conversation* conversation = assembly_.led_by(word.ref);
    if (conversation == nullptr || conversation->l7_closed) return;
    flow::Record record;
    record.key = word.ref.key;
    record.source_is_low = conversation->source_is_low;
    conversation->l7_closed = !parts_.feed(conversation->l7_slot, record, word);
    if (record.destination_port() != dns_port && record.source_port() != dns_port) return;
    const auto said = parts_.look && conversation->l7_slot != 0 ? parts_.look(conversation->l7_slot) : nullptr;
    if (said == nullptr) return;
    for (const flow::DnsQuery& query : said->dns) {
        if (!query.answers.empty()) dns_.learn(record.source(), query);
    }
}

void Meaning::tick(std::int64_t now_ns) {
    std::vector<std::uint64_t> still;
    for (const std::uint64_t serial : waiting_) {
        Conversation* conversation = assembly_.find(serial);
        if (conversation == nullptr || conversation->told_over || !conversation->begun) continue;
        attribute_once(*conversation, *conversation->begun);
        if (!conversation->attributed && now_ns < conversation->wait_until_ns) {
            still.push_back(serial);
            continue;
        }
        conversation->wait_until_ns = 0;
        conversation->begun_told = true;
        tell(*conversation, *conversation->begun, flow::Moment::begun);
        conversation->begun.reset();
        if (std::ranges::all_of(conversation->views, &View::over) && conversation->final) tell_over(*conversation, now_ns);
    }
    waiting_ = std::move(still);
    for (Conversation* conversation : assembly_.late(now_ns)) {
        if (conversation->final) {
            tell_over(*conversation, now_ns);
        } else {
            if (parts_.take && conversation->l7_slot != 0) parts_.take(conversation->l7_slot);
            assembly_.forget(conversation->serial);
        }
    }
}

void Meaning::finish(std::int64_t now_ns) {
    for (Conversation* conversation : assembly_.rest()) {
        if (conversation->final) tell_over(*conversation, now_ns);
    }
}

}  // namespace bulkhead::agent
