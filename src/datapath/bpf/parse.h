/* SPDX-License-Identifier: Apache-2.0
 * From a frame to its addresses, ports and sequence numbers, for the programs in the kernel. Decides as src/packet decides (a test holds both
 * together), but opens no tunnel: what is inside one is seen where it comes out. */
#pragma once

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "datapath/shared.h"

enum { tags_max = 12, extensions_max = 12, at_max = 4096 };
enum { fragment_whole, fragment_first, fragment_later };
enum { tcp_fin = 1, tcp_syn = 2, tcp_rst = 4, tcp_ack = 16 };
enum { ip_icmp = 1, ip_ipip = 4, ip_tcp = 6, ip_udp = 17, ip_ipv6 = 41, ip_gre = 47, ip_esp = 50, ip_ah = 51, ip_icmp6 = 58, ip_sctp = 132, ip_udplite = 136 };

struct packet {
    struct address source, destination;
    __u32 at;      /* where in the frame we are */
    __u32 on_wire; /* bytes from there that belong to the packet; the rest is padding */
    __u32 fragment_id;
    __u32 sequence, acknowledgement;
    __u16 source_port, destination_port;
    __u16 window, vlan;
    __u8 protocol, v4, fragment, tcp_flags;
};

#define parsed reasons /* no reason to leave it out */

static __always_inline int read(struct __sk_buff* skb, __u32 at, void* to, __u32 bytes) { return bpf_skb_load_bytes(skb, at, to, bytes); }

/* A header where it lies, or a copy of it where it lies in pieces; null where the frame is too short. */
static __always_inline const void* header_at(struct __sk_buff* skb, __u32 at, void* copy, __u32 bytes) {
    const void *begin = (const void*)(long)skb->data, *end = (const void*)(long)skb->data_end;
    if (at < at_max && begin + at + bytes <= end) return begin + at;
    return read(skb, at, copy, bytes) ? 0 : copy;
}

static __always_inline void skip(struct packet* packet, __u32 bytes) {
    packet->at += bytes;
    packet->on_wire -= bytes;
}

/* Where what follows is cut off, nothing follows. */
static __always_inline void skip_up_to(struct packet* packet, __u32 bytes) { skip(packet, packet->on_wire < bytes ? packet->on_wire : bytes); }

static __always_inline void limit(struct packet* packet, __u32 bytes) {
    if (packet->on_wire > bytes) packet->on_wire = bytes;
}

static __always_inline int is_tag(__u16 type) { return type == 0x8100 || type == 0x88a8 || type == 0x9100; }

static __always_inline enum reason read_link(struct __sk_buff* skb, struct packet* packet) {
    __be16 raw[2];
    packet->at = 0;
    packet->on_wire = skb->len;
    const __be16* announced = header_at(skb, 12, raw, 2);
    if (!announced) return reason_truncated;
    skip(packet, 14);
    __u16 type = bpf_ntohs(*announced);
    /* The kernel took the outermost tag off before it asked us. */
    if (skb->vlan_present) packet->vlan = skb->vlan_tci & 0x0fff;
    for (int tag = 0; is_tag(type); ++tag) {
        if (tag == tags_max) return reason_too_deep;
        if (read(skb, packet->at, raw, 4)) return reason_truncated;
        packet->vlan = bpf_ntohs(raw[0]) & 0x0fff;
        type = bpf_ntohs(raw[1]);
        skip(packet, 4);
    }
    return type == 0x0800 || type == 0x86dd ? parsed : reason_not_ip;
}

struct ipv4_header {
    __u8 version_and_length, service;
    __be16 total, id, fragment;
    __u8 time, protocol;
    __be16 check;
    __be32 source, destination;
};

static __always_inline struct address mapped(__be32 address) { return (struct address){{0, (__u64)address << 32 | 0xffff0000U}}; }

static __always_inline enum reason read_ipv4(struct __sk_buff* skb, struct packet* packet) {
    struct ipv4_header copy;
    const struct ipv4_header* ip = header_at(skb, packet->at, &copy, sizeof copy);
    if (!ip || packet->on_wire < sizeof copy) return reason_truncated;
    const __u32 header = (ip->version_and_length & 0x0f) * 4;
    __u32 total = bpf_ntohs(ip->total);
    if (header < sizeof copy) return reason_malformed;
    if (total == 0) total = packet->on_wire; /* more than 64 KiB, to be cut into segments later */
    if (total < header) return reason_malformed;
    packet->v4 = 1;
    packet->source = mapped(ip->source);
    packet->destination = mapped(ip->destination);
    packet->protocol = ip->protocol;
    const __u16 fragment = bpf_ntohs(ip->fragment);
    packet->fragment = fragment & 0x1fff ? fragment_later : fragment & 0x2000 ? fragment_first : fragment_whole;
    packet->fragment_id = bpf_ntohs(ip->id);
    limit(packet, total);
    if (packet->on_wire < header) return reason_truncated;
    skip(packet, header);
    return parsed;
}

struct ipv6_header {
    __be32 version_and_label;
    __be16 carried;
    __u8 next, hops;
    struct address source, destination;
};

static __always_inline int is_extension(__u8 kind) { return kind == 0 || kind == 43 || kind == 44 || kind == 60 || kind == 135 || kind == ip_ah; }

