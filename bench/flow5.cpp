// SPDX-License-Identifier: Apache-2.0
// usage: flow5 FILE   The least that flow accounting can cost: libpcap, one look at the headers, one hash table. No timeouts, no output, no fragments:
// what a real program costs is measured against it.
#include <pcap/pcap.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

namespace {

struct Key {
    std::uint64_t words[5];
    bool operator==(const Key& other) const { return std::memcmp(words, other.words, sizeof words) == 0; }
};
struct Entry {
    Key key{};
    std::uint64_t packets[2]{}, bytes[2]{};
    std::uint64_t first = 0, last = 0;
    std::uint8_t flags[2]{};
    bool used = false;
};

std::uint64_t hash(const Key& key) {
    std::uint64_t value = 0x9e3779b97f4a7c15ULL;
    for (const std::uint64_t word : key.words) value = (value ^ word) * 0xff51afd7ed558ccdULL ^ (value >> 32);
    return value ^ (value >> 29);
}

class Table {
  public:
    Entry& find(const Key& key) {
        if ((size_ + 1) * 2 > slots_.size()) grow();
        std::size_t i = hash(key) & (slots_.size() - 1);
        while (slots_[i].used && !(slots_[i].key == key)) i = (i + 1) & (slots_.size() - 1);
        if (!slots_[i].used) {
            slots_[i].used = true;
            slots_[i].key = key;
            ++size_;
        }
        return slots_[i];
    }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    void grow() {
        std::vector<Entry> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Entry& entry : old) {
            if (!entry.used) continue;
            std::size_t i = hash(entry.key) & (slots_.size() - 1);
            while (slots_[i].used) i = (i + 1) & (slots_.size() - 1);
            slots_[i] = entry;
        }
    }
    std::vector<Entry> slots_ = std::vector<Entry>(4096);
    std::size_t size_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    char error[PCAP_ERRBUF_SIZE];
    pcap_t* file = argc == 2 ? pcap_open_offline(argv[1], error) : nullptr;
    if (file == nullptr) return 2;
    Table table;
    pcap_pkthdr* header = nullptr;
    const u_char* at = nullptr;
    std::uint64_t others = 0;
    while (pcap_next_ex(file, &header, &at) == 1) {
        std::uint32_t offset = 14;
        if (header->caplen < 14) continue;
        std::uint16_t type = static_cast<std::uint16_t>(at[12] << 8 | at[13]);
        if (type == 0x8100 && header->caplen >= 18) type = static_cast<std::uint16_t>(at[16] << 8 | at[17]), offset = 18;
        std::uint8_t source[16]{}, destination[16]{}, protocol = 0;
        if (type == 0x0800 && header->caplen >= offset + 20 && (at[offset + 6] & 0x1f) == 0 && at[offset + 7] == 0) {
            std::memcpy(source, at + offset + 12, 4), std::memcpy(destination, at + offset + 16, 4);
            protocol = at[offset + 9];
            offset += (at[offset] & 15U) * 4;
        } else if (type == 0x86dd && header->caplen >= offset + 40) {
            std::memcpy(source, at + offset + 8, 16), std::memcpy(destination, at + offset + 24, 16);
            protocol = at[offset + 6];
            offset += 40;
        }
        if ((protocol != 6 && protocol != 17) || header->caplen < offset + 14) {
            ++others;
            continue;
        }
        const int order = std::memcmp(source, destination, 16);
        const std::uint16_t from = static_cast<std::uint16_t>(at[offset] << 8 | at[offset + 1]),
                            to = static_cast<std::uint16_t>(at[offset + 2] << 8 | at[offset + 3]);
        const bool forward = order < 0 || (order == 0 && from <= to);
        Key key{};
        std::memcpy(key.words, forward ? source : destination, 16), std::memcpy(key.words + 2, forward ? destination : source, 16);
        key.words[4] = static_cast<std::uint64_t>(forward ? from : to) << 32 | static_cast<std::uint64_t>(forward ? to : from) << 8 | protocol;
        Entry& entry = table.find(key);
        const int way = forward ? 0 : 1;
        entry.packets[way] += 1;
        entry.bytes[way] += header->len;
        if (protocol == 6) entry.flags[way] |= at[offset + 13];
        entry.last = static_cast<std::uint64_t>(header->ts.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(header->ts.tv_usec);
        if (entry.first == 0) entry.first = entry.last;
    }
    std::printf("%zu flows, %llu other frames\n", table.size(), static_cast<unsigned long long>(others));
    pcap_close(file);
    return 0;
}
