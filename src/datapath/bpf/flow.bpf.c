/* SPDX-License-Identifier: Apache-2.0
 * Counts each packet of an interface into its flow. Attached to clsact, ingress and egress; decides nothing and changes nothing. The filter's class
 * is the interface's number and the direction (skb->tc_classid, class_of in shared.h): indexes repeat in other network namespaces. */
#include <linux/pkt_cls.h>

#include "datapath/bpf/tcp.h"

enum { attempts_max = 3 };

const volatile struct config config SEC(".rodata.config");

struct {
    __uint(type, BPF_MAP_TYPE_HASH); /* not LRU: that forgets flows without a word */
    __uint(max_entries, 131072);
    __type(key, struct flow_key);
    __type(value, struct flow_value);
} flows SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, fragments_max);
    __type(key, struct fragment_key);
    __type(value, struct ports);
} fragments SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, interfaces_max);
    __type(key, __u32);
    __type(value, struct interface_counts);
} interfaces SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct totals);
} totals SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4194304);
} words SEC(".maps");

/* Too large for the stack. Nothing interrupts a program on its processor but interrupts, and these run none. */
struct scratch {
    __u64 fresh[sizeof(struct flow_value) / 8];
    struct word word;
    __u8 piece[piece_bytes_max];
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct scratch);
} scratches SEC(".maps");

static __always_inline __u32 number_of(const struct __sk_buff *skb) { return (skb->tc_classid & 0xffff) >> 1; }

static __always_inline void count_none(struct __sk_buff *skb, enum reason why, int direction) {
    const __u32 number = number_of(skb);
    struct interface_counts *counts = bpf_map_lookup_elem(&interfaces, &number);
    if (!counts || why < 0 || why >= reasons) return;
    struct counted *one = &counts->none[why][direction];
    __sync_fetch_and_add(&one->packets, 1);
    __sync_fetch_and_add(&one->bytes, skb->len);
}

/* Later pieces of a datagram have no ports: the first one's are theirs. False: they are not known. */
static __always_inline int find_ports(struct __sk_buff *skb, struct packet *packet) {
    const struct fragment_key key = {packet->source, packet->destination, packet->fragment_id, number_of(skb), packet->protocol, packet->v4};
    if (packet->fragment == fragment_first) {
        const struct ports ports = {packet->source_port, packet->destination_port};
        bpf_map_update_elem(&fragments, &key, &ports, BPF_ANY);
        return 1;
    }
    const struct ports *ports = bpf_map_lookup_elem(&fragments, &key);
    if (!ports) return 0;
    packet->source_port = ports->source;
    packet->destination_port = ports->destination;
    return 1;
}

static __always_inline int make_key(struct __sk_buff *skb, const struct packet *packet, struct flow_key *key) {
    const __u64 s0 = bpf_be64_to_cpu(packet->source.words[0]), s1 = bpf_be64_to_cpu(packet->source.words[1]);
    const __u64 d0 = bpf_be64_to_cpu(packet->destination.words[0]), d1 = bpf_be64_to_cpu(packet->destination.words[1]);
    int from_low = s0 != d0 ? s0 < d0 : s1 != d1 ? s1 < d1 : packet->source_port <= packet->destination_port;
    if (from_low) {
        key->low = packet->source;
        key->high = packet->destination;
        key->low_port = packet->source_port;
        key->high_port = packet->destination_port;
    } else {
        key->low = packet->destination;
        key->high = packet->source;
        key->low_port = packet->destination_port;
        key->high_port = packet->source_port;
    }
    key->interface = number_of(skb);
    key->protocol = packet->protocol;
    key->unused = 0;
    return from_low;
}

static __always_inline int same_key(const struct flow_key *a, const struct flow_key *b) {
    const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;
    return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4])) == 0;
}

static __always_inline void begin(struct flow_state *flow, const struct flow_key *key, const struct packet *packet, int from_low, __u64 now) {
    flow->key = *key;
    flow->first_ns = flow->last_ns = now;
    flow->handshake_ns = flow->syn_ns = -1;
    flow->vlan = packet->vlan;
    flow->source_is_low = from_low;
    flow->sent[0].trip_least = flow->sent[1].trip_least = ~0ULL;
}

