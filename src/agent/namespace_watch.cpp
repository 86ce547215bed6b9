// SPDX-License-Identifier: Apache-2.0
#include "agent/namespace_watch.h"

#include <fmt/format.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bulkhead::agent {

namespace {

constexpr std::string_view sandboxes = "/run/docker/netns";  // libnetwork's
constexpr std::string_view overlay_begins = "1-";            // libnetwork drivers/overlay
constexpr std::int64_t in_the_making_ns = 1'000'000'000;     // a file that is no namespace for longer will not become one
constexpr std::int64_t told_blind = -1;

}  // namespace

NamespaceWatch::NamespaceWatch(world::Reader& reader, datapath::Datapath& datapath, Blind blind)
    : reader_(reader), datapath_(datapath), blind_(std::move(blind)), news_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

void NamespaceWatch::follow_folder(std::int64_t engine_pid) {
    if (engine_pid == followed_pid_ || !news_.valid()) return;
    if (folder_ >= 0) ::inotify_rm_watch(news_.get(), folder_);
    // The folder may not be there before the first sandbox: then events of the engine are all that is left, until the next look.
    folder_ = ::inotify_add_watch(news_.get(), fmt::format("/proc/{}/root{}", engine_pid, sandboxes).c_str(), IN_CREATE | IN_DELETE | IN_MOVED_TO);
    if (folder_ >= 0) followed_pid_ = engine_pid;
}

bool NamespaceWatch::take_news() {
    std::array<char, 4096> buffer{};
    bool some = false;
    while (news_.valid() && ::read(news_.get(), buffer.data(), buffer.size()) > 0) some = true;
    return some;
}

void NamespaceWatch::watch(const std::string& path, std::int64_t now_ns) {
    if (std::ranges::find(watched_, path) != watched_.end()) return;
    const auto done = datapath_.watch(path, datapath::Which::container_ends);
    if (done) {
        watched_.push_back(path);
        failing_.erase(path);
        return;
    }
    std::int64_t& since = failing_.try_emplace(path, now_ns).first->second;
    if (since == told_blind) return;
    if (now_ns - since < in_the_making_ns) {
        pending_ = true;
    } else {
        since = told_blind;
        if (blind_) blind_(path, done.error());
    }
}

void NamespaceWatch::look(std::int64_t engine_pid, std::int64_t now_ns) {
    pending_ = false;
    std::vector<std::string> wanted;
    if (engine_pid == 0) {
        wanted.emplace_back();
        if (watched_.empty() && blind_) {
            blind_("the engine's network namespace",
                   {Code::unavailable, "its process is not known, so the interfaces of bulkhead's own namespace are metered instead"});
        }
    } else {
        follow_folder(engine_pid);
        wanted.push_back(fmt::format("/proc/{}/ns/net", engine_pid));
        const auto listing = reader_.read(world::directory_at(std::string(sandboxes), engine_pid));
        for (const std::string_view name : text::lines(listing.present() ? std::string_view(listing.bytes) : std::string_view())) {
            if (name.starts_with(overlay_begins)) wanted.push_back(fmt::format("/proc/{}/root{}/{}", engine_pid, sandboxes, name));
        }
    }
    const auto unwanted = [&](const std::string& one) { return std::ranges::find(wanted, one) == wanted.end(); };
    std::erase_if(watched_, unwanted);  // one that died is unwatched by the datapath itself
    std::erase_if(failing_, [&](const auto& one) { return unwanted(one.first); });
    for (const std::string& one : wanted) watch(one, now_ns);
}

}  // namespace bulkhead::agent
