// SPDX-License-Identifier: Apache-2.0
// A file that appears whole or not at all: written beside its name, flushed, then renamed. Devices and pipes are written directly.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/interrupt.h"

namespace bulkhead::cli {

class OutputFile {
  public:
    // Opened before the work starts, so that a wrong path is known early.
    static Result<std::unique_ptr<OutputFile>> create(const std::string& path);
    ~OutputFile();  // removes what was not finished
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    Result<void> finish(std::string_view bytes);

  private:
    OutputFile() = default;
    std::string path_;
    std::string temporary_path_;  // empty: written directly
    std::unique_ptr<TemporaryFile> temporary_;
    int fd_ = -1;
};

}  // namespace bulkhead::cli
