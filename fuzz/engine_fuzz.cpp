// SPDX-License-Identifier: Apache-2.0
// The engine's answers. First byte: which one.
#include "engine/container.h"
#include "engine/event.h"
#include "engine/image.h"
#include "engine/info.h"
#include "engine/network.h"
#include "engine/swarm.h"
#include "engine/volume.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead::engine;
    using bulkhead::fuzz::check_result;
    const auto [which, bytes] = bulkhead::fuzz::choice_of(data, size);
    switch (which) {
        case 'a': check_result(parse_container_list(bytes)); break;
        case 'b': {
            const auto container = parse_container(bytes);
            check_result(container);
            if (container) (void)container->healthcheck_command();
            break;
        }
        case 'c': check_result(parse_events(bytes)); break;
        case 'd': check_result(parse_image_list(bytes)); break;
        case 'e': check_result(parse_image(bytes)); break;
        case 'f': check_result(parse_history(bytes)); break;
        case 'g': check_result(parse_info(bytes)); break;
        case 'h': check_result(parse_version(bytes)); break;
        case 'i': check_result(parse_exec(bytes)); break;
        case 'j': check_result(parse_network_list(bytes)); break;
        case 'k': {
            const auto network = parse_network(bytes);
            check_result(network);
            if (network) {
                (void)network->bridge_name();
                (void)network->icc();
                (void)network->encrypted();
                (void)network->vni();
            }
            break;
        }
        case 'l': check_result(parse_swarm(bytes)); break;
        case 'm': check_result(parse_node_list(bytes)); break;
        case 'n': check_result(parse_service_list(bytes)); break;
        case 'o': check_result(parse_task_list(bytes)); break;
        case 'p': check_result(parse_secret_list(bytes)); break;
        case 'q': check_result(parse_volume_list(bytes)); break;
        default: break;
    }
    return 0;
}
