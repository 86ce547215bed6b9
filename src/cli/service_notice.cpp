// SPDX-License-Identifier: Apache-2.0
#include "cli/service_notice.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <string>

#include "world/live/fd.h"

namespace bulkhead::cli {

bool notify_service(std::string_view state) {
    const char* named = std::getenv("NOTIFY_SOCKET");
    if (named == nullptr) return false;
    const std::string path = named;
    sockaddr_un address{};
    if (path.size() < 2 || path.size() >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@')) return false;
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    if (path[0] == '@') address.sun_path[0] = '\0';  // an abstract name
    std::string text(state);
    if (state == "RELOADING=1") {
        timespec now{};
        ::clock_gettime(CLOCK_MONOTONIC, &now);
        text += fmt::format("\nMONOTONIC_USEC={}", now.tv_sec * 1'000'000 + now.tv_nsec / 1000);
    }
    const world::Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    return fd.valid() &&
           ::sendto(fd.get(), text.data(), text.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), length) == static_cast<ssize_t>(text.size());
}

}  // namespace bulkhead::cli
