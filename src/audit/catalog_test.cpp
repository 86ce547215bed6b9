// SPDX-License-Identifier: Apache-2.0
// Control files as people write them: every mistake is told with its file, line and column.
#include "audit/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/yaml_fields.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string control(const std::string& id, const std::string& more = "") {
    return "id: " + id + "\ntitle: A title\nlevels: [1, 2]\nseverity: high\ndescription: What\nremediation: How\nsql: select 1\n" + more;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

std::string error_of(const std::string& yaml) {
    const auto parsed = parse_control(yaml, "c.yaml");
    EXPECT_FALSE(parsed) << yaml;
    return parsed ? "" : parsed.error().message;
}

TEST(ControlFile, holds_what_it_says) {
    const auto parsed = parse_control(control("csvs_9_1", "aliases: [old_1]\ntags: [a=b]\nlayers: [observed]\nreferences: [https://example.org]\n"), "c.yaml");
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->id, "csvs_9_1");
    EXPECT_THAT(parsed->levels, ElementsAre(1, 2));
    EXPECT_THAT(parsed->aliases, ElementsAre("old_1"));
    EXPECT_EQ(parsed->file, "c.yaml");
}

TEST(ControlFile, params_are_texts_by_name) {
    const auto parsed = parse_control(control("x_1", "params: {mask: '0644', what: \"a b\", number: 5}\n"), "c.yaml");
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_THAT(parsed->params, ElementsAre(testing::Pair("mask", "0644"), testing::Pair("number", "5"), testing::Pair("what", "a b")));
    EXPECT_THAT(error_of(control("x_1", "params: [a]\n")), StartsWith("c.yaml:8:9: 'params' must be a mapping"));
    EXPECT_THAT(error_of(control("x_1", "params: {a: [b]}\n")), StartsWith("c.yaml:8:10: 'params' must be a mapping"));
    EXPECT_THAT(error_of(control("x_1", "params: {a: b, a: c}\n")), StartsWith("c.yaml:8:16: 'params' has 'a' twice"));
    EXPECT_THAT(error_of(control("x_1", "params: {A b: c}\n")), HasSubstr("the name of a parameter"));
}

TEST(ControlFile, mistakes_name_file_line_and_column) {
    const std::string good = control("x_1");
    EXPECT_THAT(error_of(replaced(good, "severity: high", "severity: hihg")), StartsWith("c.yaml:4:11: severity is"));
    EXPECT_THAT(error_of(replaced(good, "severity:", "sevrity:")), StartsWith("c.yaml:4:1: unknown key 'sevrity'; allowed: id, "));
    EXPECT_THAT(error_of(good + "title: again\n"), StartsWith("c.yaml:8:1: the key 'title' is given twice"));
    EXPECT_THAT(error_of(replaced(good, "title: A title\n", "")), StartsWith("c.yaml:1:1: 'title' is missing"));
    EXPECT_THAT(error_of(replaced(good, "[1, 2]", "[1, 4]")), StartsWith("c.yaml:3:9: a level is 1, 2 or 3"));
    EXPECT_THAT(error_of(replaced(good, "[1, 2]", "[]")), HasSubstr("'levels' is missing"));
    EXPECT_THAT(error_of(replaced(good, "[1, 2]", "[one]")), StartsWith("c.yaml:3:9: 'levels' must be a list of whole numbers"));
    EXPECT_THAT(error_of(replaced(good, "[1, 2]", "1")), StartsWith("c.yaml:3:9: "));
    EXPECT_THAT(error_of(replaced(good, "id: x_1", "id: X-1")), StartsWith("c.yaml:1:5: an id has"));
    EXPECT_THAT(error_of(replaced(good, "A title", "[a]")), StartsWith("c.yaml:2:8: 'title' must be text"));
    EXPECT_THAT(error_of(replaced(good, "A title", "\"  \"")), StartsWith("c.yaml:2:8: 'title' must be text"));
    EXPECT_THAT(error_of(good + "layers: [seen]\n"), StartsWith("c.yaml:8:9: a layer is"));
    EXPECT_THAT(error_of(good + "tags: [[a]]\n"), StartsWith("c.yaml:8:8: 'tags' must be a list of texts"));
    EXPECT_THAT(error_of(good + "query: q\n"), HasSubstr("either 'sql' or 'query'"));
    EXPECT_THAT(error_of(replaced(good, "sql: select 1\n", "")), HasSubstr("either 'sql' or 'query'"));
    EXPECT_THAT(error_of("id: [\n"), StartsWith("c.yaml:2:1: "));
    EXPECT_THAT(error_of("- id\n"), StartsWith("c.yaml:1:1: expected a mapping"));
    EXPECT_THAT(error_of(""), HasSubstr("expected a mapping"));
    EXPECT_THAT(error_of("{[a]: b}"), HasSubstr("a key must be plain text"));
}

