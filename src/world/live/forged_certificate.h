// SPDX-License-Identifier: Apache-2.0
// A certificate that anybody can make: it says that it is a manager of a Swarm, and only its own fresh key signed it. Any thread.
#pragma once

struct ssl_ctx_st;

namespace bulkhead::world {

// From here on the context shows it to servers that ask for a certificate. False: OpenSSL could not make one.
bool use_forged_certificate(ssl_ctx_st* context);

}  // namespace bulkhead::world
