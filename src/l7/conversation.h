// SPDX-License-Identifier: Apache-2.0
// What a parser of one protocol is to the inspector. It gets the bytes of both directions, each in their order and each once; where some
// never come it is told how many. It writes what it learns and says when it has learned enough. Owned by the inspector's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "flow/l7.h"
#include "l7/bytes.h"

namespace bulkhead::l7 {

struct Piece {
    bool from_client = true;  // who asks in this protocol, whoever began the flow
    Span bytes;
    std::uint32_t cut = 0;  // so many bytes behind these never come
    std::int64_t time_ns = 0;
};

enum class Progress : std::uint8_t {
    more,    // the next piece matters
    idle,    // nothing is outstanding: the parser may be forgotten; a new one can go on with the next piece
    enough,  // nothing more is to be learned
};

class Conversation {
  public:
    Conversation() = default;
    virtual ~Conversation() = default;
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    virtual Progress take(const Piece& piece, flow::L7& l7) = 0;
    virtual void end(flow::L7&) {}  // no more will come: what is half known may be told
};

// How flow::L7 is written, so that its bounds hold.
inline std::string bounded(std::string_view text) { return std::string(text.substr(0, flow::l7_text_max)); }
inline std::string bounded(Span bytes) { return bounded(text_of(bytes)); }
void add_risk(flow::L7& l7, std::string_view risk);

// Bytes of a structure that came in pieces, up to a bound. Where the structure is whole in one piece nothing is copied.
class Gathered {
  public:
    // What was kept, with the piece behind it. Good until the next call.
    Span with(Span piece, std::size_t bytes_max) {
        if (kept_.empty()) return piece.first(std::min(piece.size(), bytes_max));
        const std::size_t room = bytes_max - std::min(bytes_max, kept_.size());
        kept_.append(text_of(piece.first(std::min(piece.size(), room))));
        return span_of(kept_);
    }
    // The structure is not whole yet. all: what `with` gave.
    void keep(Span all) {
        if (kept_.empty()) kept_.assign(text_of(all));
    }
    void clear() { std::string().swap(kept_); }
    [[nodiscard]] std::size_t size() const { return kept_.size(); }

  private:
    std::string kept_;
};

}  // namespace bulkhead::l7
