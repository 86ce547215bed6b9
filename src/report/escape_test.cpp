// SPDX-License-Identifier: Apache-2.0
#include "report/escape.h"

#include <gtest/gtest.h>

namespace bulkhead::report {

namespace {

TEST(Escape, markup_leaves_no_way_out_of_content_or_attributes) {
    EXPECT_EQ(markup("</script><img src=x onerror='a()' \"b\" & c"), "&lt;/script&gt;&lt;img src=x onerror=&#39;a()&#39; &quot;b&quot; &amp; c");
}

TEST(Escape, markup_of_bytes_that_xml_forbids_is_visible) {
    EXPECT_EQ(markup(std::string_view("a\0b\x1b[2J\n", 8)), "a\\x00b\\x1b[2J\\x0a");
    EXPECT_EQ(markup("\xff"), "\\xff");
    EXPECT_EQ(markup("x\xEF\xBF\xBEy\xEF\xBF\xBF"), "x\\ufffey\\uffff");
    EXPECT_EQ(markup("\xE2\x80\xAE"
                     "evil"),
              "\\xe2\\x80\\xaeevil")
        << "nothing turns the direction of writing";
    EXPECT_EQ(markup("é日"), "é日");
}

TEST(Escape, prose_has_paragraphs_and_code) {
    EXPECT_EQ(prose("Run `a <b>`\n  and c.\n\nThen `d.\n"), "<p>Run <code>a &lt;b&gt;</code> and c.</p><p>Then `d.</p>");
    EXPECT_EQ(prose(""), "");
}

TEST(Escape, markdown_is_neither_link_nor_cell_nor_mention) {
    EXPECT_EQ(markdown("a|b\nc"), "a\\|b\\\\x0ac");
    EXPECT_EQ(markdown("[x](http://y) <b> @all"), "\\[x\\]\\(http&#58;//y\\) &lt;b\\> @&#8203;all");
}

TEST(Escape, markdown_of_controls_has_code) { EXPECT_EQ(markdown_prose("Set `a_b`\n  or <c>, `d."), "Set <code>a\\_b</code>   or &lt;c\\>, \\`d."); }

TEST(Escape, uri_path_encodes_all_but_unreserved) { EXPECT_EQ(uri_path("./a b/%c#d?e:f\xC3\xA9"), "./a%20b/%25c%23d%3Fe%3Af%C3%A9"); }

TEST(Escape, one_line_is_never_empty) {
    EXPECT_EQ(one_line("  a\n b\t"), "a  b");
    EXPECT_EQ(one_line(" \n"), "-");
}

TEST(Escape, shortened_cuts_between_characters) {
    EXPECT_EQ(shortened("abc", 3), "abc");
    EXPECT_EQ(shortened("abé", 3), "ab...");
}

}  // namespace

}  // namespace bulkhead::report
