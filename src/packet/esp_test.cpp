// SPDX-License-Identifier: Apache-2.0
// The frames were made with scapy 2.5 and read by tshark 4.0 with the same keys: neither of them is ours.
#include "packet/esp.h"

#include <gmock/gmock.h>

#include "packet/packet.h"

namespace bulkhead::packet {
namespace {

using testing::HasSubstr;

constexpr std::string_view overlay_16 =
    "02000000000202000000000108004500009c000100004032f62bc0000201c0000202000012340000000720103b5b26a77ac1f9caf89b7e43a3efb5e1"
    "8c1ee95f5c625e076ad75f9fd882ad54399102ebb7e8733d1ae00541479ca6c717c1964cf274332bd7f2b4b4af5e318a29c81d976e007e1309cddb57"
    "445c9feb38e08b2d5da47641d52f4fc19c22f8977ea24a4cd68514114fa534d366de45d080a498274a4149d8c94779e47bb1";
constexpr std::string_view overlay_8 =
    "020000000002020000000001080045000094000100004032f633c0000201c0000202000012340000000807fb9ab18305c1a29aaa361a2c169e26256b"
    "fd6c93276b243cdcb0ee1390fbbfb31dcf1b739d50b0f63f219fcd065a1e6a48ad1e6a3232bc32077fd5640a40aaf2d7d28da9269ed9b0df50cd91ba"
    "d7910996343c02b811f2841d147444b911ab578ed01f5d8af759e76d5a539ddd8ebbab42b318f58fb1ae";
constexpr std::string_view tunnel_256 =
    "020000000002020000000001080045000068000100004032f65fc0000201c00002020000abcd00000001bcf32d8c182a33ef9b5dde90ccc8451d04bd"
    "9526c833943b1d39315008500d79fa6a19a632f322cc86899d08cb5e4d9a8fc1018b9443d7aa6ffe0a02ad48f0ac200c8fa278607a2c7da15013";
constexpr std::string_view key = "000102030405060708090a0b0c0d0e0fdeadbeef";
constexpr std::string_view key_256 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f01020304";

std::vector<std::uint8_t> octets(std::string_view digits) {
    std::vector<std::uint8_t> out;
    for (std::size_t i = 0; i < digits.size(); i += 2) out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    return out;
}

class Esp : public testing::Test {
  protected:
    EspOpener opener;
    Packet packet;
    std::vector<std::uint8_t> frame;

