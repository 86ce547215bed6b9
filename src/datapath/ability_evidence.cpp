// SPDX-License-Identifier: Apache-2.0
// Asking the kernel of this machine what it can.
#include <bpf/libbpf.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sched.h>
#include <sys/utsname.h>

#include <thread>

#include "datapath/abilities.h"
#include "datapath/filters.h"
#include "datapath/link_news.h"
#include "datapath/programs.h"
#include "packet/unpack.h"
#include "world/live/errno_result.h"
#include "world/live/file_stream.h"
#include "world/live/files.h"

namespace bulkhead::datapath {

namespace {

constexpr std::size_t config_bytes_max = std::size_t{8} << 20U;
constexpr const char* trial_name = "trial0";

Result<std::string> read_packed(const std::string& path) {
    auto bytes = world::open_file_stream(path);
    if (!bytes) return std::unexpected(bytes.error());
    auto plain = packet::unpack(std::move(*bytes));
    if (!plain) return std::unexpected(plain.error());
    std::string out;
    for (;;) {
        const auto some = (*plain)->next();
        if (!some) return std::unexpected(some.error());
        if (some->empty()) return out;
        if (out.size() + some->size() > config_bytes_max) return fail(Code::limit_exceeded, path + " is too large for a kernel's configuration");
        out += *some;
    }
}

Result<std::string> read_config(const std::string& release) {
    auto running = read_packed("/proc/config.gz");
    if (running) return running;
    auto installed = read_packed("/boot/config-" + release);
    if (installed) return installed;
    return fail(installed.error().code, "neither /proc/config.gz nor /boot/config-" + release);
}

Result<std::string> look_at(const std::string& path) {
    auto file = world::read_file(path, 0);
    if (file || file.error().code != Code::unsupported) return file;
    if (const auto folder = world::read_directory(path, 0); !folder) return std::unexpected(folder.error());
    return std::string();
}

int make_veth(mnl_socket& socket) {
    alignas(nlmsghdr) char buffer[512];
    nlmsghdr* message = mnl_nlmsg_put_header(buffer);
    message->nlmsg_type = RTM_NEWLINK;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
    mnl_nlmsg_put_extra_header(message, sizeof(ifinfomsg));
    mnl_attr_put_strz(message, IFLA_IFNAME, trial_name);
    nlattr* info = mnl_attr_nest_start(message, IFLA_LINKINFO);
    mnl_attr_put_strz(message, IFLA_INFO_KIND, "veth");
    mnl_attr_nest_end(message, info);
    return ask(socket, *message);
}

// In a namespace that ends with the thread that made it, and everything in it.
Result<void> try_to_attach(int program) {
    Result<void> out;
    std::thread([&] {
        if (unshare(CLONE_NEWNET) != 0) {
            out = world::fail_errno(errno, "making a network namespace to try it in");
            return;
        }
        const auto sockets = open_netns_sockets("");
        if (!sockets) {
            out = std::unexpected(sockets.error());
            return;
        }
        if (const int error = make_veth(*sockets->questions); error != 0) {
            out = world::fail_errno(error, "making a veth to try it on");
            return;
        }
        std::uint32_t index = 0;
        dump_links(*sockets->questions, [&](const LinkNews& link) {
            if (link.interface.name == trial_name) index = link.interface.index;
        });
        const auto attached = attach_filters(*sockets->questions, index, 1, program);
        if (!attached) {
            const Error error = attached.error();
            out = fail(error.code == Code::permission_denied ? error.code : Code::unsupported, error.message);
        } else {
            out = detach_filters(*sockets->questions, index, true);
        }
    }).join();
    return out;
}

Result<void> try_raw_tracepoints() {
    const int able = libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_RAW_TRACEPOINT, nullptr);
    if (able > 0) return {};
    if (able == 0) return fail(Code::unsupported, "the kernel does not know programs of that type");
    return world::fail_errno(-able, "asking for programs of that type");
}

}  // namespace

AbilityEvidence gather_ability_evidence() {
    AbilityEvidence out;
    utsname names{};
    if (uname(&names) == 0) out.release = names.release;
    out.config = read_config(out.release);
    for (const std::string& path : ability_files()) out.files.emplace(path, look_at(path));
    // Small: only whether they are taken is of interest.
    const auto programs = Programs::load({.flows_max = 64, .ring_bytes = 4096});
    if (!programs) {
        out.programs = std::unexpected(programs.error());
        out.attached = fail(programs.error().code, "not tried: there is nothing to attach");
        out.raw_tracepoints = fail(programs.error().code, "not tried");
        if (programs.error().code != Code::permission_denied) out.raw_tracepoints = try_raw_tracepoints();
        return out;
    }
    out.attached = try_to_attach(programs->meter());
    out.raw_tracepoints = try_raw_tracepoints();
    return out;
}

}  // namespace bulkhead::datapath