/* Why the packet belongs to another flow than this one between the same ends; end_running: it does not. */
static __always_inline int other_flow(const struct flow_state *flow, const struct packet *packet, int is_tcp, int from_low, __u64 now) {
    const int over = flow->end != end_running;
    const __u64 patience = over ? config.linger_ns : flow->key.protocol == ip_tcp ? config.tcp_idle_ns : config.other_idle_ns;
    if ((over || patience > 0) && (__s64)(now - flow->last_ns) > (__s64)patience) return end_idle;
    return is_tcp && begins_another(flow, packet, from_low) ? end_replaced : end_running;
}

/* What is to be handed over of the packet. */
struct told {
    struct flow_key key;
    __u64 serial, now;
    __u32 piece; /* bytes of payload */
    __u8 what, from_low, source_is_low, source_certain;
};

static __always_inline void add(struct flow_state *flow, const struct packet *packet, __u32 bytes, int is_tcp, int from_low, int direction, __u64 now,
                                struct told *told) {
    struct sender *own = from_low ? &flow->sent[0] : &flow->sent[1];
    const __u32 payload = packet->on_wire;
    if (now > flow->last_ns) flow->last_ns = now;
    ++own->packets;
    own->bytes += bytes;
    own->payload_bytes += payload;
    if (direction == direction_received) {
        ++flow->received_packets;
        flow->received_bytes += bytes;
    }
    if (packet->fragment == fragment_later) ++flow->fragments;
    const __u32 sampled = own->sampled;
    if (payload > 0 && sampled < config.payload_bytes) {
        const __u32 left = config.payload_bytes - sampled;
        told->piece = payload < left ? payload : left;
        own->sampled = sampled + told->piece;
        told->what |= word_payload;
    }
    if (is_tcp) {
        const int was = flow->end;
        follow_tcp(flow, packet, from_low, now);
        if (was != flow->end) told->what |= word_closing;
    }
    told->serial = flow->first_ns;
    told->source_is_low = flow->source_is_low;
    told->source_certain = flow->source_certain;
}

/* Hands the flow over and makes its place the new one's. False: the ring is full. */
static __always_inline int replace(struct flow_value *value, const struct flow_key *key, const struct packet *packet, int is_tcp, int from_low, __u64 now,
                                   struct told *told) {
    struct replaced *out = bpf_ringbuf_reserve(&words, sizeof *out, 0);
    if (!out) return 0;
    int why = end_running;
    *(__u64 *)out = word_replaced;
    bpf_spin_lock(&value->lock);
    /* It may have changed since it was looked at. */
    if (!value->state.dead && same_key(&value->state.key, key)) why = other_flow(&value->state, packet, is_tcp, from_low, now);
    if (why != end_running) {
        out->state = value->state;
        if (out->state.end == end_running) out->state.end = why;
        __builtin_memset(&value->state, 0, sizeof value->state);
        begin(&value->state, key, packet, from_low, now);
    }
    bpf_spin_unlock(&value->lock);
    if (why == end_running) {
        bpf_ringbuf_discard(out, 0);
        return 1;
    }
    bpf_ringbuf_submit(out, 0);
    const __u32 zero = 0;
    struct totals *count = bpf_map_lookup_elem(&totals, &zero);
    if (count) ++count->begun;
    told->what |= word_begun;
    return 1;
}

/* A function of its own for the verifier's sake, as parse. */
__attribute__((noinline)) int tell(struct __sk_buff *skb, const struct packet *packet, const struct told *told) {
    const __u32 zero = 0;
    struct totals *count = bpf_map_lookup_elem(&totals, &zero);
    struct scratch *scratch = bpf_map_lookup_elem(&scratches, &zero);
    if (!packet || !told || !count || !scratch) return 0; /* never */
    struct word *word = &scratch->word;
    __u32 piece = told->piece;
    word->what = told->what;
    word->from_low = told->from_low;
    word->source_is_low = told->source_is_low;
    word->source_certain = told->source_certain;
    word->tcp_flags = packet->tcp_flags;
    word->vlan = packet->vlan;
    word->frame_bytes = skb->len;
    word->payload_bytes = packet->on_wire;
    word->sequence = packet->sequence;
    word->time_ns = told->now;
    word->serial = told->serial;
    word->key = told->key;
    /* The verifier wants to see the bound where the size is used, and the compiler to forget what it knows of it. */
    asm volatile("" : "+r"(piece));
    if (piece > piece_bytes_max) piece = piece_bytes_max;
    if (piece > 0 && bpf_skb_load_bytes(skb, packet->at, scratch->piece, piece)) piece = 0;
    word->piece_bytes = piece;
    if (bpf_ringbuf_output(&words, word, sizeof *word + piece, 0) == 0) return 0;
    if (told->what & word_begun) ++count->lost_begun;
    if (told->what & word_payload) ++count->lost_payload;
    if (told->what & word_closing) ++count->lost_closing;
    return 0;
}

