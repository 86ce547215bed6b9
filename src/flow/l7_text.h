// SPDX-License-Identifier: Apache-2.0
// What was said in a flow, as text: a JSON object, or some words for people. What is not known is left out. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "flow/l7.h"

namespace bulkhead::flow {

// {"name":"http","http":[{...}],...}: the object alone, so that it may go behind ,"l7":
void append_l7_json(std::string& out, const L7& l7);
// "http GET shop/cart 200 3.4 ms +2 more", "dns A db.internal 10.0.0.7", "tls shop.example 1.3 h2", "redis"; without a space before it.
void append_l7_compact(std::string& out, const L7& l7);

std::string dns_type_name(std::uint16_t type);  // "A", "AAAA", ...; RFC 3597's "TYPE1234" where it has no name here
std::string dns_rcode_name(int rcode);          // "NOERROR", "NXDOMAIN", ...; the number where it has no name here

}  // namespace bulkhead::flow
