// SPDX-License-Identifier: Apache-2.0
// HTTP/2 (RFC 9113) and gRPC over it: requests with their answers, stream by stream. Frames are taken apart here, header blocks are
// unpacked by nghttp2 (HPACK, RFC 7541). A header block of which bytes are missing ends its direction: the table behind it is lost.
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "l7/http_application.h"
#include "l7/protocols.h"

namespace bulkhead::l7 {

namespace {

constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t frame_header_bytes = 9;
constexpr std::size_t block_bytes_max = 32'768;    // of one header block
constexpr std::size_t fields_bytes_max = 131'072;  // of what it unpacks to
constexpr std::size_t streams_max = 256;           // that are open; beyond, the oldest is given up
constexpr std::uint32_t table_bytes_max = 65'536;
constexpr std::size_t none = SIZE_MAX;

namespace frame {
constexpr std::uint8_t data = 0, headers = 1, settings = 4, push_promise = 5, continuation = 9;
}
namespace flag {
constexpr std::uint8_t ack = 1, end_headers = 4, padded = 8, priority = 32;
}

using Inflater = std::unique_ptr<nghttp2_hd_inflater, decltype(&nghttp2_hd_inflate_del)>;

Inflater make_inflater() {
    nghttp2_hd_inflater* out = nullptr;
    if (nghttp2_hd_inflate_new(&out) != 0) out = nullptr;
    return {out, nghttp2_hd_inflate_del};
}

struct Fields {
    std::string method, authority, path, status, content_type, server;
};

void take_field(Fields& fields, std::string_view name, std::string_view value) {
    std::string* const place = name == ":method"        ? &fields.method
                               : name == ":authority"   ? &fields.authority
                               : name == ":path"        ? &fields.path
                               : name == ":status"      ? &fields.status
                               : name == "content-type" ? &fields.content_type
                               : name == "server"       ? &fields.server
                                                        : nullptr;
    if (place != nullptr && place->empty()) *place = bounded(value);
}

class Http2 final : public Conversation {
  public:
    Progress take(const Piece& piece, flow::L7& l7) override {
        Side& side = sides_[piece.from_client ? 0 : 1];
        if (side.lost) return progress();
        Span bytes = piece.bytes;
        if (!side.began) bytes = skip_preface(side, bytes, piece.from_client);
        while (!bytes.empty() && !side.lost) {
            if (side.skip > 0) {
                const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(side.skip, bytes.size()));
                side.skip -= count;
                bytes = bytes.subspan(count);
                continue;
            }
            bytes = bytes.subspan(take_frame(side, bytes, piece, l7));
        }
        if (piece.cut > 0 && !side.lost) {
            if (piece.cut <= side.skip) {
                side.skip -= piece.cut;
            } else {
                lose(side, piece, l7);
            }
        }
        return progress();
    }

  private:
    struct Side {
        Gathered gathered;
        std::size_t preface_read = 0;
        std::uint64_t skip = 0;
        std::string block;  // a header block that goes on in CONTINUATION
        std::uint32_t block_stream = 0;
        bool block_open = false;
        bool began = false;
        bool lost = false;
        Inflater inflater = make_inflater();
    };
    struct Stream {
        std::uint32_t id = 0;
        std::size_t exchange = none;
        std::int64_t time_ns = 0;
    };

    [[nodiscard]] Progress progress() const { return sides_[0].lost && (sides_[1].lost || streams_.empty()) ? Progress::enough : Progress::more; }

    static Span skip_preface(Side& side, Span bytes, bool from_client) {
        if (from_client) {
            while (!bytes.empty() && side.preface_read < preface.size()) {
                if (bytes[0] != static_cast<std::uint8_t>(preface[side.preface_read])) {
                    side.lost = true;
                    return {};
                }
                ++side.preface_read;
                bytes = bytes.subspan(1);
            }
            side.began = side.preface_read == preface.size();
        } else {
            side.began = true;
        }
        return bytes;
    }

    // How many of the bytes were used. Only frames with headers and settings are waited for.
    std::size_t take_frame(Side& side, Span bytes, const Piece& piece, flow::L7& l7) {
        const std::size_t before = side.gathered.size();
        const Span all = side.gathered.with(bytes, frame_header_bytes + block_bytes_max);
        if (all.size() < frame_header_bytes) {
            side.gathered.keep(all);
            return bytes.size();
        }
        Bytes header(all);
        const std::uint32_t length = header.u24();
        const std::uint8_t type = header.u8(), flags = header.u8();
        const std::uint32_t stream = header.u32() & 0x7fffffff;
        const bool wanted = type == frame::headers || type == frame::continuation || type == frame::settings || type == frame::push_promise;
        if (!wanted) {
            side.skip = length;
            side.gathered.clear();
            return frame_header_bytes - before;
        }
        if (length > block_bytes_max) {
            side.lost = true;
            return bytes.size();
        }
        if (header.left() < length) {
            side.gathered.keep(all);
            return bytes.size();
        }
        take_whole_frame(side, type, flags, stream, all.subspan(frame_header_bytes, length), piece, l7);
        side.gathered.clear();
        return frame_header_bytes + length - before;
    }

