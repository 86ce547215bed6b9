// SPDX-License-Identifier: Apache-2.0
// A flow with its meaning as text: one JSON object on one line (schema bulkhead.flow/1), one compact line for people, all of its fields one
// below the other, or a row of a table. Everything in it that came from outside is escaped. What is not known is left out. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "flow/flow_source.h"
#include "flow/observed.h"

namespace bulkhead::flow {

inline constexpr std::string_view observed_formats[] = {"compact", "table", "dict", "json", "jsonl"};

struct TextStyle {
    bool color = false;
    std::size_t width = 0;  // columns a line may take; 0: as many as it needs. What matters least is left out first
    bool numeric = false;   // addresses in the place of names
};

void append_json(std::string& out, const Observed& flow);  // without the line's end
// "12:00:00.123 tcp shop/web:40000 -> shop/db:5432 postgresql 6/4 packets 424 B/120.0 kB rtt 1.2 ms closed by source", without the line's end
void append_compact(std::string& out, const Observed& flow, const TextStyle& style, Moment moment = Moment::over);
void append_dict(std::string& out, const Observed& flow, const TextStyle& style);  // "source_port: 40000\n" for each field that is known

// Who an end is, short and the same each time: project/service, container, a name by DNS, else the address; the gateway of a network as
// "gateway(NETWORK)", this host as "host", another node as "node(NAME)", an address that nobody could tell as itself.
std::string end_name(const Observed& flow, Side side);
std::string end_with_port(const Observed& flow, Side side, bool numeric);

// Lines as wide as each other, for a width (0: 132).
class FlowTableText {
  public:
    explicit FlowTableText(TextStyle style);
    void append_header(std::string& out) const;
    void append_row(std::string& out, const Observed& flow, Moment moment) const;

  private:
    TextStyle style_;
    std::size_t end_columns_, l7_columns_;
    bool counts_;
};

}  // namespace bulkhead::flow
