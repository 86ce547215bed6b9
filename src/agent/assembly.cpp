// SPDX-License-Identifier: Apache-2.0
#include "agent/assembly.h"

#include <algorithm>
#include <ranges>

namespace bulkhead::agent {

namespace {

std::array<std::uint64_t, 2> packets_of(const flow::Record& record) {
    const std::uint64_t by_source = record.sent[0].packets, by_destination = record.sent[1].packets;
    return record.source_is_low ? std::array{by_source, by_destination} : std::array{by_destination, by_source};
}

const View& leader(const Conversation& conversation) { return *std::ranges::min_element(conversation.views, {}, &View::first_ns); }

}  // namespace

Assembly::Assembly(AssemblyLimits limits) : limits_(limits) {}

// The newest of these ends that this interface has not seen: between the same ports there may be one connection after another.
Conversation* Assembly::joinable(const Ends& ends, const InterfaceId& interface, const flow::Record& record) {
    const auto found = by_ends_.find(ends);
    if (found == by_ends_.end()) return nullptr;
    for (const std::uint64_t serial : found->second | std::views::reverse) {
        Conversation& one = conversations_.at(serial).second;
        const bool has_it = std::ranges::any_of(one.views, [&](const View& view) { return view.ref.interface == interface.id; });
        if (has_it) continue;
        if (one.told_over && (one.final == nullptr || record.first_ns > one.final->last_ns)) continue;
        return &one;
    }
    return nullptr;
}

Assembly::Joined Assembly::take(const InterfaceId& interface, const datapath::FlowRef& ref, const flow::Record& record, flow::Moment moment,
                                std::int64_t now_ns) {
    Joined joined;
    Conversation* conversation = nullptr;
    if (const auto known = by_view_.find(ref); known != by_view_.end()) {
        conversation = &conversations_.at(known->second).second;
    } else {
        const Ends ends{ref.key, interface.scope};
        conversation = joinable(ends, interface, record);
        if (conversation == nullptr) {
            const std::uint64_t serial = next_++;
            conversation = &conversations_.try_emplace(serial, ends, Conversation{}).first->second.second;
            conversation->serial = serial;
            by_ends_[ends].push_back(serial);
            ++counts_.conversations;
            joined.begins = true;
        } else if (conversation->views.size() == 1) {
            ++counts_.two_views;
        }
        conversation->views.push_back({ref, interface.place, record.first_ns, {}, false});
        by_view_.emplace(ref, conversation->serial);
        if (conversation->told_over) ++counts_.late_views;
    }
    View& view = *std::ranges::find(conversation->views, ref, &View::ref);
    view.packets = packets_of(record);
    view.first_ns = record.first_ns;
    if (&conversation->views.front() == &view) conversation->source_is_low = record.source_is_low;
    joined.leads = &leader(*conversation) == &view;
    if (moment == flow::Moment::over) {
        view.over = true;
        if (conversation->final == nullptr || joined.leads) {
            if (conversation->final == nullptr) conversation->final = std::make_unique<flow::Record>(record);
            *conversation->final = record;
        }
        joined.ends = std::ranges::all_of(conversation->views, &View::over);
        if (conversation->over_since_ns == 0) {
            conversation->over_since_ns = now_ns;
            deadlines_.emplace(now_ns + limits_.wait_for_other_ns, conversation->serial);
        }
    }
    if (conversation->told_over) return {};
    joined.conversation = conversation;
    return joined;
}

Conversation* Assembly::led_by(const datapath::FlowRef& ref) {
    const auto found = by_view_.find(ref);
    if (found == by_view_.end()) return nullptr;
    Conversation& conversation = conversations_.at(found->second).second;
    return !conversation.told_over && conversation.views.front().ref == ref ? &conversation : nullptr;
}

Conversation* Assembly::find(std::uint64_t serial) {
    const auto found = conversations_.find(serial);
    return found == conversations_.end() ? nullptr : &found->second.second;
}

std::vector<Conversation*> Assembly::late(std::int64_t now_ns) {
    std::vector<Conversation*> out;
    while (!deadlines_.empty() && deadlines_.begin()->first <= now_ns) {
        const std::uint64_t serial = deadlines_.begin()->second;
        deadlines_.erase(deadlines_.begin());
        const auto found = conversations_.find(serial);
        if (found == conversations_.end()) continue;
        if (found->second.second.told_over) {
            forget(serial);
        } else {
            out.push_back(&found->second.second);
        }
    }
    // What is remembered goes first, then the oldest that goes on.
    if (conversations_.size() > limits_.conversations_max) {
        std::vector<std::uint64_t> serials;
        for (const auto& [serial, one] : conversations_) serials.push_back(serial);
        const std::size_t many = conversations_.size() - limits_.conversations_max + limits_.conversations_max / 20;
        std::ranges::nth_element(serials, serials.begin() + static_cast<std::ptrdiff_t>(std::min(many, serials.size() - 1)));
        serials.resize(std::min(many, serials.size()));
        for (const std::uint64_t serial : serials) {
            Conversation& one = conversations_.at(serial).second;
            if (one.told_over) {
                forget(serial);
            } else if (std::ranges::find(out, &one) == out.end()) {
                ++counts_.evicted;
                out.push_back(&one);
            }
        }
    }
    return out;
}

std::vector<Conversation*> Assembly::rest() {
    std::vector<Conversation*> out;
    for (auto& [serial, one] : conversations_) {
        if (!one.second.told_over) out.push_back(&one.second);
    }
    std::ranges::sort(out, {}, &Conversation::serial);
    return out;
}

std::uint64_t Assembly::loss(const Conversation& conversation) {
    if (conversation.views.size() < 2) return 0;
    const View& first = leader(conversation);
    std::uint64_t lost = 0;
    for (const View& other : conversation.views) {
        if (&other == &first) continue;
        for (std::size_t way = 0; way < 2; ++way) {
            lost += std::max(first.packets[way], other.packets[way]) - std::min(first.packets[way], other.packets[way]);
        }
    }
    return lost;
}

void Assembly::told(Conversation& conversation, std::int64_t now_ns) {
    conversation.told_over = true;
    deadlines_.emplace(now_ns + limits_.remember_ns, conversation.serial);
}

void Assembly::forget(std::uint64_t serial) {
    const auto found = conversations_.find(serial);
    if (found == conversations_.end()) return;
    for (const View& view : found->second.second.views) by_view_.erase(view.ref);
    const auto ends = by_ends_.find(found->second.first);
    std::erase(ends->second, serial);
    if (ends->second.empty()) by_ends_.erase(ends);
    conversations_.erase(found);
}

}  // namespace bulkhead::agent
