// SPDX-License-Identifier: Apache-2.0
#include "world/live/questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/text.h"

namespace bulkhead::world {

namespace {

std::string big_endian(std::size_t value, int bytes) {
    std::string out;
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xff);
    return out;
}

std::string little_endian(std::size_t value, int bytes) {
    std::string out = big_endian(value, bytes);
    std::ranges::reverse(out);
    return out;
}

std::size_t number(std::string_view bytes, std::size_t at, std::size_t count) {
    std::size_t value = 0;
    for (std::size_t i = at; i < at + count; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    return value;
}

// RFC 9113: types of frames and their flags.
constexpr std::size_t frame_head_bytes = 9;
constexpr std::size_t data = 0;
constexpr std::size_t headers = 1;
constexpr std::size_t rst_stream = 3;
constexpr std::size_t settings = 4;
constexpr std::size_t goaway = 7;
constexpr std::size_t end_stream = 1;
constexpr std::size_t end_headers = 4;

std::string frame(std::size_t type, std::size_t flags, std::size_t stream, std::string_view payload) {
    return big_endian(payload.size(), 3) + big_endian(type, 1) + big_endian(flags, 1) + big_endian(stream, 4) + std::string(payload);
}

// A header that no table learns (RFC 7541, 6.2.2), without Huffman coding; index: its name's in the static table, 0 for a name of its own.
std::string header(std::size_t index, std::string_view name, std::string_view value) {
    std::string out = index < 15 ? big_endian(index, 1) : big_endian(15, 1) + big_endian(index - 15, 1);
    if (index == 0) out += big_endian(name.size(), 1) + std::string(name);
    return out + big_endian(value.size(), 1) + std::string(value);
}

// A call of gRPC with an empty message: which nodes are there? swarmkit, api/control.proto; only managers may ask it.
std::string swarm_call() {
    const std::string head = "\x83\x87" + header(1, "", "swarm") + header(4, "", "/docker.swarmkit.v1.Control/ListNodes") + header(31, "", "application/grpc") +
                             header(0, "te", "trailers");
    return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(settings, 0, 0, "") + frame(headers, end_headers, 1, head) +
           frame(data, end_stream, 1, std::string(5, '\0'));
}

std::string http_get(std::string_view path) { return fmt::format("GET {} HTTP/1.0\r\nHost: store\r\nAccept: */*\r\n\r\n", path); }

std::string http_post(std::string_view path, std::string_view body) {
    return fmt::format("POST {} HTTP/1.0\r\nHost: store\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", path, body.size(), body);
}

// PostgreSQL, "Message Formats": StartupMessage, version 3.0.
std::string postgres_start(std::string_view user) {
    using namespace std::string_literals;
    const std::string body = "\0\3\0\0user\0"s + std::string(user) + "\0database\0"s + std::string(user) + "\0\0"s;
    return big_endian(body.size() + 4, 4) + body;
}

// MongoDB, OP_MSG: {listDatabases: 1, nameOnly: true, filter: {name: ""}, $db: "admin"}: no database has that name, so none is listed.
std::string mongodb_call() {
    using namespace std::string_literals;
    const auto document = [](const std::string& elements) { return little_endian(elements.size() + 5, 4) + elements + "\0"s; };
    const std::string filter = document("\2name\0"s + little_endian(1, 4) + "\0"s);
    const std::string body =
        document("\x10listDatabases\0"s + little_endian(1, 4) + "\x08nameOnly\0\1"s + "\3filter\0"s + filter + "\2$db\0"s + little_endian(6, 4) + "admin\0"s);
    const std::string message = little_endian(1, 4) + little_endian(0, 4) + little_endian(2013, 4) + little_endian(0, 4) + "\0"s + body;
    return little_endian(message.size() + 4, 4) + message;
}

// CQL binary protocol v4: STARTUP {CQL_VERSION: 3.0.0}.
std::string cassandra_start() {
    const auto text = [](std::string_view value) { return big_endian(value.size(), 2) + std::string(value); };
    const std::string body = big_endian(1, 2) + text("CQL_VERSION") + text("3.0.0");
    return big_endian(4, 1) + big_endian(0, 3) + big_endian(1, 1) + big_endian(body.size(), 4) + body;
}

bool has_line(std::string_view answer) { return answer.contains('\n'); }
bool has_nine(std::string_view answer) { return answer.size() >= 9; }
bool has_message(std::string_view answer) {
    if (answer.size() < 4) return false;
    std::string size(answer.substr(0, 4));
    std::ranges::reverse(size);
    return answer.size() >= number(size, 0, 4);
}

// Calls `see` with type, flags, stream and length of each frame that is there whole.
template <class See>
void each_frame(std::string_view answer, See see) {
    while (answer.size() >= frame_head_bytes) {
        const std::size_t length = number(answer, 0, 3);
        see(number(answer, 3, 1), number(answer, 4, 1), number(answer, 5, 4) & 0x7fffffff, length);
        if (answer.size() - frame_head_bytes < length) return;
        answer.remove_prefix(frame_head_bytes + length);
    }
}

bool has_ended_call(std::string_view answer) {
    bool ended = false;
    each_frame(answer, [&](std::size_t type, std::size_t flags, std::size_t stream, std::size_t) {
        ended = ended || type == goaway || (stream == 1 && (type == data || type == rst_stream || (type == headers && (flags & end_stream) != 0)));
    });
    return ended;
}

std::string all_of(std::string_view answer) { return std::string(answer.substr(0, answer_kept_max)); }
std::string first_line(std::string_view answer) { return std::string(answer.substr(0, std::min(answer.find('\n'), answer_kept_max))); }
// NATS says addresses and keys of its own besides.
std::string nats_words(std::string_view answer) {
    std::string out(answer.substr(0, std::min<std::size_t>(answer.find(' '), 8)));
    for (const char* word : {"auth_required", "tls_required", "tls_verify"}) {
        if (answer.contains(fmt::format("\"{}\":true", word))) out += fmt::format(" {}", word);
    }
    return out;
}
// Of these the body says what the product is, and nothing that is stored.
std::string http_whole(std::string_view answer) {
    const std::size_t end = answer.find("\r\n\r\n");
    std::string out = http_head(answer);
    if (end != std::string_view::npos) out += "\r\n" + std::string(answer.substr(end + 4));
    return out.substr(0, answer_kept_max);
}

std::vector<Question> make_questions() {
    return {
        {"swarm", swarm_call(), true, false, "h2", has_ended_call, frames},
        {"swarm_forged", swarm_call(), true, true, "h2", has_ended_call, frames},
        {"swarm_clear", swarm_call(), false, false, "", has_ended_call, frames},
        {"redis", "PING\r\n", false, false, "", has_line, first_line},
        {"memcached", "version\r\n", false, false, "", has_line, first_line},
        {"etcd", http_post("/v3/kv/range", R"({"key":"AA==","count_only":true})"), false, false, "", nullptr, http_whole},
        {"elasticsearch", http_get("/"), false, false, "", nullptr, http_whole},
        {"couchdb", http_get("/_all_dbs?limit=0"), false, false, "", nullptr, http_head},
        {"influxdb", http_get("/query?q=SHOW+DATABASES"), false, false, "", nullptr, http_head},
        {"clickhouse", http_get("/?query=SELECT+1"), false, false, "", nullptr, http_head},
        {"consul", http_get("/v1/agent/self"), false, false, "", nullptr, http_head},
        {"mongodb", mongodb_call(), false, false, "", has_message, all_of},
        {"postgresql", postgres_start("postgres"), false, false, "", has_nine, all_of},
        {"cockroachdb", postgres_start("root"), false, false, "", has_nine, all_of},
        {"cassandra", cassandra_start(), false, false, "", has_nine, all_of},
        {"nats", "", false, false, "", has_line, nats_words},
    };
}

}  // namespace

const Question* question_of(std::string_view name) {
    static const std::vector<Question> questions = make_questions();
    const auto found = std::ranges::find(questions, name, &Question::name);
    return found == questions.end() ? nullptr : &*found;
}

std::string http_head(std::string_view answer) {
    std::string out;
    const std::size_t end = answer.find("\r\n\r\n");
    bool first = true;
    for (const std::string_view line : text::lines(answer.substr(0, end))) {
        const std::size_t colon = line.find(':');
        const std::string name = text::lower(line.substr(0, colon));
        const bool tells = first || name == "server" || name == "www-authenticate" || name == "content-type" || name == "x-elastic-product";
        if (!tells && colon == std::string_view::npos) continue;
        if (!out.empty()) out += "\r\n";
        out += tells ? text::trim(line) : line.substr(0, colon + 1);
        first = false;
    }
    return out.substr(0, answer_kept_max);
}

std::string frames(std::string_view answer) {
    std::string out;
    std::size_t count = 0;
    each_frame(answer, [&](std::size_t type, std::size_t flags, std::size_t stream, std::size_t length) {
        if (++count <= frames_max) out += fmt::format("{} {} {} {}\n", type, flags, stream, length);
    });
    return out;
}

}  // namespace bulkhead::world
