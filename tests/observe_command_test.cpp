// SPDX-License-Identifier: Apache-2.0
// `bulkhead observe --pcap` as a person calls it: what is written where, and with which exit code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "packet/testing/capture_maker.h"
#include "world/testing/temp_folder.h"

namespace bulkhead {
namespace {

using namespace packet::made;
using testing::HasSubstr;

struct Ran {
    int code = -1;
    std::string out, err;
};

class ObserveCommand : public testing::Test {
  protected:
    world::TempFolder folder;

    Ran observe(const std::string& arguments) {
        const std::string err = (folder.path() / "err").string();
        FILE* pipe = popen((std::string(BULKHEAD_PROGRAM) + " observe " + arguments + " 2>" + err).c_str(), "r");  // the program's path and our own words
        Ran ran;
        for (int c; (c = fgetc(pipe)) != EOF;) ran.out += static_cast<char>(c);
        const int status = pclose(pipe);
        ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        std::ifstream file(err);
        ran.err.assign(std::istreambuf_iterator<char>(file), {});
        return ran;
    }

    std::string capture(const std::string& bytes) {
        const auto path = folder.path() / "trace.pcap";
        std::ofstream(path, std::ios::binary) << bytes;
        return path.string();
    }

    std::string sample() {
        const std::string query = ethernet("0800", ipv4(17, udp(5000, 53, "question")));
        const std::string answer = ethernet("0800", ipv4(17, udp(53, 5000, "answer"), 0, "0a000002 0a000001"));
        const std::string web = ethernet("0800", ipv4(6, tcp(40000, 443, 2)));
        const std::string arp = ethernet("0806", std::string(28, '\0'));
        return pcap_header() + pcap_record(1'795'348'800, 0, query) + pcap_record(1'795'348'800, 500, answer) + pcap_record(1'795'348'801, 0, web) +
               pcap_record(1'795'348'801, 0, arp);
    }
};

TEST_F(ObserveCommand, flows_go_to_standard_output_and_what_is_none_is_told_beside) {
    const Ran ran = observe("--pcap " + capture(sample()));
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(ran.out, HasSubstr("12:00:00.000 udp 10.0.0.1:5000 -> 10.0.0.2:53 1/1 packets"));
    EXPECT_THAT(ran.out, HasSubstr("tcp 10.0.0.1:40000 -> 10.0.0.2:443 1/0 packets"));
    EXPECT_EQ(ran.err, "bulkhead: 4 frames, 2 flows; 1 frames not_ip\n");
}

TEST_F(ObserveCommand, filters_choose_and_say_so) {
    const Ran ran = observe("--to-port 53 --format jsonl --pcap " + capture(sample()));
    EXPECT_THAT(ran.out, HasSubstr("\"bytes\":{\"to_destination\":50,\"to_source\":48}"));
    EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1);
    EXPECT_THAT(ran.err, HasSubstr("2 flows, 1 of them chosen"));
    EXPECT_EQ(observe("--ip 192.0.2.0/24 --format json --pcap " + capture(sample())).out, "[]\n");
}

// The frame is that of packet/esp_test.cpp, made by scapy: VXLAN 4097 in ESP.
TEST_F(ObserveCommand, keys_open_what_is_encrypted_and_say_what_they_did_not) {
    constexpr std::string_view digits =
        "02000000000202000000000108004500009c000100004032f62bc0000201c0000202000012340000000720103b5b26a77ac1f9caf89b7e43a3efb5e18c1ee95f5c"
        "625e076ad75f9fd882ad54399102ebb7e8733d1ae00541479ca6c717c1964cf274332bd7f2b4b4af5e318a29c81d976e007e1309cddb57445c9feb38e08b2d5da4"
        "7641d52f4fc19c22f8977ea24a4cd68514114fa534d366de45d080a498274a4149d8c94779e47bb1";
    std::string frame;
    for (std::size_t i = 0; i < digits.size(); i += 2) frame += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
    const std::string trace = capture(pcap_header() + pcap_record(1'795'348'800, 0, frame));
    const auto with_keys = [&](const std::string& lines) {
        const auto keys = folder.path() / "keys";
        std::ofstream(keys) << lines;
        return observe("--format jsonl --esp-keys " + keys.string() + " --pcap " + trace);
    };
    EXPECT_THAT(observe("--format jsonl --pcap " + trace).out, HasSubstr("\"protocol\":\"esp\""));
    const Ran opened = with_keys("0x1234 000102030405060708090a0b0c0d0e0fdeadbeef 128\n");
    EXPECT_THAT(opened.out, HasSubstr("\"source\":{\"ip\":\"10.50.1.2\",\"port\":40000}"));
    EXPECT_THAT(opened.out, HasSubstr("\"vni\":4097,\"encrypted\":true"));
    EXPECT_THAT(opened.out, HasSubstr("\"method\":\"GET\""));
    EXPECT_THAT(opened.err, HasSubstr("1 frames were opened with a key"));
    EXPECT_THAT(with_keys("0x1234 ff0102030405060708090a0b0c0d0e0fdeadbeef 128\n").err, HasSubstr("1 do not open with the key"));
    EXPECT_THAT(with_keys("0x9999 000102030405060708090a0b0c0d0e0fdeadbeef 128\n").err, HasSubstr("1 have an SPI of which there is none"));
    EXPECT_THAT(with_keys("0x1234 0001 128\n").err, HasSubstr("keys:1:8:"));
    EXPECT_THAT(with_keys("# none\n").err, HasSubstr("holds no key"));
    EXPECT_EQ(with_keys("").code, 2);
}

TEST_F(ObserveCommand, the_summary_is_by_bytes) {
    EXPECT_THAT(observe("--summary --pcap " + capture(sample())).out,
                HasSubstr("2 edges, 2 flows, 3 packets, 152 B, 12:00:00.000 to 12:00:01.000\nmost bytes:\n"
                          "  10.0.0.1 -> 10.0.0.2  udp 53   1 flows  2 packets  50 B/48 B\n  10.0.0.1 -> 10.0.0.2  tcp 443"));
}

TEST_F(ObserveCommand, a_file_that_was_cut_gives_what_it_has_and_says_so) {
    const std::string whole = sample();
    const Ran ran = observe("--pcap " + capture(whole.substr(0, whole.size() - 3)));
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(ran.err, HasSubstr("3 frames, 2 flows; the file ends within a frame"));
}

TEST_F(ObserveCommand, a_file_that_lies_is_an_error_after_what_was_good) {
    const Ran ran = observe("--pcap " + capture(sample() + little(0, 8) + little(0xfffffff0, 4) + little(0, 4)));
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.out, HasSubstr("udp 10.0.0.1:5000"));
    EXPECT_THAT(ran.err, HasSubstr("a frame of 4294967280 bytes"));
}

TEST_F(ObserveCommand, wrong_words_are_told_before_anything_is_read) {
    EXPECT_EQ(observe("--pcap /nonexistent").code, 2);
    EXPECT_THAT(observe("--pcap " + capture("no capture")).err, HasSubstr("this is no capture file"));
    EXPECT_THAT(observe("--protocol tpc --pcap /nonexistent").err, HasSubstr("\"tpc\" is no protocol"));
    EXPECT_THAT(observe("--ip ten --pcap /nonexistent").err, HasSubstr("--ip: "));
    EXPECT_THAT(observe("--last 1h --history /nonexistent").err, HasSubstr("/nonexistent"));
    EXPECT_THAT(observe("--follow --pcap /nonexistent").err, HasSubstr("not followed"));
    EXPECT_THAT(observe("--pcap x --flows y").err, HasSubstr("exclude each other"));
    EXPECT_THAT(observe("--flows /nonexistent").err, HasSubstr("cannot read /nonexistent"));
    EXPECT_THAT(observe("--where 'no_such = 1' --pcap /nonexistent").err, HasSubstr("--where: no such column: no_such"));
    EXPECT_THAT(observe("--where '(select 1)' --pcap /nonexistent").err, HasSubstr("no select"));
}

TEST_F(ObserveCommand, an_expression_chooses) {
    EXPECT_EQ(observe("--where \"protocol = 'udp' and bytes_to_source < 100\" --format jsonl --pcap " + capture(sample())).out.find("\"protocol\":\"tcp\""),
              std::string::npos);
    const Ran ran = observe("--where \"json_extract(protocol, '$')\" --pcap " + capture(sample()));
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.err, HasSubstr("--where: malformed JSON"));
}

TEST_F(ObserveCommand, flows_of_a_file_are_those_that_were_written) {
    const std::string trace = capture(sample());
    const std::string flows = (folder.path() / "flows.jsonl").string();
    const Ran written = observe("--format jsonl --pcap " + trace + " | tee " + flows);
    for (const char* format : {"compact", "table", "dict", "json", "jsonl"}) {
        EXPECT_EQ(observe("--flows " + flows + " --format " + format).out, observe("--pcap " + trace + " --format " + format).out) << format;
    }
    const Ran piped = observe("--flows - --to-port 53 < " + flows);
    EXPECT_THAT(piped.out, HasSubstr("udp"));
    EXPECT_THAT(piped.err, HasSubstr("2 flows, 1 of them chosen"));
    EXPECT_EQ(std::ranges::count(observe("--first 1 --flows " + flows).out, '\n'), 1);
    EXPECT_THAT(observe("--from-label x --flows " + flows).err, HasSubstr("have no labels"));
    std::ofstream(flows, std::ios::app) << "{\"schema\":1}\n";
    const Ran broken = observe("--flows " + flows);
    EXPECT_EQ(broken.code, 2);
    EXPECT_THAT(broken.out, HasSubstr("udp"));
    EXPECT_THAT(broken.err, HasSubstr("flows.jsonl:3: it is no flow"));
}

}  // namespace
}  // namespace bulkhead
