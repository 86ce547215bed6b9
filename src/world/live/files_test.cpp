// SPDX-License-Identifier: Apache-2.0
#include "world/live/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "base/json.h"
#include "world/testing/child.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::world {
namespace {

namespace fs = std::filesystem;

#define NEEDS_ROOT() \
    if (geteuid() != 0) GTEST_SKIP() << "needs root"

Code code_of(const Result<std::string>& result) { return result ? Code::internal : result.error().code; }

// A process whose root is `root`.
StayingChild process_with_root(const std::string& root) {
    return StayingChild([&] { return ::chroot(root.c_str()) == 0 && ::chdir("/") == 0; });
}

TEST(Files, links_below_another_root_never_lead_out_of_it) {
    NEEDS_ROOT();
    const TempFolder folder;
    folder.write("root/etc/shadow", "the container's own");
    folder.write("secret", "of the host");
    fs::create_symlink("/etc/shadow", folder.path() / "root/absolute");
    fs::create_symlink("../../../../../../../../../../etc/shadow", folder.path() / "root/relative");
    fs::create_symlink(folder.at("secret"), folder.path() / "root/outside");
    fs::create_symlink("../secret", folder.path() / "root/above");
    fs::create_directory_symlink("/..", folder.path() / "root/up");
    const StayingChild child = process_with_root(folder.at("root"));
    ASSERT_TRUE(child.prepared());
    EXPECT_EQ(read_file("/absolute", child.pid()).value_or(""), "the container's own");
    EXPECT_EQ(read_file("/relative", child.pid()).value_or(""), "the container's own");
    EXPECT_EQ(read_file("/up/up/etc/shadow", child.pid()).value_or(""), "the container's own");
    EXPECT_EQ(read_file("/../../../../etc/shadow", child.pid()).value_or(""), "the container's own");
    EXPECT_EQ(code_of(read_file("/outside", child.pid())), Code::not_found);
    EXPECT_EQ(code_of(read_file("/above", child.pid())), Code::not_found);
    EXPECT_EQ(code_of(read_stat("/outside", child.pid())), Code::not_found);
    EXPECT_EQ(read_directory("/up", child.pid()).value_or(""), "above\nabsolute\netc\noutside\nrelative\nup\n");
}

TEST(Files, magic_links_of_proc_are_not_followed_below_a_root) {
    ASSERT_TRUE(read_file("/proc/self/status", 0));
    EXPECT_EQ(code_of(read_file("/proc/self/root/etc/passwd", getpid())), Code::unavailable);
    EXPECT_EQ(code_of(read_file("/proc/self/cwd/x", getpid())), Code::unavailable);
}

TEST(Files, pipes_devices_sockets_and_folders_are_never_opened) {
    const TempFolder folder;
    ASSERT_EQ(mkfifo(folder.at("fifo").c_str(), 0600), 0);
    const int reader = ::open(folder.at("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, folder.at("sock").c_str());
    ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(reader);
    // Without another end, opening the pipe for reading would wait for ever.
    for (const std::string& path : {folder.at("fifo"), folder.at("sock"), folder.path().string(), std::string("/dev/zero"), std::string("/dev/tty")}) {
        for (const pid_t root : {0, getpid()}) {
            const auto read = read_file(path, root);
            EXPECT_EQ(code_of(read), Code::unsupported) << path;
            EXPECT_NE(read.error().message.find("not a regular file"), std::string::npos);
        }
    }
    ::close(listener);
}

TEST(Files, the_bound_on_size_is_exact) {
    const TempFolder folder;
    const std::string path = folder.write("large", "");
    ASSERT_EQ(truncate(path.c_str(), static_cast<off_t>(file_bytes_max)), 0);
    const auto largest = read_file(path, 0);
    ASSERT_TRUE(largest);
    EXPECT_EQ(largest->size(), file_bytes_max);
    ASSERT_EQ(truncate(path.c_str(), static_cast<off_t>(file_bytes_max) + 1), 0);
    EXPECT_EQ(code_of(read_file(path, 0)), Code::limit_exceeded);
}

TEST(Files, a_path_ends_where_its_text_ends) {
    const TempFolder folder;
    const std::string path = folder.write("here", "bytes") + std::string("\0.not-here", 10);
    for (const pid_t root : {0, getpid()}) {
        EXPECT_EQ(code_of(read_file(path, root)), Code::invalid_input);
        EXPECT_EQ(code_of(read_stat(path, root)), Code::invalid_input);
        EXPECT_EQ(code_of(read_directory(path, root)), Code::invalid_input);
        EXPECT_EQ(code_of(read_link(path, root)), Code::invalid_input);
    }
}

TEST(Files, a_vanished_process_proves_nothing_about_files_below_its_root) {
    StayingChild child([] { return true; });
    const pid_t pid = child.pid();
    ASSERT_TRUE(read_stat("/", pid));
    child.end();
    EXPECT_EQ(code_of(read_file("/etc/passwd", pid)), Code::unavailable);
    EXPECT_EQ(code_of(read_stat("/etc/passwd", pid)), Code::unavailable);
    EXPECT_EQ(code_of(read_directory("/etc", pid)), Code::unavailable);
    EXPECT_EQ(code_of(read_link("/etc/mtab", pid)), Code::unavailable);
}

TEST(Files, a_vanished_process_has_no_namespaces_and_no_sockets) {
    StayingChild child([] { return true; });
    const pid_t pid = child.pid();
    ASSERT_TRUE(read_namespaces(pid));
    child.end();
    EXPECT_EQ(code_of(read_namespaces(pid)), Code::not_found);
    EXPECT_EQ(code_of(read_socket_inodes(pid)), Code::not_found);
    EXPECT_EQ(code_of(read_file("/proc/" + std::to_string(pid) + "/status", 0)), Code::not_found);
}

TEST(Files, what_may_not_be_read_is_denied_and_not_absent) {
    NEEDS_ROOT();
    const TempFolder folder;
    const std::string secret = folder.write("closed/secret", "x");
    const std::string file = folder.write("file", "x");
    fs::permissions(folder.path(), fs::perms(0755));
    fs::permissions(folder.at("closed"), fs::perms(0700));
    fs::permissions(file, fs::perms(0600));
    const pid_t other = getpid();
    EXPECT_EQ(in_child([&] {
                  if (!become_nobody()) return 1;
                  if (code_of(read_file(file, 0)) != Code::permission_denied) return 2;
                  if (code_of(read_file(secret, 0)) != Code::permission_denied) return 3;
                  if (code_of(read_stat(folder.at("closed/missing"), 0)) != Code::permission_denied) return 4;
                  if (code_of(read_directory(folder.at("closed"), 0)) != Code::permission_denied) return 5;
                  if (code_of(read_stat("/etc/passwd", other)) != Code::permission_denied) return 6;
                  if (code_of(read_namespaces(other)) != Code::permission_denied) return 7;
                  if (code_of(read_socket_inodes(other)) != Code::permission_denied) return 8;
                  return read_stat(file, 0) ? 0 : 9;
              }),
              0);
}

// The folder /proc/PID/fd of a process of the same user may be listed even where its links may not be read: proc(5), ptrace(2).
TEST(Files, sockets_that_may_not_be_looked_at_are_denied_and_not_none) {
    NEEDS_ROOT();
    const pid_t other = getpid();
    EXPECT_EQ(in_child([&] {
                  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
                  __user_cap_data_struct none[2] = {};
                  if (syscall(SYS_capset, &header, none) != 0) return 1;
                  return code_of(read_socket_inodes(other)) == Code::permission_denied ? 0 : 2;
              }),
              0);
}

TEST(Files, own_sockets_are_found_by_inode) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct stat info{};
    ASSERT_EQ(fstat(fd, &info), 0);
    const auto inodes = read_socket_inodes(getpid());
    ::close(fd);
    ASSERT_TRUE(inodes);
    EXPECT_NE(("\n" + *inodes).find("\n" + std::to_string(info.st_ino) + "\n"), std::string::npos);
}

TEST(Files, names_of_a_folder_are_sorted_one_a_line) {
    const TempFolder folder;
    EXPECT_EQ(read_directory(folder.path().string(), 0).value_or("?"), "");
    for (const char* name : {"b", "a", ".hidden"}) folder.write(name, "");
    for (const pid_t root : {0, getpid()}) EXPECT_EQ(read_directory(folder.path().string(), root).value_or("?"), ".hidden\na\nb\n");
    EXPECT_EQ(code_of(read_directory(folder.at("a"), 0)), Code::not_found) << "a file is no folder";
    EXPECT_EQ(code_of(read_directory(folder.at("missing"), getpid())), Code::not_found);
}

TEST(Files, a_link_tells_where_it_points_and_what_is_no_link_is_an_absent_link) {
    const TempFolder folder;
    fs::create_symlink("no/where", folder.path() / "link");
    fs::create_symlink("link", folder.path() / "second");
    const std::string file = folder.write("file", "x");
    for (const pid_t root : {0, getpid()}) {
        EXPECT_EQ(read_link(folder.at("link"), root).value_or("?"), "no/where");
        EXPECT_EQ(read_link(folder.at("second"), root).value_or("?"), "link");
        EXPECT_EQ(code_of(read_link(folder.at("missing"), root)), Code::not_found);
        const auto no_link = read_link(file, root);
        EXPECT_EQ(code_of(no_link), Code::not_found);
        EXPECT_NE(no_link.error().message.find("not a symbolic link"), std::string::npos) << no_link.error().message;
    }
}

TEST(Files, stat_is_json_and_follows_links) {
    const TempFolder folder;
    const std::string file = folder.write("file", "four");
    ASSERT_EQ(chmod(file.c_str(), 04750), 0);
    fs::create_symlink("file", folder.path() / "link");
    for (const pid_t root : {0, getpid()}) {
        const auto stat = read_stat(folder.at("link"), root);
        ASSERT_TRUE(stat);
        const auto document = json::Document::parse(*stat);
        ASSERT_TRUE(document) << *stat;
        EXPECT_EQ(document->root()["type"].text_or(), "regular");
        EXPECT_EQ(document->root()["mode"].text_or(), "4750");
        EXPECT_EQ(document->root()["size"].integer(), 4);
        EXPECT_EQ(document->root()["uid"].integer(), geteuid());
        EXPECT_TRUE(document->root()["space"].is_null());
    }
}

TEST(Files, stat_of_a_folder_tells_what_is_left_of_its_filesystem) {
    const TempFolder folder;
    struct statvfs info{};
    ASSERT_EQ(statvfs(folder.at("").c_str(), &info), 0);
    for (const pid_t root : {0, getpid()}) {
        const auto stat = read_stat(folder.at(""), root);
        ASSERT_TRUE(stat);
        const auto document = json::Document::parse(*stat);
        ASSERT_TRUE(document) << *stat;
        const auto space = document->root()["space"];
        EXPECT_EQ(space["bytes"].integer(), info.f_blocks * info.f_frsize);
        EXPECT_EQ(space["files"].integer(), info.f_files);
        EXPECT_LE(space["available"].integer_or(-1), space["bytes"].integer_or(-2));
        EXPECT_LE(space["files_available"].integer_or(-1), space["files"].integer_or(-2));
    }
}

}  // namespace
}  // namespace bulkhead::world
