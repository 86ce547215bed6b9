// SPDX-License-Identifier: Apache-2.0
#include "world/live/file_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "world/live/engine_client.h"
#include "world/live/small_server.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::world {
namespace {

using testing::HasSubstr;

Result<std::string> all_of(ByteStream& stream) {
    std::string out;
    for (;;) {
        const auto bytes = stream.next();
        if (!bytes) return std::unexpected(bytes.error());
        if (bytes->empty()) return out;
        out += *bytes;
    }
}

TEST(FileStream, gives_the_whole_file) {
    const TempFolder folder;
    const std::string bytes(1'000'000, 'x');
    auto stream = open_file_stream(folder.write("a", bytes));
    ASSERT_TRUE(stream);
    EXPECT_EQ(*all_of(**stream), bytes);
}

TEST(FileStream, of_what_is_no_regular_file_is_refused) {
    const TempFolder folder;
    ASSERT_EQ(mkfifo(folder.at("pipe").c_str(), 0600), 0);
    EXPECT_EQ(open_file_stream(folder.at("pipe")).error().code, Code::unsupported) << "and does not wait for a writer";
    EXPECT_EQ(open_file_stream("/dev/zero").error().code, Code::unsupported);
    EXPECT_EQ(open_file_stream(folder.at("nothing")).error().code, Code::not_found);
}

TEST(FolderFiles, are_the_regular_files_in_order_and_no_link_is_followed) {
    const TempFolder folder;
    (void)folder.write("x/index.json", "i");
    (void)folder.write("x/blobs/sha256/1", "one");
    std::filesystem::create_symlink("/etc/passwd", folder.at("x/blobs/link"));
    std::filesystem::create_directory_symlink("/etc", folder.at("x/etc"));
    ASSERT_EQ(mkfifo(folder.at("x/pipe").c_str(), 0600), 0);
    auto files = open_folder_files(folder.at("x"));
    ASSERT_TRUE(files) << files.error().message;
    EXPECT_EQ((*files)->next_file()->value_or(""), "blobs/sha256/1");
    EXPECT_EQ(*all_of((*files)->bytes()), "one");
    EXPECT_EQ((*files)->next_file()->value_or(""), "index.json");
    EXPECT_EQ(*(*files)->next_file(), std::nullopt);
}

TEST(FolderFiles, too_deep_are_refused) {
    const TempFolder folder;
    (void)folder.write("x/1/2/3/4/5/6", "i");
    EXPECT_EQ(open_folder_files(folder.at("x")).error().code, Code::limit_exceeded);
    EXPECT_TRUE(*is_folder(folder.at("x")));
    EXPECT_FALSE(*is_folder(folder.at("x/1/2/3/4/5/6")));
    EXPECT_FALSE(is_folder(folder.at("nothing")));
}

// An engine that answers its ping soundly, and the export with exactly these bytes.
struct Engine {
    explicit Engine(std::string answer)
        : server(SmallServer::Family::unix_socket, [answer = std::move(answer)](int connection, const std::string& path) {
              SmallServer::send(connection, path.ends_with("/get") ? answer : SmallServer::http(200, "OK"));
          }) {}
    Result<std::string> get() {
        EngineClient client({.unix_path = server.path()});
        auto stream = client.stream("/images/sha256:1/get");
        if (!stream) return std::unexpected(stream.error());
        return all_of(**stream);
    }
    SmallServer server;
};

TEST(EngineStream, gives_a_body_larger_than_any_reading_may_be_piece_by_piece) {
    const std::string body(3'000'000, 'b');
    EXPECT_EQ(*Engine(SmallServer::http(200, body)).get(), body);
}

TEST(EngineStream, that_is_cut_is_an_error_and_no_end) {
    const std::string whole = SmallServer::http(200, std::string(100'000, 'b'));
    for (const std::size_t length : {whole.size() - 1, std::size_t{60}, std::size_t{0}}) {
        const auto got = Engine(whole.substr(0, length)).get();
        ASSERT_FALSE(got) << length;
        EXPECT_EQ(got.error().code, Code::unavailable);
    }
    EXPECT_FALSE(Engine("HTTP/1.1 200 OK\r\n\r\nno length is told").get()) << "a cut one would look whole";
}

TEST(EngineStream, tells_what_the_engine_says) {
    const auto gone = Engine(SmallServer::http(404, R"({"message":"no such image"})")).get();
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, Code::not_found);
    EXPECT_THAT(gone.error().message, HasSubstr("no such image"));
    EXPECT_EQ(Engine(SmallServer::http(403, "{}")).get().error().code, Code::permission_denied);
    EXPECT_EQ(Engine(SmallServer::http(500, "{}")).get().error().code, Code::unavailable);
}

}  // namespace
}  // namespace bulkhead::world
