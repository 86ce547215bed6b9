// SPDX-License-Identifier: Apache-2.0
#include "world/live/docker_context.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include <array>
#include <fstream>

#include "base/json.h"
#include "base/text.h"

namespace bulkhead::world {

namespace {

constexpr int port_plain = 2375;  // IANA "docker" and "docker-s"
constexpr int port_tls = 2376;
constexpr std::size_t settings_bytes_max = 1024 * 1024;
constexpr std::size_t unix_path_max = 107;  // sun_path, unix(7)

class Finder {
  public:
    explicit Finder(const EngineOptions& options) : options_(options) {}

    Result<EngineAddress> find() const {
        if (options_.host && !options_.host->empty()) return from_host(*options_.host, "--host");
        if (const auto host = variable("DOCKER_HOST")) return from_host(*host, "DOCKER_HOST");
        if (const auto name = variable("DOCKER_CONTEXT")) return from_context(*name, "DOCKER_CONTEXT");
        const auto current = current_context();
        if (!current) return std::unexpected(current.error());
        if (!current->empty()) return from_context(*current, settings_folder() + "/config.json");
        return from_host("unix://" + std::string(engine_socket_default), "default");
    }

  private:
    // An empty variable is as good as none: so the docker CLI reads them.
    std::optional<std::string> variable(const std::string& name) const {
        if (!options_.environment) return std::nullopt;
        auto value = options_.environment(name);
        if (value && value->empty()) return std::nullopt;
        return value;
    }

    std::string settings_folder() const {
        if (auto folder = variable("DOCKER_CONFIG")) return *folder;
        return variable("HOME").value_or("/root") + "/.docker";
    }

    // DOCKER_TLS_VERIFY set to anything verifies; DOCKER_TLS set to anything encrypts without verifying.
    std::optional<EngineTls> tls_of_environment() const {
        const bool verify = variable("DOCKER_TLS_VERIFY").has_value();
        if (!verify && !variable("DOCKER_TLS")) return std::nullopt;
        return tls_in(variable("DOCKER_CERT_PATH").value_or(settings_folder()), verify);
    }

    static EngineTls tls_in(const std::string& folder, bool verify) {
        const auto file = [&folder](const char* name) {
            struct stat status{};
            const std::string path = folder + "/" + name;
            return ::stat(path.c_str(), &status) == 0 ? path : std::string();
        };
        return {file("ca.pem"), file("cert.pem"), file("key.pem"), verify};
    }

    Result<EngineAddress> from_host(const std::string& host, std::string_view where) const;
    Result<EngineAddress> from_context(const std::string& name, const std::string& where) const;
    Result<std::string> current_context() const;

