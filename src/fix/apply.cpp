// SPDX-License-Identifier: Apache-2.0
#include "fix/apply.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <optional>

#include "fix/folder.h"
#include "fix/new_content.h"
#include "world/live/errno_result.h"

namespace bulkhead::fix {

namespace {

using world::fail_errno;
using world::Fd;

std::string mode_text(std::int64_t mode) { return fmt::format("{:04o}", mode); }

// Mode or owner of one path, held by its handle.
class Attribute {
  public:
    static Result<Attribute> set(const Fd& root, const Change& change) {
        auto place = open_path(root, change.path);
        if (!place) return std::unexpected(place.error());
        const auto status = status_of(*place, change.path);
        if (!status) return std::unexpected(status.error());
        const bool same = id_of(*status) == change.id && (status->st_mode & 07777U) == static_cast<mode_t>(change.mode_before) &&
                          status->st_uid == static_cast<uid_t>(change.uid_before) && status->st_gid == static_cast<gid_t>(change.gid_before);
        if (!same)
            return fail(Code::unavailable,
                        fmt::format("{}: its mode or owner, or the file itself, has changed since the plan was made: make a new one", change.path));
        Attribute attribute(std::move(*place), change, status->st_mode & 07777U);
        if (auto written = attribute.write(change.mode_after, change.uid_after, change.gid_after); !written) return std::unexpected(written.error());
        return attribute;
    }
    Result<void> take_back() {
        auto written = write(change_->mode_before, change_->uid_before, change_->gid_before);
        // chown takes set-id bits away.
        if (written && change_->what == What::owner && ::chmod(self_path().c_str(), mode_) != 0) return fail_errno(errno, change_->path);
        return written;
    }

  private:
    Attribute(Fd place, const Change& change, mode_t mode) : place_(std::move(place)), change_(&change), mode_(mode) {}
    [[nodiscard]] std::string self_path() const { return fmt::format("/proc/self/fd/{}", place_.get()); }
    Result<void> write(std::int64_t mode, std::int64_t uid, std::int64_t gid) {
        if (change_->what == What::owner) {
            if (::fchownat(place_.get(), "", static_cast<uid_t>(uid), static_cast<gid_t>(gid), AT_EMPTY_PATH) != 0)
                return fail_errno(errno, "owner of " + change_->path);
            return {};
        }
        // An O_PATH handle takes no fchmod; its own link leads to the very same file.
        if (::chmod(self_path().c_str(), static_cast<mode_t>(mode)) != 0) return fail_errno(errno, "mode of " + change_->path);
        return {};
    }

    Fd place_;
    const Change* change_;
    mode_t mode_;
};

// What was done, in order; its undoing is in the other order.
class Done {
  public:
    void add(NewContent content) { entries_.push_back({std::move(content), std::nullopt}); }
    void add(Attribute attribute) { entries_.push_back({std::nullopt, std::move(attribute)}); }

    std::string undo() {
        std::string failures;
        for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
            const auto undone = entry->content ? entry->content->take_back() : entry->attribute->take_back();
            if (!undone) failures += (failures.empty() ? "" : "; ") + undone.error().message;
        }
        const std::size_t count = entries_.size();
        entries_.clear();
        if (!failures.empty()) return "NOT everything could be undone: " + failures;
        return count == 0 ? "nothing was changed" : "everything was undone";
    }

  private:
    struct Entry {
        std::optional<NewContent> content;
        std::optional<Attribute> attribute;
    };
    std::vector<Entry> entries_;
};

class Run {
  public:
    Run(const std::string& stamp, const Validate& validate) : stamp_(stamp), validate_(validate) {}

    Result<Applied> run(const std::vector<Change>& changes) {
        Applied applied;
        for (const Change& change : changes) {
            auto done = change.what == What::content ? content(change, applied) : attribute(change, applied);
            if (!done) return fail(done.error().code, fmt::format("{}; {}", done.error().message, done_.undo()));
        }
        return applied;
    }

  private:
    Result<const Fd*> root_of(std::int64_t pid) {
        if (const auto known = roots_.find(pid); known != roots_.end()) return &known->second;
        auto root = open_root(pid);
        if (!root) return std::unexpected(root.error());
        return &roots_.emplace(pid, std::move(*root)).first->second;
    }

    Result<void> content(const Change& change, Applied& applied) {
        const auto root = root_of(change.root_pid);
        if (!root) return std::unexpected(root.error());
        auto prepared = NewContent::prepare(**root, change, stamp_);
        if (!prepared) return std::unexpected(prepared.error());
        if (change.is_daemon_json) {
            if (auto valid = validate_(prepared->waiting_path(), change); !valid)
                return std::unexpected(valid.error().in(change.path + " is not taken by the engine"));
        }
        if (auto placed = prepared->put_in_place(); !placed) return placed;
        if (prepared->backup().empty()) {
            applied.done.push_back(fmt::format("made {}", change.path));
        } else {
            applied.done.push_back(fmt::format("changed {}, the old one is {}", change.path, prepared->backup()));
            applied.backups.push_back(prepared->backup());
        }
        done_.add(std::move(*prepared));
        return {};
    }

    Result<void> attribute(const Change& change, Applied& applied) {
        const auto root = root_of(change.root_pid);
        if (!root) return std::unexpected(root.error());
        auto set = Attribute::set(**root, change);
        if (!set) return std::unexpected(set.error());
        applied.done.push_back(
            change.what == What::mode
                ? fmt::format("mode of {}: {}, was {}", change.path, mode_text(change.mode_after), mode_text(change.mode_before))
                : fmt::format("owner of {}: {}:{}, was {}:{}", change.path, change.uid_after, change.gid_after, change.uid_before, change.gid_before));
        done_.add(std::move(*set));
        return {};
    }

    const std::string& stamp_;
    const Validate& validate_;
    std::map<std::int64_t, Fd> roots_;
    Done done_;
};

}  // namespace

Result<Applied> apply(const std::vector<Change>& changes, const std::string& stamp, const Validate& validate) { return Run(stamp, validate).run(changes); }

}  // namespace bulkhead::fix
