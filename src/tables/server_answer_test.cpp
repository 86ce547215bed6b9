// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tables/catalog.h"
#include "tables/facts.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {

Table server_answer();

namespace {

constexpr std::size_t asked_column = 4;
constexpr std::size_t over_column = 5;
constexpr std::size_t served_column = 6;
constexpr std::size_t problem_column = 8;

const std::string plain = "banner:redis:[192.0.2.1]:6379@netns:7";
const std::string tls = "banner:redis+tls:[192.0.2.1]:6379@netns:7";

std::string answer(const std::string& hex) { return R"({"tls":null,"asks_certificate":false,"alert":null,"end":"none","answer":")" + hex + "\"}"; }

std::vector<Cell> ask(world::FakeReader& reader, const std::string& question = "redis", const std::string& port = "6379",
                      const std::string& address = "192.0.2.1") {
    world::World world(reader, 1);
    Facts facts(world);
    Scan scan(facts, {{"pid", "7"}, {"address", address}, {"port", port}, {"question", question}});
    const RowSet rows = server_answer().rows(scan);
    EXPECT_NE(scan.failures().empty(), rows.size == 0) << "a row says itself what failed";
    if (rows.size != 1) return {};
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < server_answer().columns.size(); ++i) cells.push_back(rows.at(0, i));
    return cells;
}

TEST(ServerAnswer, an_open_store_is_told) {
    world::FakeReader reader;
    reader.set(plain, answer("2b504f4e47"));
    const auto row = ask(reader);
    ASSERT_FALSE(row.empty());
    EXPECT_EQ(row[asked_column], Cell{std::int64_t{1}});
    EXPECT_EQ(row[over_column], Cell{std::string("TCP")});
    EXPECT_EQ(row[served_column], Cell{std::string("open")});
    EXPECT_EQ(reader.asked(), std::vector<std::string>{plain}) << "and not asked again over TLS";
}

TEST(ServerAnswer, one_that_is_not_understood_is_asked_over_tls) {
    world::FakeReader reader;
    reader.set(plain, answer("1503030002022a"));
    reader.set(tls, answer("2d4e4f41555448"));
    const auto row = ask(reader);
    ASSERT_FALSE(row.empty());
    EXPECT_EQ(row[over_column], Cell{std::string("TLS")});
    EXPECT_EQ(row[served_column], Cell{std::string("asks")});
}

TEST(ServerAnswer, that_it_speaks_no_tls_either_leaves_the_first_answer) {
    world::FakeReader reader;
    reader.set(plain, answer("48545450"));
    const auto row = ask(reader);
    ASSERT_FALSE(row.empty());
    EXPECT_EQ(row[served_column], Cell{});
    EXPECT_EQ(row[over_column], Cell{std::string("TCP")});
    EXPECT_EQ(row[problem_column], Cell{});
}

TEST(ServerAnswer, without_the_wish_to_probe_nothing_is_asked_and_nothing_failed) {
    world::FakeReader reader;
    reader.set_outcome(plain, world::Outcome::failed, std::string(world::not_probed));
    const auto row = ask(reader);
    ASSERT_FALSE(row.empty());
    EXPECT_EQ(row[asked_column], Cell{std::int64_t{0}});
    EXPECT_EQ(row[served_column], Cell{});
}

TEST(ServerAnswer, an_answer_that_could_not_be_had_or_read_is_a_problem) {
    for (const bool broken : {false, true}) {
        world::FakeReader reader;
        if (broken) reader.set(plain, "{}");
        const auto row = ask(reader);
        ASSERT_FALSE(row.empty());
        EXPECT_EQ(row[asked_column], Cell{std::int64_t{1}});
        EXPECT_EQ(row[served_column], Cell{});
        EXPECT_NE(row[problem_column], Cell{});
    }
}

TEST(ServerAnswer, what_is_no_question_to_a_store_is_not_asked) {
    world::FakeReader reader;
    EXPECT_TRUE(ask(reader, "shutdown").empty());
    EXPECT_TRUE(ask(reader, "swarm").empty());
    EXPECT_TRUE(ask(reader, "redis", "0").empty());
    EXPECT_TRUE(ask(reader, "redis", "65536").empty());
    EXPECT_TRUE(ask(reader, "redis", "6379", "store.example").empty());
    EXPECT_TRUE(reader.asked().empty());
}

}  // namespace
}  // namespace bulkhead::tables
