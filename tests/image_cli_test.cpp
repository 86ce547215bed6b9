// SPDX-License-Identifier: Apache-2.0
// The program over an archive of images, without any engine: what it finds, what it does not show, and what it says of archives that are none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "image/testing/tar_maker.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::image {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Outcome {
    int exit_code = -1;
    std::string out;  // both streams
};

class ImageCli : public testing::Test {
  protected:
    Outcome run(const std::string& arguments) {
        const std::string command =
            fmt::format("DOCKER_HOST=unix:///nowhere/engine.sock '{}' {} >'{}' 2>&1 </dev/null", BULKHEAD_PROGRAM, arguments, folder_.at("out"));
        const int status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, folder_.read("out")};
    }
    static ImageMaker image() {
        TarMaker base;
        base.file("usr/bin/su", "x", 04755).file("etc/passwd", "root:x:0:0::/:/bin/sh\n").file("root/.netrc", "machine x login a password hunter2-file\n");
        base.file("var/lib/dpkg/status", "Package: gcc-12\nStatus: install ok installed\nVersion: 12.2\n\n");
        TarMaker top;
        top.file("root/.wh..netrc", "").file("etc/passwd", "root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:\n");
        return {.layers = {base.take(), top.take()},
                .config = R"("User":"app","Env":["PATH=/bin","API_TOKEN=hunter2-environment"])",
                .history = R"([{"created_by":"RUN /bin/sh -c apt-get update # buildkit"},{"created_by":"COPY x y"}])"};
    }
    world::TempFolder folder_;
};

TEST_F(ImageCli, an_archive_is_asked_in_sql) {
    const std::string archive = folder_.write("app.tar", image().docker_save());
    EXPECT_THAT(run("query --image " + archive + " --format csv 'select path, mode, layer from image_file'").out, HasSubstr("/usr/bin/su,4755,0"));
    EXPECT_THAT(run("query --image " + archive + " --format csv 'select name, manager from image_package'").out, HasSubstr("gcc-12,dpkg"));
    EXPECT_THAT(run("query --image " + archive + " --format csv 'select name, layer from image_user'").out, HasSubstr("app,1"));
    const Outcome secrets = run("query --image " + archive + " --format csv 'select place, path, name, deleted_in_layer from image_secret_candidate'");
    EXPECT_THAT(secrets.out, HasSubstr("file,/root/.netrc,,1"));
    EXPECT_THAT(secrets.out, HasSubstr("env,,API_TOKEN,"));
    EXPECT_THAT(run("query --image " + archive + " --format csv 'select * from image_config join docker_image_history using (image_id)'").out,
                Not(HasSubstr("hunter2")));
    EXPECT_THAT(run("query --image " + archive + " --format csv 'select * from image_secret_candidate'").out, Not(HasSubstr("hunter2")));
}

TEST_F(ImageCli, a_layout_folder_is_the_same_world) {
    const std::string archive = folder_.write("app.tar", image().docker_save());
    for (const auto& [name, bytes] : image().layout()) (void)folder_.write("layout/" + name, bytes);
    const std::string sql =
        " --format csv 'select image_id, path, layer_digest from image_file_list where image_id = (select id from docker_image) order by path'";
    const Outcome one = run("query --image " + archive + sql);
    EXPECT_EQ(one.exit_code, 0) << one.out;
    EXPECT_EQ(one.out, run("query --image " + folder_.at("layout") + sql).out);
}

TEST_F(ImageCli, an_audit_judges_what_an_archive_can_tell_and_nothing_else) {
    const std::string archive = folder_.write("app.tar", image().docker_save());
    const Outcome audit = run("audit --no-color --format csv --image " + archive);
    EXPECT_EQ(audit.exit_code, 1) << audit.out;
    EXPECT_THAT(audit.out, HasSubstr("cis_v160_4_8"));
    EXPECT_THAT(audit.out, HasSubstr("/usr/bin/su"));
    EXPECT_THAT(audit.out, HasSubstr("apt-get update"));
    EXPECT_THAT(audit.out, Not(HasSubstr("hunter2")));
    EXPECT_THAT(audit.out, Not(HasSubstr("csvs_7_1"))) << "networks are no part of an image";
    const Outcome engine = run("audit csvs_7_3 --no-color --format csv --image " + archive);
    EXPECT_THAT(engine.out, HasSubstr("no engine")) << "asked for by name it is unknown, and says why";
}

TEST_F(ImageCli, content_that_is_left_out_is_unknown) {
    const std::string archive = folder_.write("app.tar", image().docker_save());
    EXPECT_EQ(run("audit --image " + archive + " --from x").exit_code, 2);
    EXPECT_EQ(run("audit --image " + archive + " --host unix:///x").exit_code, 2);
    EXPECT_EQ(run("audit --image " + archive + " --probe").exit_code, 2);
}

TEST_F(ImageCli, what_is_no_archive_is_refused_in_one_line) {
    const std::string whole = image().docker_save();
    for (const std::string& bytes : {std::string(), std::string("text"), whole.substr(0, whole.size() / 2), std::string(10'000, '\0')}) {
        const Outcome outcome = run("audit --image " + folder_.write("app.tar", bytes));
        EXPECT_EQ(outcome.exit_code, 2);
        EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1) << outcome.out;
    }
    EXPECT_EQ(run("query --image " + folder_.at("nothing") + " 'select 1'").exit_code, 2);
}

}  // namespace
}  // namespace bulkhead::image
