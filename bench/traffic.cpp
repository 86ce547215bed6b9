// SPDX-License-Identifier: Apache-2.0
// Traffic to measure by, without other tools. usage:
//   traffic serve                      TCP on port 9000: takes what comes and answers with one byte when the other is done
//   traffic connect ADDRESS COUNT      so many connections one after the other on each of four threads; prints connections a second
//   traffic stream ADDRESS SECONDS     one connection, as fast as it goes; prints bytes a second that were taken from us
//   traffic packets ADDRESS SECONDS    UDP with 18 bytes to port 9001, as fast as it goes; prints packets a second
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

sockaddr_in address_of(const char* text, int port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(static_cast<std::uint16_t>(port));
    inet_pton(AF_INET, text, &out.sin_addr);
    return out;
}

int serve() {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const sockaddr_in address = address_of("0.0.0.0", 9000);
    if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(listener, 4096) != 0) return 1;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([listener] {
            std::vector<char> buffer(1 << 18);
            for (;;) {
                const int one = accept(listener, nullptr, nullptr);
                if (one < 0) continue;
                while (read(one, buffer.data(), buffer.size()) > 0) {
                }
                if (write(one, "!", 1) != 1) std::perror("answer");
                close(one);
            }
        });
    }
    return 0;
}

bool connect_once(const sockaddr_in& to) {
    const int one = socket(AF_INET, SOCK_STREAM, 0);
    char answer = 0;
    const bool good = connect(one, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 && write(one, "hello", 5) == 5 && shutdown(one, SHUT_WR) == 0 &&
                      read(one, &answer, 1) == 1;
    close(one);
    return good;
}

int connect_many(const char* address, int count) {
    const sockaddr_in to = address_of(address, 9000);
    std::atomic<int> failed = 0;
    const auto start = Clock::now();
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < count; ++n) failed += connect_once(to) ? 0 : 1;
            });
        }
    }
    const std::chrono::duration<double> took = Clock::now() - start;
    std::printf("%.0f\n", 4 * count / took.count());
    if (failed > 0) std::fprintf(stderr, "traffic: %d connections failed\n", failed.load());
    return failed == 0 ? 0 : 1;
}

int stream(const char* address, double seconds) {
    const sockaddr_in to = address_of(address, 9000);
    const int one = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(one, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return 1;
    const std::vector<char> buffer(1 << 18);
    double sent = 0;
    const auto start = Clock::now();
    std::chrono::duration<double> took{};
    while ((took = Clock::now() - start).count() < seconds) sent += static_cast<double>(write(one, buffer.data(), buffer.size()));
    std::printf("%.0f\n", sent / took.count());
    return 0;
}

int packets(const char* address, double seconds) {
    const sockaddr_in to = address_of(address, 9001);
    const int one = socket(AF_INET, SOCK_DGRAM, 0);
    connect(one, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    double sent = 0;
    const auto start = Clock::now();
    std::chrono::duration<double> took{};
    while ((took = Clock::now() - start).count() < seconds) {
        for (int i = 0; i < 100; ++i) sent += send(one, "eighteen bytes now", 18, 0) == 18 ? 1 : 0;
    }
    std::printf("%.0f\n", sent / took.count());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "serve") return serve();
    if (argc == 4 && what == "connect") return connect_many(argv[2], std::atoi(argv[3]));
    if (argc == 4 && what == "stream") return stream(argv[2], std::atof(argv[3]));
    if (argc == 4 && what == "packets") return packets(argv[2], std::atof(argv[3]));
    std::fprintf(stderr, "usage: traffic serve | connect ADDRESS COUNT | stream ADDRESS SECONDS | packets ADDRESS SECONDS\n");
    return 2;
}
