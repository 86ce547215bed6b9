// SPDX-License-Identifier: Apache-2.0
// `bulkhead observe --pcap` as a person calls it: what is written where, and with which exit code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

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

TEST_F(ObserveCommand, the_summary_is_by_bytes) {
    EXPECT_THAT(observe("--summary --pcap " + capture(sample())).out,
                HasSubstr("2 pairs of ends; by bytes:\n  udp 10.0.0.1 -> 10.0.0.2 port 53: 1 flows, 2 packets, 98 bytes\n  tcp"));
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
    EXPECT_THAT(observe("--ip ten --pcap /nonexistent").err, HasSubstr("ten"));
}

}  // namespace
}  // namespace bulkhead
