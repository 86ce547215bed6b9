// SPDX-License-Identifier: Apache-2.0
#include "datapath/route_socket.h"

#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <array>
#include <thread>

#include "world/live/errno_result.h"
#include "world/live/fd.h"

namespace bulkhead::datapath {

namespace {

constexpr std::size_t receive_bytes = std::size_t{64} << 10U;
constexpr int news_buffer_bytes = 4 << 20;  // a thousand links at once are about 1.5 MB
constexpr int answer_timeout_s = 5;
constexpr const char* own_netns = "/proc/thread-self/ns/net";

Result<MnlSocket> open_socket(int flags, unsigned groups) {
    MnlSocket socket(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | flags));
    if (!socket) return world::fail_errno(errno, "opening rtnetlink");
    if (mnl_socket_bind(socket.get(), groups, MNL_SOCKET_AUTOPID) != 0) return world::fail_errno(errno, "binding rtnetlink");
    const timeval patience{.tv_sec = answer_timeout_s, .tv_usec = 0};
    setsockopt(mnl_socket_get_fd(socket.get()), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return socket;
}

Result<NetnsSockets> open_here() {
    NetnsSockets out;
    auto questions = open_socket(0, 0);
    if (!questions) return std::unexpected(questions.error());
    auto news = open_socket(SOCK_NONBLOCK, RTMGRP_LINK);
    if (!news) return std::unexpected(news.error());
    out.questions = std::move(*questions);
    out.news = std::move(*news);
    const int fd = mnl_socket_get_fd(out.news.get());
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &news_buffer_bytes, sizeof news_buffer_bytes) != 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &news_buffer_bytes, sizeof news_buffer_bytes);
    return out;
}

NetnsIdentity identity_of(const struct stat& file) { return {file.st_dev, file.st_ino}; }

}  // namespace

void CloseMnl::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Result<NetnsIdentity> netns_identity(const std::string& path) {
    struct stat file{};
    const char* name = path.empty() ? own_netns : path.c_str();
    if (stat(name, &file) != 0) return world::fail_errno(errno, name);
    return identity_of(file);
}

Result<NetnsSockets> open_netns_sockets(const std::string& path) {
    const char* name = path.empty() ? own_netns : path.c_str();
    const world::Fd netns(::open(name, O_RDONLY | O_CLOEXEC));
    struct stat file{};
    if (!netns.valid() || fstat(netns.get(), &file) != 0) return world::fail_errno(errno, name);
    Result<NetnsSockets> out = fail(Code::internal, "no thread");
    std::jthread([&] {
        if (!path.empty() && setns(netns.get(), CLONE_NEWNET) != 0) {
            out = world::fail_errno(errno, "entering " + path);
        } else {
            out = open_here();
        }
    }).join();
    if (out) out->identity = identity_of(file);
    return out;
}

int ask(mnl_socket& socket, nlmsghdr& asked, const Answered& answered) {
    static thread_local std::uint32_t last_sequence = 0;
    asked.nlmsg_seq = ++last_sequence;
    if (mnl_socket_sendto(&socket, &asked, asked.nlmsg_len) < 0) return errno;
    const bool is_dump = (asked.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
    static thread_local std::array<char, receive_bytes> buffer;
    for (;;) {
        const ssize_t got = mnl_socket_recvfrom(&socket, buffer.data(), buffer.size());
        if (got < 0) return errno;
        int left = static_cast<int>(got);
        for (const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data()); mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
            if (message->nlmsg_seq != asked.nlmsg_seq) continue;  // of a question whose answer came too late
            if (message->nlmsg_type == NLMSG_ERROR) {
                if (mnl_nlmsg_get_payload_len(message) < sizeof(nlmsgerr)) return EBADMSG;
                return -static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message))->error;
            }
            if (message->nlmsg_type == NLMSG_DONE) return 0;
            if (answered) answered(*message);
            if (!is_dump && (asked.nlmsg_flags & NLM_F_ACK) == 0) return 0;
        }
    }
}

}  // namespace bulkhead::datapath
