// SPDX-License-Identifier: Apache-2.0
// The shop of the hardened lab as one static program, so that its images need no shell. It is linked without libraries of C++.
//   serve [URL...]   HTTP on $PORT: a page, or at /cgi-bin/up what $UPSTREAM says; and calls the URLs, as `call` does
//   store            on $PORT one line to each who connects
//   call URL...      fetches http://HOST[:PORT]/PATH, or sends a line to tcp://HOST:PORT, every two seconds, for ever
//   check            0 where something listens on $PORT, or none is set; else 1
//   done             says so and ends
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr int time_max_ms = 3000;
constexpr unsigned every_s = 2;
constexpr const char* page = "<!doctype html><title>shop</title><p>one bulkhead, two anchors</p>\n";

struct Text {
    char bytes[2048] = {};
};

void send_text(int connection, const char* text) {
    std::size_t left = std::strlen(text);
    while (left > 0) {
        const ssize_t sent = send(connection, text, left, MSG_NOSIGNAL);
        if (sent <= 0) return;
        text += sent;
        left -= static_cast<std::size_t>(sent);
    }
}

// What comes within the time, up to the end or to `until`.
void receive_text(int connection, Text& into, const char* until) {
    std::size_t size = 0;
    while (size + 1 < sizeof into.bytes) {
        pollfd waiting{connection, POLLIN, 0};
        if (poll(&waiting, 1, time_max_ms) != 1) return;
        const ssize_t got = recv(connection, into.bytes + size, sizeof into.bytes - 1 - size, 0);
        if (got <= 0) return;
        size += static_cast<std::size_t>(got);
        into.bytes[size] = '\0';
        if (until != nullptr && std::strstr(into.bytes, until) != nullptr) return;
    }
}

// A connection, or -1.
int connect_to(const char* host, const char* port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host, port, &hints, &found) != 0) return -1;
    int connection = -1;
    for (const addrinfo* one = found; one != nullptr && connection < 0; one = one->ai_next) {
        connection = socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connection >= 0 && connect(connection, one->ai_addr, one->ai_addrlen) != 0) {
            close(connection);
            connection = -1;
        }
    }
    freeaddrinfo(found);
    return connection;
}

// "http://HOST[:PORT]/PATH" or "tcp://HOST:PORT"; what was answered.
Text call_once(const char* url) {
    Text answer;
    const bool is_http = std::strncmp(url, "http://", 7) == 0;
    char where[256] = {};
    std::snprintf(where, sizeof where, "%s", url + (is_http ? 7 : 6));
    char* slash = std::strchr(where, '/');
    const char* path = slash != nullptr ? url + 7 + (slash - where) : "/";
    if (slash != nullptr) *slash = '\0';
    char* colon = std::strrchr(where, ':');
    if (colon != nullptr) *colon = '\0';
    const int connection = connect_to(where, colon != nullptr ? colon + 1 : "80");
    if (connection < 0) return answer;
    Text request;
    std::snprintf(request.bytes, sizeof request.bytes, is_http ? "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" : "select 1\n", path, where);
    send_text(connection, request.bytes);
    receive_text(connection, answer, is_http ? nullptr : "\n");
    close(connection);
    return answer;
}

[[noreturn]] void call_for_ever(char** urls) {
    for (;;) {
        for (char** url = urls; *url != nullptr; ++url) call_once(*url);
        sleep(every_s);
    }
}

void answer_http(int connection) {
    Text request;
    receive_text(connection, request, "\r\n\r\n");
    const char* upstream = std::getenv("UPSTREAM");
    send_text(connection, "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n");
    if (upstream == nullptr || std::strncmp(request.bytes, "GET /cgi-bin/up ", 16) != 0) return send_text(connection, page);
    const Text answer = call_once(upstream);
    const char* body = std::strstr(answer.bytes, "\r\n\r\n");
    send_text(connection, body != nullptr ? body + 4 : "");
}

int listen_for_ever(const char* port, void (*answer)(int)) {
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_flags = AI_PASSIVE;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(nullptr, port, &hints, &found) != 0) return 1;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (listener < 0 || bind(listener, found->ai_addr, found->ai_addrlen) != 0 || listen(listener, 16) != 0) {
        std::perror("shop");
        return 1;
    }
    for (;;) {
        const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) continue;
        answer(connection);
        close(connection);
    }
}

int run(int count, char** words) {
    const char* verb = count > 1 ? words[1] : "";
    const char* port = std::getenv("PORT");
    if (std::strcmp(verb, "done") == 0) return std::puts("job done") < 0 ? 1 : 0;
    if (std::strcmp(verb, "check") == 0) return port != nullptr && connect_to("127.0.0.1", port) < 0 ? 1 : 0;
    if (std::strcmp(verb, "call") == 0 && count > 2) call_for_ever(words + 2);
    if (port == nullptr) return 2;
    if (std::strcmp(verb, "store") == 0) {
        return listen_for_ever(port, [](int connection) {
            Text request;
            receive_text(connection, request, "\n");
            send_text(connection, "+1 row\n");
        });
    }
    if (std::strcmp(verb, "serve") != 0) return 2;
    if (count > 2 && fork() == 0) call_for_ever(words + 2);
    return listen_for_ever(port, answer_http);
}

}  // namespace

int main(int count, char** words) {
    // The first process of a container gets no default action of a signal.
    std::signal(SIGTERM, [](int) { _exit(0); });
    return run(count, words);
}
