// SPDX-License-Identifier: Apache-2.0
// Banners of servers that say nothing by themselves: what they answer to somebody they do not know, only ever with --probe. The target of such a
// reading of kind banner is "QUESTION:[ADDRESS]:PORT", or "QUESTION+tls:[ADDRESS]:PORT" where it is asked over TLS. Its bytes are JSON:
//   {"tls": null or {"version","cipher","certificates":[PEM, the server's own first]}, "asks_certificate": bool, "alert": null or the number (RFC 8446, 6),
//    "end": "none" where the answer is whole, or closed, reset, timeout, alert, no_tls, "answer": what of it is kept, as hexadecimal digits}
#pragma once

#include <string_view>

#include "world/reading.h"

namespace bulkhead::world {

// The closed list. Each is harmless and carries no credentials: world/live/questions.cpp has the bytes. swarm: a call of the Control API of a
// Swarm's manager, over TLS without a certificate; swarm_forged: with one that no CA signed; swarm_clear: without TLS.
inline constexpr std::string_view question_names[] = {
    "swarm",    "swarm_forged", "swarm_clear", "redis",   "memcached",  "etcd",        "elasticsearch", "couchdb",
    "influxdb", "clickhouse",   "consul",      "mongodb", "postgresql", "cockroachdb", "cassandra",     "nats",
};

enum class Over : std::uint8_t { tcp, tls };
Request answer_of(std::string_view question, Over over, std::string_view address, int port, std::int64_t netns_pid);

// False where nobody wanted it to be asked: without --probe, and in a snapshot that has no such reading.
bool was_asked(const Reading& reading);

}  // namespace bulkhead::world
