// SPDX-License-Identifier: Apache-2.0
#include "world/live/engine_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "base/json.h"
#include "world/live/fd.h"
#include "world/testing/child.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::world {
namespace {

using testing::HasSubstr;

Fd listen_at(const std::string& path) {
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(fd.get(), 8) != 0) fd.reset();
    return fd;
}

std::int64_t pid_in(const Result<std::string>& answer) {
    if (!answer) return 0;
    const auto document = json::Document::parse(*answer);
    return document ? document->root()["pid"].integer_or(0) : 0;
}

TEST(EngineProcess, that_listens_itself_is_told_by_its_peer_credentials) {
    const TempFolder folder;
    Fd listener;
    const StayingChild engine([&] {
        ::prctl(PR_SET_NAME, "dockerd");
        listener = listen_at(folder.at("docker.sock"));
        return listener.valid();
    });
    ASSERT_TRUE(engine.prepared());
    const auto answer = find_engine_process(folder.at("docker.sock"));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(pid_in(answer), engine.pid());
    EXPECT_THAT(*answer, HasSubstr("peer credentials"));
}

// As systemd does: it opens the socket, dockerd inherits it.
TEST(EngineProcess, that_inherited_its_socket_is_found_by_the_sockets_inode) {
    const TempFolder folder;
    const Fd listener = listen_at(folder.at("docker.sock"));
    ASSERT_TRUE(listener.valid());
    const StayingChild engine([] { return ::prctl(PR_SET_NAME, "dockerd") == 0; });
    ASSERT_TRUE(engine.prepared());
    const auto answer = find_engine_process(folder.at("docker.sock"));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(pid_in(answer), engine.pid());
    EXPECT_THAT(*answer, HasSubstr("holds the listening socket"));
}

TEST(EngineProcess, is_not_a_dockerd_that_holds_another_socket) {
    const TempFolder folder;
    Fd other;
    const StayingChild engine([&] {
        ::prctl(PR_SET_NAME, "dockerd");
        other = listen_at(folder.at("other.sock"));
        return other.valid();
    });
    ASSERT_TRUE(engine.prepared());
    const Fd listener = listen_at(folder.at("docker.sock"));
    const auto answer = find_engine_process(folder.at("docker.sock"));
    ASSERT_FALSE(answer) << *answer;
    EXPECT_EQ(answer.error().code, Code::not_found);
    EXPECT_THAT(answer.error().message, HasSubstr("no dockerd on this machine holds the listening socket"));
}

TEST(EngineProcess, is_not_a_proxy_that_only_listens) {
    const TempFolder folder;
    const Fd listener = listen_at(folder.at("docker.sock"));
    const auto answer = find_engine_process(folder.at("docker.sock"));
    ASSERT_FALSE(answer) << *answer;
    EXPECT_THAT(answer.error().message, HasSubstr("it may be a proxy"));
}

TEST(EngineProcess, of_a_socket_that_nobody_listens_on_is_a_failure) {
    const TempFolder folder;
    listen_at(folder.at("dead.sock")).reset();
    const auto dead = find_engine_process(folder.at("dead.sock"));
    ASSERT_FALSE(dead);
    EXPECT_EQ(dead.error().code, Code::unavailable);
    EXPECT_FALSE(find_engine_process(folder.at("missing.sock")));
    EXPECT_FALSE(find_engine_process(folder.write("file", "")));
    const auto too_long = find_engine_process("/" + std::string(200, 'x'));
    ASSERT_FALSE(too_long);
    EXPECT_EQ(too_long.error().code, Code::invalid_input);
}

TEST(EngineProcess, names_in_the_answer_are_json_whatever_they_hold) {
    const TempFolder folder;
    const std::string path = folder.at("do\"ck\n.sock");
    Fd listener;
    const StayingChild engine([&] {
        ::prctl(PR_SET_NAME, "dockerd-\"x\"");
        listener = listen_at(path);
        return listener.valid();
    });
    const auto answer = find_engine_process(path);
    ASSERT_TRUE(answer) << answer.error().message;
    const auto document = json::Document::parse(*answer);
    ASSERT_TRUE(document) << *answer;
    EXPECT_EQ(document->root()["socket"].text_or(), path);
}

}  // namespace
}  // namespace bulkhead::world
