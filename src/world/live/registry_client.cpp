// SPDX-License-Identifier: Apache-2.0
#include "world/live/registry_client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "base/json.h"
#include "base/text.h"
#include "world/live/sigpipe.h"

namespace bulkhead::world {

namespace {

constexpr long connect_ms = 5'000;
constexpr long total_ms = 20'000;
constexpr long redirects_max = 3;
constexpr std::size_t challenge_bytes_max = 4096;
constexpr std::size_t url_bytes_max = 2048;

struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

Reading made(const std::string& url, Outcome outcome, std::string reason) { return {locator(registry_get(url)), outcome, {}, std::move(reason), now_ms()}; }

std::string escaped(CURL* handle, const std::string& text) {
    const std::unique_ptr<char, void (*)(void*)> out(curl_easy_escape(handle, text.c_str(), static_cast<int>(text.size())), curl_free);
    return out ? out.get() : "";
}

}  // namespace

struct RegistryClient::Answer {
    CURLcode code = CURLE_OK;
    long status = 0;
    std::string body;
    std::string challenge;
    std::string error;
    bool too_large = false;

    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
        auto& answer = *static_cast<Answer*>(user);
        answer.too_large = answer.body.size() + size * count > registry_body_bytes_max;
        if (answer.too_large) return 0;
        answer.body.append(data, size * count);
        return size * count;
    }
    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
        auto& answer = *static_cast<Answer*>(user);
        const std::string_view line = text::trim({data, size * count});
        if (line.starts_with("HTTP/")) answer.challenge.clear();
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && text::lower(line.substr(0, colon)) == "www-authenticate")
            answer.challenge = text::trim(line.substr(colon + 1)).substr(0, challenge_bytes_max);
        return size * count;
    }
};

std::map<std::string, std::string> parse_challenge(std::string_view challenge) {
    std::map<std::string, std::string> parts;
    const std::size_t blank = challenge.find(' ');
    if (blank == std::string_view::npos || text::lower(challenge.substr(0, blank)) != "bearer") return parts;
    challenge.remove_prefix(blank + 1);
    while (!challenge.empty()) {
        const std::size_t equals = challenge.find("=\"");
        if (equals == std::string_view::npos) break;
        const std::size_t end = challenge.find('"', equals + 2);
        if (end == std::string_view::npos) break;
        std::string_view name = text::trim(challenge.substr(0, equals));
        while (name.starts_with(',') || name.starts_with(' ')) name.remove_prefix(1);
        parts.emplace(name, challenge.substr(equals + 2, end - equals - 2));
        challenge.remove_prefix(end + 1);
    }
    return parts;
}

std::pair<std::string, std::string> docker_login(std::string_view config_json, std::string_view server) {
    const auto document = json::Document::parse(config_json);
    if (!document) return {};
    for (const auto& [name, entry] : document->root()["auths"].members()) {
        std::string_view known = name;
        for (const std::string_view scheme : {"https://", "http://"}) {
            if (known.starts_with(scheme)) known.remove_prefix(scheme.size());
        }
        known = known.substr(0, known.find('/'));
        const bool is_hub = known == "index.docker.io" && (server == "registry-1.docker.io" || server == "notary.docker.io");
        if (known != server && !is_hub) continue;
        const std::string encoded = entry["auth"].text_or();
        if (encoded.empty() || encoded.size() % 4 != 0) continue;
        std::string bytes(encoded.size() / 4 * 3, '\0');
        const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), reinterpret_cast<const unsigned char*>(encoded.data()),
                                         static_cast<int>(encoded.size()));
        if (size < 0) continue;
        bytes.resize(static_cast<std::size_t>(size) - (encoded.ends_with("==") ? 2 : encoded.ends_with("=") ? 1 : 0));
        const std::size_t colon = bytes.find(':');
        if (colon != std::string::npos) return {bytes.substr(0, colon), bytes.substr(colon + 1)};
    }
    return {};
}

