// SPDX-License-Identifier: Apache-2.0
#include "cli/service_notice.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>

#include "world/live/fd.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::cli {
namespace {

TEST(ServiceNotice, is_one_datagram_to_the_socket_that_is_named_and_nothing_without_one) {
    const world::TempFolder folder;
    const world::Fd fd(::socket(AF_UNIX, SOCK_DGRAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    folder.at("s").copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::setenv("NOTIFY_SOCKET", folder.at("s").c_str(), 1);
    EXPECT_TRUE(notify_service("READY=1"));
    EXPECT_TRUE(notify_service("RELOADING=1"));
    char buffer[200];
    EXPECT_EQ(std::string(buffer, static_cast<std::size_t>(::recv(fd.get(), buffer, sizeof buffer, MSG_DONTWAIT))), "READY=1");
    const std::string reloading(buffer, static_cast<std::size_t>(::recv(fd.get(), buffer, sizeof buffer, MSG_DONTWAIT)));
    EXPECT_TRUE(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC=")) << reloading;
    ::unsetenv("NOTIFY_SOCKET");
    EXPECT_FALSE(notify_service("READY=1"));
    for (const char* wrong : {"", "x", "relative/path"}) {
        ::setenv("NOTIFY_SOCKET", wrong, 1);
        EXPECT_FALSE(notify_service("READY=1")) << wrong;
    }
    ::unsetenv("NOTIFY_SOCKET");
}

}  // namespace
}  // namespace bulkhead::cli
