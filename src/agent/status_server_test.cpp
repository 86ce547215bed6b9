// SPDX-License-Identifier: Apache-2.0
#include "agent/status_server.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "world/testing/temp_folder.h"

namespace bulkhead::agent {
namespace {

StatusServer::Pages pages() {
    return [](std::string_view path) -> std::optional<Page> {
        if (path != "/status") return std::nullopt;
        return Page{"application/json", R"({"a":1})"};
    };
}

TEST(StatusServer, tells_a_page_on_a_socket_that_only_its_owner_may_open) {
    const world::TempFolder folder;
    const std::string listen = "unix:" + folder.at("s");
    {
        const auto server = StatusServer::open(listen, pages());
        ASSERT_TRUE(server.has_value()) << server.error().message;
        EXPECT_EQ(*ask_status(listen, "/status"), R"({"a":1})");
        EXPECT_EQ(*ask_status(listen, "/status?x=1"), R"({"a":1})");
        EXPECT_EQ(ask_status(listen, "/other").error().code, Code::not_found);
        struct stat found{};
        ASSERT_EQ(::stat(folder.at("s").c_str(), &found), 0);
        EXPECT_EQ(found.st_mode & 0777U, 0600u);
        EXPECT_EQ(StatusServer::open(listen, pages()).error().code, Code::unavailable);
    }
    EXPECT_FALSE(ask_status(listen, "/status").has_value());
}

TEST(StatusServer, socket_file_that_nobody_answers_on_is_replaced_and_any_other_file_is_not) {
    const world::TempFolder folder;
    folder.write("file", "precious");
    EXPECT_FALSE(StatusServer::open("unix:" + folder.at("file"), pages()).has_value());
    EXPECT_EQ(folder.read("file"), "precious");
    {
        const world::Fd killed(::socket(AF_UNIX, SOCK_STREAM, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        folder.at("s").copy(address.sun_path, sizeof address.sun_path - 1);
        ASSERT_EQ(::bind(killed.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    }
    const auto server = StatusServer::open("unix:" + folder.at("s"), pages());
    ASSERT_TRUE(server.has_value()) << server.error().message;
    EXPECT_TRUE(ask_status("unix:" + folder.at("s"), "/status").has_value());
}

TEST(StatusServer, listens_on_the_loopback_and_nowhere_else) {
    const auto server = StatusServer::open("127.0.0.1:0", pages());
    ASSERT_TRUE(server.has_value()) << server.error().message;
    EXPECT_EQ(*ask_status("127.0.0.1:" + std::to_string((*server)->port()), "/status"), R"({"a":1})");
    for (const char* wrong : {"0.0.0.0:0", "192.0.2.1:80", "localhost", "unix:", "127.0.0.1:99999", ""}) {
        EXPECT_EQ(StatusServer::open(wrong, pages()).error().code, Code::invalid_input) << wrong;
    }
}

}  // namespace
}  // namespace bulkhead::agent