RegistryClient::Answer RegistryClient::fetch(const RegistryAccess& server, const std::string& url, const std::string& token, bool with_login) const {
    Answer answer;
    const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
    if (!handle) {
        answer.code = CURLE_FAILED_INIT;
        return answer;
    }
    CURL* curl = handle.get();
    const char* schemes = url.starts_with("http://") ? "http,https" : "https";
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, schemes);
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, schemes);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);  // blobs lie elsewhere; curl leaves the credentials behind when the host changes
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, redirects_max);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, total_ms);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "bulkhead");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Answer::on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, Answer::on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
    if (!server.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, server.ca_file.c_str());
    if (!token.empty()) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, token.c_str());
    } else if (with_login && !server.user.empty()) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
    }
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> accept(
        curl_slist_append(nullptr, "Accept: application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, */*"),
        curl_slist_free_all);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, accept.get());
    {
        const SigpipeBlocked blocked;
        answer.code = curl_easy_perform(curl);
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    if (answer.code != CURLE_OK) answer.error = curl_easy_strerror(answer.code);
    return answer;
}

Result<std::string> RegistryClient::token_for(const RegistryAccess& server, const std::string& challenge) {
    {
        const std::scoped_lock lock(mutex_);
        if (const auto found = tokens_.find(server.base + challenge); found != tokens_.end()) return found->second;
    }
    const auto parts = parse_challenge(challenge);
    const auto part = [&](const std::string& name) {
        const auto found = parts.find(name);
        return found == parts.end() ? std::string() : found->second;
    };
    const std::string realm = part("realm");
    // A login goes over TLS, or stays on this machine as the server itself does.
    if (!realm.starts_with("https://") && !(realm.starts_with("http://") && server.base.starts_with("http://")))
        return fail(Code::permission_denied, "it sends to a token service that is not https");
    const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
    std::string url = realm + (realm.contains('?') ? "&" : "?") + "service=" + escaped(handle.get(), part("service"));
    if (!part("scope").empty()) url += "&scope=" + escaped(handle.get(), part("scope"));
    const Answer answer = fetch(server, url, "", true);
    const auto document = answer.code == CURLE_OK && answer.status == 200 ? json::Document::parse(answer.body) : fail(Code::unavailable, "");
    if (!document) return fail(Code::permission_denied, fmt::format("the token service answers HTTP {} {}", answer.status, answer.error));
    std::string token = document->root()["token"].text_or();
    if (token.empty()) token = document->root()["access_token"].text_or();
    if (token.empty()) return fail(Code::permission_denied, "the token service gives no token");
    const std::scoped_lock lock(mutex_);
    return tokens_.emplace(server.base + challenge, std::move(token)).first->second;
}

Reading RegistryClient::get(const std::string& url) {
    const bool sound = url.size() <= url_bytes_max && std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7F && c != '#'; }) && !url.contains("/../");
    if (!sound) return made(url, Outcome::failed, "not an address of a registry");
    const auto server = std::ranges::find_if(servers_, [&](const RegistryAccess& one) { return url.starts_with(one.base + "/"); });
    if (server == servers_.end()) return made(url, Outcome::failed, "this server is not among those that may be asked");
    Answer answer = fetch(*server, url, "", true);
    if (answer.code == CURLE_OK && answer.status == 401 && text::lower(answer.challenge).starts_with("bearer")) {
        const auto token = token_for(*server, answer.challenge);
        if (!token) return made(url, Outcome::denied, token.error().message);
        answer = fetch(*server, url, *token, false);
    }
    if (answer.too_large) return made(url, Outcome::failed, fmt::format("the answer is larger than the limit of {} bytes", registry_body_bytes_max));
    if (answer.code != CURLE_OK) return made(url, Outcome::failed, answer.error);
    if (answer.status == 200) return {locator(registry_get(url)), Outcome::present, std::move(answer.body), {}, now_ms()};
    const Outcome outcome = answer.status == 404 ? Outcome::absent : answer.status == 401 || answer.status == 403 ? Outcome::denied : Outcome::failed;
    return made(url, outcome, fmt::format("the server answers HTTP {}", answer.status));
}

}  // namespace bulkhead::world
