// SPDX-License-Identifier: Apache-2.0
#include "world/reading.h"

#include <gtest/gtest.h>

#include <set>

namespace bulkhead::world {
namespace {

std::vector<Request> requests_of_every_kind() {
    return {engine_get("/containers/json?all=1"),
            engine_get("/images/shop/web@sha256:0123/json"),
            engine_get("/events?recent"),
            engine_process(),
            file_at("/etc/docker/daemon.json"),
            file_at("/etc/docker/daemon.json", 812),
            file_at("/srv/a@b:c/d e", 812),
            file_at("/srv/mail@root:x"),
            file_at("/srv/@netns:9/file"),
            file_at("/x@root:5", 7),
            directory_at("/proc", 1),
            link_at("/proc/1/exe"),
            stat_at("/run/docker.sock", 1),
            stat_at("", 1),
            namespaces_of(4194304),
            socket_inodes_of(1),
            program_in("nft -j list ruleset", 0),
            program_in("iptables-nft-save -c", 812),
            netlink_in("sock_tcp", 812),
            banner_of("192.0.2.1", 22, 812),
            banner_of("fd00::1", 65535, 0),
            latency_of("fd00::1", 2377, 0),
            image_content("sha256:0123"),
            image_layer("sha256:0123"),
            history_of("flow", {{"container", "a b@root:1"}})};
}

TEST(Locator, names_every_request_and_leads_back_to_it) {
    std::set<std::string> seen;
    for (const Request& request : requests_of_every_kind()) {
        const std::string text = locator(request);
        const auto parsed = parse_locator(text);
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(*parsed, request) << text;
        EXPECT_TRUE(seen.insert(text).second) << "two requests of one name: " << text;
    }
}

TEST(Locator, of_a_path_that_ends_like_a_place_leads_back_to_the_path) {
    for (const std::string path : {"/srv/x@root:5", "/srv/x@netns:900", "/srv/x@", "/srv/x@@", "/srv/x@root:5@"}) {
        for (const std::int64_t root : {0, 900}) {
            const Request request = file_at(path, root);
            const auto back = parse_locator(locator(request));
            ASSERT_TRUE(back);
            EXPECT_EQ(*back, request) << locator(request);
        }
    }
    EXPECT_EQ(locator(file_at("/srv/x@root:5")), "file:/srv/x@root:5@");
    EXPECT_EQ(locator(file_at("/srv/a@b")), "file:/srv/a@b") << "other paths stay as they are";
}

TEST(Locator, has_the_form_that_evidence_shows) {
    EXPECT_EQ(locator(netlink_in("sock_tcp", 812)), "netlink:sock_tcp@netns:812");
    EXPECT_EQ(locator(file_at("/proc/1/status")), "file:/proc/1/status");
    EXPECT_EQ(locator(banner_of("::1", 22, 0)), "banner:tcp:[::1]:22");
    EXPECT_EQ(locator(engine_process()), "engine_process:");
    EXPECT_EQ(locator(history_of("edge", {})), "history:edge");
    EXPECT_EQ(locator(history_of("flow", {{"container", "we b&x=1@root:1\n"}, {"since", "5"}})), "history:flow?container=we%20b%26x%3D1%40root:1%0A&since=5");
}

TEST(Locator, of_no_known_kind_is_refused_without_its_control_bytes) {
    for (const std::string_view text : {"", "file", "files:/x", ":/x", "FILE:/x", " file:/x", "\x1b[2J:/x"}) {
        const auto parsed = parse_locator(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, Code::invalid_input);
        EXPECT_EQ(parsed.error().message.find('\x1b'), std::string::npos);
    }
}

TEST(Outcome, names_lead_back) {
    for (const Outcome outcome : {Outcome::present, Outcome::absent, Outcome::denied, Outcome::failed}) EXPECT_EQ(parse_outcome(name(outcome)), outcome);
    EXPECT_FALSE(parse_outcome("ok"));
    EXPECT_FALSE(parse_outcome(""));
}

TEST(Outcome, only_denied_and_failed_prove_nothing) {
    Reading reading;
    EXPECT_TRUE(reading.unreadable()) << "a reading nobody filled in is no answer";
    for (const auto& [outcome, unreadable] : {std::pair{Outcome::present, false}, {Outcome::absent, false}, {Outcome::denied, true}, {Outcome::failed, true}}) {
        reading.outcome = outcome;
        EXPECT_EQ(reading.unreadable(), unreadable) << name(outcome);
    }
}

}  // namespace
}  // namespace bulkhead::world
