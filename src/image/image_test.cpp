// SPDX-License-Identifier: Apache-2.0
#include "image/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/images.h"
#include "image/json_writer.h"
#include "image/layer_stream.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::image {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string digest = "sha256:" + std::string(64, '1');

std::string config_of(const std::string& members) {
    return R"({"architecture":"amd64","os":"linux",)" + members + R"("rootfs":{"diff_ids":[")" + digest + R"("]}})";
}

TEST(Config, tells_what_runs_and_as_whom_without_values) {
    const auto image = parse_config(
        config_of(R"("config":{"User":"app","Env":["PATH=/bin","API_TOKEN=hunter2-value"],"Cmd":["/app","--password=hunter2"],"ExposedPorts":{"80/tcp":{}},
                  "Healthcheck":{"Test":["CMD","true"]},"Labels":{"db.password":"hunter2","team":"shop"}},
                  "history":[{"created_by":"/bin/sh -c #(nop)  ENV API_TOKEN=hunter2-value","empty_layer":true},{"created_by":"RUN curl https://a:hunter2-x@b/"}],)"),
        {});
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_EQ(image->user, "app");
    EXPECT_THAT(image->env_names, ElementsAre("PATH", "API_TOKEN"));
    EXPECT_THAT(image->exposed_ports, ElementsAre("80/tcp"));
    EXPECT_THAT(image->healthcheck_test, ElementsAre("CMD", "true"));
    EXPECT_THAT(image->layers, ElementsAre(digest));
    EXPECT_THAT(image->history, SizeIs(2));
    std::vector<std::string> places;
    for (const ConfigSecret& one : image->secrets) places.push_back(one.place);
    EXPECT_THAT(places, testing::UnorderedElementsAre("env", "label", "history"));
    EXPECT_THAT(write_image(*image), Not(HasSubstr("hunter2")));
    const auto again = parse_image(write_image(*image));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *image);
}

TEST(Config, of_another_shape_is_refused) {
    for (const std::string& bytes : {std::string("{}"), std::string("[]"), std::string("x"), std::string(R"({"rootfs":{"diff_ids":["md5:1"]}})"),
                                     std::string(R"({"rootfs":{"diff_ids":[7]}})")}) {
        EXPECT_FALSE(parse_config(bytes, {})) << bytes;
    }
    EXPECT_EQ(parse_config(config_of(""), {.layers_max = 0}).error().code, Code::limit_exceeded);
}

struct Content {
    world::FakeReader reader;
    Content() {
        reader.set("image:sha256:a", R"({"id":"sha256:a","layers":["sha256:1","sha256:2"]})");
        reader.set("image_layer:sha256:1", R"({"digest":"sha256:1","files":"f 4755 0 0 1 - bin/su\n"})");
        reader.set("image_layer:sha256:2", R"({"digest":"sha256:2","files":"w 0 0 0 0 - bin/other\n"})");
    }
    ImageFacts of(const std::string& id) {
        world::World world(reader, 2);
        Images images(world);
        return *images.content({id}).front();
    }
};

TEST(Images, are_their_layers_together) {
    Content content;
    const ImageFacts image = content.of("sha256:a");
    EXPECT_TRUE(image.known);
    EXPECT_THAT(image.problems, IsEmpty());
    EXPECT_THAT(image.layers, SizeIs(2));
    EXPECT_THAT(image.view.special_files, SizeIs(1));
}

TEST(Images, with_a_layer_that_cannot_be_read_say_nothing_about_files) {
    for (const auto& [bytes, outcome] : {std::pair{std::string("{"), world::Outcome::present},
                                         {std::string(R"({"digest":"sha256:9"})"), world::Outcome::present},
                                         {std::string(), world::Outcome::failed},
                                         {std::string(), world::Outcome::denied},
                                         {std::string(), world::Outcome::absent}}) {
        Content content;
        if (outcome == world::Outcome::present)
            content.reader.set("image_layer:sha256:2", bytes);
        else
            content.reader.set_outcome("image_layer:sha256:2", outcome);
        const ImageFacts image = content.of("sha256:a");
        EXPECT_TRUE(image.known);
        ASSERT_THAT(image.problems, SizeIs(1));
        EXPECT_EQ(image.problems[0].image_id, "sha256:a");
        EXPECT_THAT(image.layers, IsEmpty());
        EXPECT_THAT(image.view.special_files, IsEmpty());
    }
}

TEST(Images, that_vanished_are_no_problem_and_those_that_cannot_be_read_are) {
    Content content;
    content.reader.set_outcome("image:sha256:a", world::Outcome::absent);
    EXPECT_TRUE(content.of("sha256:a").vanished);
    EXPECT_THAT(content.of("sha256:a").problems, IsEmpty());
    content.reader.set_outcome("image:sha256:a", world::Outcome::failed);
    EXPECT_THAT(content.of("sha256:a").problems, SizeIs(1));
    content.reader.set("image:sha256:a", R"({"id":"sha256:b"})");
    EXPECT_THAT(content.of("sha256:a").problems, SizeIs(1)) << "an answer about another image";
}

}  // namespace
}  // namespace bulkhead::image
