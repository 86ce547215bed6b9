// SPDX-License-Identifier: Apache-2.0
#include "datapath/interface_table.h"

namespace bulkhead::datapath {

InterfaceTable::InterfaceTable(std::uint16_t most) : by_id_(most) {
    for (std::uint16_t id = 1; id < most; ++id) free_.push_back(id);
}

Metered* InterfaceTable::add() {
    if (free_.empty()) return nullptr;
    const std::uint16_t id = free_.front();
    free_.pop_front();
    by_id_[id] = std::make_unique<Metered>();
    by_id_[id]->interface.id = id;
    return by_id_[id].get();
}

void InterfaceTable::release(std::uint16_t id) {
    const Metered* metered = find(id);
    if (metered == nullptr) return;
    gone_ -= metered->gone_ns != 0 ? 1 : 0;
    by_id_[id].reset();
    free_.push_back(id);
}

Metered* InterfaceTable::find(std::uint16_t id) const { return id < by_id_.size() ? by_id_[id].get() : nullptr; }

Metered* InterfaceTable::find(const NetnsIdentity& netns, std::uint32_t index) const {
    for (const auto& one : by_id_) {
        if (one && one->gone_ns == 0 && one->interface.index == index && one->netns == netns) return one.get();
    }
    return nullptr;
}

std::vector<Metered*> InterfaceTable::all() const {
    std::vector<Metered*> out;
    for (const auto& one : by_id_) {
        if (one) out.push_back(one.get());
    }
    return out;
}

void InterfaceTable::mark_gone(Metered& metered, std::uint64_t now_ns) {
    gone_ += metered.gone_ns == 0 ? 1 : 0;
    metered.gone_ns = now_ns;
    metered.interface.gone = true;
}

}  // namespace bulkhead::datapath
