// SPDX-License-Identifier: Apache-2.0
// Files of /proc and of cgroups. First byte: which one.
#include "fuzz/input.h"
#include "host/capability.h"
#include "host/cgroup.h"
#include "host/id_map.h"
#include "host/mountinfo.h"
#include "host/proc_status.h"
#include "host/process_limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead::host;
    using bulkhead::fuzz::check_result;
    const auto [which, bytes] = bulkhead::fuzz::choice_of(data, size);
    switch (which) {
        case 's': {
            const auto status = parse_proc_status(bytes);
            check_result(status);
            if (status) (void)capability_names(status->cap_effective);
            break;
        }
        case 't': check_result(parse_start_ticks(bytes)); break;
        case 'b': check_result(parse_boot_time(bytes)); break;
        case 'a': (void)parse_cmdline(bytes); break;
        case 'm': check_result(parse_mountinfo(bytes)); break;
        case 'l': check_result(parse_limit(bytes)); break;
        case 'r': check_result(parse_process_limits(bytes)); break;
        case 'u': {
            const auto map = IdMap::parse(bytes);
            check_result(map);
            if (map) {
                (void)map->inside(0);
                (void)map->inside(INT64_MAX);
            }
            break;
        }
        case 'c': {
            const auto cgroups = parse_cgroups(bytes);
            check_result(cgroups);
            if (!cgroups) break;
            for (const std::string& id : container_ids(*cgroups)) CHECK(id.size() == container_id_length);
            (void)directory_of("pids", *cgroups, {});
            break;
        }
        default: break;
    }
    return 0;
}