TEST(ControlFile, hostile_text_is_refused) {
    const std::string good = control("x_1");
    EXPECT_THAT(error_of(good + "\xFF"), HasSubstr("not UTF-8"));
    EXPECT_EQ(parse_control(std::string(yaml_bytes_max + 1, '#'), "c.yaml").error().code, Code::limit_exceeded);
    EXPECT_FALSE(parse_control(std::string(100'000, '['), "c.yaml")) << "nested without end";
    EXPECT_FALSE(parse_control(good + "tags: " + std::string(100'000, '{'), "c.yaml"));
    EXPECT_EQ(error_of("\x1b[2J: 1\n").find('\x1b'), std::string::npos);
}

TEST(ControlFile, aliases_are_refused_where_they_stand) {
    EXPECT_THAT(error_of(control("x_1", "tags: &all [a]\naliases: *all\n")), StartsWith("c.yaml:9:10: aliases (*name) are not allowed"));
    EXPECT_THAT(error_of("&a [*a]"), HasSubstr("aliases"));
    EXPECT_THAT(error_of("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"), HasSubstr("aliases"));
}

TEST(ControlFile, a_second_document_is_not_overlooked) {
    EXPECT_THAT(error_of(control("x_1") + "---\n" + control("x_2")), HasSubstr("more than one document"));
}

class Folder : public testing::Test {
  protected:
    [[nodiscard]] std::string error() const {
        const auto catalog = load_catalog({folder_.path().string()});
        EXPECT_FALSE(catalog);
        return catalog ? "" : catalog.error().message;
    }
    world::TempFolder folder_;
};

TEST_F(Folder, adds_to_what_is_inside_the_program_in_natural_order) {
    folder_.write("own/own_10.yaml", control("own_10"));
    folder_.write("own/own_9.yaml", replaced(control("own_9", "aliases: [nine]\n"), "sql: select 1", "query: my_query"));
    folder_.write("queries/my_query.sql", "select 9");
    folder_.write("own/own_9.cases.yaml", "not: [a control");
    folder_.write("own/notes.txt", "not a control");
    folder_.write("own/benchmarks.yaml", "- {id: own, title: Own, children: [own_9, own_10]}\n");
    const auto catalog = load_catalog({folder_.path().string()});
    ASSERT_TRUE(catalog) << catalog.error().message;
    const auto own_9 = std::ranges::find(catalog->controls, "own_9", &Control::id);
    ASSERT_NE(own_9, catalog->controls.end());
    EXPECT_EQ((own_9 + 1)->id, "own_10");
    EXPECT_EQ(own_9->sql, "select 9");
    EXPECT_EQ(catalog->find_control("nine"), &*own_9);
    EXPECT_NE(catalog->find_benchmark("own"), nullptr);
    EXPECT_NE(catalog->find_control("csvs_3_1"), nullptr);
}

TEST_F(Folder, one_bad_file_stops_the_load) {
    folder_.write("good_1.yaml", control("good_1"));
    folder_.write("bad_1.yaml", control("bad_1", "nonsense: 1\n"));
    EXPECT_THAT(error(), HasSubstr("bad_1.yaml:8:1: unknown key"));
}

TEST_F(Folder, a_file_is_named_as_its_id) {
    folder_.write("own_1.yaml", control("own_2"));
    EXPECT_THAT(error(), HasSubstr("own_2.yaml"));
}

TEST_F(Folder, ids_are_not_taken_twice) {
    folder_.write("csvs_3_1.yaml", control("csvs_3_1"));
    EXPECT_THAT(error(), HasSubstr("the id csvs_3_1 is taken"));
}

TEST_F(Folder, an_alias_is_no_id_of_another) {
    folder_.write("own_1.yaml", control("own_1", "aliases: [csvs_3_1]\n"));
    EXPECT_THAT(error(), HasSubstr("the id csvs_3_1 is taken"));
}

TEST_F(Folder, a_benchmark_is_not_named_as_a_control_and_has_only_children_that_exist) {
    folder_.write("benchmarks.yaml", "- {id: csvs_3_1, title: T, children: []}\n");
    EXPECT_THAT(error(), HasSubstr("the id csvs_3_1 is taken"));
    folder_.write("benchmarks.yaml", "- {id: own, title: T, children: [nothing]}\n");
    EXPECT_THAT(error(), HasSubstr("no control or benchmark nothing"));
    folder_.write("benchmarks.yaml", "- {id: own, titel: T}\n");
    EXPECT_THAT(error(), HasSubstr("benchmarks.yaml:1:13: unknown key 'titel'"));
    folder_.write("benchmarks.yaml", "id: own\n");
    EXPECT_THAT(error(), HasSubstr("expected a list of benchmarks"));
}

TEST_F(Folder, a_named_query_must_exist) {
    folder_.write("own_1.yaml", replaced(control("own_1"), "sql: select 1", "query: none"));
    EXPECT_THAT(error(), HasSubstr("no named query none"));
}

TEST_F(Folder, params_that_are_given_are_those_that_the_sql_asks_for) {
    folder_.write("own_1.yaml", replaced(control("own_1", "params: {a: x}\n"), "select 1", "select param('a'), param('b')"));
    EXPECT_THAT(error(), HasSubstr("the SQL asks for the parameter 'b'"));
    folder_.write("own_1.yaml", control("own_1", "params: {a: x}\n"));
    EXPECT_THAT(error(), HasSubstr("the SQL does not ask for the parameter 'a'"));
    folder_.write("own_1.yaml", replaced(control("own_1", "params: {a: x}\n"), "select 1", "select param('a')"));
    const auto catalog = load_catalog({folder_.path().string()});
    ASSERT_TRUE(catalog) << catalog.error().message;
}

TEST(Catalog, a_folder_that_is_not_there_is_an_error) { EXPECT_EQ(load_catalog({"/no/such/folder"}).error().code, Code::not_found); }

TEST(NaturalOrder, counts_runs_of_digits_as_numbers) {
    EXPECT_TRUE(natural_less("csvs_3_2", "csvs_3_10"));
    EXPECT_FALSE(natural_less("csvs_3_10", "csvs_3_2"));
    EXPECT_TRUE(natural_less("a", "a1"));
    EXPECT_TRUE(natural_less("a9", "b1"));
    EXPECT_TRUE(natural_less("", "a"));
    EXPECT_FALSE(natural_less("a", "a"));
    EXPECT_FALSE(natural_less("a000", "a0"));
    EXPECT_FALSE(natural_less("a0", "a000"));
    EXPECT_TRUE(natural_less("a2", "a99999999999999999999999")) << "no number is too long";
}

}  // namespace
}  // namespace bulkhead::audit
