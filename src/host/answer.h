// SPDX-License-Identifier: Apache-2.0
// What a server answered to somebody it does not know (world/question.h), and what that says of whom it serves. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::host {

struct Answer {
    bool tls = false;  // a handshake ended well
    std::string tls_version;
    std::string cipher;
    std::string certificates;  // the server's, in PEM, its own first
    bool asks_certificate = false;
    std::optional<std::int64_t> alert;  // RFC 8446, 6
    std::string end;
    std::string bytes;
};

Result<Answer> parse_answer(std::string_view json);

// not_told: the answer is none of those that the question knows. Nothing may be concluded from it.
enum class Served : std::uint8_t { not_told, stranger, known_only };
std::string_view name(Served served);  // "", "open", "asks"

struct AnswerVerdict {
    Served served = Served::not_told;
    std::string said;  // what was answered, in a few words
};

// Of a question to a data store; not of those to a Swarm's manager.
AnswerVerdict judge_store(std::string_view question, const Answer& answer);
// Of a call to a Swarm's manager: `stranger` where it gave data, `known_only` where it refused or hung up.
AnswerVerdict judge_call(const Answer& answer);

}  // namespace bulkhead::host
