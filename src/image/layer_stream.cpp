// SPDX-License-Identifier: Apache-2.0
#include "image/layer_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "image/archive_stream.h"

namespace bulkhead::image {

namespace {

struct HashFree {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using HashContext = std::unique_ptr<EVP_MD_CTX, HashFree>;

HashContext new_hash() {
    HashContext hash(EVP_MD_CTX_new());
    if (hash && EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr) != 1) hash.reset();
    return hash;
}

std::string end_hash(EVP_MD_CTX* hash) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_DigestFinal_ex(hash, digest.data(), &length);
    std::string out = "sha256:";
    for (unsigned i = 0; i < length; ++i) out += fmt::format("{:02x}", digest[i]);
    return out;
}

constexpr std::string_view gzip_magic("\x1f\x8b", 2);          // RFC 1952
constexpr std::string_view zstd_magic("\x28\xb5\x2f\xfd", 4);  // RFC 8878

}  // namespace

Result<std::string_view> Resumed::next() {
    if (!given_) {
        given_ = true;
        if (!first_.empty()) {
            taken_ += static_cast<std::int64_t>(first_.size());
            return std::string_view(first_);
        }
    }
    auto bytes = rest_.next();
    if (bytes) taken_ += static_cast<std::int64_t>(bytes->size());
    return bytes;
}

Packing packing_of(std::string_view first_bytes) {
    if (first_bytes.starts_with(gzip_magic)) return Packing::gzip;
    if (first_bytes.starts_with(zstd_magic)) return Packing::zstd;
    return Packing::plain;
}

struct LayerStream::State {
    State(Resumed& packed, Packing how, Hash wanted) : packing(how), input(packed), hash(wanted == Hash::computed ? new_hash() : nullptr), hashing(wanted) {}
    Packing packing;
    ArchiveInput input;
    HashContext hash;
    Hash hashing;
    bool opened = false;
    bool ended = false;
};

LayerStream::LayerStream(Resumed& packed, Packing packing, const Limits& limits, std::int64_t& inflated_so_far, Hash hash)
    : packed_(packed), limits_(limits), inflated_so_far_(inflated_so_far), state_(std::make_unique<State>(packed, packing, hash)) {}
LayerStream::~LayerStream() = default;

// libarchive's "raw" format is one file: the inflated bytes. The one filter is named, so that nothing packed inside is unpacked too.
Result<std::string_view> LayerStream::unpacked() {
    State& state = *state_;
    if (state.packing == Packing::plain) return packed_.next();
    archive* source = state.input.get();
    if (!state.opened) {
        state.opened = true;
        archive_read_support_format_raw(source);
        archive_read_support_format_empty(source);
        archive_read_append_filter(source, state.packing == Packing::gzip ? ARCHIVE_FILTER_GZIP : ARCHIVE_FILTER_ZSTD);
        if (auto opened = state.input.open(); !opened) return std::unexpected(opened.error());
        // What breaks before its first byte comes out is taken for an empty file, but for the error that was noted.
        if (archive_errno(source) != 0 || state.input.error()) return std::unexpected(state.input.failure("cannot be unpacked"));
        archive_entry* entry = nullptr;
        const int result = archive_read_next_header(source, &entry);
        const bool empty = result == ARCHIVE_EOF && !state.input.error();
        if (empty) state.ended = true;
        if (result != ARCHIVE_OK && !empty) return std::unexpected(state.input.failure("cannot be unpacked"));
    }
    if (state.ended) return std::string_view();
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    do {
        const int result = archive_read_data_block(source, &bytes, &size, &offset);
        if (result == ARCHIVE_EOF) {
            state.ended = true;
            if (state.input.error()) return std::unexpected(*state.input.error());
            return std::string_view();
        }
        if (result != ARCHIVE_OK) return std::unexpected(state.input.failure("cannot be unpacked"));
    } while (size == 0);
    return std::string_view(static_cast<const char*>(bytes), size);
}

Result<std::string_view> LayerStream::next() {
    auto bytes = unpacked();
    if (!bytes || bytes->empty()) return bytes;
    const auto size = static_cast<std::int64_t>(bytes->size());
    bytes_ += size;
    inflated_so_far_ += size;
    if (bytes_ > limits_.layer_bytes_max) {
        return fail(Code::limit_exceeded, fmt::format("the layer has more than layer_bytes_max = {} bytes", limits_.layer_bytes_max));
    }
    if (inflated_so_far_ > limits_.inflated_bytes_max) {
        return fail(Code::limit_exceeded, fmt::format("the layers together have more than inflated_bytes_max = {} bytes", limits_.inflated_bytes_max));
    }
    if (state_->packing != Packing::plain && bytes_ > limits_.ratio_bytes_min && bytes_ / limits_.ratio_max > packed_.taken()) {
        return fail(Code::limit_exceeded, fmt::format("the layer inflates to more than ratio_max = {} times its size", limits_.ratio_max));
    }
    if (state_->hashing == Hash::left_out) return bytes;
    if (!state_->hash || EVP_DigestUpdate(state_->hash.get(), bytes->data(), bytes->size()) != 1) return fail(Code::internal, "SHA-256 cannot be computed");
    return bytes;
}

Result<std::string> LayerStream::finish() {
    for (;;) {
        const auto bytes = next();
        if (!bytes) return std::unexpected(bytes.error());
        if (bytes->empty()) break;
    }
    if (state_->hashing == Hash::left_out) return std::string();
    if (!state_->hash) return fail(Code::internal, "SHA-256 cannot be computed");
    return end_hash(state_->hash.get());
}

std::string sha256_text(std::string_view bytes) {
    const HashContext hash = new_hash();
    if (!hash || EVP_DigestUpdate(hash.get(), bytes.data(), bytes.size()) != 1) return {};
    return end_hash(hash.get());
}

bool is_digest(std::string_view text) {
    constexpr std::size_t length = 7 + 64;
    return text.size() == length && text.starts_with("sha256:") && text.find_first_not_of("0123456789abcdef", 7) == std::string_view::npos;
}

}  // namespace bulkhead::image