    void take_whole_frame(Side& side, std::uint8_t type, std::uint8_t flags, std::uint32_t stream, Span body, const Piece& piece, flow::L7& l7) {
        Bytes bytes(body);
        if (type == frame::settings) {
            if ((flags & flag::ack) == 0) take_settings(bytes, sides_[piece.from_client ? 1 : 0]);
            return;
        }
        if (type == frame::continuation) {
            if (!side.block_open || side.block_stream != stream) return;
        } else {
            side.block.clear();
            side.block_stream = stream;
            const std::uint8_t padding = (flags & flag::padded) != 0 ? bytes.u8() : 0;
            if (type == frame::headers && (flags & flag::priority) != 0) bytes.skip(5);
            if (type == frame::push_promise) bytes.skip(4);
            if (!bytes.ok() || padding > bytes.left()) {
                side.lost = true;
                return;
            }
            bytes = Bytes(bytes.take(bytes.left() - padding));
        }
        side.block.append(text_of(bytes.rest()));
        side.block_open = (flags & flag::end_headers) == 0;
        if (side.block.size() > block_bytes_max) side.lost = true;
        if (side.block_open || side.lost) return;
        Fields fields;
        if (!inflate(side, span_of(side.block), fields)) side.lost = true;
        side.block.clear();
        if (type != frame::push_promise) take_fields(fields, side.block_stream, piece, l7);
    }

    // What one side says its table may hold bounds what the other one uses.
    static void take_settings(Bytes bytes, Side& other) {
        constexpr std::uint16_t header_table_size = 1;
        while (bytes.left() >= 6) {
            const std::uint16_t name = bytes.u16();
            const std::uint32_t value = bytes.u32();
            if (name == header_table_size && other.inflater) nghttp2_hd_inflate_change_table_size(other.inflater.get(), std::min(value, table_bytes_max));
        }
    }

    static bool inflate(Side& side, Span block, Fields& fields) {
        if (!side.inflater) return false;
        std::size_t unpacked = 0;
        for (const std::uint8_t* at = block.data();;) {
            nghttp2_nv field{};
            int flags = 0;
            const auto left = static_cast<std::size_t>(block.data() + block.size() - at);
            const ssize_t used = nghttp2_hd_inflate_hd2(side.inflater.get(), &field, &flags, at, left, 1);
            if (used < 0) return false;
            at += used;
            if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
                unpacked += field.namelen + field.valuelen;
                if (unpacked > fields_bytes_max) return false;
                take_field(fields, {reinterpret_cast<const char*>(field.name), field.namelen}, {reinterpret_cast<const char*>(field.value), field.valuelen});
            }
            if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) break;
            if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0 && left == static_cast<std::size_t>(used)) return false;
        }
        return nghttp2_hd_inflate_end_headers(side.inflater.get()) == 0;
    }

    void take_fields(const Fields& fields, std::uint32_t stream, const Piece& piece, flow::L7& l7) {
        if (piece.from_client && !fields.method.empty()) take_request(fields, stream, piece.time_ns, l7);
        if (!piece.from_client && !fields.status.empty()) take_response(fields, stream, piece.time_ns, l7);
    }

    void take_request(const Fields& fields, std::uint32_t stream, std::int64_t time_ns, flow::L7& l7) {
        if (streams_.size() >= streams_max) streams_.erase(streams_.begin());
        Stream& open = streams_.emplace_back(stream, none, time_ns);
        const bool grpc = fields.content_type.starts_with("application/grpc");
        if (grpc && l7.application.empty()) l7.application = "grpc";
        if (fields.path.starts_with("/etcdserverpb.")) l7.application = "etcd";
        if (l7.http.size() >= flow::l7_exchanges_max) {
            ++l7.exchanges_left_out;
            return;
        }
        open.exchange = l7.http.size();
        flow::HttpRequest& request = l7.http.emplace_back();
        request.time_ns = time_ns;
        request.method = fields.method;
        request.host = fields.authority;
        request.path = bounded(http_target(fields.path).path);
        request.version = "2";
        request.grpc = grpc;
    }

    void take_response(const Fields& fields, std::uint32_t stream, std::int64_t time_ns, flow::L7& l7) {
        if (fields.status.size() != 3 || fields.status[0] == '1') return;  // not the answer yet
        if (l7.banner.empty()) l7.banner = fields.server;
        HttpHead head;
        head.server = fields.server;
        const std::string_view application = http_application(head, {});
        if (l7.application.empty()) l7.application = application;
        const auto open = std::ranges::find(streams_, stream, &Stream::id);
        if (open == streams_.end()) return;
        if (open->exchange < l7.http.size()) {
            int status = 0;
            for (const char c : fields.status) status = status * 10 + (c >= '0' && c <= '9' ? c - '0' : 0);
            l7.http[open->exchange].status = status;
            l7.http[open->exchange].latency_ns = std::max<std::int64_t>(time_ns - open->time_ns, 0);
        }
        streams_.erase(open);
    }

    // Of a header block that was cut the first fields are there: what a live view of the first bytes shows.
    void lose(Side& side, const Piece& piece, flow::L7& l7) {
        const std::string begun(text_of(side.gathered.with({}, frame_header_bytes + block_bytes_max)));
        side.lost = true;
        Bytes bytes(span_of(begun));
        bytes.skip(3);
        const std::uint8_t type = bytes.u8(), flags = bytes.u8();
        const std::uint32_t stream = bytes.u32() & 0x7fffffff;
        if ((flags & flag::padded) != 0) bytes.skip(1);
        if ((flags & flag::priority) != 0) bytes.skip(5);
        if (!bytes.ok() || type != frame::headers) return;
        Fields fields;
        inflate(side, bytes.rest(), fields);
        take_fields(fields, stream, piece, l7);
    }

    std::array<Side, 2> sides_;  // client's, server's
    std::vector<Stream> streams_;
};

}  // namespace

std::unique_ptr<Conversation> open_http2(bool) { return std::make_unique<Http2>(); }

}  // namespace bulkhead::l7
