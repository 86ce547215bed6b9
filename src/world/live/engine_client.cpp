// SPDX-License-Identifier: Apache-2.0
#include "world/live/engine_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/json.h"
#include "base/text.h"
#include "world/live/engine_stream.h"
#include "world/live/sigpipe.h"

namespace bulkhead::world {

struct EngineClient::Answer {
    CURLcode code = CURLE_OK;
    long os_errno = 0;
    long status = 0;
    std::string body;
    std::string error;  // curl's words
    std::string api_version;
    std::size_t header_bytes = 0;
    std::size_t body_bytes_max = 0;
    bool body_too_large = false;
    bool headers_too_large = false;
    bool headers_ended = false;
    bool tells_its_end = false;  // has a length or is chunked: a cut can be told from an end
};

namespace {

constexpr std::size_t message_length_max = 300;
constexpr std::size_t api_version_length_max = 16;

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
    auto& answer = *static_cast<EngineClient::Answer*>(user);
    const std::size_t bytes = size * count;
    if (answer.body.size() + bytes > answer.body_bytes_max) {
        answer.body_too_large = true;
        return 0;
    }
    answer.body.append(data, bytes);
    return bytes;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
    auto& answer = *static_cast<EngineClient::Answer*>(user);
    const std::size_t bytes = size * count;
    answer.header_bytes += bytes;
    if (answer.header_bytes > header_bytes_max) {
        answer.headers_too_large = true;
        return 0;
    }
    std::string_view line(data, bytes);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) answer.headers_ended = true;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return bytes;
    const std::string name = text::lower(line.substr(0, colon));
    if (name == "api-version") answer.api_version = text::trim(line.substr(colon + 1)).substr(0, api_version_length_max);
    if (name == "content-length" || name == "transfer-encoding") answer.tells_its_end = true;
    return bytes;
}

// {"message":"..."}: the engine's own words, else none. They come from outside: made safe and short.
std::string engine_message(const std::string& body) {
    const auto document = json::Document::parse(body);
    if (!document) return {};
    return text::printable(document->root()["message"].text_or().substr(0, message_length_max));
}

// Events until now, as seconds.nanoseconds: a time in the past makes the engine end the answer by itself.
std::string recent_events_path() {
    using namespace std::chrono;
    const auto now = duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
    return fmt::format("/events?since=0&until={}.{:09}", now / 1'000'000'000, now % 1'000'000'000);
}

bool is_path(const std::string& target) {
    return target.starts_with('/') && std::ranges::all_of(target, [](char c) { return c > ' ' && c < 0x7F; });
}

Reading made(const std::string& locator, Outcome outcome, std::string reason) { return {locator, outcome, {}, std::move(reason), now_ms()}; }

}  // namespace

std::optional<ApiVersion> ApiVersion::parse(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto major = text::to_integer(text.substr(0, dot));
    const auto minor = text::to_integer(text.substr(dot + 1));
    if (!major || !minor || *major < 0 || *major > 999 || *minor < 0 || *minor > 9999) return std::nullopt;
    return ApiVersion{static_cast<int>(*major), static_cast<int>(*minor)};
}

std::string ApiVersion::text() const { return fmt::format("{}.{}", major, minor); }

// A handle on loan: goes back to the pool with its connection.
class EngineClient::Lease {
  public:
    explicit Lease(EngineClient& client) : client_(client), handle_(client.take()) {}
    ~Lease() {
        if (handle_ != nullptr) client_.give_back(handle_);
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    [[nodiscard]] CURL* get() const { return handle_; }

  private:
    EngineClient& client_;
    CURL* handle_;
};

EngineClient::EngineClient(EngineAddress address, EngineLimits limits) : address_(std::move(address)), limits_(limits) {
    static std::once_flag curl_started;
    std::call_once(curl_started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

EngineClient::~EngineClient() {
    for (void* handle : idle_) curl_easy_cleanup(handle);
}

void* EngineClient::take() {
    {
        const std::scoped_lock lock(idle_mutex_);
        if (!idle_.empty()) {
            void* handle = idle_.back();
            idle_.pop_back();
            return handle;
        }
    }
    CURL* handle = curl_easy_init();
    if (handle != nullptr) configure(handle);
    return handle;
}

void EngineClient::give_back(void* handle) {
    {
        const std::scoped_lock lock(idle_mutex_);
        if (idle_.size() < idle_connections_max) {
            idle_.push_back(handle);
            return;
        }
    }
    curl_easy_cleanup(handle);
}

void EngineClient::configure(void* handle) const {
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "bulkhead");
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, limits_.connect_ms);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, limits_.total_ms);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    if (address_.is_unix()) curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, address_.unix_path.c_str());
    if (!address_.tls) return;
    const EngineTls& tls = *address_.tls;
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, tls.verify ? 1L : 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, tls.verify ? 2L : 0L);
    if (!tls.ca.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, tls.ca.c_str());
    if (!tls.cert.empty()) curl_easy_setopt(handle, CURLOPT_SSLCERT, tls.cert.c_str());
    if (!tls.key.empty()) curl_easy_setopt(handle, CURLOPT_SSLKEY, tls.key.c_str());
}

