// SPDX-License-Identifier: Apache-2.0
// MongoDB: the database of the first message (MongoDB wire protocol: OP_MSG's "$db", OP_QUERY's collection).
#include <algorithm>
#include <cstring>

#include "l7/protocols.h"

namespace bulkhead::l7 {

namespace {

constexpr std::uint32_t op_reply = 1, op_query = 2004, op_compressed = 2012, op_msg = 2013, op_first = 2001, op_last = 2007;
constexpr std::uint32_t message_bytes_max = 48'000'000;  // the server's maxMessageSizeBytes
constexpr std::size_t header_bytes = 16;

// "$db" as a string of BSON: its type, its name, its length with the zero behind it.
std::string_view find_database(Span body) {
    constexpr std::string_view begin("\x02$db\0", 5);
    const std::string_view text = text_of(body);
    const std::size_t at = text.find(begin);
    if (at == std::string_view::npos) return {};
    Bytes bytes(body.subspan(at + begin.size()));
    const std::uint32_t length = bytes.little32();
    const Span value = bytes.take(length);
    return bytes.ok() && length > 1 && length <= 65 ? text_of(value).substr(0, length - 1) : std::string_view();
}

class Mongodb final : public Conversation {
  public:
    Progress take(const Piece& piece, flow::L7& l7) override {
        constexpr int pieces_max = 4;
        if (!piece.from_client) return Progress::more;
        Bytes bytes(piece.bytes);
        bytes.skip(12);
        const std::uint32_t operation = bytes.little32();
        if (operation == op_msg) l7.database = bounded(find_database(bytes.rest()));
        if (operation == op_query) {
            bytes.skip(4);
            const std::string_view collection = bytes.zero_terminated();
            if (bytes.ok()) l7.database = bounded(collection.substr(0, collection.find('.')));
        }
        // A client first says hello to "admin"; its own database comes behind.
        const bool found = !l7.database.empty() && l7.database != "admin";
        return found || ++pieces_ >= pieces_max || piece.cut > 0 ? Progress::enough : Progress::more;
    }

  private:
    int pieces_ = 0;
};

}  // namespace

std::unique_ptr<Conversation> open_mongodb(bool) { return std::make_unique<Mongodb>(); }

bool is_mongodb(const Opening& opening) {
    Bytes bytes(opening.bytes);
    const std::uint32_t length = bytes.little32();
    bytes.skip(4);
    const std::uint32_t answers_to = bytes.little32(), operation = bytes.little32();
    if (!bytes.ok() || length < header_bytes + 5 || length > message_bytes_max) return false;
    const bool known = operation == op_reply || operation == op_msg || operation == op_compressed || (operation >= op_first && operation <= op_last);
    // One message a packet, or the beginning of a long one; an answer alone (the flow's beginning was missed) names what it answers.
    return known && length >= opening.wire_bytes && (operation != op_reply || answers_to != 0);
}

}  // namespace bulkhead::l7
