// SPDX-License-Identifier: Apache-2.0
// The parsers that listen on once a protocol is recognised, and the checks by which it is. One file each; signatures.cpp names them.
#pragma once

#include <memory>

#include "l7/conversation.h"
#include "l7/signature.h"

namespace bulkhead::l7 {

// bool: over TCP.
std::unique_ptr<Conversation> open_http1(bool tcp);       // RFC 9112
std::unique_ptr<Conversation> open_http2(bool tcp);       // RFC 9113, gRPC over it
std::unique_ptr<Conversation> open_dns(bool tcp);         // RFC 1035
std::unique_ptr<Conversation> open_tls(bool tcp);         // RFC 8446, 5246
std::unique_ptr<Conversation> open_redis(bool tcp);       // RESP
std::unique_ptr<Conversation> open_postgresql(bool tcp);  // PostgreSQL documentation, "Frontend/Backend Protocol"
std::unique_ptr<Conversation> open_mysql(bool tcp);       // MySQL internals, "Client/Server Protocol"
std::unique_ptr<Conversation> open_mongodb(bool tcp);     // MongoDB wire protocol
std::unique_ptr<Conversation> open_greeting(bool tcp);    // the first line of each side: SSH (RFC 4253), SMTP, FTP, POP3, IMAP
std::unique_ptr<Conversation> open_amqp(bool tcp);        // AMQP 0-9-1: Connection.Start says whose server it is

bool is_http_request(const Opening& opening);
bool is_http_response(const Opening& opening);
bool is_dns(const Opening& opening);
bool is_tls_hello(const Opening& opening);
bool is_tls_record(const Opening& opening);
bool is_ssl2_hello(const Opening& opening);
bool is_redis_request(const Opening& opening);
bool is_postgresql_start(const Opening& opening);
bool is_mysql_greeting(const Opening& opening);
bool is_mongodb(const Opening& opening);
bool is_kafka_request(const Opening& opening);

}  // namespace bulkhead::l7
