// SPDX-License-Identifier: Apache-2.0
#include "world/live/netlink.h"

#include <fmt/format.h>
#include <libmnl/libmnl.h>
#include <linux/audit.h>
#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>
#include <type_traits>
#include <vector>

#include "base/text.h"
#include "world/live/files.h"

namespace bulkhead::world {

namespace {

constexpr std::size_t receive_bytes = std::size_t{64} << 10U;  // the kernel fills at most 32 KiB for one read (netlink(7))
constexpr int attempts_max = 2;                                // one restart when the table changed under the dump
constexpr std::uint32_t sequence = 1;
constexpr std::uint32_t tcp_listen_state = 10;  // TCP_LISTEN of the kernel's tcp_states.h; unix sockets use the same numbers

// One question of a dump: a protocol of the netlink family, a type, and the fixed header that says what is wanted.
struct Question {
    int bus = 0;
    std::uint16_t type = 0;
    std::string header;
    bool optional = false;   // a family that this kernel may lack while it has the other
    bool is_single = false;  // one message is the whole answer, and none says that it is done
};

template <class Header>
std::string bytes_of(const Header& header) {
    static_assert(std::is_trivially_copyable_v<Header>);
    return {reinterpret_cast<const char*>(&header), sizeof header};
}

// TCP_ESTABLISHED (1) to TCP_NEW_SYN_RECV (12). The state after them, bound and idle, makes the kernel walk a table of its own.
constexpr std::uint32_t all_states = (1U << 13U) - 2;

// The older form of the question (inet_diag_req) answers for both families in one walk of the kernel's connection table, which is
// shared by all network namespaces and has hundreds of thousands of slots: the walk is what a dump costs.
Question tcp_sockets(std::uint32_t states) {
    inet_diag_req request{};
    request.idiag_states = states;
    request.idiag_ext = 1U << (INET_DIAG_INFO - 1U);
    return {NETLINK_SOCK_DIAG, TCPDIAG_GETSOCK, bytes_of(request)};
}

Question udp_sockets(int family) {
    inet_diag_req_v2 request{};
    request.sdiag_family = static_cast<std::uint8_t>(family);
    request.sdiag_protocol = IPPROTO_UDP;
    request.idiag_states = all_states;
    return {NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, bytes_of(request), family == AF_INET6};
}

Question unix_listeners() {
    unix_diag_req request{};
    request.sdiag_family = AF_UNIX;
    request.udiag_states = 1U << tcp_listen_state;
    request.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS | UDIAG_SHOW_PEER;
    return {NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, bytes_of(request)};
}

std::vector<Question> questions(std::string_view name) {
    if (name == "link") return {{NETLINK_ROUTE, RTM_GETLINK, bytes_of(ifinfomsg{})}};
    if (name == "address") return {{NETLINK_ROUTE, RTM_GETADDR, bytes_of(ifaddrmsg{})}};
    if (name == "route") return {{NETLINK_ROUTE, RTM_GETROUTE, bytes_of(rtmsg{})}};
    if (name == "rule") return {{NETLINK_ROUTE, RTM_GETRULE, bytes_of(fib_rule_hdr{})}};
    if (name == "neighbour") return {{NETLINK_ROUTE, RTM_GETNEIGH, bytes_of(ndmsg{})}};
    if (name == "sock_tcp") return {tcp_sockets(all_states)};
    if (name == "sock_udp") return {udp_sockets(AF_INET), udp_sockets(AF_INET6)};
    if (name == "unix_listen") return {unix_listeners()};
    if (name == "xfrm_state") return {{NETLINK_XFRM, XFRM_MSG_GETSA, {}}};
    if (name == "xfrm_policy") return {{NETLINK_XFRM, XFRM_MSG_GETPOLICY, {}}};
    if (name == "audit_status") return {{.bus = NETLINK_AUDIT, .type = AUDIT_GET, .is_single = true}};
    if (name == "audit_rules") return {{.bus = NETLINK_AUDIT, .type = AUDIT_LIST_RULES}};
    return {};
}

std::unexpected<Error> error_of(std::string_view what, int number) {
    const std::string message = fmt::format("{}: {}", what, std::generic_category().message(number));
    switch (number) {
        case EPERM:
        case EACCES: return fail(Code::permission_denied, message);
        // The audit bus answers so in a user namespace of its own: there is a table, and it is not shown.
        case ECONNREFUSED: return fail(Code::permission_denied, message + " (refused in this user namespace)");
        // sock_diag answers ENOENT for a protocol without a module, netlink itself EPROTONOSUPPORT for an unknown bus.
        case ENOENT:
        case EPROTONOSUPPORT:
        case EAFNOSUPPORT:
        case EOPNOTSUPP: return fail(Code::unsupported, message + " (not in this kernel)");
        case EAGAIN: return fail(Code::unavailable, fmt::format("{}: no answer within {} s", what, netlink_timeout_s));
        case ENOSPC: return fail(Code::limit_exceeded, fmt::format("{}: a message of more than {} bytes", what, receive_bytes));
        default: return fail(Code::unavailable, message);
    }
}

struct Close {
    void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};
using Socket = std::unique_ptr<mnl_socket, Close>;

Result<Socket> open(int bus) {
    Socket socket(mnl_socket_open2(bus, SOCK_CLOEXEC));
    if (!socket) return error_of("netlink socket", errno);
    const timeval timeout{.tv_sec = netlink_timeout_s, .tv_usec = 0};
    if (setsockopt(mnl_socket_get_fd(socket.get()), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0) return error_of("netlink timeout", errno);
    if (mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0) return error_of("netlink bind", errno);
    return socket;
}

Result<void> ask(const mnl_socket& socket, const Question& question) {
    std::string request(MNL_ALIGN(sizeof(nlmsghdr)) + question.header.size(), '\0');
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(request.size());
    header.nlmsg_type = question.type;
    header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    header.nlmsg_seq = sequence;
    std::memcpy(request.data(), &header, sizeof header);
    std::memcpy(request.data() + MNL_ALIGN(sizeof header), question.header.data(), question.header.size());
    if (mnl_socket_sendto(&socket, request.data(), request.size()) < 0) return error_of("netlink request", errno);
    return {};
}

enum class Progress : std::uint8_t { more, done, changed };

// The number behind NLMSG_ERROR and NLMSG_DONE: a negative errno, 0 or nothing.
int number_of(std::string_view payload) {
    int number = 0;
    if (payload.size() >= sizeof number) std::memcpy(&number, payload.data(), sizeof number);
    return number < 0 ? -number : 0;
}

// Takes the messages of one datagram into `out`.
Result<Progress> take(std::string_view datagram, std::string& out) {
    bool changed = false;
    while (!datagram.empty()) {
        nlmsghdr header{};
        if (datagram.size() < sizeof header) return fail(Code::corrupt, "netlink: a message cut short");
        std::memcpy(&header, datagram.data(), sizeof header);
        if (header.nlmsg_len < sizeof header || header.nlmsg_len > datagram.size()) return fail(Code::corrupt, "netlink: a message with a wrong length");
        const std::string_view payload = datagram.substr(sizeof header, header.nlmsg_len - sizeof header);
        changed = changed || (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
        if (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE) {
            if (const int number = number_of(payload); number != 0) return error_of("netlink dump", number);
            return changed ? Progress::changed : Progress::done;
        }
        const std::size_t length = std::min<std::size_t>(MNL_ALIGN(header.nlmsg_len), datagram.size());
        if (header.nlmsg_type != NLMSG_NOOP) {
            if (out.size() + length > netlink_bytes_max) return fail(Code::limit_exceeded, fmt::format("netlink: more than {} bytes", netlink_bytes_max));
            out.append(datagram.substr(0, length));
            out.resize(MNL_ALIGN(out.size()));
        }
        datagram.remove_prefix(length);
    }
    return changed ? Progress::changed : Progress::more;
}

// Appends the answer; nothing when the table changed under the dump (NLM_F_DUMP_INTR): it may then lack entries.
Result<std::optional<std::string>> attempt(const Question& question) {
    const auto socket = open(question.bus);
    if (!socket) return std::unexpected(socket.error());
    if (const auto asked = ask(**socket, question); !asked) return std::unexpected(asked.error());
    std::string out;
    const auto buffer = std::make_unique_for_overwrite<char[]>(receive_bytes);
    for (;;) {
        const ssize_t got = mnl_socket_recvfrom(socket->get(), buffer.get(), receive_bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return error_of("netlink answer", errno);
        if (got == 0) return fail(Code::unavailable, "netlink answer: the kernel closed the socket");
        const auto progress = take({buffer.get(), static_cast<std::size_t>(got)}, out);
        if (!progress) return std::unexpected(progress.error());
        if (*progress == Progress::changed) return std::nullopt;
        if (*progress == Progress::done || (question.is_single && !out.empty())) return out;
    }
}

bool has_key(std::uint16_t attribute) {
    return attribute == XFRMA_ALG_AUTH || attribute == XFRMA_ALG_CRYPT || attribute == XFRMA_ALG_COMP || attribute == XFRMA_ALG_AEAD ||
           attribute == XFRMA_ALG_AUTH_TRUNC;
}

// Where the key starts behind the attribute's header: after the name and the lengths (linux/xfrm.h: xfrm_algo, _auth, _aead).
std::size_t key_offset(std::uint16_t attribute) {
    if (attribute == XFRMA_ALG_AEAD) return sizeof(xfrm_algo_aead);
    if (attribute == XFRMA_ALG_AUTH_TRUNC) return sizeof(xfrm_algo_auth);
    return sizeof(xfrm_algo);
}

void zero(std::span<char> bytes) { std::ranges::fill(bytes, '\0'); }

void erase_keys_of_state(std::span<char> attributes) {
    while (!attributes.empty()) {
        nlattr header{};
        if (attributes.size() < sizeof header) return zero(attributes);
        std::memcpy(&header, attributes.data(), sizeof header);
        if (header.nla_len < sizeof header || header.nla_len > attributes.size()) return zero(attributes);
        const auto payload = attributes.subspan(sizeof header, header.nla_len - sizeof header);
        const auto type = static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK);
        if (has_key(type)) zero(payload.size() > key_offset(type) ? payload.subspan(key_offset(type)) : payload);
        attributes = attributes.subspan(std::min<std::size_t>(MNL_ALIGN(header.nla_len), attributes.size()));
    }
}

}  // namespace

void erase_xfrm_keys(std::span<char> messages) {
    constexpr std::size_t fixed = MNL_ALIGN(sizeof(nlmsghdr)) + MNL_ALIGN(sizeof(xfrm_usersa_info));
    while (!messages.empty()) {
        nlmsghdr header{};
        if (messages.size() < sizeof header) return zero(messages);
        std::memcpy(&header, messages.data(), sizeof header);
        if (header.nlmsg_len < sizeof header || header.nlmsg_len > messages.size()) return zero(messages);
        const auto message = messages.first(header.nlmsg_len);
        if (header.nlmsg_type != XFRM_MSG_NEWSA) {
            zero(message.subspan(sizeof header));
        } else if (message.size() > fixed) {
            erase_keys_of_state(message.subspan(fixed));
        }
        messages = messages.subspan(std::min<std::size_t>(MNL_ALIGN(header.nlmsg_len), messages.size()));
    }
}

namespace {

// How many TCP sockets this network namespace has, both families, without those in TIME_WAIT (proc(5), /proc/net/sockstat).
std::optional<std::int64_t> tcp_sockets_count() {
    std::int64_t count = 0;
    for (const char* path : {"/proc/thread-self/net/sockstat", "/proc/thread-self/net/sockstat6"}) {
        const auto bytes = read_file(path, 0);
        if (!bytes && bytes.error().code == Code::not_found) continue;  // a kernel without IPv6
        if (!bytes) return std::nullopt;
        for (const std::string_view line : text::lines(*bytes)) {
            const auto words = text::words(line);
            if (words.size() < 3 || !words[0].starts_with("TCP") || words[1] != "inuse") continue;
            const auto in_use = text::to_integer(words[2]);
            if (!in_use) return std::nullopt;
            count += *in_use;
        }
    }
    return count;
}

std::int64_t messages_count(std::string_view messages) {
    std::int64_t count = 0;
    while (messages.size() >= sizeof(nlmsghdr)) {
        nlmsghdr header{};
        std::memcpy(&header, messages.data(), sizeof header);
        messages.remove_prefix(std::min<std::size_t>(MNL_ALIGN(header.nlmsg_len), messages.size()));
        ++count;
    }
    return count;
}

// The listeners, where the namespace has no other TCP sockets: those are found without the walk.
std::optional<std::string> listeners_that_are_all() {
    const auto listeners = attempt(tcp_sockets(1U << tcp_listen_state));
    if (!listeners || !*listeners) return std::nullopt;
    const auto count = tcp_sockets_count();
    if (!count || *count > messages_count(**listeners)) return std::nullopt;
    return **listeners;
}

}  // namespace

Result<std::string> dump(std::string_view name) {
    if (name == "sock_tcp") {
        if (auto all = listeners_that_are_all()) return std::move(*all);
    }
    const std::vector<Question> asked = questions(name);
    if (asked.empty()) return fail(Code::invalid_input, "not a netlink dump: " + text::printable(name));
    std::string out;
    for (const Question& question : asked) {
        // Audit is built in or not at all: a kernel that does not know its bus has no rules (kernel/audit.c).
        if (question.bus == NETLINK_AUDIT) {
            const auto bus = open(question.bus);
            if (!bus && bus.error().code == Code::unsupported) return fail(Code::not_found, "this kernel has no audit");
        }
        std::optional<std::string> part;
        for (int i = 0; i < attempts_max && !part; ++i) {
            auto answer = attempt(question);
            if (!answer && question.optional && answer.error().code == Code::unsupported) answer = std::string();
            if (!answer) return std::unexpected(answer.error().in(name));
            part = std::move(*answer);
        }
        if (!part) return fail(Code::unavailable, fmt::format("{}: the kernel's table changed during the dump, {} times", name, attempts_max));
        if (out.size() + part->size() > netlink_bytes_max) return fail(Code::limit_exceeded, fmt::format("{}: more than {} bytes", name, netlink_bytes_max));
        out += *part;
    }
    if (name == "xfrm_state") erase_xfrm_keys(out);
    return out;
}

}  // namespace bulkhead::world