std::string EngineClient::base_url() const { return address_.is_unix() ? "http://engine" : (address_.tls ? "https" : "http") + address_.text().substr(3); }

EngineClient::Answer EngineClient::fetch(const std::string& path) {
    Answer answer;
    answer.body_bytes_max = limits_.body_bytes_max;
    const Lease lease(*this);
    CURL* handle = lease.get();
    if (handle == nullptr) {
        answer.code = CURLE_FAILED_INIT;
        answer.error = "curl cannot start";
        return answer;
    }
    std::array<char, CURL_ERROR_SIZE> words{};
    curl_easy_setopt(handle, CURLOPT_URL, (base_url() + path).c_str());
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &answer);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, words.data());
    {
        const SigpipeBlocked blocked;  // with NOSIGNAL curl leaves SIGPIPE of TLS writes to us
        answer.code = curl_easy_perform(handle);
    }
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
    curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &answer.os_errno);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
    if (answer.code != CURLE_OK) answer.error = words[0] != '\0' ? words.data() : curl_easy_strerror(answer.code);
    return answer;
}

Reading EngineClient::unreachable(const std::string& locator, const Answer& answer) const {
    const std::string where = address_.text();
    if (answer.body_too_large) {
        return made(locator, Outcome::failed, fmt::format("the answer is larger than the limit of {} bytes", limits_.body_bytes_max));
    }
    if (answer.headers_too_large) {
        return made(locator, Outcome::failed, fmt::format("the answer's headers are larger than the limit of {} bytes", header_bytes_max));
    }
    switch (answer.code) {
        case CURLE_COULDNT_CONNECT:
            if (address_.is_unix() && (answer.os_errno == EACCES || answer.os_errno == EPERM)) {
                return made(locator, Outcome::denied,
                            fmt::format("permission denied on {}: run as root or as a member of the docker group", address_.unix_path));
            }
            return made(
                locator, Outcome::failed,
                fmt::format("no engine answers at {}: {}", where, answer.os_errno != 0 ? std::strerror(static_cast<int>(answer.os_errno)) : answer.error));
        case CURLE_COULDNT_RESOLVE_HOST: return made(locator, Outcome::failed, fmt::format("no engine answers at {}: {}", where, answer.error));
        case CURLE_OPERATION_TIMEDOUT:
            return made(
                locator, Outcome::failed,
                fmt::format("no complete answer from {} within the limits of {} ms to connect and {} ms in all", where, limits_.connect_ms, limits_.total_ms));
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_GOT_NOTHING: return made(locator, Outcome::failed, fmt::format("the answer was cut after {} bytes: {}", answer.body.size(), answer.error));
        default: return made(locator, Outcome::failed, fmt::format("{}: {}", where, answer.error));
    }
}

Reading EngineClient::judge(const std::string& locator, Answer answer) const {
    if (answer.code != CURLE_OK) return unreachable(locator, answer);
    // curl takes a connection closed among the headers, or after a body of no told length, for the end of the answer.
    if (!answer.headers_ended) return made(locator, Outcome::failed, "the answer was cut among its headers");
    if (answer.status == 200 && !answer.tells_its_end) {
        return made(locator, Outcome::failed, "the answer does not tell its length: a cut one would look whole");
    }
    if (answer.status == 200) return {locator, Outcome::present, std::move(answer.body), {}, now_ms()};
    const std::string message = engine_message(answer.body);
    const std::string said = message.empty() ? "" : ": " + message;
    if (answer.status == 404) return made(locator, Outcome::absent, "the engine has no such thing" + said);
    if (answer.status == 401 || answer.status == 403) {
        return made(locator, Outcome::denied, fmt::format("the engine refuses (HTTP {}){}", answer.status, said));
    }
    // What Go's net/http answers to plain HTTP on a TLS port.
    if (answer.status == 400 && answer.body.find("HTTP request to an HTTPS server") != std::string::npos) {
        return made(locator, Outcome::failed, "the engine speaks only TLS there: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH");
    }
    return made(locator, Outcome::failed, fmt::format("the engine answers HTTP {}{}", answer.status, said));
}

