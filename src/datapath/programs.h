// SPDX-License-Identifier: Apache-2.0
// The programs and maps of bpf/flow.bpf.c in the kernel: loaded once, alive as long as somebody holds them (a filter holds its program, a program
// its maps). Owned by the datapath thread.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "datapath/datapath.h"
#include "datapath/shared.h"

struct bpf_object;

namespace bulkhead::datapath {

class Programs {
  public:
    // Errors: permission_denied, unsupported (with the last of what libbpf or the kernel said), internal.
    static Result<Programs> load(const Options& options);

    [[nodiscard]] int meter() const { return meter_; }
    [[nodiscard]] int words() const { return words_; }
    [[nodiscard]] int flows() const { return flows_; }

    // Asks for flows to be taken out of the table, as many as there are; sets `taken` and `state` in each. Errors: internal.
    Result<void> retire(std::span<kernel::retired> flows) const;

    // Some of the table, from where `place` says; moves it on. False: that was the end. Entries are whole: each was copied under its lock.
    struct Place {
        std::uint32_t bucket = 0;
        bool started = false;
    };
    Result<bool> some_flows(Place& place, std::vector<kernel::flow_key>& keys, std::vector<kernel::flow_value>& values) const;

    [[nodiscard]] kernel::interface_counts counts_of(std::uint16_t interface) const;
    void clear_counts_of(std::uint16_t interface) const;
    [[nodiscard]] kernel::totals totals() const;  // of all processors

  private:
    struct Close {
        void operator()(bpf_object* object) const;
    };
    std::unique_ptr<bpf_object, Close> object_;
    int meter_ = -1, retire_ = -1, flows_ = -1, interfaces_ = -1, totals_ = -1, words_ = -1;
};

}  // namespace bulkhead::datapath
