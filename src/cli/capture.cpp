// SPDX-License-Identifier: Apache-2.0
// `bulkhead capture`: packets of containers into pcapng files, without anything being started in them.
#include <fmt/format.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>

#include "base/clock.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/capture_files.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "packet/capture_filter.h"
#include "world/live/packet_tap.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t containers_max = 64;
constexpr std::size_t rings_bytes = 64UL << 20U;  // of all taps together
constexpr std::int64_t ns_per_second = 1'000'000'000;
constexpr int wake_ms = 100;
constexpr int last_look_ms = 120;  // what the kernel has not handed over yet comes within half of it

struct CaptureOptions {
    std::vector<std::string> containers;
    std::string project, service, filter, write;
    std::vector<std::string> interfaces;
    std::uint32_t snap_length = 262'144;
    std::uint64_t packets = 0, file_bytes = 0;
    std::int64_t seconds = 0, file_seconds = 0;
    std::size_t files = 0;
    bool loopback = false;
};

std::int64_t now_ns() { return now_ms() * 1'000'000; }

int link_type_of(std::uint16_t type) {
    constexpr int ethernet = 1, raw = 101;
    return type == ARPHRD_ETHER || type == ARPHRD_LOOPBACK ? ethernet : raw;
}

struct Tapped {
    Tapped(const engine::Container& of, world::PacketTap opened)
        : name(of.name), comment(fmt::format("container {} ({}), image {}", of.name, of.id.substr(0, 12), of.image)), tap(std::move(opened)) {}
    std::string name, comment;
    world::PacketTap tap;
    world::Fd process;                      // readable when it has ended
    std::map<int, std::size_t> interfaces;  // by index in the namespace
    std::uint64_t frames = 0;
    bool ended = false;
};

class Capture {
  public:
    explicit Capture(const CaptureOptions& options)
        : options_(options), files_({options.write, options.file_bytes, options.file_seconds, options.files, "bulkhead " + std::string(version), ""}) {}

    Result<void> tap(const std::vector<const engine::Container*>& containers) {
        std::vector<std::uint64_t> filter;
        if (!options_.filter.empty()) {
            const auto instructions = packet::compile_filter(options_.filter, options_.snap_length);
            if (!instructions) return std::unexpected(instructions.error().in("--filter"));
            filter.resize(instructions->size());
            static_assert(sizeof(packet::FilterInstruction) == sizeof(std::uint64_t));
            std::memcpy(filter.data(), instructions->data(), filter.size() * sizeof(std::uint64_t));
        }
        for (const engine::Container* each : containers) {
            auto opened = world::PacketTap::open(
                {.netns_pid = each->pid, .snap_length = options_.snap_length, .ring_bytes = rings_bytes / containers.size(), .filter = filter});
            if (!opened) return std::unexpected(opened.error().in(each->name));
            tapped_.push_back(std::make_unique<Tapped>(*each, std::move(*opened)));
            tapped_.back()->process = world::Fd(static_cast<int>(syscall(SYS_pidfd_open, each->pid, 0U)));
        }
        return files_.open(now_ns());
    }

    Result<void> run() {
        const StopAsked stop;
        const std::int64_t end = options_.seconds > 0 ? now_ns() + options_.seconds * ns_per_second : INT64_MAX;
        ProgressLine progress(is_terminal(STDERR_FILENO));
        Result<void> result;
        while (result && !stop && !full_ && now_ns() < end && std::ranges::any_of(tapped_, [](const auto& each) { return !each->ended; })) {
            wait();
            take();
            result = files_.flush(now_ns());
            progress.show(fmt::format("{} frames, {} bytes; Ctrl-C ends it", frames_, files_.bytes()));
        }
        if (result && !full_) {
            usleep(last_look_ms * 1000);
            take();
        }
        for (const auto& each : tapped_) close(*each);
        if (result) result = files_.flush(file_stays);
        return result;
    }

    [[nodiscard]] std::string account() const {
        std::string out = fmt::format("{} frames, {} bytes", frames_, files_.bytes());
        for (const auto& each : tapped_) {
            if (tapped_.size() > 1) out += fmt::format("; {} {}", text::printable(each->name), each->frames);
            if (each->ended) out += fmt::format("; {} ended meanwhile", text::printable(each->name));
        }
        if (dropped_ > 0) out += fmt::format("; {} frames were lost because they came faster than they could be written", dropped_);
        if (!files_.written().empty()) {
            out += fmt::format("; in {}", text::printable(files_.written().back()));
            if (files_.written().size() > 1) out += fmt::format(" and {} files before it", files_.written().size() - 1);
        }
        return out;
    }

