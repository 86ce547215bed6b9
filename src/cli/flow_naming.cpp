// SPDX-License-Identifier: Apache-2.0
#include "cli/flow_naming.h"

#include <fmt/format.h>

#include <memory>

#include "agent/attribution.h"
#include "agent/roster.h"
#include "cli/terminal.h"
#include "world/snapshot/snapshot.h"
#include "world/world.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t problems_shown = 3;

}  // namespace

Result<NameFlow> naming_of(const std::string& snapshot) {
    auto reader = world::SnapshotReader::open(snapshot);
    if (!reader) return std::unexpected(reader.error());
    world::World world(**reader);
    agent::Named named = agent::identities_of(world);
    for (std::size_t i = 0; i < named.problems.size() && i < problems_shown; ++i) complain("not everybody may be named: " + named.problems[i]);
    if (named.problems.size() > problems_shown) complain(fmt::format("and {} more that could not be read", named.problems.size() - problems_shown));
    return [identities = std::shared_ptr<agent::Identities>(std::move(named.identities))](const flow::Record& record) {
        return agent::attribute(record, *identities);
    };
}

}  // namespace bulkhead::cli
