// SPDX-License-Identifier: Apache-2.0
#include "flow/identity.h"

#include <gtest/gtest.h>

namespace bulkhead::flow {
namespace {

TEST(Identity, is_grouped_by_what_people_call_it) {
    Identity identity{.who = Who::container, .container = "shop-web-1", .project = "shop", .service = "web"};
    EXPECT_EQ(identity.group(), "shop/web");
    identity.project.clear();
    EXPECT_EQ(identity.group(), "web");
    identity.service.clear();
    EXPECT_EQ(identity.group(), "shop-web-1");
}

TEST(Identity, that_is_no_container_is_grouped_by_its_kind) {
    EXPECT_EQ((Identity{.who = Who::gateway, .network = "front"}.group()), "gateway of front");
    EXPECT_EQ((Identity{.who = Who::node, .node = "worker1"}.group()), "node worker1");
    EXPECT_EQ(Identity{.who = Who::external}.group(), "external");
    EXPECT_EQ(Identity{}.group(), "unknown") << "not known is not external";
}

}  // namespace
}  // namespace bulkhead::flow
