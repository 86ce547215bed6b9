// SPDX-License-Identifier: Apache-2.0
#include "world/live/conntrack.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "world/live/errno_result.h"
#include "world/live/netns.h"

namespace bulkhead::world {

namespace {

constexpr std::size_t receive_bytes = 8192;
constexpr int stale_answers_max = 16;

std::uint16_t type_of(std::uint16_t message) { return static_cast<std::uint16_t>(NFNL_SUBSYS_CTNETLINK << 8U | message); }

}  // namespace

void ConntrackSocket::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Result<ConntrackSocket> ConntrackSocket::open(std::int64_t netns_pid) {
    const auto visit = NetnsVisit::enter(netns_pid);
    if (!visit) return std::unexpected(visit.error());
    ConntrackSocket out(mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC));
    if (!out.socket_) return fail_errno(errno, "conntrack socket");
    const timeval timeout{.tv_sec = 0, .tv_usec = 200'000};
    if (setsockopt(mnl_socket_get_fd(out.socket_.get()), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0) return fail_errno(errno, "conntrack socket");
    if (mnl_socket_bind(out.socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0) return fail_errno(errno, "conntrack socket");
    return out;
}

Result<std::optional<std::string>> ConntrackSocket::ask(std::string_view body) {
    std::string request(MNL_ALIGN(sizeof(nlmsghdr)) + body.size(), '\0');
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(request.size());
    header.nlmsg_type = type_of(IPCTNL_MSG_CT_GET);
    header.nlmsg_flags = NLM_F_REQUEST;
    header.nlmsg_seq = ++sequence_;
    std::memcpy(request.data(), &header, sizeof header);
    std::memcpy(request.data() + MNL_ALIGN(sizeof header), body.data(), body.size());
    if (mnl_socket_sendto(socket_.get(), request.data(), request.size()) < 0) return fail_errno(errno, "conntrack question");
    std::array<char, receive_bytes> buffer{};
    for (int i = 0; i < stale_answers_max; ++i) {  // an answer that came after its time may still be in the way
        const ssize_t got = mnl_socket_recvfrom(socket_.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(errno, "conntrack answer");
        if (static_cast<std::size_t>(got) < sizeof header) return fail(Code::corrupt, "conntrack: an answer cut short");
        std::memcpy(&header, buffer.data(), sizeof header);
        if (header.nlmsg_len < sizeof header || header.nlmsg_len > static_cast<std::size_t>(got)) return fail(Code::corrupt, "conntrack: a wrong length");
        if (header.nlmsg_seq != sequence_) continue;
        const std::string_view payload(buffer.data() + MNL_ALIGN(sizeof header), header.nlmsg_len - MNL_ALIGN(sizeof header));
        if (header.nlmsg_type == type_of(IPCTNL_MSG_CT_NEW)) return std::string(payload);
        int number = 0;
        if (header.nlmsg_type != NLMSG_ERROR || payload.size() < sizeof number) return fail(Code::corrupt, "conntrack: an answer of another kind");
        std::memcpy(&number, payload.data(), sizeof number);
        if (number == -ENOENT) return std::nullopt;
        return fail_errno(-number, "conntrack answer");
    }
    return fail(Code::unavailable, "conntrack: no answer to the question that was asked");
}

}  // namespace bulkhead::world