/* RFC 8200, section 4. */
static __always_inline enum reason read_extensions(struct __sk_buff* skb, struct packet* packet) {
    __u8 kind = packet->protocol;
    for (int extension = 0; is_extension(kind); ++extension) {
        __u8 raw[8];
        if (extension == extensions_max) return reason_too_deep;
        if (packet->on_wire < sizeof raw || read(skb, packet->at, raw, sizeof raw)) return reason_truncated;
        __u32 length = (raw[1] + 1U) * 8U;
        if (kind == 44) {
            const __u16 offset = raw[2] << 8 | raw[3];
            length = 8;
            packet->fragment_id = (__u32)raw[4] << 24 | raw[5] << 16 | raw[6] << 8 | raw[7];
            packet->fragment = offset & 0xfff8 ? fragment_later : offset & 1 ? fragment_first : fragment_whole;
        } else if (kind == ip_ah) {
            length = (raw[1] + 2U) * 4U;
        }
        if (packet->on_wire < length) return reason_malformed;
        skip(packet, length);
        kind = raw[0];
        if (packet->fragment == fragment_later) break;
    }
    packet->protocol = kind;
    return parsed;
}

static __always_inline enum reason read_ipv6(struct __sk_buff* skb, struct packet* packet) {
    struct ipv6_header copy;
    const struct ipv6_header* ip = header_at(skb, packet->at, &copy, sizeof copy);
    if (!ip || packet->on_wire < sizeof copy) return reason_truncated;
    packet->source = ip->source;
    packet->destination = ip->destination;
    packet->protocol = ip->next;
    skip(packet, sizeof copy);
    const __u32 carried = bpf_ntohs(ip->carried);
    /* 0: a jumbogram, or to be cut into segments later; or nothing comes. */
    if (carried != 0 || ip->next == 59) limit(packet, carried);
    return is_extension(ip->next) ? read_extensions(skb, packet) : parsed;
}

struct tcp_header {
    __be16 source, destination;
    __be32 sequence, acknowledgement;
    __u8 length, flags;
    __be16 window;
};

static __always_inline void read_tcp(struct __sk_buff* skb, struct packet* packet) {
    struct tcp_header copy;
    const struct tcp_header* tcp = header_at(skb, packet->at, &copy, sizeof copy);
    if (!tcp || packet->on_wire < 20) {
        if (packet->on_wire >= 14) read(skb, packet->at + 13, &packet->tcp_flags, 1);
        return skip_up_to(packet, 20);
    }
    packet->sequence = bpf_ntohl(tcp->sequence);
    packet->acknowledgement = bpf_ntohl(tcp->acknowledgement);
    packet->window = bpf_ntohs(tcp->window);
    packet->tcp_flags = tcp->flags;
    const __u32 header = (tcp->length >> 4) * 4;
    skip(packet, header < 20 || header > packet->on_wire ? 20 : header);
}

static __always_inline void read_udp(struct __sk_buff* skb, struct packet* packet) {
    __be16 length;
    if (packet->on_wire < 8 || read(skb, packet->at + 4, &length, 2)) return skip_up_to(packet, 8);
    skip(packet, 8);
    length = bpf_ntohs(length);
    if (length >= 8) limit(packet, length - 8);
}

static __always_inline enum reason read_icmp(struct __sk_buff* skb, struct packet* packet) {
    __be16 raw[3];
    if (packet->on_wire < 2 || read(skb, packet->at, raw, 2)) return reason_malformed;
    const __u8 type = *(const __u8*)raw;
    const int echo = packet->protocol == ip_icmp ? type == 0 || type == 8 : type == 128 || type == 129;
    if (echo && packet->on_wire >= 6 && read(skb, packet->at + 4, raw, 2) == 0) packet->source_port = packet->destination_port = bpf_ntohs(raw[0]);
    skip_up_to(packet, 8);
    return parsed;
}

static __always_inline enum reason read_transport(struct __sk_buff* skb, struct packet* packet) {
    const __u8 protocol = packet->protocol;
    if (packet->fragment == fragment_later) return parsed;
    if (protocol == ip_tcp || protocol == ip_udp || protocol == ip_udplite || protocol == ip_sctp) {
        __be16 raw[2];
        const __be16* ports = header_at(skb, packet->at, raw, 4);
        if (!ports || packet->on_wire < 4) return reason_malformed;
        packet->source_port = bpf_ntohs(ports[0]);
        packet->destination_port = bpf_ntohs(ports[1]);
        if (protocol == ip_tcp) {
            read_tcp(skb, packet);
        } else if (protocol == ip_sctp) {
            skip_up_to(packet, 12);
        } else {
            read_udp(skb, packet);
        }
        return parsed;
    }
    if (protocol == ip_icmp || protocol == ip_icmp6) return read_icmp(skb, packet);
    if (protocol == ip_gre && packet->on_wire < 4) return reason_malformed;
    if ((protocol == ip_ipip || protocol == ip_ipv6) && packet->on_wire < 1) return reason_malformed;
    if (protocol == ip_esp) {
        if (packet->on_wire < 8) return reason_truncated;
        skip(packet, 8);
    }
    return parsed;
}

/* `packet` is all zeroes before. A function of its own also for the verifier: it follows each way through it once, not once for each that goes on
 * from there. */
__attribute__((noinline)) int parse(struct __sk_buff* skb, struct packet* packet) {
    __u8 copy;
    if (!packet) return reason_truncated; /* never; the verifier cannot know */
    enum reason why = read_link(skb, packet);
    if (why != parsed) return why;
    const __u8* version = header_at(skb, packet->at, &copy, 1);
    if (!version) return reason_truncated;
    /* The first bits decide, as everywhere; not the type that announced them. */
    switch (*version >> 4) {
        case 4: why = read_ipv4(skb, packet); break;
        case 6: why = read_ipv6(skb, packet); break;
        default: return reason_malformed;
    }
    return why == parsed ? read_transport(skb, packet) : why;
}
