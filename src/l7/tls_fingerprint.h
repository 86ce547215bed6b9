// SPDX-License-Identifier: Apache-2.0
// Fingerprints of TLS hellos: JA3 and JA3S (salesforce/ja3, README) and JA4 (FoxIO, technical_details/JA4.md). Of whole hellos only; a
// cut one would look like another client. Pure; any thread.
#pragma once

#include <string>

#include "l7/tls_hello.h"

namespace bulkhead::l7 {

std::string ja3_text(const ClientHello& hello);  // "771,4865-4866,0-11-10,29-23,0", of which ja3 is the MD5 sum
std::string ja3(const ClientHello& hello);
std::string ja3s(const ServerHello& hello);
std::string ja4(const ClientHello& hello);

}  // namespace bulkhead::l7