SEC("tc")
int meter(struct __sk_buff *skb) {
    const int direction = skb->tc_classid & 1;
    struct packet packet = {};
    struct told told = {};
    struct flow_key *key = &told.key;
    const __u32 zero = 0;
    int merge = 0;
    enum reason why = parse(skb, &packet);
    if (why != parsed) {
        count_none(skb, why, direction);
        return TC_ACT_UNSPEC;
    }
    if (packet.fragment != fragment_whole && !find_ports(skb, &packet)) {
        struct totals *count = bpf_map_lookup_elem(&totals, &zero);
        if (count) ++count->orphan_fragments;
    }
    const int from_low = make_key(skb, &packet, key);
    const int is_tcp = packet.protocol == ip_tcp && packet.fragment != fragment_later;
    const __u64 now = bpf_ktime_get_ns();
    why = reason_raced;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        struct flow_value *value = bpf_map_lookup_elem(&flows, key);
        if (!value) {
            struct scratch *scratch = bpf_map_lookup_elem(&scratches, &zero);
            struct totals *count = bpf_map_lookup_elem(&totals, &zero);
            if (!scratch || !count) break; /* never */
            struct flow_value *fresh = (struct flow_value *)scratch->fresh;
            begin(&fresh->state, key, &packet, from_low, now);
            const long failed = bpf_map_update_elem(&flows, key, fresh, BPF_NOEXIST);
            if (failed && failed != -17 /* EEXIST: another processor was first */) {
                why = reason_full;
                break;
            }
            if (failed) continue;
            told.what |= word_begun;
            ++count->begun;
            continue;
        }
        int other = end_running;
        bpf_spin_lock(&value->lock);
        const int stale = value->state.dead || !same_key(&value->state.key, key);
        if (!stale && !merge) other = other_flow(&value->state, &packet, is_tcp, from_low, now);
        if (!stale && other == end_running) add(&value->state, &packet, skb->len, is_tcp, from_low, direction, now, &told);
        bpf_spin_unlock(&value->lock);
        if (stale) continue;
        if (other == end_running) {
            why = parsed;
            break;
        }
        if (!replace(value, key, &packet, is_tcp, from_low, now, &told)) {
            struct totals *count = bpf_map_lookup_elem(&totals, &zero);
            if (count) ++count->merged;
            merge = 1;
        }
    }
    if (why != parsed) {
        count_none(skb, why, direction);
    } else if (told.what) {
        told.now = now;
        told.from_low = from_low;
        tell(skb, &packet, &told);
    }
    return TC_ACT_UNSPEC;
}

/* Not for packets: called by the drain with a frame of struct retired. A flow leaves the table only here, marked under its lock, so that no packet is
 * counted into what was already handed over. */
SEC("tc")
int retire(struct __sk_buff *skb) {
    void *end = (void *)(long)skb->data_end;
    struct retired *one = (struct retired *)((void *)(long)skb->data + retired_header_bytes);
    for (int i = 0; i < retired_batch; ++i, ++one) {
        if ((void *)(one + 1) > end) break;
        struct flow_key key = one->key;
        struct flow_value *value = bpf_map_lookup_elem(&flows, &key);
        one->taken = 0;
        if (!value) continue;
        int taken = 0;
        bpf_spin_lock(&value->lock);
        struct flow_state *flow = &value->state;
        if (!flow->dead && same_key(&flow->key, &key) && flow->first_ns == one->serial && flow->last_ns <= one->not_after_ns) {
            flow->dead = 1;
            taken = 1;
            one->state = *flow;
        }
        bpf_spin_unlock(&value->lock);
        if (!taken) continue;
        one->taken = 1;
        bpf_map_delete_elem(&flows, &key);
    }
    return TC_ACT_OK;
}

/* None of the helpers that are called wants the GPL. */
char licence[] SEC("license") = "Apache-2.0";
