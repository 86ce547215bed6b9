// SPDX-License-Identifier: Apache-2.0
// Captures are kept packed as often as not: gzip (RFC 1952, members one after the other) and Zstandard (RFC 8878) are told by their
// first bytes and unpacked as they are read, in constant memory. Anything else passes as it is. Errors: corrupt, and the stream's own.
#pragma once

#include <memory>

#include "world/stream.h"

namespace bulkhead::packet {

Result<std::unique_ptr<world::ByteStream>> unpack(std::unique_ptr<world::ByteStream> packed);

}  // namespace bulkhead::packet
