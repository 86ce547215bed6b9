// SPDX-License-Identifier: Apache-2.0
#include "world/redact.h"

#include <gtest/gtest.h>

namespace bulkhead::world {
namespace {

std::string redact_ok(std::string_view target, std::string_view json) {
    auto result = redact(target, json);
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    return result.value_or("");
}

TEST(Redact, environment_keeps_names_only) {
    EXPECT_EQ(redact_ok("/containers/a/json", R"({"Config":{"Env":["A=1","DB_PASSWORD=x=y","BARE",7]}})"),
              R"({"Config":{"Env":["A","DB_PASSWORD","BARE","<redacted>"]}})");
}

TEST(Redact, values_under_keys_that_look_secret_are_hidden_and_others_stay) {
    EXPECT_EQ(redact_ok("/x", R"({"Labels":{"db.password":"hunter2","team":"blue","API-Key":"k","secret":"s","n_token":5}})"),
              R"({"Labels":{"db.password":"<redacted>","team":"blue","API-Key":"<redacted>","secret":"<redacted>","n_token":"<redacted>"}})");
}

TEST(Redact, objects_named_by_people_are_not_lost_whole) {
    constexpr std::string_view json = R"({"Networks":{"token_net":{"IPAddress":"10.0.0.2"}},"Tmpfs":{"/run/secrets":"ro"}})";
    EXPECT_EQ(redact_ok("/containers/a/json", json), json);
}

TEST(Redact, references_to_swarm_secrets_stay) {
    constexpr std::string_view json = R"([{"Secrets":[{"SecretID":"abc","SecretName":"db","File":{"Name":"db"}}],"Type":"secret"}])";
    EXPECT_EQ(redact_ok("/services?status=true", json), json);
}

TEST(Redact, join_tokens_and_config_data_are_hidden) {
    EXPECT_EQ(redact_ok("/swarm", R"({"JoinTokens":{"Worker":"SWMTKN-1-a","Manager":"SWMTKN-1-b"}})"),
              R"({"JoinTokens":{"Worker":"<redacted>","Manager":"<redacted>"}})");
    EXPECT_EQ(redact_ok("/configs", R"([{"Spec":{"Name":"c","Data":"c2VjcmV0"}}])"), R"([{"Spec":{"Name":"c","Data":"<redacted>"}}])");
    EXPECT_EQ(redact_ok("/containers/a/json", R"({"GraphDriver":{"Data":{"UpperDir":"/d"}}})"), R"({"GraphDriver":{"Data":{"UpperDir":"/d"}}})");
}

TEST(Redact, credentials_in_urls_are_hidden_wherever_they_stand) {
    EXPECT_EQ(redact_ok("/info", R"({"HttpProxy":"http://bob:pw@proxy:3128/x@y","Args":["redis://:pw@db/0","a@b"]})"),
              R"({"HttpProxy":"http://<redacted>@proxy:3128/x@y","Args":["redis://<redacted>@db/0","a@b"]})");
}

TEST(Redact, command_lines_lose_secret_arguments) {
    EXPECT_EQ(redact_text("mysql --password=hunter2 -u root"), "mysql --password=<redacted> -u root");
    EXPECT_EQ(redact_text("mysql --password hunter2 -u root"), "mysql --password <redacted> -u root");
    EXPECT_EQ(redact_text("addr=10.0.0.1,username=u,password=pw,rw"), "addr=10.0.0.1,username=u,password=<redacted>,rw");
    EXPECT_EQ(redact_text("sh -c 'PGPASSWORD=\"a b\" psql'"), "sh -c 'PGPASSWORD=<redacted> psql'");
    EXPECT_EQ(redact_text("sh -c \"PGPASSWORD='a b' psql\" x"), "sh -c \"PGPASSWORD=<redacted> psql\" x");
    EXPECT_EQ(redact_text("sh -c \"PGPASSWORD='a b'\" then"), "sh -c \"PGPASSWORD=<redacted>\" then");
    EXPECT_EQ(redact_text("TOKEN=\"one\"two 3"), "TOKEN=<redacted> 3");
    EXPECT_EQ(redact_text("TOKEN=\"one\"'two'x 3"), "TOKEN=<redacted> 3");
    EXPECT_EQ(redact_text("TOKEN='one"), "TOKEN=<redacted>");
    EXPECT_EQ(redact_ok("/x", R"({"Args":["--requirepass","pw","--port","1"]})"), R"({"Args":["--requirepass","<redacted>","--port","1"]})");
}

TEST(Redact, text_without_secrets_is_unchanged) {
    for (const char* text : {"no-new-privileges", "seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}", "label=level:TopSecret", "a=b", "--", "=", "://", ""}) {
        EXPECT_EQ(redact_text(text), text);
    }
}

TEST(Redact, health_check_and_its_exec_event_stay_equal) {
    const std::string test = redact_text("mysqladmin --password=pw ping");
    EXPECT_EQ(redact_text("exec_create: /bin/sh -c mysqladmin --password=pw ping"), "exec_create: /bin/sh -c " + test);
}

TEST(Redact, image_history_keeps_names_of_env_and_arg) {
    EXPECT_EQ(redact_build_step("/bin/sh -c #(nop)  ENV A=1 TOKEN=some words"), "/bin/sh -c #(nop)  ENV A TOKEN");
    EXPECT_EQ(redact_build_step("ENV A=1"), "ENV A");
    EXPECT_EQ(redact_build_step("ARG NPM"), "ARG NPM");
    EXPECT_EQ(redact_build_step("RUN |2 A=1 B=x y /bin/sh -c make ENV # buildkit"), "RUN |2 A B /bin/sh -c make ENV # buildkit");
    EXPECT_EQ(redact_build_step("/bin/sh -c #(nop) ADD dir:7d in /app "), "/bin/sh -c #(nop) ADD dir:7d in /app ");
    EXPECT_EQ(redact_ok("/images/sha256:a/history", R"([{"CreatedBy":"ENV A=1"}])"), R"([{"CreatedBy":"ENV A"}])");
    EXPECT_EQ(redact_ok("/images/sha256:a/json", R"({"ContainerConfig":{"Cmd":["/bin/sh","-c","#(nop)  ENV A=1"]}})"),
              R"({"ContainerConfig":{"Cmd":["/bin/sh","-c","#(nop)  ENV A"]}})");
}

TEST(Redact, events_are_redacted_line_by_line) {
    EXPECT_EQ(redact_ok("/events?recent", "{\"Actor\":{\"Attributes\":{\"my.secret\":\"x\"}}}\n\n{\"Action\":\"start\"}\n"),
              "{\"Actor\":{\"Attributes\":{\"my.secret\":\"<redacted>\"}}}\n{\"Action\":\"start\"}\n");
}

TEST(Redact, what_is_not_json_is_refused_without_throwing) {
    for (const std::string& bytes :
         {std::string("<html>"), std::string(), std::string("{\"a\":"), std::string("{\"a\":\"\xFF\"}"), std::string(100'000, '[')}) {
        const auto result = redact("/info", bytes);
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().code, Code::corrupt);
    }
    EXPECT_FALSE(redact("/events?recent", "{}\nnot json\n").has_value());
}

TEST(Redact, numbers_and_structure_survive) {
    constexpr std::string_view json = R"([{"a":[1,-9223372036854775808,18446744073709551615,true,null,{}],"b":{}}])";
    EXPECT_EQ(redact_ok("/x", json), json);
}

}  // namespace
}  // namespace bulkhead::world
