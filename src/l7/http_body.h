// SPDX-License-Identifier: Apache-2.0
// Where the body of an HTTP/1 message ends (RFC 9112, sections 6 and 7.1): by its length, by its chunks, or with the connection. Bytes are
// stepped over, not kept. A value.
#pragma once

#include <cstdint>

#include "l7/bytes.h"

namespace bulkhead::l7 {

class HttpBody {
  public:
    static HttpBody none() { return {}; }
    static HttpBody of(std::uint64_t length);
    static HttpBody chunked();
    static HttpBody to_the_end();

    [[nodiscard]] bool over() const { return state_ == State::over; }
    std::size_t skip(Span bytes);            // how many of them are the body's
    bool skip_missing(std::uint64_t count);  // false: where the body ends is not known any more

  private:
    enum class State : std::uint8_t { over, length, end_of_connection, chunk_size, chunk_rest_of_line, chunk_data, chunk_end, trailer };
    std::size_t skip_data(Span bytes);
    void take_chunk_byte(std::uint8_t byte);
    State state_ = State::over;
    std::uint64_t left_ = 0;     // of the length or the chunk
    std::uint32_t in_line_ = 0;  // bytes of the trailer's line
    bool has_digit_ = false;
};

}  // namespace bulkhead::l7
