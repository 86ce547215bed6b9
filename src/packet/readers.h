// SPDX-License-Identifier: Apache-2.0
// What capture_file.cpp chooses between. Each reader begins behind the four bytes that told the format.
#pragma once

#include "packet/byte_window.h"
#include "packet/capture_file.h"

namespace bulkhead::packet {

Result<std::unique_ptr<CaptureFile>> open_pcap(ByteWindow window, std::uint32_t magic);
Result<std::unique_ptr<CaptureFile>> open_pcapng(ByteWindow window);

inline constexpr std::uint32_t pcapng_magic = 0x0a0d0d0a;  // the same in both byte orders

}  // namespace bulkhead::packet
