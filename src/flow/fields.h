// SPDX-License-Identifier: Apache-2.0
// The fields of a flow, each declared once: the keys of its JSON, joined by _ where one lies in another ("source" and "port" are
// source_port), the columns of the table flow and the names that an expression of --where may use. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "flow/observed.h"

namespace bulkhead::flow {

// As a cell of a table (tables/table.h); nothing: not known or does not apply.
using FieldValue = std::variant<std::monostate, std::int64_t, double, std::string>;

enum class FieldType : std::uint8_t { text, integer, boolean, json };  // boolean: 0 or 1; json: text that is JSON

struct Field {
    std::string_view name;
    FieldType type;
    std::string_view help;
    FieldValue (*read)(const Observed&);
};

std::span<const Field> fields();

}  // namespace bulkhead::flow