    const EngineOptions& options_;
};

// not_found where there is no such file.
Result<std::string> read_settings(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        const int cause = errno;
        if (cause == ENOENT || cause == ENOTDIR) return fail(Code::not_found, path + ": no such file");
        return fail(cause == EACCES ? Code::permission_denied : Code::unavailable, path + ": cannot be read");
    }
    std::string bytes(settings_bytes_max + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    if (bytes.size() > settings_bytes_max) return fail(Code::limit_exceeded, path + ": too large for settings");
    return bytes;
}

Result<std::string> sha256_hex(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) return fail(Code::internal, "no SHA-256");
    std::string hex;
    for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
    return hex;
}

// "host", "host:port", "[v6]:port".
Result<EngineAddress> tcp_address(std::string_view authority, const std::string& given, bool with_tls) {
    if (authority.ends_with('/')) authority.remove_suffix(1);
    std::string_view host = authority;
    std::string_view port;
    if (authority.starts_with('[')) {
        const auto close = authority.find(']');
        if (close == std::string_view::npos) return fail(Code::invalid_input, given + ": no ] after the address");
        host = authority.substr(1, close - 1);
        const auto rest = authority.substr(close + 1);
        if (!rest.empty() && !rest.starts_with(':')) return fail(Code::invalid_input, given + ": not host:port");
        if (!rest.empty()) port = rest.substr(1);
    } else if (const auto colon = authority.rfind(':'); colon != std::string_view::npos) {
        host = authority.substr(0, colon);
        port = authority.substr(colon + 1);
    }
    EngineAddress address;
    address.host = host.empty() ? "127.0.0.1" : std::string(host);
    if (address.host.find_first_of("/@?# \t\r\n\\%") != std::string::npos) return fail(Code::invalid_input, given + ": not host:port");
    const auto number = port.empty() ? std::optional<std::int64_t>(with_tls ? port_tls : port_plain) : text::to_integer(port);
    if (!number || *number < 1 || *number > 65535) return fail(Code::invalid_input, given + ": no such port");
    address.port = static_cast<int>(*number);
    return address;
}

Result<EngineAddress> Finder::from_host(const std::string& host, std::string_view where) const {
    const auto separator = host.find("://");
    const std::string scheme = separator == std::string::npos ? "tcp" : text::lower(host.substr(0, separator));
    const std::string rest = separator == std::string::npos ? host : host.substr(separator + 3);
    EngineAddress address;
    if (scheme == "unix") {
        address.unix_path = rest.empty() ? std::string(engine_socket_default) : rest;
        if (address.unix_path.size() > unix_path_max) return fail(Code::invalid_input, host + ": the path of a socket has at most 107 bytes");
    } else if (scheme == "tcp" || scheme == "http" || scheme == "https") {
        auto tls = tls_of_environment();
        if (!tls && scheme == "https") tls = EngineTls{};
        auto found = tcp_address(rest, host, tls.has_value());
        if (!found) return found;
        address = std::move(*found);
        address.tls = std::move(tls);
    } else if (scheme == "ssh") {
        return fail(Code::unsupported, host + ": engines over ssh are not read; run bulkhead on that host, or save a snapshot there and use --from");
    } else {
        return fail(Code::unsupported, host + ": not unix:// or tcp://");
    }
    address.found_in = where;
    return address;
}

Result<std::string> Finder::current_context() const {
    const std::string path = settings_folder() + "/config.json";
    const auto bytes = read_settings(path);
    if (!bytes && bytes.error().code == Code::not_found) return std::string();
    if (!bytes) return std::unexpected(bytes.error());
    const auto document = json::Document::parse(*bytes);
    if (!document) return std::unexpected(document.error().in(path));
    return document->root()["currentContext"].text_or();
}

Result<EngineAddress> Finder::from_context(const std::string& name, const std::string& where) const {
    if (name == "default") return from_host("unix://" + std::string(engine_socket_default), where);
    const auto digest = sha256_hex(name);
    if (!digest) return std::unexpected(digest.error());
    const std::string contexts = settings_folder() + "/contexts";
    const std::string context = fmt::format("docker context {} (from {})", text::printable(name), where);
    const auto bytes = read_settings(contexts + "/meta/" + *digest + "/meta.json");
    if (!bytes) return std::unexpected(bytes.error().in(context));
    const auto document = json::Document::parse(*bytes);
    if (!document) return std::unexpected(document.error().in(context));
    const json::Value endpoint = document->root()["Endpoints"]["docker"];
    const auto host = endpoint["Host"].text();
    if (!host || host->empty()) return fail(Code::corrupt, context + ": names no host of an engine");
    auto address = from_host(*host, where);
    if (!address) return std::unexpected(address.error().in(context));
    if (address->is_unix()) return address;
    // A context brings its own certificates; those of the environment are not its.
    auto tls = tls_in(contexts + "/tls/" + *digest + "/docker", !endpoint["SkipTLSVerify"].boolean_or(false));
    const bool has_files = !tls.ca.empty() || !tls.cert.empty() || !tls.key.empty();
    address->tls = has_files || !tls.verify ? std::optional(std::move(tls)) : std::nullopt;
    return address;
}

}  // namespace

std::string EngineAddress::text() const {
    if (is_unix()) return "unix://" + unix_path;
    const bool v6 = host.find(':') != std::string::npos;
    return fmt::format("tcp://{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

Result<EngineAddress> find_engine(const EngineOptions& options) { return Finder(options).find(); }

}  // namespace bulkhead::world
