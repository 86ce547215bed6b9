// SPDX-License-Identifier: Apache-2.0
#include "image/package.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bulkhead::image {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(Dpkg, tells_what_is_installed_and_leaves_out_what_was_removed) {
    const auto packages = parse_dpkg(
        "Package: libc6\nStatus: install ok installed\nInstalled-Size: 12\nArchitecture: amd64\nSource: glibc (2.36-9)\nVersion: 2.36-9+deb12u4\n"
        "Description: text\n Package: this is no field\n .\n more\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n"
        "Package: half\nStatus: install reinstreq half-installed\nVersion: 2\n",
        {});
    ASSERT_TRUE(packages) << packages.error().message;
    ASSERT_THAT(*packages, SizeIs(2));
    EXPECT_EQ((*packages)[0], (Package{"libc6", "2.36-9+deb12u4", "amd64", "glibc", 12 * 1024, {}}));
    EXPECT_EQ((*packages)[1].name, "half") << "what is half there is there";
}

TEST(Dpkg, a_file_of_a_distroless_image_has_no_status_and_is_installed) {
    const auto packages = parse_dpkg("Package: base-files\nVersion: 12.4\n", {});
    ASSERT_TRUE(packages);
    EXPECT_THAT(*packages, SizeIs(1));
}

TEST(Dpkg, what_is_no_database_is_an_error_and_not_empty) {
    EXPECT_FALSE(parse_dpkg("no database at all\n", {}));
    EXPECT_FALSE(parse_dpkg("Version: 1\nStatus: install ok installed\n", {}));
    EXPECT_EQ(parse_dpkg("Package: a\n\nPackage: b\n\nPackage: c\n", {.packages_max = 1}).error().code, Code::limit_exceeded);
    EXPECT_TRUE(parse_dpkg("", {})) << "the database of a fresh dpkg is empty";
}

TEST(Dpkg, lists_tell_programs_and_libraries) {
    EXPECT_THAT(parse_dpkg_list("/.\n/usr\n/usr/bin\n/usr/bin/curl\n/usr/share/doc/curl\n/usr/lib/x86_64-linux-gnu/libcurl.so.4\n/sbin/x\n"),
                ElementsAre("usr/bin/curl", "usr/lib/x86_64-linux-gnu/libcurl.so.4", "sbin/x"));
}

TEST(Apk, tells_packages_with_their_programs) {
    const auto packages = parse_apk(
        "C:Q1\nP:busybox\nV:1.36.1-r5\nA:x86_64\nI:946176\no:busybox\nF:bin\nR:busybox\na:0:0:755\nZ:Q1\nF:etc\nR:securetty\n\nP:musl\nV:1.2\n\n", {});
    ASSERT_TRUE(packages) << packages.error().message;
    ASSERT_THAT(*packages, SizeIs(2));
    EXPECT_EQ((*packages)[0], (Package{"busybox", "1.36.1-r5", "x86_64", "busybox", 946176, {"bin/busybox"}}));
}

TEST(Apk, what_is_no_database_is_an_error_and_not_empty) {
    EXPECT_FALSE(parse_apk("nothing of it\n", {}));
    EXPECT_FALSE(parse_apk("V:1\n\n", {}));
    EXPECT_EQ(parse_apk("P:a\n\nP:b\n\nP:c\n\n", {.packages_max = 1}).error().code, Code::limit_exceeded);
}

TEST(Package, code_is_a_program_or_a_library) {
    for (const char* path : {"bin/sh", "usr/bin/curl", "opt/x/bin/y", "opt/robin/bin/y", "lib/libc.so", "usr/lib/libz.so.1.2", "usr/libexec/z"})
        EXPECT_TRUE(is_code(path)) << path;
    for (const char* path : {"usr/bin", "etc/bin.conf", "usr/share/robin/x", "lib/sorted", "a.sock", "bin/"}) EXPECT_FALSE(is_code(path)) << path;
}

}  // namespace
}  // namespace bulkhead::image
