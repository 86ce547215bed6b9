// SPDX-License-Identifier: Apache-2.0
// The table, made ready once: patterns as bytes with masks, in lists by transport and first byte, so that of some seventy rows a payload
// meets the few that could be its own.
#include <algorithm>
#include <vector>

#include "base/check.h"
#include "l7/signature.h"

namespace bulkhead::l7 {

namespace {

struct Compiled {
    const Signature* row = nullptr;
    std::vector<std::uint8_t> bytes, mask;
};

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

Compiled compile(const Signature& row) {
    Compiled out{&row, {}, {}};
    const std::string_view text = row.pattern;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ' ') {
            ++i;
        } else if (text[i] == '\'') {
            for (++i; i < text.size() && text[i] != '\''; ++i) {
                out.bytes.push_back(static_cast<std::uint8_t>(text[i]));
                out.mask.push_back(0xff);
            }
            ++i;
        } else {
            CHECK(i + 1 < text.size());
            const bool any = text[i] == '.' && text[i + 1] == '.';
            CHECK(any || (digit(text[i]) >= 0 && digit(text[i + 1]) >= 0));
            out.bytes.push_back(any ? 0 : static_cast<std::uint8_t>(digit(text[i]) << 4 | digit(text[i + 1])));
            out.mask.push_back(any ? 0 : 0xff);
            i += 2;
        }
    }
    return out;
}

bool matches(const Compiled& one, const Opening& opening) {
    if (opening.bytes.size() < one.bytes.size()) return false;
    for (std::size_t i = 0; i < one.bytes.size(); ++i) {
        if ((opening.bytes[i] & one.mask[i]) != one.bytes[i]) return false;
    }
    const auto& ports = one.row->ports;
    if (ports[0] != 0 && std::ranges::none_of(ports, [&](std::uint16_t port) { return port != 0 && opening.has_port(port); })) return false;
    return one.row->check == nullptr || one.row->check(opening);
}

class Table {
  public:
    Table() {
        for (const Signature& row : signatures()) {
            Compiled one = compile(row);
            for (int transport = 0; transport < 2; ++transport) {
                if (row.transport != Transport::both && static_cast<int>(row.transport) != transport) continue;
                const bool certain = !one.mask.empty() && one.mask[0] != 0;
                for (int byte = 0; byte < 256; ++byte) {
                    if (!certain || one.bytes[0] == byte) lists_[transport][byte].push_back(static_cast<std::uint16_t>(rows_.size()));
                }
            }
            rows_.push_back(std::move(one));
        }
    }
    [[nodiscard]] Recognised find(const Opening& opening) const {
        for (const std::uint16_t number : lists_[opening.tcp ? 0 : 1][opening.bytes[0]]) {
            const Compiled& one = rows_[number];
            if (matches(one, opening)) return {one.row, sender_is_client(*one.row, opening)};
        }
        return {};
    }

  private:
    static bool sender_is_client(const Signature& row, const Opening& opening) {
        if (row.speaker != Speaker::port) return row.speaker == Speaker::client;
        const auto is = [&](std::uint16_t port) { return port != 0 && std::ranges::find(row.ports, port) != row.ports.end(); };
        return is(opening.to_port) || !is(opening.from_port);
    }
    std::vector<Compiled> rows_;
    std::array<std::array<std::vector<std::uint16_t>, 256>, 2> lists_;
};

}  // namespace

Recognised recognise(const Opening& opening) {
    static const Table table;
    return opening.bytes.empty() ? Recognised{} : table.find(opening);
}

}  // namespace bulkhead::l7
