// SPDX-License-Identifier: Apache-2.0
#include "packet/capture_filter.h"

#include <pcap/pcap.h>

#include <memory>

namespace bulkhead::packet {

Result<std::vector<FilterInstruction>> compile_filter(const std::string& expression, std::uint32_t snap_length) {
    const std::unique_ptr<pcap_t, decltype(&pcap_close)> nowhere(pcap_open_dead(DLT_EN10MB, static_cast<int>(snap_length)), &pcap_close);
    if (!nowhere) return fail(Code::internal, "libpcap has no memory");
    bpf_program program{};
    if (pcap_compile(nowhere.get(), &program, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
        return fail(Code::invalid_input, std::string(pcap_geterr(nowhere.get())) + " (man pcap-filter tells what can be written)");
    std::vector<FilterInstruction> out;
    for (unsigned i = 0; i < program.bf_len; ++i) {
        const bpf_insn& each = program.bf_insns[i];
        out.push_back({each.code, each.jt, each.jf, each.k});
    }
    pcap_freecode(&program);
    return out;
}

}  // namespace bulkhead::packet
