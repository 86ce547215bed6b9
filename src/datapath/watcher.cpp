// SPDX-License-Identifier: Apache-2.0
#include "datapath/watcher.h"

#include <fmt/format.h>
#include <libmnl/libmnl.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "datapath/filters.h"
#include "datapath/wall_clock.h"
#include "world/live/errno_result.h"

namespace bulkhead::datapath {

namespace {

constexpr std::size_t receive_bytes = std::size_t{64} << 10U;

Counted less(const Counted& after, const Counted& before) { return {after.packets - before.packets, after.bytes - before.bytes}; }
Both less(const Both& after, const Both& before) { return {less(after.received, before.received), less(after.sent, before.sent)}; }

void add(Counted& sum, const Counted& one) {
    sum.packets += one.packets;
    sum.bytes += one.bytes;
}

std::string place(const std::string& path, const std::string& name) { return path.empty() ? name : path + " " + name; }

}  // namespace

Watcher::Watched* Watcher::find(std::uint32_t number) {
    const auto found = std::ranges::find(watched_, number, [](const auto& one) { return one->number; });
    return found == watched_.end() ? nullptr : found->get();
}

Result<void> Watcher::watch(const std::string& path, Which which) {
    auto sockets = open_netns_sockets(path);
    if (!sockets) return std::unexpected(sockets.error());
    for (const auto& one : watched_) {
        if (one->sockets.identity == sockets->identity) return {};
    }
    auto where = std::make_unique<Watched>(Watched{path, which, ++last_number_, std::move(*sockets)});
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = where->number;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, mnl_socket_get_fd(where->sockets.news.get()), &event) != 0) return world::fail_errno(errno, "epoll");
    watched_.push_back(std::move(where));
    // The socket hears already: what comes while these are listed is heard besides.
    look_at_all(*watched_.back());
    remove_leftovers(*watched_.back());
    return {};
}

void Watcher::unwatch(const std::string& path) {
    for (const auto& one : watched_) {
        if (one->path == path) leave(*one);
    }
    std::erase_if(watched_, [&](const auto& one) { return one->path == path; });
}

void Watcher::let_go_of_ended() {
    const auto own = netns_identity("");
    for (auto at = watched_.begin(); at != watched_.end();) {
        const auto now = netns_identity((*at)->path);
        // Not to be able to look is no proof that it ended. Where we are ourselves is not over because the process by whose name we know it is.
        const bool ours = own && *own == (*at)->sockets.identity;
        const bool ended = !ours && (now ? *now != (*at)->sockets.identity : now.error().code == Code::not_found);
        if (ended) leave(**at);
        at = ended ? watched_.erase(at) : at + 1;
    }
}

void Watcher::leave(Watched& where) {
    for (Metered* metered : table_.all()) {
        if (metered->gone_ns != 0 || metered->netns != where.sockets.identity) continue;
        const auto detached = detach_filters(*where.sockets.questions, metered->interface.index, metered->made_qdisc);
        if (!detached && callbacks_.failed) callbacks_.failed(place(where.path, metered->interface.name), detached.error());
        forget(*metered);
    }
}

void Watcher::detach_all() {
    for (const auto& one : watched_) leave(*one);
    watched_.clear();
}

void Watcher::forget(Metered& metered) {
    table_.mark_gone(metered, static_cast<std::uint64_t>(WallClock::read().monotonic_ns));
    ++counts_.left;
}

