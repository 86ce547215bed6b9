// SPDX-License-Identifier: Apache-2.0
#include "world/live/ask.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "world/live/channel.h"
#include "world/live/questions.h"
#include "world/live/tcp_connect.h"

namespace bulkhead::world {

namespace {

constexpr std::string_view tls_suffix = "+tls";

std::string hex(std::string_view bytes) {
    std::string out;
    for (const char byte : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return out;
}

End listen(Channel& channel, const Question& question, std::string& answer) {
    while (answer.size() < answer_bytes_max) {
        if (const End end = channel.receive(answer, answer_bytes_max - answer.size()); end != End::none) return end;
        if (question.whole != nullptr && question.whole(answer)) break;
    }
    return End::none;
}

std::string tls_json(const TlsFacts& facts) {
    std::string certificates;
    for (const std::string& pem : facts.certificates) certificates += (certificates.empty() ? "" : ",") + json::quote(pem);
    return fmt::format(R"({{"version":{},"cipher":{},"certificates":[{}]}})", json::quote(facts.version), json::quote(facts.cipher), certificates);
}

}  // namespace

Result<std::string> ask(const std::string& target) {
    const auto parsed = parse_tcp_target(target);
    if (!parsed) return std::unexpected(parsed.error());
    std::string_view name = parsed->what;
    const bool wants_tls = name.ends_with(tls_suffix);
    if (wants_tls) name.remove_suffix(tls_suffix.size());
    const Question* question = question_of(name);
    if (question == nullptr) return fail(Code::invalid_input, "not a question: " + text::printable(name));
    auto fd = connect_tcp(*parsed, answer_connect_max_ms);
    if (!fd) return std::unexpected(fd.error());
    Channel channel(std::move(*fd), answer_time_max);
    const bool over_tls = wants_tls || question->over_tls;
    End end = over_tls ? channel.start_tls(question->forged ? Whoever::forged : Whoever::nobody, question->alpn) : End::none;
    std::string answer;
    if (end == End::none) {
        // A server may refuse and say why before it has read everything: what it says counts, not that it did not listen.
        const End sent = channel.send(question->bytes);
        end = sent == End::alert ? sent : listen(channel, *question, answer);
    }
    const std::string tls = channel.tls() ? tls_json(*channel.tls()) : "null";
    const std::string alert = channel.alert() ? std::to_string(*channel.alert()) : "null";
    return fmt::format(R"({{"tls":{},"asks_certificate":{},"alert":{},"end":{},"answer":{}}})", tls, channel.asks_certificate(), alert,
                       json::quote(world::name(end)), json::quote(hex(question->kept(answer))));
}

}  // namespace bulkhead::world
