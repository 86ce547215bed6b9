// SPDX-License-Identifier: Apache-2.0
#include "packet/unpack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "packet/testing/capture_maker.h"

namespace bulkhead::packet {
namespace {

using testing::HasSubstr;

std::string gzipped(const std::string& plain) {
    z_stream state{};
    deflateInit2(&state, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&state, plain.size()) + 64, '\0');
    state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    state.avail_in = static_cast<uInt>(plain.size());
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&state, Z_FINISH), Z_STREAM_END);
    out.resize(out.size() - state.avail_out);
    deflateEnd(&state);
    return out;
}

std::string zstd_of(const std::string& plain) {
    std::string out(ZSTD_compressBound(plain.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3));
    return out;
}

// Longer than any buffer, and no run of equal pieces falls on its borders.
std::string long_text() {
    std::string text;
    for (int i = 0; i < 200'000; ++i) text += std::to_string(i * 7919 % 100'003);
    return text;
}

Result<std::string> all_of(const std::string& packed, std::size_t piece) {
    auto stream = unpack(std::make_unique<made::Pieces>(packed, piece));
    if (!stream) return std::unexpected(stream.error());
    std::string out;
    for (;;) {
        const auto chunk = (*stream)->next();
        if (!chunk) return std::unexpected(chunk.error());
        if (chunk->empty()) return out;
        out += *chunk;
    }
}

TEST(Unpack, what_is_not_packed_passes) {
    EXPECT_EQ(all_of("plain", 2).value(), "plain");
    EXPECT_EQ(all_of("", 2).value(), "");
    EXPECT_EQ(all_of("x", 1).value(), "x");
}

TEST(Unpack, gzip_and_zstd_whatever_the_pieces) {
    const std::string text = long_text();
    for (const std::size_t piece : {1UL, 7UL, 4096UL, 1UL << 20}) {
        if (piece > 1) EXPECT_TRUE(all_of(gzipped(text), piece).value() == text) << piece;
        if (piece > 1) EXPECT_TRUE(all_of(zstd_of(text), piece).value() == text) << piece;
        EXPECT_EQ(all_of(gzipped("short"), piece).value(), "short");
        EXPECT_EQ(all_of(zstd_of("short"), piece).value(), "short");
    }
}

TEST(Unpack, what_shrinks_to_almost_nothing_comes_out_whole) {
    const std::string zeros(3 << 20, '\0');
    EXPECT_EQ(all_of(gzipped(zeros), 1 << 20).value().size(), zeros.size());
    EXPECT_EQ(all_of(zstd_of(zeros), 1 << 20).value().size(), zeros.size());
}

TEST(Unpack, members_one_after_the_other) {
    EXPECT_EQ(all_of(gzipped("one ") + gzipped("two"), 3).value(), "one two");
    EXPECT_EQ(all_of(zstd_of("one ") + zstd_of("two"), 3).value(), "one two");
}

TEST(Unpack, damaged_data_is_an_error_and_cut_data_ends) {
    std::string gzip = gzipped(long_text());
    EXPECT_LT(all_of(gzip.substr(0, gzip.size() / 2), 4096).value().size(), long_text().size());
    gzip[gzip.size() / 2] ^= 0x55;
    gzip[gzip.size() / 2 + 1] ^= 0x55;
    const auto damaged = all_of(gzip, 4096);
    ASSERT_FALSE(damaged);
    EXPECT_THAT(damaged.error().message, HasSubstr("gzip"));
    std::string zstd = zstd_of(long_text());
    for (std::size_t i = 20; i < zstd.size(); i += 50) zstd[i] ^= 0x55;
    EXPECT_FALSE(all_of(zstd, 4096));
}

}  // namespace
}  // namespace bulkhead::packet
