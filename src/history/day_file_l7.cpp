// SPDX-License-Identifier: Apache-2.0
// What was said in a flow, as rows beside it.
#include <algorithm>

#include "history/day_file.h"
#include "history/schema.h"

namespace bulkhead::history {

namespace {

constexpr std::size_t exchanges_max = 1U << exchange_bits;
static_assert(flow::l7_exchanges_max <= exchanges_max);

}  // namespace

Result<void> DayFile::bind_texts(Binder& binder, std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts) {
        auto id = dictionary_->text(text);
        if (!id) return std::unexpected(id.error());
        binder.integer_or_null(*id);
    }
    return {};
}

Result<void> DayFile::add_l7(const flow::L7& l7) {
    const std::int64_t id = last_flow_ << exchange_bits;
    if (auto added = add_http(l7, id); !added) return added;
    if (auto added = add_dns(l7, id); !added) return added;
    if (!l7.tls.empty()) {
        if (auto added = add_tls(l7.tls.front(), id); !added) return added;
    }
    const bool plain = l7.banner.empty() && l7.user.empty() && l7.database.empty() && l7.risks.empty() && l7.exchanges_left_out == 0;
    if (plain) return {};
    Binder binder(statements_->l7);
    binder.integer(last_flow_);
    if (auto bound = bind_texts(binder, {l7.banner, l7.user, l7.database, array_text(l7.risks)}); !bound) return bound;
    return binder.integer_or_null(l7.exchanges_left_out).step();
}

Result<void> DayFile::add_http(const flow::L7& l7, std::int64_t id) {
    for (std::size_t i = 0; i < std::min(l7.http.size(), exchanges_max); ++i) {
        const flow::HttpRequest& request = l7.http[i];
        Binder binder(statements_->http);
        binder.integer(id + static_cast<std::int64_t>(i)).integer(request.time_ns / 1000 - day_ * us_per_day);
        if (auto bound = bind_texts(binder, {request.method, request.host, request.path, request.version}); !bound) return bound;
        auto added = binder.integer_or_null(request.status)
                         .integer_or_null(request.latency_ns < 0 ? -1 : request.latency_ns / 1000, -1)
                         .integer(request.grpc ? 1 : 0)
                         .step();
        if (!added) return added;
    }
    return {};
}

Result<void> DayFile::add_dns(const flow::L7& l7, std::int64_t id) {
    for (std::size_t i = 0; i < std::min(l7.dns.size(), exchanges_max); ++i) {
        const flow::DnsQuery& query = l7.dns[i];
        Binder binder(statements_->dns);
        binder.integer(id + static_cast<std::int64_t>(i)).integer(query.time_ns / 1000 - day_ * us_per_day);
        if (auto bound = bind_texts(binder, {query.name}); !bound) return bound;
        binder.integer(query.type).integer_or_null(query.rcode, -1);
        if (auto bound = bind_texts(binder, {array_text(query.answers)}); !bound) return bound;
        auto added = binder.integer_or_null(query.ttl).integer_or_null(query.latency_ns < 0 ? -1 : query.latency_ns / 1000, -1).step();
        if (!added) return added;
    }
    return {};
}

Result<void> DayFile::add_tls(const flow::TlsSession& tls, std::int64_t id) {
    Binder binder(statements_->tls);
    binder.integer(id);
    if (auto bound = bind_texts(binder, {tls.server_name, tls.alpn, tls.version, tls.cipher, tls.subject, tls.issuer}); !bound) return bound;
    binder.integer_or_null(tls.not_after);
    if (auto bound = bind_texts(binder, {tls.ja3, tls.ja3s, tls.ja4}); !bound) return bound;
    return binder.step();
}

}  // namespace bulkhead::history
