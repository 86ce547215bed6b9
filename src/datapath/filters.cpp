// SPDX-License-Identifier: Apache-2.0
#include "datapath/filters.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <libmnl/libmnl.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "datapath/attributes.h"
#include "datapath/shared.h"
#include "world/live/errno_result.h"

namespace bulkhead::datapath {

namespace {

constexpr const char* filter_name = "bulkhead";
constexpr std::uint32_t filter_handle = 0xb01c;
constexpr std::uint32_t filter_priority = 1;  // before those that drop: what they drop came in all the same
constexpr std::uint32_t parents[kernel::directions] = {TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)};

struct Message {
    alignas(nlmsghdr) char buffer[512];
    nlmsghdr* header = mnl_nlmsg_put_header(buffer);
    tcmsg* tc = nullptr;

    Message(std::uint16_t type, std::uint16_t flags, std::uint32_t index, std::uint32_t parent) {
        header->nlmsg_type = type;
        header->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
        tc = static_cast<tcmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(tcmsg)));
        tc->tcm_ifindex = static_cast<int>(index);
        tc->tcm_parent = parent;
    }
    void of_ours() const {
        tc->tcm_handle = filter_handle;
        tc->tcm_info = TC_H_MAKE(filter_priority << 16, htons(ETH_P_ALL));
    }
};

int make_qdisc(mnl_socket& socket, std::uint32_t index) {
    const Message message(RTM_NEWQDISC, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, index, TC_H_CLSACT);
    message.tc->tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0);
    mnl_attr_put_strz(message.header, TCA_KIND, "clsact");
    return ask(socket, *message.header);
}

int delete_qdisc(mnl_socket& socket, std::uint32_t index) {
    const Message message(RTM_DELQDISC, NLM_F_ACK, index, TC_H_CLSACT);
    message.tc->tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0);
    return ask(socket, *message.header);
}

int make_filter(mnl_socket& socket, std::uint32_t index, int direction, std::uint32_t number, int program, std::uint16_t flags) {
    const Message message(RTM_NEWTFILTER, static_cast<std::uint16_t>(NLM_F_ACK | NLM_F_CREATE | flags), index, parents[direction]);
    message.of_ours();
    mnl_attr_put_strz(message.header, TCA_KIND, "bpf");
    nlattr* options = mnl_attr_nest_start(message.header, TCA_OPTIONS);
    mnl_attr_put_u32(message.header, TCA_BPF_CLASSID, class_of(number, static_cast<std::uint32_t>(direction)));
    mnl_attr_put_u32(message.header, TCA_BPF_FD, static_cast<std::uint32_t>(program));
    mnl_attr_put_strz(message.header, TCA_BPF_NAME, filter_name);
    mnl_attr_put_u32(message.header, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
    mnl_attr_nest_end(message.header, options);
    return ask(socket, *message.header);
}

int delete_filter(mnl_socket& socket, std::uint32_t index, int direction) {
    const Message message(RTM_DELTFILTER, NLM_F_ACK, index, parents[direction]);
    message.of_ours();
    mnl_attr_put_strz(message.header, TCA_KIND, "bpf");
    return ask(socket, *message.header);
}

bool is_text(const nlattr* attribute, std::string_view text) {
    const std::string_view all(static_cast<const char*>(mnl_attr_get_payload(attribute)), mnl_attr_get_payload_len(attribute));
    return all.substr(0, all.find('\0')) == text;
}

struct Found {
    bool ours = false;
    bool others = false;
};

void judge_filter(const nlmsghdr& answer, Found& found) {
    if (answer.nlmsg_type != RTM_NEWTFILTER || mnl_nlmsg_get_payload_len(&answer) < sizeof(tcmsg)) return;
    tcmsg header;
    std::memcpy(&header, mnl_nlmsg_get_payload(&answer), sizeof header);
    // Each priority has an entry without a handle, which is no filter.
    if (header.tcm_handle == 0) return;
    bool named = false;
    each_attribute(answer, sizeof(tcmsg), [&](const nlattr* attribute) {
        if (mnl_attr_get_type(attribute) != TCA_OPTIONS) return;
        each_nested(attribute, [&](const nlattr* inner) {
            if (mnl_attr_get_type(inner) == TCA_BPF_NAME) named = is_text(inner, filter_name);
        });
    });
    (named && header.tcm_handle == filter_handle ? found.ours : found.others) = true;
}

int find_filters(mnl_socket& socket, std::uint32_t index, Found& found) {
    for (const std::uint32_t parent : parents) {
        const Message message(RTM_GETTFILTER, NLM_F_DUMP, index, parent);
        const int error = ask(socket, *message.header, [&](const nlmsghdr& answer) { judge_filter(answer, found); });
        if (error != 0) return error;
    }
    return 0;
}

std::unexpected<Error> refused(int error, std::string_view what, std::uint32_t index) {
    if (error == ENODEV) return fail(Code::not_found, fmt::format("interface {} is gone", index));
    return world::fail_errno(error, fmt::format("{} of interface {}", what, index));
}

}  // namespace

