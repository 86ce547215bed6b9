// SPDX-License-Identifier: Apache-2.0
// usage: make-captures big|short FILE [FLOWS]   Writes a deterministic capture to measure flow accounting with. big: 200,000 flows of mixed length
// in 60 s, 20 packets each on average, 128 bytes captured; short: 1,000,000 connections of 7 packets, 96 bytes captured. Two in ten flows of big are
// IPv6, one in ten of short. Checksums are right; payload beyond what is captured is zero.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <unordered_set>
#include <vector>

namespace {

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {  // splitmix64
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>((next() >> 32) * bound >> 32); }
    std::uint32_t between(std::uint32_t low, std::uint32_t high) { return low + below(high - low + 1); }
    double unit() { return (static_cast<double>(next() >> 11) + 0.5) / 9007199254740992.0; }
    double exponential(double mean) { return -mean * std::log(unit()); }
    double normal() { return std::sqrt(-2 * std::log(unit())) * std::cos(6.283185307179586 * unit()); }

  private:
    std::uint64_t state_;
};

struct Flow {
    std::uint32_t client = 0, server = 0;
    std::uint16_t source_port = 0, destination_port = 0;
    bool v6 = false, tcp = true;
    std::uint32_t packets = 0;
    double start = 0, duration = 0;  // seconds
    std::uint32_t sequence[2] = {1000, 5000};
};

struct When {
    double time;
    std::uint32_t flow;
    std::uint32_t index;
};

