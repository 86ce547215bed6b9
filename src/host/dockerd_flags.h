// SPDX-License-Identifier: Apache-2.0
// dockerd's command line as settings, by the rules of its flag package (spf13/pflag): "--icc=false", "--log-level debug", "-D",
// "-H unix://...", "-Dl debug", "--" ends the flags. A repeated list or map gathers, any other repeated flag: the last one wins.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace bulkhead::host {

// By the name in daemon.json; JSON values. A flag that is not known stands under its own name as text.
std::map<std::string, std::string> parse_dockerd_flags(const std::vector<std::string>& cmdline);

}  // namespace bulkhead::host