Result<AttachedFilters> attach_filters(mnl_socket& socket, std::uint32_t index, std::uint16_t interface, int program) {
    AttachedFilters out;
    const int qdisc = make_qdisc(socket, index);
    if (qdisc != 0 && qdisc != EEXIST) return refused(qdisc, "making clsact", index);
    out.made_qdisc = qdisc == 0;
    for (int direction = 0; direction < kernel::directions; ++direction) {
        int error = make_filter(socket, index, direction, interface, program, NLM_F_EXCL);
        if (error == EEXIST) {
            out.adopted = true;
            error = make_filter(socket, index, direction, interface, program, 0);
        }
        if (error == 0) continue;
        [[maybe_unused]] const auto undone = detach_filters(socket, index, out.made_qdisc);
        return refused(error, "adding a filter", index);
    }
    // Its maker is dead: clsact was made by it, or there is no other filter and nobody misses it.
    if (out.adopted) out.made_qdisc = true;
    return out;
}

Result<void> detach_filters(mnl_socket& socket, std::uint32_t index, bool made_qdisc) {
    for (int direction = 0; direction < kernel::directions; ++direction) {
        const int error = delete_filter(socket, index, direction);
        if (error == ENODEV) return {};
        if (error != 0 && error != ENOENT && error != EINVAL) return refused(error, "removing a filter", index);
    }
    Found found;
    if (!made_qdisc || find_filters(socket, index, found) != 0 || found.others || found.ours) return {};
    const int error = delete_qdisc(socket, index);
    if (error != 0 && error != ENODEV && error != ENOENT && error != EINVAL) return refused(error, "removing clsact", index);
    return {};
}

Result<std::vector<std::uint32_t>> list_filters(mnl_socket& socket) {
    std::vector<std::uint32_t> with_clsact, out;
    const Message message(RTM_GETQDISC, NLM_F_DUMP, 0, 0);
    const int error = ask(socket, *message.header, [&](const nlmsghdr& answer) {
        if (answer.nlmsg_type != RTM_NEWQDISC || mnl_nlmsg_get_payload_len(&answer) < sizeof(tcmsg)) return;
        tcmsg header;
        std::memcpy(&header, mnl_nlmsg_get_payload(&answer), sizeof header);
        each_attribute(answer, sizeof(tcmsg), [&](const nlattr* attribute) {
            if (mnl_attr_get_type(attribute) == TCA_KIND && is_text(attribute, "clsact")) with_clsact.push_back(static_cast<std::uint32_t>(header.tcm_ifindex));
        });
    });
    if (error != 0) return world::fail_errno(error, "listing queueing disciplines");
    for (const std::uint32_t index : with_clsact) {
        Found found;
        if (find_filters(socket, index, found) == 0 && found.ours && std::ranges::find(out, index) == out.end()) out.push_back(index);
    }
    return out;
}

}  // namespace bulkhead::datapath