std::uint32_t sum_of(const std::uint8_t* at, std::size_t size) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i + 1 < size; i += 2) sum += static_cast<std::uint32_t>(at[i] << 8 | at[i + 1]);
    if (size % 2 == 1) sum += static_cast<std::uint32_t>(at[size - 1] << 8);
    return sum;
}
std::uint16_t folded(std::uint32_t sum) {
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

class Writer {
  public:
    Writer(const char* path, std::uint32_t snap) : file_(std::fopen(path, "wb")), snap_(snap) {
        if (file_ == nullptr) return;
        const std::uint32_t header[6] = {0xa1b2c3d4, 0x00040002, 0, 0, snap, 1};
        std::fwrite(header, 4, 6, file_);
    }
    ~Writer() {
        if (file_ != nullptr) std::fclose(file_);
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    [[nodiscard]] bool good() const { return file_ != nullptr && std::ferror(file_) == 0; }
    std::uint64_t packets = 0, bytes = 0;

    // transport: its header with a checksum of zero; then `payload` bytes, random as far as they are captured.
    void packet(const Flow& flow, bool from_client, double time, const std::vector<std::uint8_t>& transport, std::uint32_t payload, Random& random) {
        std::array<std::uint8_t, 256> frame{};
        std::uint8_t* at = frame.data();
        const std::uint8_t macs[12] = {2, 0, 0, 0, 0, static_cast<std::uint8_t>(from_client ? 2 : 1),
                                       2, 0, 0, 0, 0, static_cast<std::uint8_t>(from_client ? 1 : 2)};
        std::memcpy(at, macs, 12);
        const auto length = static_cast<std::uint32_t>(transport.size()) + payload;
        const std::size_t ip = flow.v6 ? 40 : 20;
        std::uint32_t pseudo = 0;
        if (flow.v6) {
            at[12] = 0x86, at[13] = 0xdd, at[14] = 0x60;
            put(at + 18, length), at[20] = flow.tcp ? 6 : 17, at[21] = 64;
            address6(at + 22, from_client, flow), address6(at + 38, !from_client, flow);
            pseudo = sum_of(at + 22, 32);
        } else {
            at[12] = 8, at[14] = 0x45;
            put(at + 16, length + 20), put(at + 18, random.below(65536)), at[20] = 0x40, at[22] = 64, at[23] = flow.tcp ? 6 : 17;
            address4(at + 26, from_client, flow), address4(at + 30, !from_client, flow);
            put(at + 24, folded(sum_of(at + 14, 20)));
            pseudo = sum_of(at + 26, 8);
        }
        std::uint8_t* body = at + 14 + ip;
        std::memcpy(body, transport.data(), transport.size());
        const std::size_t headers = 14 + ip + transport.size();
        const std::size_t captured = std::min<std::size_t>(snap_, headers + payload);
        for (std::size_t i = headers; i < captured; ++i) at[i] = static_cast<std::uint8_t>(random.next());
        const std::uint32_t sum = pseudo + (flow.tcp ? 6U : 17U) + length + sum_of(body, std::max(captured, headers) - 14 - ip);
        std::uint16_t check = folded(sum);
        if (!flow.tcp && check == 0) check = 0xffff;
        put(body + (flow.tcp ? 16 : 6), check);
        constexpr std::uint32_t epoch = 1767225600;  // 2026-01-01
        const auto microseconds = static_cast<std::uint64_t>(time * 1e6);
        const std::uint32_t record[4] = {epoch + static_cast<std::uint32_t>(microseconds / 1'000'000), static_cast<std::uint32_t>(microseconds % 1'000'000),
                                         static_cast<std::uint32_t>(captured), static_cast<std::uint32_t>(headers + payload)};
        std::fwrite(record, 4, 4, file_);
        std::fwrite(frame.data(), 1, captured, file_);
        ++packets;
        bytes += headers + payload;
    }

  private:
    static void put(std::uint8_t* at, std::uint32_t value) {
        at[0] = static_cast<std::uint8_t>(value >> 8);
        at[1] = static_cast<std::uint8_t>(value);
    }
    static void address4(std::uint8_t* at, bool client, const Flow& flow) {
        const std::uint32_t value = client ? 0x0a000000U + flow.client : 0xac100000U + flow.server;
        put(at, value >> 16), put(at + 2, value & 0xffff);
    }
    static void address6(std::uint8_t* at, bool client, const Flow& flow) {
        at[0] = 0xfd, at[5] = client ? 1 : 2;
        put(at + 14, client ? flow.client : flow.server);
    }
    std::FILE* file_;
    std::uint32_t snap_;
};

void push(std::vector<std::uint8_t>& out, std::uint32_t value, int bytes) {
    for (int i = bytes; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void send_tcp(Writer& writer, Flow& flow, bool from_client, double time, std::uint8_t flags, std::uint32_t payload, bool stamped, Random& random) {
    std::vector<std::uint8_t> header;
    push(header, from_client ? flow.source_port : flow.destination_port, 2), push(header, from_client ? flow.destination_port : flow.source_port, 2);
    push(header, flow.sequence[from_client ? 0 : 1], 4), push(header, (flags & 16) != 0 ? flow.sequence[from_client ? 1 : 0] : 0, 4);
    push(header, stamped ? 0x80 : 0x50, 1), push(header, flags, 1), push(header, 0x7210, 2), push(header, 0, 4);
    if (stamped) push(header, 0x0101080a, 4), push(header, static_cast<std::uint32_t>(time * 1000), 4), push(header, 0, 4);
    flow.sequence[from_client ? 0 : 1] += payload + ((flags & 3) != 0 ? 1 : 0);
    writer.packet(flow, from_client, time, header, payload, random);
}

void send_udp(Writer& writer, Flow& flow, bool from_client, double time, std::uint32_t payload, Random& random) {
    std::vector<std::uint8_t> header;
    push(header, from_client ? flow.source_port : flow.destination_port, 2), push(header, from_client ? flow.destination_port : flow.source_port, 2);
    push(header, payload + 8, 2), push(header, 0, 2);
    writer.packet(flow, from_client, time, header, payload, random);
}

std::uint16_t port_of(Random& random, bool tcp) {
    const std::uint32_t draw = random.below(100);
    if (tcp) return draw < 50 ? 443 : draw < 70 ? 80 : draw < 80 ? 8080 : draw < 86 ? 5432 : draw < 91 ? 3306 : draw < 96 ? 6379 : draw < 98 ? 9092 : 22;
    return draw < 50 ? 53 : draw < 80 ? 443 : draw < 90 ? 123 : static_cast<std::uint16_t>(30000 + random.below(20000));
}

void draw_ends(Flow& flow, std::uint32_t clients, std::uint32_t servers, Random& random, std::unordered_set<std::string>& taken) {
    for (;;) {
        flow.client = random.below(clients);
        flow.server = random.below(servers);
        flow.source_port = static_cast<std::uint16_t>(32768 + random.below(28232));
        char key[64];
        const int size =
            std::snprintf(key, sizeof key, "%u %u %u %u %d %d", flow.client, flow.server, flow.source_port, flow.destination_port, flow.v6, flow.tcp);
        if (taken.emplace(key, static_cast<std::size_t>(size)).second) return;
    }
}

std::vector<When> order_of(const std::vector<Flow>& flows, Random& random) {
    std::vector<When> order;
    for (std::uint32_t f = 0; f < flows.size(); ++f) {
        std::vector<double> times(flows[f].packets);
        for (double& time : times) time = flows[f].start + flows[f].duration * random.unit();
        std::sort(times.begin(), times.end());
        for (std::uint32_t i = 0; i < times.size(); ++i) order.push_back({times[i], f, i});
    }
    std::stable_sort(order.begin(), order.end(), [](const When& a, const When& b) { return a.time < b.time; });
    return order;
}

void send_big(Writer& writer, Flow& flow, const When& when, Random& random) {
    const std::uint32_t last = flow.packets - 1;
    if (!flow.tcp) {
        const bool from_client = flow.packets == 2 ? when.index == 0 : random.below(2) == 0;
        const std::uint32_t payload = flow.destination_port == 53    ? (from_client ? random.between(30, 60) : random.between(60, 360))
                                      : flow.destination_port == 123 ? 48
                                                                     : 1200;
        send_udp(writer, flow, from_client, when.time, payload, random);
        return;
    }
    if (when.index == 0) return send_tcp(writer, flow, true, when.time, 2, 0, true, random);
    if (when.index == 1) return send_tcp(writer, flow, false, when.time, 18, 0, true, random);
    if (when.index == 2) return send_tcp(writer, flow, true, when.time, 16, 0, true, random);
    if (when.index + 1 == last) return send_tcp(writer, flow, true, when.time, 17, 0, true, random);
    if (when.index == last) return send_tcp(writer, flow, false, when.time, 17, 0, true, random);
    const std::uint32_t draw = random.below(100);
    if (draw < 36) return send_tcp(writer, flow, true, when.time, 16, 0, true, random);
    if (draw < 50) return send_tcp(writer, flow, true, when.time, 24, random.between(50, 650), true, random);
    send_tcp(writer, flow, false, when.time, 24, draw < 86 ? 1448 : random.between(100, 1400), true, random);
}

void send_short(Writer& writer, Flow& flow, const When& when, Random& random) {
    switch (when.index) {
        case 0: return send_tcp(writer, flow, true, when.time, 2, 0, false, random);
        case 1: return send_tcp(writer, flow, false, when.time, 18, 0, false, random);
        case 2: return send_tcp(writer, flow, true, when.time, 16, 0, false, random);
        case 3: return send_tcp(writer, flow, true, when.time, 24, random.between(80, 380), false, random);
        case 4: return send_tcp(writer, flow, false, when.time, 24, random.between(200, 1400), false, random);
        case 5: return send_tcp(writer, flow, true, when.time, 17, 0, false, random);
        default: return send_tcp(writer, flow, false, when.time, 17, 0, false, random);
    }
}

std::vector<Flow> big_flows(std::size_t count, Random& random) {
    std::vector<Flow> flows(count);
    std::unordered_set<std::string> taken;
    double wanted = 0;
    for (Flow& flow : flows) {
        flow.v6 = random.below(5) == 0;
        flow.tcp = random.below(10) < 7;
        flow.destination_port = port_of(random, flow.tcp);
        draw_ends(flow, 4096, 512, random, taken);
        const bool pair = !flow.tcp && (flow.destination_port == 53 || flow.destination_port == 123);
        flow.packets = pair ? 2 : static_cast<std::uint32_t>(std::min(20000.0, (flow.tcp ? 8 : 4) / std::pow(random.unit(), 1 / 1.25)));
        flow.duration = pair ? random.exponential(0.02) : std::min(58.0, 2 * std::exp(1.2 * random.normal()));
        flow.start = random.unit() * std::max(0.0, 60 - flow.duration);
        if (!pair) wanted += flow.packets;
    }
    // Twenty packets a flow on average, whatever was drawn.
    std::uint64_t pairs = 0;
    for (const Flow& flow : flows) pairs += flow.packets == 2 ? 2 : 0;
    const double scale = (static_cast<double>(count) * 20 - static_cast<double>(pairs)) / wanted;
    for (Flow& flow : flows) {
        if (flow.packets != 2) flow.packets = std::max<std::uint32_t>(flow.tcp ? 7 : 3, static_cast<std::uint32_t>(flow.packets * scale));
    }
    return flows;
}

std::vector<Flow> short_flows(std::size_t count, Random& random) {
    std::vector<Flow> flows(count);
    std::unordered_set<std::string> taken;
    for (Flow& flow : flows) {
        flow.v6 = random.below(10) == 0;
        const std::uint32_t draw = random.below(3);
        flow.destination_port = draw == 0 ? 443 : draw == 1 ? 80 : 8080;
        draw_ends(flow, 16384, 64, random, taken);
        flow.packets = 7;
        flow.duration = 0.005 + random.exponential(0.06);
        flow.start = random.unit() * static_cast<double>(count) / 10'000;
    }
    return flows;
}

}  // namespace

int main(int argc, char** argv) {
    const bool big = argc > 1 && std::string(argv[1]) == "big";
    if (argc < 3 || (!big && std::string(argv[1]) != "short")) {
        std::fputs("usage: make-captures big|short FILE [FLOWS]\n", stderr);
        return 2;
    }
    Random random(big ? 20261122 : 20261123);
    std::vector<Flow> flows =
        big ? big_flows(argc > 3 ? std::stoul(argv[3]) : 200'000, random) : short_flows(argc > 3 ? std::stoul(argv[3]) : 1'000'000, random);
    Writer writer(argv[2], big ? 128 : 96);
    for (const When& when : order_of(flows, random)) {
        if (big) {
            send_big(writer, flows[when.flow], when, random);
        } else {
            send_short(writer, flows[when.flow], when, random);
        }
    }
    std::printf("%llu packets, %zu flows, %llu bytes\n", static_cast<unsigned long long>(writer.packets), flows.size(),
                static_cast<unsigned long long>(writer.bytes));
    return writer.good() ? 0 : 1;
}
