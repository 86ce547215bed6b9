// SPDX-License-Identifier: Apache-2.0
#include "l7/http_body.h"

#include <algorithm>

namespace bulkhead::l7 {

namespace {

constexpr std::uint64_t chunk_max = 1ULL << 40;  // a larger one is a lie: the body is taken to last as long as the connection

int hex_digit(std::uint8_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

HttpBody HttpBody::of(std::uint64_t length) {
    HttpBody body;
    body.state_ = length > 0 ? State::length : State::over;
    body.left_ = length;
    return body;
}

HttpBody HttpBody::chunked() {
    HttpBody body;
    body.state_ = State::chunk_size;
    return body;
}

HttpBody HttpBody::to_the_end() {
    HttpBody body;
    body.state_ = State::end_of_connection;
    return body;
}

std::size_t HttpBody::skip_data(Span bytes) {
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    left_ -= count;
    if (left_ == 0) state_ = state_ == State::length ? State::over : State::chunk_end;
    return count;
}

void HttpBody::take_chunk_byte(std::uint8_t byte) {
    switch (state_) {
        case State::chunk_size: {
            const int digit = hex_digit(byte);
            if (digit >= 0) {
                has_digit_ = true;
                left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
                if (left_ > chunk_max) state_ = State::end_of_connection;
                break;
            }
            state_ = has_digit_ ? State::chunk_rest_of_line : State::end_of_connection;
            if (state_ == State::chunk_rest_of_line && byte == '\n') take_chunk_byte(byte);
            break;
        }
        case State::chunk_rest_of_line:
            if (byte != '\n') break;
            state_ = left_ > 0 ? State::chunk_data : State::trailer;
            has_digit_ = false;
            in_line_ = 0;
            break;
        case State::chunk_end:
            if (byte == '\n') state_ = State::chunk_size;
            break;
        case State::trailer:
            if (byte == '\n') {
                if (in_line_ == 0) state_ = State::over;
                in_line_ = 0;
            } else if (byte != '\r') {
                ++in_line_;
            }
            break;
        default: break;
    }
}

std::size_t HttpBody::skip(Span bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && state_ != State::over) {
        if (state_ == State::end_of_connection) return bytes.size();
        if (state_ == State::length || state_ == State::chunk_data) {
            used += skip_data(bytes.subspan(used));
        } else {
            take_chunk_byte(bytes[used++]);
        }
    }
    return used;
}

bool HttpBody::skip_missing(std::uint64_t count) {
    if (state_ == State::end_of_connection) return true;
    if ((state_ != State::length && state_ != State::chunk_data) || count > left_) return false;
    left_ -= count;
    if (left_ == 0) state_ = state_ == State::length ? State::over : State::chunk_end;
    return true;
}

}  // namespace bulkhead::l7
