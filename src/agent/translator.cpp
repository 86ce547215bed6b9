// SPDX-License-Identifier: Apache-2.0
#include "agent/translator.h"

#include "flow/filter.h"

namespace bulkhead::agent {

namespace {

bool is_tracked_with_ports(std::uint8_t protocol) {
    return protocol == packet::protocol::tcp || protocol == packet::protocol::udp || protocol == packet::protocol::sctp ||
           protocol == packet::protocol::udplite;
}

}  // namespace

Translator::Translator(std::int64_t netns_pid) {
    auto opened = world::ConntrackSocket::open(netns_pid);
    if (opened) {
        socket_.emplace(std::move(*opened));
    } else {
        counts_.last_failure = opened.error().message;
    }
}

std::optional<host::Tracked> Translator::ask(const host::Tuple& tuple, host::By by) {
    ++counts_.asked;
    const auto answer = socket_->ask(host::tracked_question(tuple, by));
    if (!answer) {
        ++counts_.failed;
        counts_.last_failure = answer.error().message;
        return std::nullopt;
    }
    if (!*answer) return std::nullopt;
    const auto tracked = host::parse_tracked(**answer);
    return tracked ? std::optional(*tracked) : std::nullopt;
}

std::optional<host::Translation> Translator::translate(const flow::Record& record, std::int64_t now_ns) {
    if (!socket_ || record.key.network() != 0 || !is_tracked_with_ports(record.key.protocol())) return std::nullopt;
    if (now_ns / 1'000'000'000 != second_) second_ = now_ns / 1'000'000'000, asked_in_second_ = 0;
    if (++asked_in_second_ > questions_a_second_max) {
        ++counts_.left_out;
        return std::nullopt;
    }
    const host::Tuple seen{flow::address_of(record.source()), flow::address_of(record.destination()), record.source_port(), record.destination_port(),
                           record.key.protocol()};
    auto tracked = ask(seen, host::By::original);
    if (!tracked) tracked = ask({seen.destination, seen.source, seen.destination_port, seen.source_port, seen.protocol}, host::By::reply);
    if (!tracked) return std::nullopt;
    auto found = host::translation(*tracked, seen);
    if (found) ++counts_.found;
    return found;
}

}  // namespace bulkhead::agent
