// SPDX-License-Identifier: Apache-2.0
// HTTP/1 (RFC 9112): each request with its answer, on connections that carry many. Bodies are stepped over by their lengths; where one
// is not known any more, because bytes are missing, the next packet that begins like a message is taken for one.
#include <array>
#include <deque>

#include "l7/http_application.h"
#include "l7/http_body.h"
#include "l7/http_head.h"
#include "l7/protocols.h"

namespace bulkhead::l7 {

namespace {

constexpr std::size_t head_bytes_max = 16'384;  // of one head; what is longer is taken as far as it is there
constexpr std::size_t pending_max = 128;        // requests without an answer; beyond, the oldest is given up
constexpr std::size_t none = SIZE_MAX;

class Http1 final : public Conversation {
  public:
    Progress take(const Piece& piece, flow::L7& l7) override {
        if (next_) return next_->take(piece, l7);
        Side& side = sides_[piece.from_client ? 0 : 1];
        Span bytes = piece.bytes;
        if (side.lost && !resumes(bytes, piece.from_client)) return Progress::more;
        // Which answers were missed nobody knows; who does not ask ahead waits for one at a time.
        if (side.lost && !piece.from_client && pending_.size() > 1) pending_.erase(pending_.begin(), pending_.end() - 1);
        side.lost = false;
        while (!bytes.empty() && !side.lost) {
            if (!side.body.over()) {
                bytes = bytes.subspan(side.body.skip(bytes));
                continue;
            }
            const std::size_t used = take_head(side, bytes, piece, l7);
            bytes = bytes.subspan(used);
            if (opaque_) return Progress::enough;
            if (next_) return bytes.empty() && piece.cut == 0 ? Progress::more : next_->take({piece.from_client, bytes, piece.cut, piece.time_ns}, l7);
        }
        if (piece.cut > 0 && !side.lost) take_cut(side, piece, l7);
        return opaque_ ? Progress::enough : Progress::more;
    }

    void end(flow::L7& l7) override {
        if (next_) return next_->end(l7);
        for (const bool from_client : {true, false}) give_up_head(sides_[from_client ? 0 : 1], {from_client, {}, 0, 0}, l7);
    }

  private:
    struct Side {
        Gathered head;
        std::int64_t head_time_ns = 0;
        HttpBody body;
        bool lost = false;  // where in a message we are is not known
    };
    struct Pending {
        std::size_t exchange = none;  // in L7::http; none where it was left out
        std::int64_t time_ns = 0;
        bool is_head = false, is_connect = false;
        std::string path;  // for what only an answer makes certain
    };

    static bool resumes(Span bytes, bool from_client) {
        const Opening opening{bytes, static_cast<std::uint32_t>(bytes.size()), 0, 0, true};
        return !bytes.empty() && (from_client ? is_http_request(opening) : is_http_response(opening));
    }

    // How many of the bytes belonged to the head.
    std::size_t take_head(Side& side, Span bytes, const Piece& piece, flow::L7& l7) {
        const std::size_t before = side.head.size();
        if (before == 0) {
            // Empty lines before a message are allowed (RFC 9112, section 2.2).
            std::size_t blank = 0;
            while (blank < bytes.size() && (bytes[blank] == '\r' || bytes[blank] == '\n')) ++blank;
            if (blank > 0) return blank;
            side.head_time_ns = piece.time_ns;
        }
        const Span all = side.head.with(bytes, head_bytes_max);
        const auto size = http_head_size(all);
        if (!size && all.size() < head_bytes_max && before + bytes.size() == all.size()) {
            side.head.keep(all);
            return bytes.size();
        }
        take_message(side, all.first(size.value_or(all.size())), piece.from_client, l7);
        if (!size) side.lost = true;
        const std::size_t used = size ? *size - before : bytes.size();
        side.head.clear();
        return std::min(used, bytes.size());
    }

    // Bytes are missing behind what was just read.
    void take_cut(Side& side, const Piece& piece, flow::L7& l7) {
        if (!side.body.over()) {
            side.lost = !side.body.skip_missing(piece.cut);
            return;
        }
        give_up_head(side, piece, l7);
        side.lost = true;
    }

    void give_up_head(Side& side, const Piece& piece, flow::L7& l7) {
        if (side.head.size() == 0) return;
        const std::string begun(text_of(side.head.with({}, head_bytes_max)));
        side.head.clear();
        take_message(side, span_of(begun), piece.from_client, l7);
    }

