// SPDX-License-Identifier: Apache-2.0
// Netlink dumps written as lists: sockets, links, addresses, routes, xfrm states and policies become the kernel's messages.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>

namespace bulkhead::tests {

// The bytes of the dump the locator names. Throws std::runtime_error for a kind that has no written form.
//   sock_tcp, sock_udp: {state: LISTEN, local: 0.0.0.0, port: 80, remote: .., remote_port: .., inode: 7, uid: 0, rtt_us: 100}
//   link:    {index: 2, name: docker0, kind: bridge}
//   address: {index: 2, address: 172.17.0.1/16}
//   route:   {destination: 172.17.0.0/16, index: 2}
//   xfrm_state:  {source: 10.0.0.1, destination: 10.0.0.2, spi: 7}
std::string netlink_dump(const std::string& locator, const YAML::Node& list);

}  // namespace bulkhead::tests