  private:
    static constexpr std::int64_t file_stays = 0;  // a time before that of every file

    void wait() {
        std::vector<pollfd> waited;
        for (const auto& each : tapped_) {
            if (each->ended) continue;
            waited.push_back({each->tap.fd(), POLLIN, 0});
            waited.push_back({each->process.get(), POLLIN, 0});
        }
        (void)poll(waited.data(), waited.size(), wake_ms);
        std::size_t i = 1;
        for (const auto& each : tapped_) {
            if (each->ended) continue;
            each->ended = (waited[i].revents & POLLIN) != 0;
            i += 2;
        }
    }

    void take() {
        for (const auto& each : tapped_) {
            if (full_) return;
            each->tap.take([&](const world::TapFrame& frame) { return take(*each, frame); });
        }
    }

    bool take(Tapped& from, const world::TapFrame& frame) {
        const auto interface = interface_of(from, frame);
        if (!interface) return true;
        // The loopback shows each frame as it goes and as it comes.
        if (frame.type == ARPHRD_LOOPBACK && frame.outgoing) return true;
        files_.add(*interface, frame.time_ns, frame.bytes, frame.wire_length, frame.outgoing ? packet::Way::out : packet::Way::in);
        ++from.frames;
        full_ = ++frames_ == options_.packets;
        return !full_;
    }

    std::optional<std::size_t> interface_of(Tapped& from, const world::TapFrame& frame) {
        if (const auto known = from.interfaces.find(frame.interface); known != from.interfaces.end())
            return known->second == unwanted ? std::nullopt : std::optional(known->second);
        const auto& all = from.tap.interfaces();
        const auto found = std::ranges::find(all, frame.interface, &world::TapInterface::index);
        const std::string name = found == all.end() ? fmt::format("interface {}", frame.interface) : found->name;
        const bool chosen = options_.interfaces.empty() ? frame.type != ARPHRD_LOOPBACK || options_.loopback
                                                        : std::ranges::find(options_.interfaces, name) != options_.interfaces.end();
        const std::size_t number =
            chosen ? files_.add_interface(link_type_of(frame.type), options_.snap_length, fmt::format("{}/{}", from.name, name), from.comment) : unwanted;
        from.interfaces.emplace(frame.interface, number);
        return chosen ? std::optional(number) : std::nullopt;
    }

    void close(Tapped& tapped) {
        const world::TapCounts counts = tapped.tap.counts();
        dropped_ += counts.dropped;
        // The kernel counts for the namespace, not for each interface: told once.
        for (const auto& [index, number] : tapped.interfaces) {
            if (number == unwanted) continue;
            files_.add_statistics(number, now_ns(), counts.received, counts.dropped);
            break;
        }
    }

    static constexpr std::size_t unwanted = SIZE_MAX;
    const CaptureOptions& options_;
    CaptureFiles files_;
    std::vector<std::unique_ptr<Tapped>> tapped_;
    std::uint64_t frames_ = 0, dropped_ = 0;
    bool full_ = false;
};

bool is_wanted(const CaptureOptions& options, const engine::ContainerSummary& container) {
    const auto label = [&container](std::string_view name) {
        const auto found = std::ranges::find(container.labels, name, [](const auto& pair) { return std::string_view(pair.first); });
        return found == container.labels.end() ? std::string() : found->second;
    };
    if (container.state != "running") return false;
    const std::string service = label("com.docker.compose.service");
    return (options.project.empty() || label("com.docker.compose.project") == options.project) &&
           (options.service.empty() || service == options.service || label("com.docker.swarm.service.name") == options.service);
}

Result<std::vector<const engine::Container*>> chosen(const CaptureOptions& options, engine::Engine& engine) {
    std::vector<std::string> names = options.containers;
    if (names.empty()) {
        const auto& all = engine.container_summaries();
        if (!all.problems.empty()) return fail(Code::unavailable, fmt::format("{}: {}", all.problems[0].locator, all.problems[0].reason));
        for (const engine::ContainerSummary& each : all.items) {
            if (is_wanted(options, each)) names.push_back(each.id);
        }
        if (names.empty()) return fail(Code::not_found, "no running container of that project and service");
    }
    if (names.size() > containers_max) return fail(Code::limit_exceeded, fmt::format("{} containers; {} at a time are the most", names.size(), containers_max));
    std::vector<const engine::Container*> out;
    for (const std::string& name : names) {
        const auto& found = engine.container(name);
        if (found.items.empty() && !found.problems.empty()) return fail(Code::unavailable, fmt::format("{}: {}", name, found.problems[0].reason));
        if (found.items.empty()) return fail(Code::not_found, fmt::format("no container {} (bulkhead query \"select name from docker_container\")", name));
        const engine::Container& container = found.items.front();
        if (container.pid == 0) return fail(Code::unavailable, fmt::format("{} does not run: it has no interfaces", container.name));
        out.push_back(&container);
    }
    return out;
}

