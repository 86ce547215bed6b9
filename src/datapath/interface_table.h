// SPDX-License-Identifier: Apache-2.0
// Interfaces that are metered, by their number in the kernel's keys, with what their flows amounted to. A number is used again only when nothing in
// the kernel can mean its last owner any more. Owned by the datapath thread.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "datapath/datapath.h"
#include "datapath/route_socket.h"

namespace bulkhead::datapath {

struct Metered {
    Interface interface;
    NetnsIdentity netns;
    bool made_qdisc = false;
    Both in_flows_over;         // of flows that were handed over for good
    std::uint64_t gone_ns = 0;  // monotonic; 0: it is there
};

class InterfaceTable {
  public:
    explicit InterfaceTable(std::uint16_t most);

    // A number for it; null where all are taken. The pointer is good until `release`.
    Metered* add();
    void release(std::uint16_t id);
    // now_ns: monotonic, not 0.
    void mark_gone(Metered& metered, std::uint64_t now_ns);
    [[nodiscard]] Metered* find(std::uint16_t id) const;
    // One that is there, not one that was.
    [[nodiscard]] Metered* find(const NetnsIdentity& netns, std::uint32_t index) const;
    [[nodiscard]] std::vector<Metered*> all() const;          // by number
    [[nodiscard]] std::size_t gone() const { return gone_; }  // and not released

  private:
    std::vector<std::unique_ptr<Metered>> by_id_;
    std::deque<std::uint16_t> free_;  // the longest unused comes first
    std::size_t gone_ = 0;
};

}  // namespace bulkhead::datapath
