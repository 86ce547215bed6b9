// SPDX-License-Identifier: Apache-2.0
// For tests as root: a bridge in a network namespace of its own, and two namespaces that hang on it by veths, as containers do.
#pragma once

#include <string>

namespace bulkhead::datapath::testing {

class SmallNetwork {
  public:
    SmallNetwork();
    ~SmallNetwork();
    SmallNetwork(const SmallNetwork&) = delete;
    SmallNetwork& operator=(const SmallNetwork&) = delete;

    [[nodiscard]] bool ready() const { return ready_; }
    [[nodiscard]] std::string path(const std::string& which) const;  // of "host", "a", "b"
    // A shell command in the namespace; its exit code. Its output goes nowhere.
    [[nodiscard]] int run(const std::string& which, const std::string& command) const;
    // A Python program in the namespace; its exit code.
    [[nodiscard]] int python(const std::string& which, const std::string& program) const;
    // One that goes on beside, until this object ends it.
    void serve(const std::string& which, const std::string& program);
    // Lines for ip(8), all in one go, in "host".
    [[nodiscard]] int ip(const std::string& lines) const;
    // The host's end of another veth, a port of the bridge; its peer is in "a".
    [[nodiscard]] int add_veth(const std::string& name) const;

  private:
    [[nodiscard]] std::string netns(const std::string& which) const;
    std::string prefix_;
    bool ready_ = false;
};

// 10.77.0.1 and fd77::1 are a's, .2 and ::2 b's; 10.77.0.254 the bridge's.
inline constexpr const char* a_address = "10.77.0.1";
inline constexpr const char* b_address = "10.77.0.2";

// Whether this process may do what the datapath does; what is skipped for want of it must say so.
bool is_root();
// BULKHEAD_REQUIRE_LAB=1: a skip is a failure.
bool must_not_skip();

}  // namespace bulkhead::datapath::testing