int refuse(const Error& error) {
    complain(error);
    return exit_error;
}

int run_capture(const GlobalOptions& global, const CaptureOptions& options) {
    if (options.containers.empty() && options.project.empty() && options.service.empty())
        return refuse({Code::invalid_input, "whose packets? Name containers, or give --project or --service"});
    if (options.write.empty()) return refuse({Code::invalid_input, "where to? -w FILE, or -w - for standard output"});
    if (options.write == "-" && is_terminal(STDOUT_FILENO))
        return refuse({Code::invalid_input, "a terminal cannot show packets: -w FILE, or a pipe behind -w -"});
    if (options.write == "-" && (options.file_bytes > 0 || options.file_seconds > 0))
        return refuse({Code::invalid_input, "standard output cannot be cut into files: -w FILE with --file-size and --file-time"});
    if (!global.from.empty()) return refuse({Code::invalid_input, "a snapshot has no packets: capture needs the live host"});
    auto session = Session::open(global, {});
    if (!session) return refuse(session.error());
    if (auto there = (*session)->check_engine(); !there) return refuse(there.error());
    const auto containers = chosen(options, (*session)->facts().engine);
    if (!containers) return refuse(containers.error());
    Capture capture(options);
    if (auto tapped = capture.tap(*containers); !tapped) {
        Error error = tapped.error();
        if (error.code == Code::permission_denied) error.message += " (capture needs root: CAP_NET_RAW and CAP_SYS_ADMIN)";
        return refuse(error);
    }
    const auto result = capture.run();
    complain(capture.account());
    return result ? exit_good : refuse(result.error());
}

}  // namespace

Command capture() {
    return {"capture", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<CaptureOptions>();
                CLI::App* app = root.add_subcommand("capture", "Packets of containers into pcapng files");
                app->add_option("container", options->containers, "names or ids");
                app->add_option("-w,--write", options->write, "the file, or - for standard output");
                app->add_option("--project", options->project, "all running containers of a Compose project")->group("Whose packets");
                app->add_option("--service", options->service, "all running containers of a service")->group("Whose packets");
                app->add_option("--filter", options->filter, "which packets, as tcpdump says it: 'tcp port 80 and not host 10.0.0.1'")->group("Which packets");
                app->add_option("--interface", options->interfaces, "of the container, as it is called in it (may be repeated)")
                    ->allow_extra_args(false)
                    ->group("Which packets");
                app->add_flag("--loopback", options->loopback, "also what goes over the container's loopback")->group("Which packets");
                app->add_option("--snap", options->snap_length, "bytes kept of each packet")->check(CLI::Range(16U, 262'144U))->group("Which packets");
                app->add_option("--packets", options->packets, "ends after so many")->group("How long");
                app->add_option("--duration", options->seconds, "ends after so long: 30s, 5m, 1h")
                    ->transform(CLI::AsNumberWithUnit(std::map<std::string, std::int64_t>{{"s", 1}, {"m", 60}, {"h", 3600}}))
                    ->group("How long");
                app->add_option("--file-size", options->file_bytes, "a new file after so many bytes: 10MB")->transform(CLI::AsSizeValue(true))->group("Files");
                app->add_option("--file-time", options->file_seconds, "a new file after so long: 60s, 10m")
                    ->transform(CLI::AsNumberWithUnit(std::map<std::string, std::int64_t>{{"s", 1}, {"m", 60}, {"h", 3600}}))
                    ->group("Files");
                app->add_option("--files", options->files, "how many files are kept; the oldest go first")->group("Files");
                app->footer(
                    "Nothing is started in the container and nothing of it is changed: a socket in its network namespace listens. Each interface of the file\n"
                    "names its container. The file is readable by its owner alone; it holds what was said. Needs root.\n"
                    "Examples:\n"
                    "  bulkhead capture shop-api-1 -w api.pcapng --duration 30s\n"
                    "  bulkhead capture --project shop --filter 'tcp port 5432' -w shop.pcapng\n"
                    "  bulkhead capture shop-api-1 -w api.pcapng --file-size 10MB --files 5\n"
                    "  bulkhead capture shop-api-1 -w - | bulkhead observe --pcap -");
                app->callback([&context, options] { context.action = [&context, options] { return run_capture(context.options, *options); }; });
            }};
}

}  // namespace bulkhead::cli
