// SPDX-License-Identifier: Apache-2.0
#include "datapath/programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <mutex>

#include "base/resources.h"
#include "base/text.h"
#include "world/live/errno_result.h"

namespace bulkhead::datapath {

namespace {

constexpr std::string_view object_path = "datapath/flow.bpf.o";
constexpr std::size_t batch = 1024;
constexpr std::size_t said_max = 300;

// libbpf says what is wrong to a function of the whole program, which otherwise prints.
std::mutex said_mutex;
std::string said;

int listen(libbpf_print_level level, const char* format, va_list arguments) {
    if (level != LIBBPF_WARN) return 0;
    char line[512];
    std::vsnprintf(line, sizeof line, format, arguments);
    const std::scoped_lock lock(said_mutex);
    // The first complaint is the cause, the others follow from it.
    if (said.size() < said_max) said += (said.empty() ? "" : "; ") + std::string(text::trim(line));
    return 0;
}

std::unexpected<Error> fail_loading(int error) {
    const std::scoped_lock lock(said_mutex);
    const std::string detail = said.empty() ? "" : " (" + text::printable(said) + ")";
    if (error == EPERM || error == EACCES)
        return fail(Code::permission_denied, "loading BPF programs was refused: metering in the kernel needs root, or CAP_BPF and CAP_NET_ADMIN");
    return fail(Code::unsupported, std::string("this kernel does not take the BPF programs: ") + std::strerror(error) + detail);
}

Result<std::vector<char>> object_bytes() {
    for (const Resource& resource : resources()) {
        // Copied, because libelf wants it aligned.
        if (resource.path == object_path) return std::vector<char>(resource.bytes.begin(), resource.bytes.end());
    }
    return fail(Code::internal, "the BPF programs are not in this program");
}

bool configure(bpf_object* object, const Options& options) {
    const kernel::config config{.tcp_idle_ns = static_cast<std::uint64_t>(std::max<std::int64_t>(options.tcp_idle_ns, 0)),
                                .other_idle_ns = static_cast<std::uint64_t>(std::max<std::int64_t>(options.other_idle_ns, 0)),
                                .linger_ns = static_cast<std::uint64_t>(std::max<std::int64_t>(options.linger_ns, 0)),
                                .payload_bytes = std::min(options.payload_bytes, payload_bytes_max),
                                .unused = 0};
    static_assert(payload_bytes_max == kernel::piece_bytes_max);
    bool configured = false;
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        const std::string_view name = bpf_map__name(map);
        if (name.find(".rodata.config") != name.npos) configured = bpf_map__set_initial_value(map, &config, sizeof config) == 0;
        if (name == "flows" && bpf_map__set_max_entries(map, options.flows_max) != 0) return false;
        if (name == "words" && bpf_map__set_max_entries(map, options.ring_bytes) != 0) return false;
    }
    return configured;
}

}  // namespace

void Programs::Close::operator()(bpf_object* object) const { bpf_object__close(object); }

Result<Programs> Programs::load(const Options& options) {
    const auto bytes = object_bytes();
    if (!bytes) return std::unexpected(bytes.error());
    {
        const std::scoped_lock lock(said_mutex);
        said.clear();
    }
    libbpf_set_print(listen);
    const bpf_object_open_opts opening{.sz = sizeof(bpf_object_open_opts), .object_name = "bulkhead"};
    Programs out;
    out.object_.reset(bpf_object__open_mem(bytes->data(), bytes->size(), &opening));
    if (!out.object_) return fail_loading(errno);
    bpf_object* object = out.object_.get();
    if (!configure(object, options)) return fail(Code::invalid_input, "the datapath's sizes are not possible");
    if (const int error = bpf_object__load(object); error != 0) return fail_loading(-error);
    const auto map = [&](const char* name) { return bpf_object__find_map_fd_by_name(object, name); };
    const auto program = [&](const char* name) { return bpf_program__fd(bpf_object__find_program_by_name(object, name)); };
    out.meter_ = program("meter");
    out.retire_ = program("retire");
    out.flows_ = map("flows");
    out.interfaces_ = map("interfaces");
    out.totals_ = map("totals");
    out.words_ = map("words");
    if (std::min({out.meter_, out.retire_, out.flows_, out.interfaces_, out.totals_, out.words_}) < 0)
        return fail(Code::internal, "the BPF programs and their loader do not fit");
    return out;
}

Result<void> Programs::retire(std::span<kernel::retired> flows) const {
    constexpr std::size_t most = kernel::retired_batch;
    std::array<char, kernel::retired_header_bytes + most * sizeof(kernel::retired)> frame{};
    while (!flows.empty()) {
        const auto some = flows.first(std::min(most, flows.size()));
        std::memcpy(frame.data() + kernel::retired_header_bytes, some.data(), some.size_bytes());
        const auto size = static_cast<std::uint32_t>(kernel::retired_header_bytes + some.size_bytes());
        bpf_test_run_opts run{};
        run.sz = sizeof run;
        run.data_in = frame.data();
        run.data_size_in = size;
        run.data_out = frame.data();
        run.data_size_out = size;
        if (const int error = bpf_prog_test_run_opts(retire_, &run); error != 0) return world::fail_errno(-error, "taking flows out of the table");
        std::memcpy(some.data(), frame.data() + kernel::retired_header_bytes, some.size_bytes());
        flows = flows.subspan(some.size());
    }
    return {};
}

Result<bool> Programs::some_flows(Place& place, std::vector<kernel::flow_key>& keys, std::vector<kernel::flow_value>& values) const {
    keys.resize(batch);
    values.resize(batch);
    auto count = static_cast<std::uint32_t>(batch);
    std::uint32_t next = 0;
    const bpf_map_batch_opts options{.sz = sizeof(bpf_map_batch_opts), .elem_flags = BPF_F_LOCK, .flags = 0};
    const int error = bpf_map_lookup_batch(flows_, place.started ? &place.bucket : nullptr, &next, keys.data(), values.data(), &count, &options);
    if (error != 0 && error != -ENOENT) return world::fail_errno(-error, "reading the table of flows");
    keys.resize(count);
    values.resize(count);
    place = {next, true};
    return error == 0;
}

kernel::interface_counts Programs::counts_of(std::uint16_t interface) const {
    kernel::interface_counts out{};
    const std::uint32_t number = interface;
    bpf_map_lookup_elem(interfaces_, &number, &out);
    return out;
}

void Programs::clear_counts_of(std::uint16_t interface) const {
    const kernel::interface_counts zero{};
    const std::uint32_t number = interface;
    bpf_map_update_elem(interfaces_, &number, &zero, BPF_ANY);
}

kernel::totals Programs::totals() const {
    const int processors = libbpf_num_possible_cpus();
    kernel::totals sum{};
    if (processors <= 0) return sum;
    std::vector<kernel::totals> each(static_cast<std::size_t>(processors));
    const std::uint32_t zero = 0;
    if (bpf_map_lookup_elem(totals_, &zero, each.data()) != 0) return sum;
    for (const kernel::totals& one : each) {
        sum.begun += one.begun;
        sum.merged += one.merged;
        sum.orphan_fragments += one.orphan_fragments;
        sum.lost_begun += one.lost_begun;
        sum.lost_payload += one.lost_payload;
        sum.lost_closing += one.lost_closing;
    }
    return sum;
}

}  // namespace bulkhead::datapath
