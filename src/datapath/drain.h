// SPDX-License-Identifier: Apache-2.0
// Out of the kernel: words of the ring as they come, flows that are over after they lingered, and, walking the whole table again and again, flows that
// go on, those that fell silent, and the oldest when there is no place left. What it keeps itself is bounded. Owned by the datapath thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "datapath/interface_table.h"
#include "datapath/programs.h"
#include "datapath/wall_clock.h"

struct ring_buffer;

namespace bulkhead::datapath {

class Drain {
  public:
    Drain(const Options& options, const Programs& programs, InterfaceTable& table, const WallClock& clock, const Callbacks& callbacks, DatapathCounts& counts);
    ~Drain();
    Drain(const Drain&) = delete;
    Drain& operator=(const Drain&) = delete;

    Result<void> open();
    [[nodiscard]] int fd() const;  // readable when there are words
    void read_words();
    // What is due, for a few milliseconds. now_ns: monotonic.
    Result<void> step(std::uint64_t now_ns);
    [[nodiscard]] std::uint64_t idle_until_ns() const;  // when there will be something to do; 0: at once
    // Every flow that is left, as it is.
    Result<void> everything();
    // Walks the table: what flows that go on have counted of one interface.
    Result<void> add_running(std::uint16_t interface, Both& sum) const;
    [[nodiscard]] const kernel::interface_counts& departed() const { return departed_; }

  private:
    struct Closing {
        kernel::flow_key key;
        std::uint64_t serial;
        std::uint64_t due_ns;
    };
    // How long the flows of a walk were silent, by powers of two in four parts each.
    static constexpr std::size_t ages = 256;
    struct Walk {
        Programs::Place place;
        bool going = false;
        std::uint64_t began_ns = 0;
        std::uint64_t entries = 0;
        std::vector<std::uint32_t> by_interface;
        std::vector<std::uint32_t> by_age;
    };

    static int on_word(void* self, void* data, std::size_t size);
    bool take_word(const void* data, std::size_t size);
    void take_replaced(const kernel::flow_state& state);
    void tell(const kernel::word& word, const std::uint8_t* piece);
    Result<void> retire_closed(std::uint64_t now_ns);
    Result<void> walk_some(std::uint64_t now_ns);
    void judge(const kernel::flow_state& state, std::uint64_t now_ns);
    void begin_walk(std::uint64_t now_ns);
    void end_walk();
    void plan_evictions();
    void release_gone();
    Result<void> retire_wanted();
    void hand_over(kernel::flow_state state, flow::End why);
    [[nodiscard]] std::uint64_t estimate() const;
    [[nodiscard]] bool is_urgent() const;
    void want(const kernel::flow_state& state, std::uint64_t not_after_ns, flow::End why);

    const Options& options_;
    const Programs& programs_;
    InterfaceTable& table_;
    const WallClock& clock_;
    const Callbacks& callbacks_;
    DatapathCounts& counts_;
    struct FreeRing {
        void operator()(ring_buffer* ring) const;
    };
    std::unique_ptr<ring_buffer, FreeRing> ring_;
    std::deque<Closing> closing_;
    Walk walk_;
    std::uint64_t told_until_ns_ = 0;  // when the walk before this one began: what is older was told
    std::uint64_t evict_silent_ns_ = 0, evict_left_ = 0;
    std::uint64_t entries_last_ = 0, begun_then_ = 0, taken_since_ = 0;
    std::vector<kernel::flow_key> keys_;
    std::vector<kernel::flow_value> values_;
    std::vector<kernel::retired> wanted_;
    std::vector<flow::End> wanted_why_;
    kernel::interface_counts departed_{};  // of interfaces that were released
};

}  // namespace bulkhead::datapath