std::optional<Reading> EngineClient::negotiate(const std::string& for_locator, ApiVersion& version) {
    const auto arrived = std::chrono::steady_clock::now();
    const std::scoped_lock lock(version_mutex_);
    if (!version_) {
        // Requests that stood in line behind one that met silence would each wait out the same silence again.
        if (!silence_.empty() && arrived - silent_at_ < silence_holds) return made(for_locator, Outcome::failed, silence_);
        Answer ping = fetch("/_ping");
        std::string told = ping.api_version;
        if (ping.code != CURLE_OK || (ping.status != 200 && told.empty())) {
            const bool silent = ping.code == CURLE_OPERATION_TIMEDOUT;
            auto reading = judge(for_locator, std::move(ping));
            silence_ = silent ? reading.reason : "";
            silent_at_ = std::chrono::steady_clock::now();
            // A ping that is not found says nothing about the thing asked for.
            if (reading.absent()) reading = made(for_locator, Outcome::failed, fmt::format("{} is no Docker Engine: it does not know /_ping", address_.text()));
            return reading;
        }
        if (told.empty()) {
            Answer about = fetch("/version");
            if (about.code != CURLE_OK) return unreachable(for_locator, about);
            const auto document = json::Document::parse(about.body);
            if (document) told = document->root()["ApiVersion"].text_or();
        }
        const auto theirs = ApiVersion::parse(told);
        if (!theirs) return made(for_locator, Outcome::failed, fmt::format("{} does not tell the version of its API: no Docker Engine?", address_.text()));
        if (*theirs < api_version_oldest) {
            return made(for_locator, Outcome::failed,
                        fmt::format("the engine speaks API {}; the oldest that can be read is {}", theirs->text(), api_version_oldest.text()));
        }
        version_ = std::min(*theirs, api_version_ours);
    }
    version = *version_;
    return std::nullopt;
}

Reading EngineClient::get(const std::string& target) {
    const std::string locator = world::locator(engine_get(target));
    if (!is_path(target)) return made(locator, Outcome::failed, "not a path of the Engine API");
    ApiVersion version;
    if (auto refused = negotiate(locator, version)) return std::move(*refused);
    const std::string path = target == "/events?recent" ? recent_events_path() : target;
    return judge(locator, fetch("/v" + version.text() + path));
}

Result<std::unique_ptr<ByteStream>> EngineClient::stream(const std::string& target) { return open_stream(target, stream_silence_max_s); }

Result<std::unique_ptr<EngineStream>> EngineClient::follow(const std::string& target) { return open_stream(target, 0); }

Result<std::unique_ptr<EngineStream>> EngineClient::open_stream(const std::string& target, long silence_s) {
    const auto error_of = [](const Reading& reading) {
        const Code code = reading.absent() ? Code::not_found : reading.outcome == Outcome::denied ? Code::permission_denied : Code::unavailable;
        return Error{code, reading.reason};
    };
    if (!is_path(target)) return fail(Code::invalid_input, "not a path of the Engine API");
    const std::string locator = world::locator(engine_get(target));
    ApiVersion version;
    if (const auto refused = negotiate(locator, version)) return std::unexpected(error_of(*refused));
    CURL* handle = curl_easy_init();
    if (handle == nullptr) return fail(Code::internal, "curl cannot start");
    configure(handle);
    curl_easy_setopt(handle, CURLOPT_URL, (base_url() + "/v" + version.text() + target).c_str());
    const auto judge_end = [this, locator, error_of](StreamEnd end) {
        if (end.code == CURLE_OPERATION_TIMEDOUT) return Error{Code::unavailable, fmt::format("the engine was silent for {} s", stream_silence_max_s)};
        Answer answer;
        answer.code = static_cast<CURLcode>(end.code);
        answer.os_errno = end.os_errno;
        answer.status = end.status;
        answer.body = std::move(end.body);
        answer.error = std::move(end.words);
        answer.headers_ended = end.headers_ended;
        answer.tells_its_end = end.tells_its_end;
        return error_of(judge(locator, std::move(answer)));
    };
    return std::make_unique<EngineStream>(handle, judge_end, silence_s);
}

}  // namespace bulkhead::world
