// SPDX-License-Identifier: Apache-2.0
// An expression of SQL over the fields of a flow (flow/fields.h), evaluated by SQLite in this process: names, literals, operators and
// functions; no statement, no select, no table, no file. Prepared once; a flow costs what the fields it names cost. Owned by one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "flow/observed.h"

struct sqlite3;

namespace bulkhead::flow {

inline constexpr std::size_t where_bytes_max = 64 * 1024;

class Where {
  public:
    // add_functions: told of the connection before anything is prepared, for functions beside SQLite's own; may be empty.
    // invalid_input: what SQLite says of the expression; for a field that is not there, those that are.
    static Result<Where> parse(std::string_view expression, const std::function<bool(sqlite3*)>& add_functions = {});
    Where(Where&&) noexcept;
    Where& operator=(Where&&) noexcept;
    ~Where();

    // Null is not true. invalid_input: the expression fails on this flow; limit_exceeded: it takes too long.
    Result<bool> takes(const Observed& flow);

  private:
    struct State;
    explicit Where(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace bulkhead::flow
