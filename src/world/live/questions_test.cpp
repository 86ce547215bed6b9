// SPDX-License-Identifier: Apache-2.0
#include "world/live/questions.h"

#include <gtest/gtest.h>

#include "world/question.h"

namespace bulkhead::world {
namespace {

using namespace std::string_literals;

TEST(Questions, there_is_one_for_each_name_of_the_closed_list) {
    for (const std::string_view name : question_names) {
        const Question* question = question_of(name);
        ASSERT_NE(question, nullptr) << name;
        EXPECT_NE(question->kept, nullptr) << name;
    }
    EXPECT_EQ(question_of("shutdown"), nullptr);
    EXPECT_EQ(question_of(""), nullptr);
}

TEST(Questions, none_writes_and_none_carries_credentials) {
    for (const std::string_view name : question_names) {
        const std::string& bytes = question_of(name)->bytes;
        for (const char* word : {"SET", "DELETE", "PUT", "delete", "insert", "AUTH", "Authorization", "password"})
            EXPECT_FALSE(bytes.contains(word)) << name << ": " << word;
    }
}

TEST(Questions, lengths_that_their_protocols_want_are_those_of_the_bytes) {
    const std::string& postgres = question_of("postgresql")->bytes;
    EXPECT_EQ(postgres, "\0\0\0\x29\0\3\0\0user\0postgres\0database\0postgres\0\0"s);
    const std::string& mongodb = question_of("mongodb")->bytes;
    EXPECT_EQ(static_cast<unsigned char>(mongodb[0]), mongodb.size());
    EXPECT_EQ(static_cast<unsigned char>(mongodb[21]), mongodb.size() - 21) << "the document, after the head, the flags and the kind";
    const std::string& cassandra = question_of("cassandra")->bytes;
    EXPECT_EQ(static_cast<unsigned char>(cassandra[8]), cassandra.size() - 9);
}

// A call whose answer is there says DATA on its stream; one that was refused ends with its headers.
TEST(Questions, a_call_has_ended_when_its_stream_says_so) {
    const auto whole = question_of("swarm")->whole;
    const std::string settings = "\0\0\0\4\0\0\0\0\0"s;
    EXPECT_FALSE(whole(""));
    EXPECT_FALSE(whole(settings));
    EXPECT_FALSE(whole(settings + "\0\0\3\1\4\0\0\0\1abc"s)) << "headers, and more is to come";
    EXPECT_FALSE(whole(settings + "\0\0\3\1\5\0\0\0\3abc"s)) << "another stream";
    EXPECT_TRUE(whole(settings + "\0\0\3\1\5\0\0\0\1abc"s));
    EXPECT_TRUE(whole(settings + "\0\0\3\1\4\0\0\0\1abc\0\0\2\0\0\0\0\0\1ab"s));
    EXPECT_TRUE(whole("\0\0\x8\7\0\0\0\0\0"s)) << "GOAWAY";
}

TEST(Questions, of_frames_only_the_heads_are_kept) {
    EXPECT_EQ(frames("\0\0\0\4\0\0\0\0\0\0\0\3\1\5\0\0\0\1abc"s), "4 0 0 0\n1 5 1 3\n");
    EXPECT_EQ(frames("\xff\xff\xff\0\0\0\0\0\1secret"s), "0 0 1 16777215\n");
    EXPECT_EQ(frames("HTTP/1.0"), "");
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "\0\0\0\4\0\0\0\0\0"s;
    EXPECT_EQ(frames(many).size(), frames_max * 8);
}

TEST(Questions, of_http_neither_cookies_nor_bodies_are_kept) {
    const std::string answer = "HTTP/1.1 200 OK\r\nServer: CouchDB/3.3\r\nSet-Cookie: AuthSession=abc\r\nX-Couch-Request-ID: 1\r\n\r\n[\"customers\"]";
    EXPECT_EQ(question_of("couchdb")->kept(answer), "HTTP/1.1 200 OK\r\nServer: CouchDB/3.3\r\nSet-Cookie:\r\nX-Couch-Request-ID:");
    EXPECT_EQ(question_of("etcd")->kept("HTTP/1.1 200 OK\r\n\r\n{\"header\":1}"), "HTTP/1.1 200 OK\r\n{\"header\":1}");
    EXPECT_EQ(http_head(""), "");
    EXPECT_LE(http_head("HTTP/1.1 200 OK " + std::string(100'000, 'x')).size(), answer_kept_max);
}

TEST(Questions, of_what_nats_says_only_what_it_asks_for_is_kept) {
    EXPECT_EQ(question_of("nats")->kept(R"(INFO {"server_id":"X","nonce":"secret","auth_required":true,"tls_required":false} )"), "INFO auth_required");
    EXPECT_EQ(question_of("nats")->kept(R"(INFO {"server_id":"X"})"), "INFO");
}

}  // namespace
}  // namespace bulkhead::world
