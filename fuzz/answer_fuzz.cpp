// SPDX-License-Identifier: Apache-2.0
// What servers answer to probes: as the reading says it (j), and as bytes that come over the wire, of which only some may be kept (q).
#include "fuzz/input.h"
#include "host/answer.h"
#include "world/live/questions.h"
#include "world/question.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead;
    const auto [which, bytes] = fuzz::choice_of(data, size);
    if (which == 'j') {
        const auto answer = host::parse_answer(bytes);
        fuzz::check_result(answer);
        if (!answer) return 0;
        for (const std::string_view name : world::question_names) CHECK(!host::judge_store(name, *answer).said.contains('\n'));
        host::judge_call(*answer);
    }
    if (which == 'q') {
        for (const std::string_view name : world::question_names) {
            const world::Question* question = world::question_of(name);
            CHECK(question != nullptr);
            if (question->whole != nullptr) question->whole(bytes);
            CHECK(question->kept(bytes).size() <= world::answer_kept_max);
        }
    }
    return 0;
}