    void take_message(Side& side, Span bytes, bool from_client, flow::L7& l7) {
        const auto head = parse_http_head(bytes);
        side.body = HttpBody::none();
        if (!head || head->is_request != from_client) {
            side.lost = true;
            return;
        }
        if (head->two_lengths) add_risk(l7, "http_request_smuggling");
        if (head->bad_length) add_risk(l7, "http_bad_content_length");
        if (head->is_request) {
            take_request(side, *head, l7);
        } else {
            take_response(side, *head, l7);
        }
    }

    void take_request(Side& side, const HttpHead& head, flow::L7& l7) {
        const HttpTarget target = http_target(head.target);
        Pending pending{none, side.head_time_ns, head.method == "HEAD", head.method == "CONNECT", bounded(target.path)};
        if (l7.http.size() < flow::l7_exchanges_max) {
            pending.exchange = l7.http.size();
            flow::HttpRequest& request = l7.http.emplace_back();
            request.time_ns = side.head_time_ns;
            request.method = bounded(head.method);
            request.host = bounded(target.host.empty() ? head.host : target.host);
            request.path = bounded(target.path);
            request.version = bounded(head.version);
        } else {
            ++l7.exchanges_left_out;
        }
        if (head.authorization.starts_with("Basic ")) add_risk(l7, "clear_text_password");
        side.body = head.chunked ? HttpBody::chunked() : HttpBody::of(head.content_length.value_or(0));
        pending_.push_back(std::move(pending));
        if (pending_.size() > pending_max) pending_.pop_front();
    }

    void take_response(Side& side, const HttpHead& head, flow::L7& l7) {
        const Pending pending = pending_.empty() ? Pending{} : pending_.front();
        const bool is_interim = head.status >= 100 && head.status < 200 && head.status != 101;
        const std::string_view application = http_application(head, head.status >= 200 && head.status < 400 ? std::string_view(pending.path) : "");
        if (is_better_application(application, l7.application)) l7.application = application;
        if (l7.banner.empty() && !head.server.empty()) l7.banner = bounded(head.server);
        if (is_interim) return;
        if (!pending_.empty()) pending_.pop_front();
        if (pending.exchange != none) {
            l7.http[pending.exchange].status = head.status;
            l7.http[pending.exchange].latency_ns = std::max<std::int64_t>(side.head_time_ns - pending.time_ns, 0);
        }
        if (head.status == 101) return switch_protocol(head, l7);
        if (pending.is_connect && head.status >= 200 && head.status < 300) {
            opaque_ = true;
        } else if (pending.is_head || head.status == 204 || head.status == 304) {
            side.body = HttpBody::none();
        } else if (head.chunked) {
            side.body = HttpBody::chunked();
        } else if (head.content_length) {
            side.body = HttpBody::of(*head.content_length);
        } else {
            side.body = HttpBody::to_the_end();
        }
    }

    void switch_protocol(const HttpHead& head, flow::L7& l7) {
        if (head.upgrade.starts_with("h2c")) {
            next_ = open_http2(true);
            return;
        }
        if (head.upgrade == "websocket" || head.upgrade == "WebSocket") l7.application = "websocket";
        opaque_ = true;
    }

    std::array<Side, 2> sides_;  // client's, server's
    std::deque<Pending> pending_;
    std::unique_ptr<Conversation> next_;  // what was upgraded to
    bool opaque_ = false;                 // what follows is not HTTP
};

}  // namespace

std::unique_ptr<Conversation> open_http1(bool) { return std::make_unique<Http1>(); }

bool is_http_request(const Opening& opening) {
    constexpr std::size_t method_max = 12;
    const std::string_view text = text_of(opening.bytes);
    const std::size_t blank = text.substr(0, method_max).find(' ');
    if (blank == std::string_view::npos || blank + 1 >= text.size() || !is_http_method(text.substr(0, blank))) return false;
    const std::size_t end = text.find('\n');
    if (end != std::string_view::npos) return text.substr(0, end).find(" HTTP/1.") != std::string_view::npos;
    // The line's end is not here: the target must at least look like one.
    const char first = text[blank + 1];
    return text.size() > blank + 2 && (first == '/' || text.substr(blank + 1).starts_with("http")) && text.find(" RTSP/") == std::string_view::npos &&
           text.find(" SIP/") == std::string_view::npos;
}

bool is_http_response(const Opening& opening) {
    const std::string_view text = text_of(opening.bytes);
    return text.starts_with("HTTP/1.") && text.size() >= 12 && text[8] == ' ' && text[9] >= '1' && text[9] <= '5';
}

}  // namespace bulkhead::l7
