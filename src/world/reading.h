// SPDX-License-Identifier: Apache-2.0
// What is asked of the outside world, and what came back. A Request has one text form, its locator, which names the same thing in
// a snapshot, in evidence and in an error message.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace bulkhead::world {

// The closed list of ways in.
//   kind            target                                place                 bytes of the answer
//   engine          /containers/json?all=1                -                     body of a GET of the Engine API (no version prefix);
//                   /events?recent is the engine's buffer of past events, one JSON object a line
//   engine_process  -                                     -                     {"pid":N,"how":"..."}: the process that answers
//   file            /etc/docker/daemon.json               "" or root:PID        the file (regular files only, bounded)
//   directory       /proc                                 "" or root:PID        names, one a line, sorted
//   link            /proc/1/exe                           "" or root:PID        where the symbolic link points
//   stat            /run/docker.sock                      "" or root:PID        {"type","mode","uid","gid","size","dev","ino","mtime_ms",
//                                                                               "path","acl","space"} (follows links; not out of the root);
//                                                                               path is without links, as the caller's kernel prints it;
//                                                                               acl is what a POSIX ACL grants beyond the mode, [] is
//                                                                               nothing, null is not readable; space: of a folder's filesystem
//   namespaces      PID                                   -                     {"net":"net:[4026531840]",...}
//   socket_inodes   PID                                   -                     inodes of the sockets the process holds, one a line
//   program         a name of program_names               netns:PID             standard output
//   netlink         a name of netlink_names               netns:PID             the dump's netlink messages, as the kernel sent them
//   banner          tcp:ADDRESS:PORT                      netns:PID             first bytes a server sends (only with --probe)
//   latency         tcp:ADDRESS:PORT                      netns:PID             {"rtt_us":N}: time of a TCP handshake (only with --probe)
//   registry        https://HOST/v2/...                   -                     body of a GET of a registry or notary server that the user named
//   image           ID                                    -                     what an image is made of: configuration and digests of its
//                   layers, as image/image.h writes it: the result of looking through it, never its bytes
//   image_layer     digest of the layer's plain tar       -                     what lies in a layer (image/layer_json.h); asked for after the
//                   image that has it
//   history         flow?since=MS&container=web           -                     what was kept of the past, one JSON object a line
//                   (history/history_reader.h); conditions are percent-encoded
enum class Kind : std::uint8_t {
    engine,
    engine_process,
    file,
    directory,
    link,
    stat,
    namespaces,
    socket_inodes,
    program,
    netlink,
    banner,
    latency,
    registry,
    image,
    image_layer,
    history,
};

inline constexpr std::string_view program_names[] = {
    "iptables-nft-save -c", "iptables-legacy-save -c", "ip6tables-nft-save -c", "ip6tables-legacy-save -c", "nft -j list ruleset",
};
// audit_status and audit_rules: AUDIT_GET and AUDIT_LIST_RULES (linux/audit.h); the same in every network namespace.
// sock_tcp and sock_udp: inet_diag, both families (tcp with INET_DIAG_INFO); unix_listen: unix_diag with name, vfs and peer.
inline constexpr std::string_view netlink_names[] = {
    "link", "address", "route", "rule", "neighbour", "sock_tcp", "sock_udp", "unix_listen", "xfrm_state", "xfrm_policy", "audit_status", "audit_rules",
};

struct Request {
    Kind kind = Kind::file;
    std::string target;
    std::string place;  // "", "root:PID" or "netns:PID"

    bool operator==(const Request&) const = default;
};

// The shapes callers need. pid 0 means "as this process sees it".
Request engine_get(std::string target);
Request engine_process();
Request file_at(std::string path, std::int64_t root_pid = 0);
Request directory_at(std::string path, std::int64_t root_pid = 0);
Request link_at(std::string path, std::int64_t root_pid = 0);
Request stat_at(std::string path, std::int64_t root_pid = 0);
Request namespaces_of(std::int64_t pid);
Request socket_inodes_of(std::int64_t pid);
Request program_in(std::string_view name, std::int64_t netns_pid);
Request netlink_in(std::string_view name, std::int64_t netns_pid);
Request banner_of(std::string_view address, int port, std::int64_t netns_pid);
Request latency_of(std::string_view address, int port, std::int64_t netns_pid);
Request registry_get(std::string url);
Request image_content(std::string id);
Request image_layer(std::string digest);
Request history_of(std::string_view what, const std::map<std::string, std::string>& conditions);

std::string_view name(Kind kind);
std::string locator(const Request& request);  // "file:/proc/1/status", "netlink:sock_tcp@netns:812"
Result<Request> parse_locator(std::string_view locator);

enum class Outcome : std::uint8_t {
    present,  // bytes
    absent,   // proved not to exist
    denied,   // exists or may exist, this user may not read it
    failed,   // anything else; the reason says what
};
std::string_view name(Outcome outcome);
Result<Outcome> parse_outcome(std::string_view text);

// The reason of a probe that was not sent because nobody asked for it: a choice, no blind spot.
inline constexpr std::string_view not_probed = "not probed (give --probe)";
// The same for the content of images.
inline constexpr std::string_view image_content_left_out = "image content was left out (--no-image-content)";
// How the reason begins where nobody keeps a history here.
inline constexpr std::string_view no_history = "no history";

struct Reading {
    std::string locator;
    Outcome outcome = Outcome::failed;
    std::string bytes;
    std::string reason;  // empty where present
    UnixMs read_at = 0;

    [[nodiscard]] bool present() const { return outcome == Outcome::present; }
    [[nodiscard]] bool absent() const { return outcome == Outcome::absent; }
    // Denied or failed: nothing may be concluded from the lack of bytes.
    [[nodiscard]] bool unreadable() const { return outcome == Outcome::denied || outcome == Outcome::failed; }
};
using ReadingPtr = std::shared_ptr<const Reading>;

}  // namespace bulkhead::world
