// SPDX-License-Identifier: Apache-2.0
// Network namespaces and their interfaces as they come and go: each that is to be metered gets the programs when the kernel first tells of it.
// Owned by the datapath thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "datapath/datapath.h"
#include "datapath/interface_table.h"
#include "datapath/link_news.h"
#include "datapath/route_socket.h"

namespace bulkhead::datapath {

class Watcher {
  public:
    // program: what is attached. epoll: to which each namespace's socket is added, with a number above 0.
    Watcher(int program, int epoll, InterfaceTable& table, const Callbacks& callbacks, DatapathCounts& counts)
        : program_(program), epoll_(epoll), table_(table), callbacks_(callbacks), counts_(counts) {}

    Result<void> watch(const std::string& path, Which which);
    void unwatch(const std::string& path);
    void hear(std::uint32_t number);  // what the namespace of that number has to tell
    // Lets go of namespaces that are no longer at their path: our sockets keep them from ending.
    void let_go_of_ended();
    void detach_all();

  private:
    struct Watched {
        std::string path;
        Which which = Which::container_ends;
        std::uint32_t number = 0;
        NetnsSockets sockets;
    };
    void attach_to(Watched& where, const LinkNews& link, std::int64_t since_ns);
    void take(Watched& where, const LinkNews& link, std::int64_t since_ns);
    void look_at_all(Watched& where);
    void remove_leftovers(Watched& where);
    void leave(Watched& where);
    void forget(Metered& metered);
    Watched* find(std::uint32_t number);

    int program_;
    int epoll_;
    InterfaceTable& table_;
    const Callbacks& callbacks_;
    DatapathCounts& counts_;
    std::vector<std::unique_ptr<Watched>> watched_;
    std::uint32_t last_number_ = 0;
};

}  // namespace bulkhead::datapath
