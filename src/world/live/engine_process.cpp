// SPDX-License-Identifier: Apache-2.0
#include "world/live/engine_process.h"

#include <dirent.h>
#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include <cstring>
#include <memory>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "world/live/errno_result.h"
#include "world/live/fd.h"
#include "world/live/files.h"
#include "world/live/netlink.h"
#include "world/live/netns.h"

namespace bulkhead::world {

namespace {

Result<ucred> peer_of(const std::string& socket_path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_path.size() >= sizeof address.sun_path) return fail(Code::invalid_input, "socket path too long: " + socket_path);
    std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size() + 1);
    const Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd.valid()) return fail_errno(errno, "socket");
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return fail_errno(errno, socket_path);
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return fail_errno(errno, "SO_PEERCRED of " + socket_path);
    return peer;
}

std::string comm_of(std::int64_t pid) {
    const auto comm = read_file(fmt::format("/proc/{}/comm", pid), 0);
    return comm ? std::string(text::trim(*comm)) : std::string();
}

// dockerd under any of its packagings: dockerd, dockerd-dev, dockerd-rootless. The name decides nothing about trust (the socket
// does that); it keeps a proxy in front of a far-away engine from passing its own host off as the engine's.
bool is_engine(std::int64_t pid) { return comm_of(pid).starts_with("dockerd"); }

// The inode of the listening socket bound at this path, by what the kernel says the path is, not by its text (sock_diag(7)).
Result<std::uint32_t> listening_inode(const std::string& socket_path, std::int64_t listener_pid) {
    struct stat info{};
    if (stat(socket_path.c_str(), &info) != 0) return fail_errno(errno, socket_path);
    const auto visit = NetnsVisit::enter(listener_pid);
    if (!visit) return std::unexpected(visit.error());
    const auto messages = dump("unix_listen");
    if (!messages) return std::unexpected(messages.error());
    std::string_view rest = *messages;
    while (rest.size() >= sizeof(nlmsghdr) + sizeof(unix_diag_msg)) {
        nlmsghdr header{};
        std::memcpy(&header, rest.data(), sizeof header);
        if (header.nlmsg_len < sizeof(nlmsghdr) + sizeof(unix_diag_msg) || header.nlmsg_len > rest.size()) break;
        unix_diag_msg message{};
        std::memcpy(&message, rest.data() + sizeof header, sizeof message);
        std::string_view attributes = rest.substr(sizeof header + sizeof message, header.nlmsg_len - sizeof header - sizeof message);
        while (attributes.size() >= sizeof(nlattr)) {
            nlattr attribute{};
            std::memcpy(&attribute, attributes.data(), sizeof attribute);
            if (attribute.nla_len < sizeof(nlattr) || attribute.nla_len > attributes.size()) break;
            unix_diag_vfs vfs{};
            if (attribute.nla_type == UNIX_DIAG_VFS && attribute.nla_len >= sizeof(nlattr) + sizeof vfs) {
                std::memcpy(&vfs, attributes.data() + sizeof attribute, sizeof vfs);
                // The kernel's own device encoding, major << 20 | minor,
                // and the low half of a long inode number.
                if (vfs.udiag_vfs_ino == static_cast<std::uint32_t>(info.st_ino) && vfs.udiag_vfs_dev == ((major(info.st_dev) << 20U) | minor(info.st_dev)))
                    return message.udiag_ino;
            }
            attributes.remove_prefix(std::min<std::size_t>(attributes.size(), (attribute.nla_len + 3U) & ~3U));
        }
        rest.remove_prefix(std::min<std::size_t>(rest.size(), (header.nlmsg_len + 3U) & ~3U));
    }
    return fail(Code::not_found, "no listening socket found for " + socket_path);
}

Result<std::int64_t> holder_of(std::uint32_t inode) {
    const auto processes = read_directory("/proc", 0);
    if (!processes) return std::unexpected(processes.error());
    bool denied = false;
    for (const std::string_view name : text::lines(*processes)) {
        const auto pid = text::to_integer(name);
        if (!pid || !is_engine(*pid)) continue;
        const auto inodes = read_socket_inodes(*pid);
        if (!inodes) {
            denied = denied || inodes.error().code == Code::permission_denied;
            continue;
        }
        for (const std::string_view held : text::lines(*inodes)) {
            if (text::to_integer(held) == inode) return *pid;
        }
    }
    if (denied) return fail(Code::permission_denied, "may not see which dockerd holds the listening socket: run as root");
    return fail(Code::not_found, "no dockerd on this machine holds the listening socket: it may be a proxy for an engine elsewhere");
}

std::string answer(std::int64_t pid, std::int64_t uid, std::string_view how, const std::string& socket_path) {
    return fmt::format(R"({{"pid":{},"uid":{},"how":{},"socket":{}}})", pid, uid, json::quote(how), json::quote(socket_path));
}

}  // namespace

Result<std::string> find_engine_process(const std::string& socket_path) {
    const auto peer = peer_of(socket_path);
    if (!peer) return std::unexpected(peer.error());
    if (peer->pid == 0) {
        return fail(Code::unavailable, "the engine's process is outside this PID namespace: run bulkhead on the engine's host, or with its PID namespace");
    }
    if (is_engine(peer->pid)) return answer(peer->pid, peer->uid, "peer credentials of the socket", socket_path);
    const auto inode = listening_inode(socket_path, peer->pid);
    if (!inode) return std::unexpected(inode.error().in(fmt::format("{} (process {}) listens for the engine", comm_of(peer->pid), peer->pid)));
    const auto pid = holder_of(*inode);
    if (!pid) return std::unexpected(pid.error());
    return answer(*pid, peer->uid, fmt::format("holds the listening socket that {} opened", comm_of(peer->pid)), socket_path);
}

}  // namespace bulkhead::world
