// SPDX-License-Identifier: Apache-2.0
#include "host/container_sockets.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "host/namespaces.h"

namespace bulkhead::host {

namespace {

constexpr std::string_view protocols[] = {"tcp", "udp"};

struct Member {
    const ContainerProcesses* container = nullptr;
    std::int64_t main_pid = 0;
};

struct Space {  // one network namespace
    std::vector<Member> members;
    bool is_engines = false;
};

struct Holder {
    std::size_t member = 0;  // index in Space::members
    const Process* process = nullptr;
};
using Holders = std::unordered_map<std::int64_t, std::vector<Holder>>;  // by socket inode

std::int64_t pid_for(const ContainerProcesses& container) {
    const auto main = std::ranges::find_if(container.processes, &Process::is_main);
    if (main != container.processes.end()) return main->pid;
    return container.processes.empty() ? 0 : container.processes.front().pid;
}

std::optional<std::int64_t> network_of(world::World& world, std::int64_t pid, const std::string& container_id, std::vector<Problem>& problems) {
    const auto reading = world.read(world::namespaces_of(pid));
    const auto namespaces = parsed<Namespaces>(*reading, parse_namespaces, problems, Absent::is_nothing, container_id);
    if (!namespaces) return std::nullopt;
    const auto net = namespaces->find("net");
    return net == namespaces->end() ? std::nullopt : std::optional(net->second);
}

std::map<std::int64_t, Space> spaces_of(Host& host, const std::vector<ContainerProcesses>& containers, std::vector<Problem>& problems) {
    std::map<std::int64_t, Space> spaces;
    std::vector<world::Request> ahead;
    for (const ContainerProcesses& one : containers) {
        if (const std::int64_t pid = pid_for(one); pid != 0) ahead.push_back(world::namespaces_of(pid));
    }
    host.world().prefetch(ahead);
    for (const ContainerProcesses& one : containers) {
        const std::int64_t pid = pid_for(one);
        if (pid == 0) continue;
        if (const auto net = network_of(host.world(), pid, one.container.id, problems)) spaces[*net].members.push_back({&one, pid});
    }
    if (spaces.empty() || !host.engine_pid()) return spaces;
    const auto engine_net = network_of(host.world(), *host.engine_pid(), "", problems);
    if (engine_net && spaces.contains(*engine_net)) spaces[*engine_net].is_engines = true;
    return spaces;
}

void put_inodes(const world::Reading& reading, const Holder& holder, Holders& holders) {
    for (const std::string_view line : text::lines(reading.bytes)) {
        if (const auto inode = text::to_integer(line); inode && *inode > 0) holders[*inode].push_back(holder);
    }
}

// What the engine holds in any namespace: its resolver listens in those of containers. Read once for all of them.
Holders holders_of_engine(Host& host, std::vector<Problem>& problems) {
    Holders holders;
    const auto reading = host.world().read(world::socket_inodes_of(*host.engine_pid()));
    if (reading->present()) put_inodes(*reading, {}, holders);
    if (reading->unreadable()) problems.push_back(problem_of(*reading, ""));
    return holders;
}

Holders holders_of(Host& host, const Space& space, std::vector<Problem>& problems) {
    std::vector<world::Request> requests;
    std::vector<Holder> asked;
    for (std::size_t i = 0; i < space.members.size(); ++i) {
        for (const Process& process : space.members[i].container->processes) {
            requests.push_back(world::socket_inodes_of(process.pid));
            asked.push_back({i, &process});
        }
    }
    const auto readings = host.world().read_all(requests);
    Holders holders;
    for (std::size_t i = 0; i < readings.size(); ++i) {
        if (readings[i]->present()) put_inodes(*readings[i], asked[i], holders);
        if (!readings[i]->unreadable()) continue;
        problems.push_back(problem_of(*readings[i], space.members[asked[i].member].container->container.id));
    }
    return holders;
}

std::vector<std::string> others(const Space& space, std::size_t member) {
    std::vector<std::string> names;
    if (space.is_engines) names.emplace_back("host");
    for (std::size_t i = 0; i < space.members.size(); ++i) {
        if (i != member) names.push_back(space.members[i].container->container.name);
    }
    return names;
}

ContainerSocket row_of(const Space& space, std::size_t member, const Socket& socket, const std::string& locator, const Process* process) {
    ContainerSocket row{space.members[member].container->container, socket, {}, {}, {}, others(space, member), locator};
    if (process != nullptr) {
        row.pid = process->pid;
        row.process_name = process->status.name;
        row.exe = process->exe.value_or("");
    }
    return row;
}

void put_socket(Host& host, const Space& space, const Socket& socket, const Holders& holders, bool engine_holds, const std::string& locator,
                std::vector<ContainerSocket>& out) {
    const auto found = socket.inode == 0 ? holders.end() : holders.find(socket.inode);
    std::vector<std::size_t> told;
    if (found != holders.end()) {
        for (const Holder& holder : found->second) {
            if (std::ranges::find(told, holder.member) != told.end()) continue;
            told.push_back(holder.member);  // the first process of each container that holds it
            out.push_back(row_of(space, holder.member, socket, locator, holder.process));
        }
    }
    if (!told.empty() || space.is_engines) return;
    for (std::size_t i = 0; i < space.members.size(); ++i) {
        out.push_back(row_of(space, i, socket, locator, nullptr));
        if (!engine_holds) continue;
        out.back().pid = *host.engine_pid();
        out.back().process_name = "dockerd";
    }
}

}  // namespace

Found<ContainerSocket> container_sockets(Host& host, std::span<const ContainerRef> containers) {
    Found<ContainerSocket> found;
    const auto processes = host.container_processes(containers);
    for (const ContainerProcesses& one : processes) found.problems.insert(found.problems.end(), one.problems.begin(), one.problems.end());
    if (!host.engine_pid()) return found;
    const auto spaces = spaces_of(host, processes, found.problems);
    std::vector<world::Request> ahead;
    for (const auto& [inode, space] : spaces) {
        const std::int64_t pid = space.is_engines ? *host.engine_pid() : space.members.front().main_pid;
        for (const std::string_view protocol : protocols) ahead.push_back(world::netlink_in("sock_" + std::string(protocol), pid));
    }
    const auto dumps = host.world().read_all(ahead);
    const Holders engine = spaces.empty() ? Holders{} : holders_of_engine(host, found.problems);
    std::size_t at = 0;
    for (const auto& [inode, space] : spaces) {
        const Holders holders = holders_of(host, space, found.problems);
        for (const std::string_view protocol : protocols) {
            const world::Reading& dump = *dumps[at++];
            std::vector<Problem> problems;
            const auto parse = [&](std::string_view bytes) { return parse_inet_sockets(bytes, protocol); };
            const auto sockets = parsed<std::vector<Socket>>(dump, parse, problems, Absent::is_a_problem);
            for (const Problem& problem : problems) {
                for (const Member& member : space.members) found.problems.push_back({problem.locator, problem.reason, member.container->container.id});
            }
            if (!sockets) continue;
            for (const Socket& socket : *sockets) put_socket(host, space, socket, holders, engine.contains(socket.inode), dump.locator, found.items);
        }
    }
    return found;
}

}  // namespace bulkhead::host
