// SPDX-License-Identifier: Apache-2.0
// Redis, PostgreSQL, MySQL, MongoDB, and the servers that greet: who logs in where, and what the server says it is.
#include <gtest/gtest.h>

#include "l7/testing/talk.h"

namespace bulkhead::l7 {
namespace {

using testing::big;
using testing::hex;
using testing::little;
using testing::Talk;

TEST(Redis, a_login_names_the_user_and_never_the_password) {
    Talk talk(6379);
    EXPECT_TRUE(talk.ask("*3\r\n$4\r\nAUTH\r\n$5\r\nalice\r\n$6\r\nsecret\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n"));
    EXPECT_FALSE(talk.ask("*1\r\n$4\r\nPING\r\n"));
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.name, "redis");
    EXPECT_EQ(l7.user, "alice");
    EXPECT_EQ(l7.database, "3");
    EXPECT_EQ(l7.risks, (std::vector<std::string>{"clear_text_password"}));
    Talk old(6379);
    old.ask("*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n");
    EXPECT_EQ(old.end().user, "");
}

TEST(Redis, a_command_in_two_pieces_is_one_and_an_impossible_one_is_none) {
    Talk talk(16379);
    talk.ask("*2\r\n$6\r\nSELECT\r\n$1");
    talk.ask("\r\n7\r\n");
    EXPECT_EQ(talk.end().database, "7");
    Talk broken(16379);
    broken.ask("*2\r\n$99999999999999999999\r\nAUTH\r\n");
    EXPECT_EQ(broken.end().name, "");
}

std::string startup(const std::string& parameters) { return big(8 + parameters.size(), 4) + hex("00030000") + parameters; }

TEST(Postgresql, a_start_names_user_and_database_and_the_server_its_version) {
    Talk talk(5432);
    talk.ask(startup(std::string("user\0alice\0database\0shop\0\0", 26)));
    talk.answer("R" + big(8, 4) + big(3, 4));
    EXPECT_FALSE(talk.answer("R" + big(8, 4) + big(0, 4) + "S" + big(4 + 20, 4) +
                             std::string("server_version\0"
                                         "15.1\0",
                                         20)));
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.name, "postgresql");
    EXPECT_EQ(l7.user, "alice");
    EXPECT_EQ(l7.database, "shop");
    EXPECT_EQ(l7.banner, "PostgreSQL 15.1");
    EXPECT_EQ(l7.risks, (std::vector<std::string>{"clear_text_password"}));
}

TEST(Postgresql, what_is_encrypted_is_tls_and_still_postgresql) {
    Talk talk(5432);
    talk.ask(big(8, 4) + big(80'877'103, 4));
    EXPECT_TRUE(talk.answer("S"));
    talk.ask(hex("16 0301 002d 01 000029 0303") + std::string(32, 'r') + hex("00 0002 1301 01 00"), 200);
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.name, "postgresql");
    EXPECT_EQ(l7.tls.size(), 1U);
}

std::string packet_of(int number, const std::string& body) { return little(body.size(), 3) + big(static_cast<std::uint64_t>(number), 1) + body; }
const std::string mysql_greeting = packet_of(0, std::string("\x0a"
                                                            "8.0.32\0",
                                                            8) +
                                                    std::string(40, 'x'));

TEST(Mysql, the_greeting_names_the_server_and_the_login_user_and_database) {
    Talk talk(3306);
    EXPECT_TRUE(talk.answer(mysql_greeting));
    EXPECT_FALSE(talk.ask(packet_of(1, little(0x8 | 0x200 | 0x8000, 4) + std::string(28, '\0') + std::string("root\0\x02xyshop\0", 13))));
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.name, "mysql");
    EXPECT_EQ(l7.banner, "8.0.32");
    EXPECT_EQ(l7.user, "root");
    EXPECT_EQ(l7.database, "shop");
}

TEST(Mysql, a_login_that_lies_about_its_lengths_is_not_believed) {
    Talk talk(3306);
    talk.answer(mysql_greeting);
    talk.ask(packet_of(1, little(0x8 | 0x200 | 0x8000, 4) + std::string(28, '\0') + std::string("root\0\xf0xy", 8)));
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.user, "root");
    EXPECT_EQ(l7.database, "");
}

TEST(Mongodb, the_database_is_in_the_first_messages) {
    Talk talk(27017);
    const std::string body = hex("00000000 00") + little(30, 4) + std::string("\x02$db\0\x05\0\0\0shop\0\0", 15);
    EXPECT_FALSE(talk.ask(little(16 + body.size(), 4) + little(1, 4) + little(0, 4) + little(2013, 4) + body));
    EXPECT_EQ(talk.end().database, "shop");
}

TEST(Greeting, ssh_says_its_version_and_an_old_one_is_a_risk) {
    Talk talk(2222);
    talk.answer("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
    EXPECT_EQ(talk.end().banner, "SSH-2.0-OpenSSH_9.2p1 Debian-2");
    Talk old(22);
    old.answer("SSH-1.5-Cisco\r\n");
    EXPECT_EQ(old.end().risks, (std::vector<std::string>{"ssh_version_1"}));
    Talk between(22);
    between.answer("SSH-1.99-x\r\n");
    EXPECT_TRUE(between.end().risks.empty());
}

TEST(Greeting, amqp_says_whose_server_it_is) {
    Talk talk(5672);
    talk.ask(hex("414d5150 00000901"));
    talk.answer("\x01 product RabbitMQ " + std::string("\x07versionS\0\0\0\x06"
                                                       "3.10.8",
                                                       19));
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.application, "rabbitmq");
    EXPECT_EQ(l7.banner, "RabbitMQ 3.10.8");
}

}  // namespace
}  // namespace bulkhead::l7
