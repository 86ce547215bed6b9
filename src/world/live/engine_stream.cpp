// SPDX-License-Identifier: Apache-2.0
#include "world/live/engine_stream.h"

#include <curl/curl.h>

#include <array>

#include "base/text.h"
#include "world/live/sigpipe.h"

namespace bulkhead::world {

namespace {

constexpr std::size_t error_body_bytes_max = 64 * 1024;
constexpr std::size_t header_bytes_max = 256 * 1024;
constexpr int wait_ms = 1000;

}  // namespace

struct EngineStream::Transfer {
    CURLM* multi = nullptr;
    CURL* easy = nullptr;
    std::string buffer;  // what came since the last look
    std::array<char, CURL_ERROR_SIZE> words{};
    StreamEnd end;
    std::size_t header_bytes = 0;
    bool done = false;
    bool good = false;

    ~Transfer() {
        if (multi != nullptr && easy != nullptr) curl_multi_remove_handle(multi, easy);
        if (easy != nullptr) curl_easy_cleanup(easy);
        if (multi != nullptr) curl_multi_cleanup(multi);
    }

    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
        auto& transfer = *static_cast<Transfer*>(user);
        const std::size_t bytes = size * count;
        long status = 0;
        curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
        if (status == 200) {
            transfer.buffer.append(data, bytes);
        } else if (transfer.end.body.size() < error_body_bytes_max) {
            transfer.end.body.append(data, std::min(bytes, error_body_bytes_max - transfer.end.body.size()));
        }
        return bytes;
    }

    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
        auto& transfer = *static_cast<Transfer*>(user);
        const std::size_t bytes = size * count;
        transfer.header_bytes += bytes;
        if (transfer.header_bytes > header_bytes_max) return 0;
        std::string_view line(data, bytes);
        while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) transfer.end.headers_ended = true;
        const std::string name = text::lower(line.substr(0, line.find(':')));
        if (name == "content-length" || name == "transfer-encoding") transfer.end.tells_its_end = true;
        return bytes;
    }

    void look_for_the_end() {
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            done = true;
            end.code = message->data.result;
        }
        if (!done) return;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &end.status);
        curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &end.os_errno);
        if (end.code != CURLE_OK) end.words = words[0] != '\0' ? words.data() : curl_easy_strerror(static_cast<CURLcode>(end.code));
        good = end.code == CURLE_OK && end.status == 200 && end.headers_ended && end.tells_its_end;
    }
};

EngineStream::EngineStream(void* handle, std::function<Error(StreamEnd)> judge, long silence_s)
    : transfer_(std::make_unique<Transfer>()), judge_(std::move(judge)) {
    Transfer& transfer = *transfer_;
    transfer.easy = handle;
    transfer.multi = curl_multi_init();
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, transfer.words.data());
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 0L);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, silence_s > 0 ? 1L : 0L);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, silence_s);
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 128L * 1024);
    if (transfer.multi != nullptr) curl_multi_add_handle(transfer.multi, handle);
}

EngineStream::~EngineStream() = default;

Result<std::string_view> EngineStream::next() {
    while (true) {
        const auto some = next_within(std::chrono::milliseconds(wait_ms));
        if (!some) return std::unexpected(some.error());
        if (*some) return **some;
    }
}

Result<std::optional<std::string_view>> EngineStream::next_within(std::chrono::milliseconds time_max) {
    Transfer& transfer = *transfer_;
    if (transfer.multi == nullptr) return fail(Code::internal, "curl cannot start");
    transfer.buffer.clear();
    const SigpipeBlocked blocked;
    const auto until = std::chrono::steady_clock::now() + time_max;
    while (!transfer.done) {
        int running = 0;
        if (curl_multi_perform(transfer.multi, &running) != CURLM_OK) return fail(Code::internal, "curl failed");
        transfer.look_for_the_end();
        if (!transfer.buffer.empty()) return std::string_view(transfer.buffer);
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (!transfer.done && left.count() <= 0) return std::nullopt;
        if (!transfer.done) curl_multi_poll(transfer.multi, nullptr, 0, static_cast<int>(left.count()) + 1, nullptr);
    }
    if (transfer.good) return std::string_view();
    return std::unexpected(judge_(transfer.end));
}

}  // namespace bulkhead::world