void Watcher::attach_to(Watched& where, const LinkNews& link, std::int64_t since_ns) {
    const std::uint32_t index = link.interface.index;
    const auto blind = [&](const Error& error) {
        // It went before we came: nobody is left to be metered.
        if (error.code == Code::not_found) return;
        ++counts_.attach_failed;
        if (callbacks_.failed) callbacks_.failed(place(where.path, link.interface.name), error);
    };
    const auto before = look_at_link(*where.sockets.questions, index);
    if (!before) return blind(before.error());
    Metered* metered = table_.add();
    if (metered == nullptr) return blind({Code::limit_exceeded, "all numbers of interfaces are taken"});
    const std::uint16_t id = metered->interface.id;
    const auto attached = attach_filters(*where.sockets.questions, index, id, program_);
    if (!attached) {
        table_.release(id);
        return blind(attached.error());
    }
    const WallClock::Reading now = WallClock::read();
    const auto after = look_at_link(*where.sockets.questions, index);
    metered->interface = before->interface;
    metered->interface.id = id;
    metered->interface.netns = where.path;
    metered->interface.netns_inode = where.sockets.identity.inode;
    metered->interface.before_attachment = before->counters;
    if (after) metered->interface.during_attachment = less(after->counters, before->counters);
    metered->interface.attached_ns = now.realtime_ns;
    metered->interface.attach_took_ns = now.monotonic_ns - since_ns;
    metered->netns = where.sockets.identity;
    metered->made_qdisc = attached->made_qdisc;
    ++counts_.attached;
    counts_.adopted += attached->adopted ? 1 : 0;
    add(counts_.before_attachment.received, metered->interface.before_attachment.received);
    add(counts_.before_attachment.sent, metered->interface.before_attachment.sent);
    add(counts_.during_attachment.received, metered->interface.during_attachment.received);
    add(counts_.during_attachment.sent, metered->interface.during_attachment.sent);
    if (callbacks_.attached) callbacks_.attached(metered->interface);
}

void Watcher::take(Watched& where, const LinkNews& link, std::int64_t since_ns) {
    Metered* known = table_.find(where.sockets.identity, link.interface.index);
    if (link.gone) {
        if (known != nullptr) forget(*known);
        return;
    }
    if (known == nullptr) {
        if (is_metered(link, where.which)) attach_to(where, link, since_ns);
        return;
    }
    known->interface.name = link.interface.name;
    known->interface.mac = link.interface.mac;
    known->interface.peer_index = link.interface.peer_index;
    known->interface.peer_nsid = link.interface.peer_nsid;
    known->interface.master_index = link.interface.master_index;
}

void Watcher::look_at_all(Watched& where) {
    const std::int64_t since = WallClock::read().monotonic_ns;
    std::vector<LinkNews> links;
    if (const int error = dump_links(*where.sockets.questions, [&](LinkNews link) { links.push_back(std::move(link)); }); error != 0) {
        if (callbacks_.failed) callbacks_.failed(where.path, world::fail_errno(error, "listing interfaces").error());
        return;
    }
    for (Metered* metered : table_.all()) {
        if (metered->gone_ns != 0 || metered->netns != where.sockets.identity) continue;
        if (std::ranges::none_of(links, [&](const LinkNews& link) { return link.interface.index == metered->interface.index; })) forget(*metered);
    }
    for (const LinkNews& link : links) take(where, link, since);
}

// Programs of an agent that died, on interfaces that this one does not meter. Those it meters were replaced.
void Watcher::remove_leftovers(Watched& where) {
    const auto indexes = list_filters(*where.sockets.questions);
    if (!indexes) return;
    for (const std::uint32_t index : *indexes) {
        if (table_.find(where.sockets.identity, index) != nullptr) continue;
        if (detach_filters(*where.sockets.questions, index, true)) ++counts_.adopted;
    }
}

void Watcher::hear(std::uint32_t number) {
    Watched* where = find(number);
    if (where == nullptr) return;
    std::array<char, receive_bytes> buffer;
    for (;;) {
        const ssize_t got = mnl_socket_recvfrom(where->sockets.news.get(), buffer.data(), buffer.size());
        const std::int64_t since = WallClock::read().monotonic_ns;
        if (got < 0) {
            if (errno == EINTR) continue;
            if (errno != ENOBUFS) return;
            ++counts_.links_missed;
            look_at_all(*where);
            continue;
        }
        int left = static_cast<int>(got);
        for (const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data()); mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
            if (const auto link = read_link_news(*message)) take(*where, *link, since);
        }
    }
}

}  // namespace bulkhead::datapath
