// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/listing.h"
#include "engine/memo.h"

namespace bulkhead::engine {

namespace {

constexpr std::size_t container_id_length = 64;

std::string inspect_target(const std::string& id) { return "/containers/" + id + "/json"; }

bool is_container_id(const std::string& text) { return text.size() == container_id_length && text.find_first_not_of("0123456789abcdef") == std::string::npos; }

// An answer about another container than the one asked for is no answer.
Result<Container> container_of(const world::Reading& reading, const std::string& id) {
    auto container = parse_container(reading.bytes);
    if (container && container->id != id) return fail(Code::corrupt, fmt::format("the answer is about {}", container->id));
    return container;
}

Listing<Container> inspect_containers(world::World& world, const std::vector<ContainerSummary>& summaries) {
    Listing<Container> listing;
    std::vector<Wanted> wanted;
    for (const auto& summary : summaries) wanted.push_back({inspect_target(summary.id), summary.id});
    inspect(
        world, wanted,
        [&summaries](std::size_t i, const world::Reading& reading) {
            auto container = container_of(reading, summaries[i].id);
            if (container) container->names = summaries[i].names;
            return container;
        },
        listing);
    return listing;
}

std::string network_target(const Network& network) { return "/networks/" + network.id + (network.driver == "overlay" ? "?verbose=true" : ""); }

// The list leaves out endpoints, so every network is inspected; `verbose` adds the services of an overlay, cluster-wide.
Listing<Network> inspect_networks(world::World& world, const std::vector<Network>& summaries) {
    Listing<Network> listing;
    std::vector<Wanted> wanted;
    for (const Network& one : summaries) wanted.push_back({network_target(one), {}});
    inspect(world, wanted, [](std::size_t, const world::Reading& reading) { return parse_network(reading.bytes); }, listing);
    return listing;
}

Listing<ImageHistory> read_histories(world::World& world, const std::vector<Image>& images) {
    Listing<ImageHistory> listing;
    std::vector<Wanted> wanted;
    for (const Image& image : images) wanted.push_back({"/images/" + image.id + "/history", {}});
    inspect(
        world, wanted,
        [&images](std::size_t i, const world::Reading& reading) -> Result<ImageHistory> {
            auto entries = parse_history(reading.bytes);
            if (!entries) return std::unexpected(entries.error());
            return ImageHistory{images[i].id, std::move(*entries), {}};
        },
        listing);
    return listing;
}

template <class T, class Make>
const Listing<T>& once(std::unique_ptr<Listing<T>>& memo, Make make) {
    if (!memo) memo = std::make_unique<Listing<T>>(make());
    return *memo;
}

template <class From, class To>
void inherit(const Listing<From>& list, Listing<To>& listing) {
    listing.locator = list.locator;
    listing.problems.insert(listing.problems.begin(), list.problems.begin(), list.problems.end());
    listing.vanished += list.vanished;
}

}  // namespace

Problem problem_of(const world::Reading& reading, std::string container_id) {
    return {reading.locator, fmt::format("{}: {}", name(reading.outcome), reading.reason), std::move(container_id)};
}

Problem problem_of(const world::Reading& reading, const Error& error, std::string container_id) {
    return {reading.locator, fmt::format("{}: {}", bulkhead::name(error.code), error.message), std::move(container_id)};
}

Engine::Engine(world::World& world) : world_(world), memo_(std::make_unique<Memo>()) {}
Engine::~Engine() = default;

const Listing<ContainerSummary>& Engine::container_summaries() {
    return once(memo_->container_summaries, [this] { return read_list<ContainerSummary>(world_, "/containers/json?all=1", parse_container_list); });
}

void Engine::prefetch_containers() {
    std::vector<world::Request> requests;
    for (const ContainerSummary& container : container_summaries().items) requests.push_back(world::engine_get(inspect_target(container.id)));
    world_.prefetch(requests);
}

void Engine::prefetch_networks_and_images() {
    std::vector<world::Request> requests;
    for (const Network& network : network_summaries().items) requests.push_back(world::engine_get(network_target(network)));
    for (const Image& image : images().items) {
        requests.push_back(world::engine_get("/images/" + image.id + "/json"));
        requests.push_back(world::engine_get("/images/" + image.id + "/history"));
    }
    world_.prefetch(requests);
}

const Listing<Container>& Engine::containers() {
    return once(memo_->containers, [this] {
        const auto& summaries = container_summaries();
        auto listing = inspect_containers(world_, summaries.items);
        inherit(summaries, listing);
        return listing;
    });
}

const Listing<Container>& Engine::container(const std::string& id_or_name) {
    if (const auto found = memo_->container.find(id_or_name); found != memo_->container.end()) return found->second;
    Listing<Container>& listing = memo_->container[id_or_name];
    if (is_container_id(id_or_name) && !memo_->containers) {
        inspect(
            world_, {{inspect_target(id_or_name), id_or_name}},
            [&id_or_name](std::size_t, const world::Reading& reading) { return container_of(reading, id_or_name); }, listing);
        listing.vanished = 0;  // it was never listed
        // A snapshot knows only what was read for it: whether there is such a container is then the list's to say.
        if (listing.problems.empty()) return listing;
        listing = {};
    }
    const auto& summaries = container_summaries();
    std::vector<ContainerSummary> chosen;
    std::ranges::copy_if(summaries.items, std::back_inserter(chosen),
                         [&id_or_name](const ContainerSummary& one) { return one.id == id_or_name || one.name == id_or_name; });
    listing = inspect_containers(world_, chosen);
    inherit(summaries, listing);
    return listing;
}

const Listing<Exec>& Engine::execs(const Container& container) {
    if (const auto found = memo_->execs.find(container.id); found != memo_->execs.end()) return found->second;
    Listing<Exec>& listing = memo_->execs[container.id];
    std::vector<Wanted> wanted;
    for (const std::string& id : container.exec_ids) wanted.push_back({"/exec/" + id + "/json", container.id});
    inspect(world_, wanted, [](std::size_t, const world::Reading& reading) { return parse_exec(reading.bytes); }, listing);
    return listing;
}

const Listing<Network>& Engine::network_summaries() {
    return once(memo_->network_summaries, [this] { return read_list<Network>(world_, "/networks", parse_network_list); });
}

const Listing<Network>& Engine::networks() {
    return once(memo_->networks, [this] {
        const auto& summaries = network_summaries();
        auto listing = inspect_networks(world_, summaries.items);
        inherit(summaries, listing);
        return listing;
    });
}

const Listing<Network>& Engine::network(const std::string& id_or_name) {
    if (const auto found = memo_->network.find(id_or_name); found != memo_->network.end()) return found->second;
    const auto& summaries = network_summaries();
    std::vector<Network> chosen;
    std::ranges::copy_if(summaries.items, std::back_inserter(chosen),
                         [&id_or_name](const Network& one) { return one.id == id_or_name || one.name == id_or_name; });
    auto listing = inspect_networks(world_, chosen);
    inherit(summaries, listing);
    return memo_->network.emplace(id_or_name, std::move(listing)).first->second;
}

const Listing<Image>& Engine::images() {
    return once(memo_->images, [this] { return read_list<Image>(world_, "/images/json?all=0", parse_image_list); });
}

const Listing<ImageDetail>& Engine::image_details() {
    return once(memo_->image_details, [this] {
        Listing<ImageDetail> listing;
        std::vector<Wanted> wanted;
        for (const Image& image : images().items) wanted.push_back({"/images/" + image.id + "/json", {}});
        inspect(world_, wanted, [](std::size_t, const world::Reading& reading) { return parse_image(reading.bytes); }, listing);
        inherit(images(), listing);
        return listing;
    });
}

const Listing<ImageHistory>& Engine::image_histories() {
    return once(memo_->image_histories, [this] {
        auto listing = read_histories(world_, images().items);
        inherit(images(), listing);
        return listing;
    });
}

const Listing<ImageHistory>& Engine::image_history(const std::string& image_id) {
    if (const auto found = memo_->image_history.find(image_id); found != memo_->image_history.end()) return found->second;
    std::vector<Image> chosen;
    std::ranges::copy_if(images().items, std::back_inserter(chosen), [&image_id](const Image& one) { return one.id == image_id; });
    auto listing = read_histories(world_, chosen);
    inherit(images(), listing);
    return memo_->image_history.emplace(image_id, std::move(listing)).first->second;
}

const Listing<Volume>& Engine::volumes() {
    return once(memo_->volumes, [this] { return read_list<Volume>(world_, "/volumes", parse_volume_list); });
}

const Listing<Event>& Engine::events() {
    return once(memo_->events, [this] { return read_list<Event>(world_, "/events?recent", parse_events); });
}

const Listing<Info>& Engine::info() {
    return once(memo_->info, [this] {
        auto listing = read_one<Info>(world_, "/info", parse_info);
        for (Info& info : listing.items) info.source = world_.read(world::engine_get("/info"));
        return listing;
    });
}

const Listing<Version>& Engine::version() {
    return once(memo_->version, [this] {
        auto listing = read_one<Version>(world_, "/version", parse_version);
        for (Version& version : listing.items) version.source = world_.read(world::engine_get("/version"));
        return listing;
    });
}

}  // namespace bulkhead::engine
