// SPDX-License-Identifier: Apache-2.0
#include "image/image_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/layer_stack.h"
#include "image/testing/tar_maker.h"

namespace bulkhead::image {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Layers from tars, lowest first, and what they make.
class Stack {
  public:
    Stack& add(TarMaker& tar) {
        TextStream stream(tar.take());
        auto layer = scan_layer(stream, {});
        EXPECT_TRUE(layer) << layer.error().message;
        layers_.push_back(std::make_unique<LayerContent>(layer ? std::move(*layer) : LayerContent{}));
        return *this;
    }
    [[nodiscard]] Layers layers() const {
        Layers out;
        for (const auto& one : layers_) out.push_back(one.get());
        return out;
    }
    [[nodiscard]] ImageView view() const { return view_of(layers()); }
    [[nodiscard]] std::vector<std::string> special() const {
        std::vector<std::string> paths;
        for (const auto& one : view().special_files) paths.push_back(fmt::format("{}@{}", one.file.path, one.layer));
        return paths;
    }

  private:
    std::vector<std::unique_ptr<LayerContent>> layers_;
};

TEST(ImageView, a_file_is_as_its_last_layer_has_it) {
    Stack stack;
    stack.add(TarMaker().file("bin/su", "x", 04755).file("bin/mount", "x", 04755).file("bin/ping", "x", 0755));
    stack.add(TarMaker().file("bin/su", "x", 0755).file("bin/ping", "x", 04755));
    EXPECT_THAT(stack.special(), ElementsAre("bin/mount@0", "bin/ping@1"));
}

TEST(ImageView, what_was_deleted_is_gone) {
    for (const char* deletion : {"bin/.wh.su", ".wh.bin", "bin/.wh..wh..opq", ".wh..wh..opq"}) {
        Stack stack;
        stack.add(TarMaker().file("bin/su", "x", 04755));
        stack.add(TarMaker().file(deletion, ""));
        EXPECT_THAT(stack.special(), IsEmpty()) << deletion;
    }
}

TEST(ImageView, what_was_deleted_and_made_again_is_there) {
    Stack stack;
    stack.add(TarMaker().file("bin/su", "x", 04755));
    stack.add(TarMaker().file("bin/.wh..wh..opq", "").file("bin/su", "x", 04711));
    EXPECT_THAT(stack.special(), ElementsAre("bin/su@1")) << "an opaque folder hides what lies below it, not beside it";
}

TEST(ImageView, a_file_in_the_place_of_a_folder_hides_what_was_in_it) {
    Stack stack;
    stack.add(TarMaker().file("opt/tool/su", "x", 04755));
    stack.add(TarMaker().link("opt/tool", "elsewhere"));
    EXPECT_THAT(stack.special(), IsEmpty());
    EXPECT_THAT(all_files(stack.layers()), SizeIs(1));
}

TEST(ImageView, a_folder_above_a_folder_hides_nothing) {
    Stack stack;
    stack.add(TarMaker().folder("bin").file("bin/su", "x", 04755));
    stack.add(TarMaker().folder("bin", 0700).file("bin/other"));
    EXPECT_THAT(stack.special(), ElementsAre("bin/su@0"));
    EXPECT_THAT(all_files(stack.layers()), SizeIs(3));
}

TEST(ImageView, a_whiteout_hides_only_its_own_name) {
    Stack stack;
    stack.add(TarMaker().file("bin/su", "x", 04755).file("bin/sudo", "x", 04755));
    stack.add(TarMaker().file("bin/.wh.su", ""));
    EXPECT_THAT(stack.special(), ElementsAre("bin/sudo@0"));
}

TEST(ImageView, the_last_package_database_counts) {
    Stack stack;
    stack.add(TarMaker().file("var/lib/dpkg/status", "Package: gcc\nVersion: 1\n").file("var/lib/dpkg/info/gcc.list", "/usr/bin/gcc\n"));
    stack.add(TarMaker()
                  .file("var/lib/dpkg/status", "Package: curl\nArchitecture: amd64\nVersion: 1\n")
                  .file("var/lib/dpkg/info/curl:amd64.list", "/usr/bin/curl\n"));
    const auto view = stack.view();
    ASSERT_THAT(view.packages, SizeIs(1));
    EXPECT_EQ(view.packages[0].package.name, "curl");
    EXPECT_EQ(view.packages[0].layer, 1U);
    EXPECT_THAT(view.packages[0].package.code_files, ElementsAre("usr/bin/curl"));
    EXPECT_THAT(view.package_problems, IsEmpty());
}

TEST(ImageView, a_database_behind_a_link_that_nobody_read_is_a_problem) {
    Stack stack;
    stack.add(TarMaker().link("var/lib/rpm", "../../usr/share/rpm"));
    ASSERT_THAT(stack.view().package_problems, SizeIs(testing::Ge(1)));
    EXPECT_THAT(stack.view().package_problems[0].reason, HasSubstr("usr/share/rpm"));
    Stack known;
    known.add(TarMaker().link("var/lib/rpm", "../../usr/lib/sysimage/rpm").link("lib", "usr/lib"));
    EXPECT_THAT(known.view().package_problems, IsEmpty()) << "these are read at their other name";
}

TEST(ImageView, links_that_lead_to_each_other_end) {
    Stack stack;
    stack.add(TarMaker().link("var", "b").link("b", "var"));
    EXPECT_THAT(stack.view().package_problems, testing::Not(IsEmpty()));
}

TEST(ImageView, accounts_have_the_layer_that_brought_them) {
    Stack stack;
    stack.add(TarMaker().file("etc/passwd", "root:x:0:0::/root:/bin/sh\n").file("etc/shadow", "root:*:1::::::\n"));
    stack.add(TarMaker().file("bin/x"));
    stack.add(
        TarMaker().file("etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:\nopen::5:5::/:\n").file("etc/group", "app:x:1000:\nwheel:x:10:app\n"));
    const auto view = stack.view();
    ASSERT_THAT(view.accounts, SizeIs(3));
    EXPECT_EQ(view.accounts[0].first_layer, 0U);
    EXPECT_EQ(view.accounts[0].password, "locked");
    EXPECT_EQ(view.accounts[1].first_layer, 2U);
    EXPECT_THAT(view.accounts[1].groups, ElementsAre("app", "wheel"));
    EXPECT_EQ(view.accounts[2].password, "empty");
}

TEST(ImageView, secrets_that_were_deleted_are_still_in_the_image) {
    Stack stack;
    stack.add(TarMaker().file("root/.netrc", "machine x login a password b\n"));
    stack.add(TarMaker().file("root/.wh..netrc", ""));
    const auto view = stack.view();
    ASSERT_THAT(view.secrets, SizeIs(1));
    EXPECT_EQ(view.secrets[0].hidden_by, 1U);
}

TEST(ImageView, programs_are_what_lies_in_bin_as_it_is_in_the_end) {
    Stack stack;
    stack.add(TarMaker().file("bin/busybox", "x", 0755).link("bin/sh", "busybox").file("usr/bin/gcc").file("etc/bin.conf").folder("usr/bin/more"));
    stack.add(TarMaker().file("usr/bin/.wh.gcc", ""));
    const auto view = stack.view();
    ASSERT_THAT(view.programs, SizeIs(2));
    EXPECT_EQ(view.programs[0].file.path, "bin/busybox");
    EXPECT_EQ(view.programs[1].file.link, "busybox");
}

TEST(ImageView, of_no_layers_is_empty) {
    EXPECT_THAT(view_of({}).packages, IsEmpty());
    EXPECT_FALSE(view_of({}).has_passwd);
}

TEST(ImageView, passwd_behind_a_link_is_a_problem) {
    Stack stack;
    stack.add(TarMaker().link("etc/passwd", "../nix/passwd").file("nix/passwd", "app:x:1:1::/:\n"));
    EXPECT_THAT(stack.view().account_problems, SizeIs(1));
}

}  // namespace
}  // namespace bulkhead::image
