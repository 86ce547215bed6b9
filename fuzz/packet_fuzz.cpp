// SPDX-License-Identifier: Apache-2.0
// Frames and capture files from anybody. First letter: e frame of Ethernet, r of raw IP, s and t of Linux' pseudo headers, n of BSD's
// loopback; c a capture file. What is said of a frame must lie within it.
#include "fuzz/input.h"
#include "packet/capture_file.h"
#include "packet/unpack.h"

namespace {

using namespace bulkhead;
using namespace bulkhead::packet;

class OneStream : public world::ByteStream {
  public:
    explicit OneStream(std::string_view bytes) : bytes_(bytes) {}
    Result<std::string_view> next() override {
        constexpr std::size_t piece = 61;
        const std::string_view out = bytes_.substr(0, piece);
        bytes_.remove_prefix(out.size());
        return out;
    }

  private:
    std::string_view bytes_;
};

void check_frame(Link link, std::span<const std::uint8_t> frame, std::uint32_t wire) {
    Packet packet;
    const Outcome outcome = decode(link, frame, wire, {}, packet);
    CHECK(!name(outcome).empty());
    if (outcome != Outcome::ip || packet.payload.empty()) return;
    CHECK(packet.payload.data() >= frame.data() && packet.payload.data() + packet.payload.size() <= frame.data() + frame.size());
    CHECK(packet.payload.size() <= packet.payload_length);
}

void check_capture(std::string_view bytes) {
    constexpr int frames_max = 2000;  // a few bytes of gzip make many
    auto stream = unpack(std::make_unique<OneStream>(bytes));
    if (!stream) return;
    auto capture = CaptureFile::open(std::move(*stream));
    fuzz::check_result(capture);
    if (!capture) return;
    Frame frame;
    for (int i = 0; i < frames_max; ++i) {
        const auto more = (*capture)->next(frame);
        fuzz::check_result(more);
        if (!more || !*more) return;
        CHECK(frame.interface < (*capture)->interfaces().size());
        CHECK(frame.wire_length >= frame.bytes.size());
        check_frame((*capture)->interfaces()[frame.interface].link, frame.bytes, frame.wire_length);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::span<const std::uint8_t> frame(data + 1, size - 1);
    const auto wire = static_cast<std::uint32_t>(frame.size());
    switch (data[0]) {
        case 'e': check_frame(Link::ethernet, frame, wire); break;
        case 'r': check_frame(Link::raw_ip, frame, wire + 100); break;
        case 's': check_frame(Link::linux_sll, frame, wire); break;
        case 't': check_frame(Link::linux_sll2, frame, wire); break;
        case 'n': check_frame(Link::null_loopback, frame, wire); break;
        case 'c': check_capture(fuzz::text_of(data + 1, size - 1)); break;
        default: break;
    }
    return 0;
}
