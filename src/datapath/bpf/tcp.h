/* SPDX-License-Identifier: Apache-2.0
 * What a TCP segment means for its flow, as src/flow/tcp.cpp has it, but by low and high end: who is the source may still turn out. All of it runs
 * with the flow's lock held, so it calls nobody. */
#pragma once

#include "datapath/bpf/parse.h"

static __always_inline int before(__u32 a, __u32 b) { return (__s32)(a - b) < 0; }

static __always_inline void follow_sequence(struct sender* sender, __u32 begin, __u32 length, __u64 now) {
    const __u32 end = begin + length;
    if (!sender->known) {
        sender->known = 1;
        sender->next = end;
        sender->hole_begin = sender->hole_end = begin;
    } else if (before(sender->next, end)) {
        if (before(sender->next, begin)) {
            sender->hole_begin = sender->next;
            sender->hole_end = begin;
        }
        sender->next = end;
    } else {
        if (sender->hole_begin != sender->hole_end && !before(begin, sender->hole_begin) && !before(sender->hole_end, end)) {
            sender->hole_begin = begin == sender->hole_begin ? end : sender->hole_begin;
            return;
        }
        /* A keep-alive repeats one byte, or none, on purpose (RFC 9293, section 3.8.4). */
        if (length <= 1 && begin + 1 == sender->next && !sender->finished) return;
        ++sender->retransmits;
        sender->timing = 0; /* whose answer comes now cannot be told (Karn) */
        return;
    }
    if (!sender->timing) {
        sender->timing = 1;
        sender->timed = end;
        sender->timed_at = now;
    }
}

static __always_inline void follow_acknowledgement(struct sender* acknowledged, struct sender* by, __u32 number, __u64 now) {
    if (!acknowledged->timing || before(number, acknowledged->timed)) return;
    acknowledged->timing = 0;
    if (now < acknowledged->timed_at) return; /* another processor's packet overtook */
    const __u64 took = now - acknowledged->timed_at;
    by->trip_sum += took;
    if (took < by->trip_least) by->trip_least = took;
    ++by->trip_count;
}

/* Whether the segment begins another connection between the same ports. */
static __always_inline int begins_another(const struct flow_state* flow, const struct packet* packet, int from_low) {
    if ((packet->tcp_flags & (tcp_syn | tcp_ack)) != tcp_syn) return 0;
    const int over = flow->end != end_running;
    const int from_source = from_low == flow->source_is_low;
    const struct sender* own = from_low ? &flow->sent[0] : &flow->sent[1];
    const struct sender* source = flow->source_is_low ? &flow->sent[0] : &flow->sent[1];
    if (from_source && flow->source_certain && packet->sequence == flow->initial_sequence) return over && flow->end != end_reset;
    /* Both open at once (RFC 9293, section 3.5). */
    if (!from_source && own->packets == 0 && !over) return 0;
    return over || flow->source_certain || (source->tcp_flags & tcp_syn) || own->packets > 0;
}

static __always_inline void follow_reset(struct flow_state* flow, struct sender* own, int from_low) {
    ++own->resets;
    if (flow->closed_by == side_none) flow->closed_by = from_low ? side_low : side_high;
    if (flow->end == end_running) flow->end = end_reset;
}

static __always_inline void follow_finish(struct flow_state* flow, struct sender* own, const struct sender* other, int from_low) {
    own->finished = 1;
    if (flow->closed_by == side_none) flow->closed_by = from_low ? side_low : side_high;
    if (other->finished && flow->end == end_running) flow->end = end_closed;
}

static __always_inline void follow_tcp(struct flow_state* flow, const struct packet* packet, int from_low, __u64 now) {
    const __u8 flags = packet->tcp_flags;
    const int is_syn = (flags & tcp_syn) != 0;
    const int is_ack = (flags & tcp_ack) != 0;
    struct sender* own = from_low ? &flow->sent[0] : &flow->sent[1];
    struct sender* other = from_low ? &flow->sent[1] : &flow->sent[0];
    if (is_syn && !flow->source_certain) {
        flow->source_is_low = is_ack ? !from_low : from_low;
        flow->source_certain = 1;
        flow->initial_sequence = is_ack ? packet->acknowledgement - 1 : packet->sequence;
    }
    const int from_source = from_low == flow->source_is_low;
    own->tcp_flags |= flags;
    if (is_syn && !is_ack && from_source) flow->syn_ns = now;
    if (flags & tcp_rst) return follow_reset(flow, own, from_low);
    if (packet->window == 0 && !is_syn && !(flags & tcp_fin)) ++own->zero_windows;
    const __u32 length = packet->on_wire + (is_syn ? 1 : 0) + (flags & tcp_fin ? 1 : 0);
    if (length > 0) follow_sequence(own, packet->sequence, length, now);
    if (is_ack) {
        follow_acknowledgement(other, own, packet->acknowledgement, now);
        if (from_source && !is_syn && flow->handshake_ns < 0 && flow->syn_ns >= 0 && (other->tcp_flags & tcp_syn))
            flow->handshake_ns = (__s64)now > flow->syn_ns ? (__s64)now - flow->syn_ns : 0;
    }
    if (flags & tcp_fin) follow_finish(flow, own, other, from_low);
}
