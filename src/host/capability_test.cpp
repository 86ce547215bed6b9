// SPDX-License-Identifier: Apache-2.0
#include "host/capability.h"

#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

// As `capsh --decode=00000000a80425fb` says.
TEST(Capability, names_the_default_set_of_docker) {
    EXPECT_EQ(capability_names(0xa80425fb),
              (std::vector<std::string>{"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP",
                                        "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SYS_CHROOT", "CAP_MKNOD", "CAP_AUDIT_WRITE", "CAP_SETFCAP"}));
}

TEST(Capability, one_newer_than_the_list_is_named_by_its_number) {
    EXPECT_EQ(capability_names(1ULL << 40U), (std::vector<std::string>{"CAP_CHECKPOINT_RESTORE"}));
    EXPECT_EQ(capability_names((1ULL << 41U) | (1ULL << 63U)), (std::vector<std::string>{"CAP_41", "CAP_63"}));
    EXPECT_TRUE(capability_names(0).empty());
}

}  // namespace
}  // namespace bulkhead::host
