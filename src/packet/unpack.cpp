// SPDX-License-Identifier: Apache-2.0
#include "packet/unpack.h"

#include <zlib.h>
#include <zstd.h>

#include <string>

namespace bulkhead::packet {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr int window_log_max = 27;  // 128 MB, what zstd itself takes without being asked for more

// The first chunk was taken to look at it.
class Seen final : public world::ByteStream {
  public:
    Seen(std::string first, std::unique_ptr<world::ByteStream> rest) : first_(std::move(first)), rest_(std::move(rest)) {}
    Result<std::string_view> next() override {
        if (given_) return rest_->next();
        given_ = true;
        return first_.empty() ? rest_->next() : Result<std::string_view>(first_);
    }

  private:
    std::string first_;
    bool given_ = false;
    std::unique_ptr<world::ByteStream> rest_;
};

class Gunzip final : public world::ByteStream {
  public:
    explicit Gunzip(std::unique_ptr<world::ByteStream> packed) : packed_(std::move(packed)), buffer_(buffer_bytes, '\0') {
        constexpr int gzip_only = 16 + MAX_WBITS;
        ready_ = inflateInit2(&state_, gzip_only) == Z_OK;
    }
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;
    ~Gunzip() override { inflateEnd(&state_); }

    Result<std::string_view> next() override {
        if (!ready_) return fail(Code::internal, "zlib could not be set up");
        state_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
        state_.avail_out = static_cast<uInt>(buffer_.size());
        while (state_.avail_out == buffer_.size()) {
            const auto more = feed();
            if (!more) return std::unexpected(more.error());
            // Within a member it is a file that was cut, which the capture's reader tells.
            if (!*more && !was_full_) return std::string_view();
            const int code = inflate(&state_, Z_NO_FLUSH);
            if (code == Z_STREAM_END) {
                if (inflateReset(&state_) != Z_OK) return fail(Code::internal, "zlib could not be set up again");
            } else if (code != Z_OK && code != Z_BUF_ERROR) {
                return fail(Code::corrupt, "the gzip data is damaged");
            }
            was_full_ = state_.avail_out == 0;
        }
        return std::string_view(buffer_.data(), buffer_.size() - state_.avail_out);
    }

  private:
    Result<bool> feed() {
        if (state_.avail_in > 0) return true;
        const auto chunk = packed_->next();
        if (!chunk) return std::unexpected(chunk.error());
        // zlib's interface is older than const.
        state_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(chunk->data()));
        state_.avail_in = static_cast<uInt>(chunk->size());
        return !chunk->empty();
    }

    std::unique_ptr<world::ByteStream> packed_;
    std::string buffer_;
    z_stream state_{};
    bool ready_ = false;
    bool was_full_ = false;  // zlib may hold more than had place
};

class Unzstd final : public world::ByteStream {
  public:
    explicit Unzstd(std::unique_ptr<world::ByteStream> packed)
        : packed_(std::move(packed)), buffer_(buffer_bytes, '\0'), state_(ZSTD_createDStream(), ZSTD_freeDStream) {
        if (state_) ZSTD_DCtx_setParameter(state_.get(), ZSTD_d_windowLogMax, window_log_max);
    }

    Result<std::string_view> next() override {
        if (!state_) return fail(Code::internal, "zstd could not be set up");
        ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
        while (out.pos == 0) {
            if (in_.pos == in_.size && !was_full_) {
                const auto chunk = packed_->next();
                if (!chunk) return std::unexpected(chunk.error());
                if (chunk->empty()) return std::string_view();
                in_ = {chunk->data(), chunk->size(), 0};
            }
            const std::size_t code = ZSTD_decompressStream(state_.get(), &out, &in_);
            if (ZSTD_isError(code) != 0) return fail(Code::corrupt, std::string("the zstd data is damaged: ") + ZSTD_getErrorName(code));
            was_full_ = out.pos == out.size;
        }
        return std::string_view(buffer_.data(), out.pos);
    }

  private:
    std::unique_ptr<world::ByteStream> packed_;
    std::string buffer_;
    std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> state_;
    ZSTD_inBuffer in_{nullptr, 0, 0};
    bool was_full_ = false;  // zstd may hold more than had place
};

}  // namespace

Result<std::unique_ptr<world::ByteStream>> unpack(std::unique_ptr<world::ByteStream> packed) {
    std::string first;
    while (first.size() < 4) {
        const auto chunk = packed->next();
        if (!chunk) return std::unexpected(chunk.error());
        if (chunk->empty()) break;
        first.append(*chunk);
    }
    const bool gzip = first.starts_with("\x1f\x8b");
    const bool zstd = first.starts_with("\x28\xb5\x2f\xfd");
    auto seen = std::make_unique<Seen>(std::move(first), std::move(packed));
    if (gzip) return std::make_unique<Gunzip>(std::move(seen));
    if (zstd) return std::make_unique<Unzstd>(std::move(seen));
    return seen;
}

}  // namespace bulkhead::packet
