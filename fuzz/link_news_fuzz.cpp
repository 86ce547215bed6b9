// SPDX-License-Identifier: Apache-2.0
// One message of rtnetlink about an interface, with attributes of any length: bytes come from the kernel, but their shape differs by version and driver.
#include <libmnl/libmnl.h>

#include <cstring>
#include <vector>

#include "datapath/link_news.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead::datapath;
    if (size < sizeof(nlmsghdr) || size > 65536) return 0;
    // Exactly as long as it says, so that a sanitizer sees a step beyond its end; aligned as the kernel's are.
    std::vector<char> bytes(data, data + size);
    auto* message = reinterpret_cast<nlmsghdr*>(bytes.data());
    message->nlmsg_len = static_cast<std::uint32_t>(size);
    const auto news = read_link_news(*message);
    if (!news) return 0;
    CHECK(news->interface.index != 0);
    CHECK(news->interface.name.find('\0') == std::string::npos);
    CHECK(!is_metered(*news, Which::everything) || !news->gone);
    return 0;
}
