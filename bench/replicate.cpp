// SPDX-License-Identifier: Apache-2.0
// usage: replicate OUT BYTES FILE...     Writes the files' Ethernet frames with IPv4 one after the other into one capture file, again and again with
// other addresses and later times, until it has BYTES: real conversations, as many as wanted. Checksums are left as they were.
#include <pcap/pcap.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <vector>

namespace {

struct Frame {
    timeval after{};  // the beginning of its file
    std::vector<unsigned char> bytes;
    unsigned int wire = 0;
};

constexpr std::size_t ethernet_bytes = 14, source_at = ethernet_bytes + 12, destination_at = ethernet_bytes + 16;

void read_frames(const char* path, std::vector<Frame>& out) {
    char error[PCAP_ERRBUF_SIZE];
    pcap_t* file = pcap_open_offline(path, error);
    if (file == nullptr) return;
    pcap_pkthdr* header = nullptr;
    const unsigned char* bytes = nullptr;
    timeval first{};
    while (pcap_datalink(file) == DLT_EN10MB && pcap_next_ex(file, &header, &bytes) == 1) {
        if (first.tv_sec == 0) first = header->ts;
        if (header->caplen < destination_at + 4 || bytes[12] != 8 || bytes[13] != 0) continue;
        Frame frame{{}, {bytes, bytes + header->caplen}, header->len};
        timersub(&header->ts, &first, &frame.after);
        out.push_back(std::move(frame));
    }
    pcap_close(file);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return std::cerr << "usage: replicate OUT BYTES FILE...\n", 2;
    std::vector<Frame> frames;
    for (int i = 3; i < argc; ++i) read_frames(argv[i], frames);
    const std::uint64_t wanted = std::strtoull(argv[2], nullptr, 10);
    pcap_t* form = pcap_open_dead(DLT_EN10MB, 262144);
    pcap_dumper_t* out = pcap_dump_open(form, argv[1]);
    if (out == nullptr || frames.empty()) return std::cerr << "replicate: nothing to read or nowhere to write\n", 2;
    std::uint64_t written = 0, packets = 0;
    for (std::uint32_t copy = 0; written < wanted; ++copy) {
        const timeval begin{1'767'225'600 + copy, 0};
        for (Frame& frame : frames) {
            // The first two bytes of both addresses: the same change for each end, another for each copy.
            for (const std::size_t at : {source_at, destination_at}) {
                frame.bytes[at + 1] = static_cast<unsigned char>(frame.bytes[at + 1] + 1);
                if ((copy & 0xff) == 0xff) frame.bytes[at] = static_cast<unsigned char>(frame.bytes[at] + 1);
            }
            pcap_pkthdr header{};
            timeradd(&begin, &frame.after, &header.ts);
            header.caplen = static_cast<unsigned int>(frame.bytes.size());
            header.len = frame.wire;
            pcap_dump(reinterpret_cast<unsigned char*>(out), &header, frame.bytes.data());
            written += header.caplen + 16;
            ++packets;
        }
    }
    pcap_dump_close(out);
    pcap_close(form);
    std::cout << packets << " packets, " << written << " bytes\n";
}
