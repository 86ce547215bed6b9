// SPDX-License-Identifier: Apache-2.0
#include "flow/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "flow/sample_flow.h"

namespace bulkhead::flow {
namespace {

using testing::HasSubstr;
using testing::Not;

Observed between(const std::string& source, const std::string& destination, std::uint16_t port, std::uint64_t bytes = 100) {
    Observed flow = sample_flow();
    flow.record.key.low_port = port;
    flow.record.sent[0].bytes = bytes;
    flow.source.identity = std::make_shared<Identity>(sample_identity(source, "x"));
    flow.destination.identity = std::make_shared<Identity>(sample_identity(destination, "x"));
    return flow;
}

Edges shop() {
    Edges edges;
    edges.add(between("proxy", "web", 80), Moment::over);
    edges.add(between("web", "api", 8080), Moment::over);
    edges.add(between("api", "db", 5432), Moment::over);
    edges.add(between("api", "db", 5433), Moment::over);
    edges.add(between("db", "proxy", 9000), Moment::over);  // a circle
    return edges;
}

TEST(Graph, between_two_ends_is_one_link) {
    const Graph graph = graph_of(shop(), 100);
    EXPECT_EQ(graph.nodes.size(), 4U);
    EXPECT_EQ(graph.links.size(), 4U);
    EXPECT_EQ(graph.links_left_out, 0U);
}

TEST(Graph, what_is_not_drawn_is_counted) {
    const Graph graph = graph_of(shop(), 1);
    EXPECT_EQ(graph.links.size(), 1U);
    EXPECT_EQ(graph.links_left_out, 3U);
    EXPECT_EQ(graph.left_out.flows + graph.links[0].counts.flows, 5U);
    EXPECT_THAT(dot_text(graph), HasSubstr("3 more links"));
    EXPECT_THAT(svg_text(graph), HasSubstr("not drawn: 3 links"));
    EXPECT_THAT(mermaid_text(graph), HasSubstr("3 more links"));
    EXPECT_THAT(map_json_text(graph, shop()), HasSubstr("\"left_out\":{\"links\":3"));
}

TEST(Graph, who_asks_stands_left_and_a_circle_ends) {
    Edges edges;
    edges.add(between("web", "api", 80), Moment::over);
    edges.add(between("api", "db", 80), Moment::over);
    edges.add(between("web", "db", 80), Moment::over);
    edges.add(between("db", "db", 80), Moment::over);
    const Graph graph = graph_of(edges, 100);
    const auto places = places_of(graph);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const std::string& name = graph.nodes[i].name;
        EXPECT_EQ(places[i].column, name == "shop/web" ? 0U : name == "shop/api" ? 1U : 2U) << name;
    }
    EXPECT_EQ(places_of(graph_of(shop(), 100)).size(), 4U);
    EXPECT_THAT(svg_text(graph_of(Edges(), 10)), HasSubstr("0 ends"));
}

TEST(Graph, hostile_names_stay_names_in_each_format) {
    Edges edges;
    edges.add(between("a\"];x[<script>alert(1)</script>\n\\", "b'&|-->", 80), Moment::over);
    const Graph graph = graph_of(edges, 10);
    EXPECT_THAT(dot_text(graph), HasSubstr("label=\"shop/a\\\"];x[<script>"));
    EXPECT_THAT(mermaid_text(graph), Not(HasSubstr("<script>")));
    EXPECT_THAT(mermaid_text(graph), HasSubstr("a#34;#93;#59;x#91;#60;script#62;"));
    EXPECT_THAT(svg_text(graph), Not(HasSubstr("<script>")));
    EXPECT_THAT(svg_text(graph), HasSubstr("&lt;script&gt;"));
    const auto document = json::Document::parse(map_json_text(graph, edges));
    ASSERT_TRUE(document);
    EXPECT_EQ(document->root()["edges"].items().size(), 1U);
}

}  // namespace
}  // namespace bulkhead::flow
