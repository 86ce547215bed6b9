// SPDX-License-Identifier: Apache-2.0
// A file's new content, put in place of the old one by rename, and taken back. Owned by one thread.
#pragma once

#include <string>

#include "base/result.h"
#include "fix/change.h"
#include "world/live/fd.h"

namespace bulkhead::fix {

class NewContent {
  public:
    // Writes the new content beside its place. Errors: the target is not what the change saw; the folder cannot be written.
    static Result<NewContent> prepare(const world::Fd& root, const Change& change, const std::string& stamp);
    NewContent(NewContent&&) noexcept = default;
    NewContent& operator=(NewContent&&) noexcept = default;
    ~NewContent();  // removes what was not put in place

    // Where the new content is until it is put in place, as any process here reaches it.
    [[nodiscard]] std::string waiting_path() const;
    Result<void> put_in_place();
    Result<void> take_back();
    [[nodiscard]] const std::string& backup() const { return backup_; }  // empty: there was no file before

  private:
    NewContent() = default;
    Result<void> check_target() const;
    Result<void> write(const std::string& bytes);
    Result<void> copy_attributes(const world::Fd& from);

    const Change* change_ = nullptr;
    world::Fd root_;  // a handle of its own
    world::Fd folder_;
    world::Fd file_;
    std::string made_folder_;
    std::string name_, waiting_name_, backup_name_, backup_;
    bool in_place_ = false;
};

}  // namespace bulkhead::fix
