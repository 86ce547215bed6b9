// SPDX-License-Identifier: Apache-2.0
// tls_session: what TLS says in the clear as it begins, out of the history.
#include "tables/past_rows.h"

namespace bulkhead::tables {

Table tls_session() {
    return make_table<PastRow>(
        {.name = "tls_session",
         .help = "TLS sessions as far as their handshakes are in the clear, out of the history that bulkhead serve keeps.",
         .columns = past_columns(with_ends({{"time", Type::text, "when its flow began"},
                                            {"server_name", Type::text, "name that the client asked for (SNI)"},
                                            {"alpn", Type::text, "protocol that was agreed on"},
                                            {"version", Type::text, "1.0 to 1.3"},
                                            {"cipher", Type::text, "suite that the server chose"},
                                            {"subject", Type::text, "of the server's certificate, where it is sent in the clear (up to 1.2)"},
                                            {"issuer", Type::text, "of that certificate"},
                                            {"not_after", Type::text, "when that certificate ends"},
                                            {"ja3", Type::text, "fingerprint of the client"},
                                            {"ja3s", Type::text, "fingerprint of the server's answer"},
                                            {"ja4", Type::text, "newer fingerprint of the client"}})),
         .keys = end_keys(),
         .examples = {"select distinct destination_service, version, cipher from tls_session where version < '1.2'"},
         .rows = [](Scan& scan) { return past_rows(scan, {.what = "tls_session", .keys = end_keys(), .times = {"time"}}); },
         .reads_long = true,
         .ranges = {"time"}});
}

}  // namespace bulkhead::tables
