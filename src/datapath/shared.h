/* SPDX-License-Identifier: Apache-2.0
 * What the programs in the kernel and the loader both know: C for the one, C++ for the other, byte for byte the same. Values are in host order,
 * addresses as on the wire (IPv4 mapped, as in flow::Key), times the kernel's monotonic clock. */
#pragma once

#include <linux/bpf.h>
#include <linux/types.h>

#ifdef __cplusplus
#include <cstddef>
#define shared_assert(condition) static_assert(condition)
namespace bulkhead::datapath::kernel {
#else
#include <stddef.h>
#define shared_assert(condition) _Static_assert(condition, #condition)
#endif

enum {
    interfaces_max = 8192,     /* number 0 is nobody's */
    fragments_max = 4096,      /* datagrams in pieces at a time */
    piece_bytes_max = 1024,    /* of payload in one word; a power of two */
    retired_batch = 10,        /* that fit a page as one test packet */
    retired_header_bytes = 16, /* an Ethernet header must come first; nobody reads it */
};

/* Frames of no flow, and packets that were no flow's: per interface and direction. */
enum reason { reason_not_ip, reason_truncated, reason_malformed, reason_too_deep, reason_full, reason_raced, reasons };
enum { direction_received, direction_sent, directions };

/* The class of a filter (16 bits). */
#define class_of(interface, direction) ((__u32)(interface) << 1 | (direction))

/* flow::End, the same numbers. */
enum { end_running, end_closed, end_reset, end_idle, end_replaced, end_evicted };

enum { side_none, side_low, side_high };

/* What a word tells; a replaced flow comes alone, as struct replaced. */
enum { word_begun = 1, word_payload = 2, word_closing = 4, word_replaced = 8 };

struct address {
    __u64 words[2];
};

/* The lower end (address, then port) is low, whichever way the packet goes. */
struct flow_key {
    struct address low, high;
    __u16 low_port, high_port;
    __u16 interface;
    __u8 protocol;
    __u8 unused;
};
shared_assert(sizeof(struct flow_key) == 40);

/* One direction: what an end sent, and what is needed to judge its next segment (flow/tcp.cpp says how). */
struct sender {
    __u64 packets, bytes, payload_bytes;
    __u64 timed_at;
    __u64 trip_sum, trip_least; /* round trips from here to this end */
    __u32 trip_count;
    __u32 retransmits, resets, zero_windows;
    __u32 next, hole_begin, hole_end, timed;
    __u16 sampled; /* payload bytes that were handed over */
    __u8 tcp_flags, known, timing, finished;
    __u8 unused[2];
};
shared_assert(sizeof(struct sender) == 88);

struct flow_state {
    struct flow_key key; /* a slot of the table may have become another flow's since it was looked up */
    __u64 first_ns, last_ns;
    __s64 handshake_ns, syn_ns;             /* -1: not seen */
    __u64 received_packets, received_bytes; /* of both ends, those that came in through the interface */
    __u32 initial_sequence;
    __u32 fragments;
    __u16 vlan;
    __u8 source_is_low, source_certain, end, closed_by;
    __u8 dead; /* was handed over and is about to leave the table: nothing may be counted here */
    __u8 unused;
    struct sender sent[2]; /* by low, by high */
};
shared_assert(sizeof(struct flow_state) == 280);
shared_assert(offsetof(struct flow_state, sent) == 104);

struct flow_value {
    struct bpf_spin_lock lock;
    __u32 unused;
    struct flow_state state;
};
shared_assert(sizeof(struct flow_value) == 288);

struct fragment_key {
    struct address source, destination;
    __u32 id;
    __u16 interface;
    __u8 protocol;
    __u8 v4;
};
shared_assert(sizeof(struct fragment_key) == 40);

struct ports {
    __u16 source, destination;
};

struct counted {
    __u64 packets, bytes;
};

struct interface_counts {
    struct counted none[reasons][directions];
};
shared_assert(sizeof(struct interface_counts) == 192);

/* Of each processor. */
struct totals {
    __u64 begun, merged, orphan_fragments;
    __u64 lost_begun, lost_payload, lost_closing;
};

/* Through the ring, as it happens. */
struct word {
    __u8 what; /* word_... */
    __u8 from_low;
    __u8 source_is_low;
    __u8 tcp_flags;
    __u16 vlan;
    __u16 piece_bytes; /* that follow */
    __u32 frame_bytes;
    __u32 payload_bytes; /* the packet had */
    __u32 sequence;
    __u8 source_certain;
    __u8 unused[3];
    __u64 time_ns;
    __u64 serial; /* first_ns of the flow */
    struct flow_key key;
};
shared_assert(sizeof(struct word) == 80);

struct replaced {
    __u8 what;
    __u8 unused[7];
    struct flow_state state;
};
shared_assert(sizeof(struct replaced) == 288);

/* One flow to be taken out of the table, in and out: it is, when it is still this one and nothing came since. */
struct retired {
    struct flow_key key;
    __u64 serial;
    __u64 not_after_ns; /* of its last packet */
    __u32 taken;
    __u32 unused;
    struct flow_state state;
};
shared_assert(sizeof(struct retired) == 344);

struct config {
    __u64 tcp_idle_ns, other_idle_ns; /* 0: for ever */
    __u64 linger_ns;
    __u32 payload_bytes;
    __u32 unused;
};
shared_assert(sizeof(struct config) == 32);

#ifdef __cplusplus
}  // namespace bulkhead::datapath::kernel
#endif