    void knows(const std::string& lines) {
        const auto keys = parse_esp_keys(lines, "keys");
        ASSERT_TRUE(keys) << keys.error().message;
        for (const EspKey& each : *keys) ASSERT_TRUE(opener.add(each));
    }
    Outcome look(std::vector<std::uint8_t> bytes, std::uint32_t wire = 0) {
        frame = std::move(bytes);
        return decode(Link::ethernet, frame, wire == 0 ? static_cast<std::uint32_t>(frame.size()) : wire, {.esp = &opener}, packet);
    }
    void expect_the_web_request() {
        EXPECT_TRUE(packet.was_sealed);
        EXPECT_EQ(packet.esp_spi, 0x1234U);
        EXPECT_EQ(packet.protocol, protocol::tcp);
        EXPECT_EQ(packet.vni, 4097U);
        EXPECT_EQ((std::array{packet.source[0], packet.source[1], packet.source[2], packet.source[3]}), (std::array<std::uint8_t, 4>{10, 50, 1, 2}));
        EXPECT_EQ(packet.destination_port, 80);
        EXPECT_EQ(packet.outer_source[0], 192) << "the nodes";
        EXPECT_EQ(std::string(packet.payload.begin(), packet.payload.end()), "GET / HTTP/1.1\r\nHost: web\r\n\r\n");
    }
};

TEST_F(Esp, stays_closed_without_a_key) {
    ASSERT_EQ(look(octets(overlay_16)), Outcome::ip);
    EXPECT_EQ(packet.protocol, protocol::esp);
    EXPECT_FALSE(packet.was_sealed);
    EXPECT_EQ(packet.esp_sequence, 7U);
    EXPECT_EQ(opener.counts().unknown, 1U);
}

TEST_F(Esp, of_an_overlay_shows_the_frame_inside) {
    knows("0x1234 " + std::string(key) + " 128");
    ASSERT_EQ(look(octets(overlay_16)), Outcome::ip);
    expect_the_web_request();
    EXPECT_EQ(packet.esp_sequence, 7U);
}

TEST_F(Esp, has_check_values_of_eight_octets_in_docker) {
    knows("0x1234 0x" + std::string(key) + " 64");
    ASSERT_EQ(look(octets(overlay_8)), Outcome::ip);
    expect_the_web_request();
}

TEST_F(Esp, in_tunnel_mode_with_the_longest_key) {
    knows("43981 " + std::string(key_256) + " 128");
    ASSERT_EQ(look(octets(tunnel_256)), Outcome::ip);
    EXPECT_EQ(packet.protocol, protocol::udp);
    EXPECT_EQ(packet.destination_port, 53);
    EXPECT_EQ(packet.source[1], 1);
    EXPECT_EQ(packet.outer_destination[3], 2);
}

TEST_F(Esp, tries_each_key_of_an_spi) {
    knows("0x1234 ffffffffffffffffffffffffffffffffffffffff 128\n0x1234 " + std::string(key) + " 128");
    ASSERT_EQ(look(octets(overlay_16)), Outcome::ip);
    expect_the_web_request();
    EXPECT_EQ(opener.counts().wrong, 0U);
}

TEST_F(Esp, with_any_octet_changed_stays_closed) {
    knows("0x1234 " + std::string(key) + " 128");
    const auto good = octets(overlay_16);
    constexpr std::size_t sequence = 14 + 20 + 4;
    for (std::size_t i = sequence; i < good.size(); ++i) {
        auto changed = good;
        changed[i] ^= 1;
        ASSERT_EQ(look(changed), Outcome::ip);
        ASSERT_FALSE(packet.was_sealed) << i;
        ASSERT_EQ(packet.protocol, protocol::esp);
    }
    EXPECT_EQ(opener.counts().wrong, good.size() - sequence);
    EXPECT_EQ(opener.counts().opened, 0U);
}

TEST_F(Esp, that_was_captured_in_part_is_counted_and_stays_closed) {
    knows("0x1234 " + std::string(key) + " 128");
    auto cut = octets(overlay_16);
    const auto whole = static_cast<std::uint32_t>(cut.size());
    cut.resize(100);
    ASSERT_EQ(look(cut, whole), Outcome::ip);
    EXPECT_EQ(packet.protocol, protocol::esp);
    EXPECT_EQ(opener.counts().cut, 1U);
}

TEST_F(Esp, keeps_what_it_opened_until_it_is_recycled) {
    knows("0x1234 " + std::string(key) + " 128");
    ASSERT_EQ(look(octets(overlay_16)), Outcome::ip);
    const Packet first = packet;
    for (int i = 0; i < 50; ++i) look(octets(overlay_16));
    EXPECT_EQ(std::string(first.payload.begin(), first.payload.begin() + 3), "GET");
    EXPECT_NE(first.payload.data(), packet.payload.data());
    opener.recycle();
    look(octets(overlay_16));
    EXPECT_EQ(packet.payload.data(), first.payload.data()) << "memory does not grow with the capture";
}

TEST(EspKeys, are_read_as_ip_prints_them) {
    const auto keys = parse_esp_keys(
        "src 192.168.0.1 dst 192.168.0.2\n\tproto esp spi 0x00001234 reqid 13681891 mode transport\n\treplay-window 0 \n"
        "\taead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0fdeadbeef 64\n\tanti-replay context: seq 0x0, oseq 0x0, bitmap 0x00000000\n"
        "\tsel src 0.0.0.0/0 dst 0.0.0.0/0 \n",
        "state");
    ASSERT_TRUE(keys) << keys.error().message;
    ASSERT_EQ(keys->size(), 1U);
    EXPECT_EQ(keys->front().spi, 0x1234U);
    EXPECT_EQ(keys->front().check_octets, 8U);
    EXPECT_EQ(keys->front().key.size(), 20U);
}

TEST(EspKeys, that_are_wrong_are_told_with_their_place_and_never_shown) {
    const auto message = [](const std::string& text) {
        const auto keys = parse_esp_keys(text, "f");
        return keys ? std::string() : keys.error().message;
    };
    EXPECT_THAT(message("# mine\n0x1234 00112233 64"), HasSubstr("f:2:8: a key has 40"));
    EXPECT_THAT(message("0x1234 0011223g445566778899aabbccddeeff00112233 64"), testing::Not(HasSubstr("0011223g")));
    EXPECT_THAT(message("0x123456789 " + std::string(key) + " 64"), HasSubstr("f:1:1: \"0x123456789\": an SPI"));
    EXPECT_THAT(message("1 " + std::string(key) + " 65"), HasSubstr("64, 96 or 128"));
    EXPECT_THAT(message("1 " + std::string(key)), HasSubstr("three words"));
    EXPECT_THAT(message("\taead rfc4106(gcm(aes)) 0x" + std::string(key) + " 64"), HasSubstr("before the line with its SPI"));
    EXPECT_THAT(message("proto esp spi 5\n enc cbc(aes) 0x00"), HasSubstr("only AES-GCM"));
}

TEST(EspKeys, are_bounded) {
    std::string many;
    for (std::size_t i = 0; i <= esp_keys_max; ++i) many += std::to_string(i) + " " + std::string(key) + " 64\n";
    EXPECT_FALSE(parse_esp_keys(many, "f"));
    EspOpener opener;
    const EspKey one{7, 8, std::string(20, 'k')};
    for (std::size_t i = 0; i < esp_keys_of_one_spi_max; ++i) EXPECT_TRUE(opener.add(one));
    EXPECT_FALSE(opener.add(one));
    EXPECT_FALSE(opener.add({8, 9, std::string(20, 'k')}));
    EXPECT_FALSE(opener.add({8, 8, std::string(21, 'k')}));
}

}  // namespace
}  // namespace bulkhead::packet
