// SPDX-License-Identifier: Apache-2.0
#include "image/secret.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>

#include "base/text.h"
#include "image/layer_stream.h"
#include "world/redact.h"

namespace bulkhead::image {

namespace {

constexpr std::size_t candidates_per_file_max = 50;

bool in(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }
bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A token's form: a fixed beginning, then characters of a set. The forms are those their issuers document.
struct Form {
    std::string_view kind;
    std::string_view begin;
    std::string_view extra;   // allowed beside letters and digits
    std::size_t least, most;  // length behind the beginning
    bool upper_only = false;
};
constexpr std::array forms = {
    Form{"aws_access_key", "AKIA", "", 16, 16, true},
    Form{"aws_access_key", "ASIA", "", 16, 16, true},
    Form{"github_token", "ghp_", "", 36, 251},
    Form{"github_token", "gho_", "", 36, 251},
    Form{"github_token", "ghu_", "", 36, 251},
    Form{"github_token", "ghs_", "", 36, 251},
    Form{"github_token", "ghr_", "", 36, 251},
    Form{"github_token", "github_pat_", "_", 40, 255},
    Form{"gitlab_token", "glpat-", "_-", 20, 64},
    Form{"slack_token", "xoxb-", "-", 20, 255},
    Form{"slack_token", "xoxp-", "-", 20, 255},
    Form{"slack_token", "xoxa-", "-", 20, 255},
    Form{"slack_token", "xoxs-", "-", 20, 255},
    Form{"stripe_key", "sk_live_", "", 16, 255},
    Form{"stripe_key", "rk_live_", "", 16, 255},
    Form{"google_api_key", "AIza", "_-", 35, 35},
    Form{"sendgrid_key", "SG.", "_-.", 66, 66},
    Form{"npm_token", "npm_", "", 36, 36},
    Form{"docker_token", "dckr_pat_", "_-", 27, 27},
    Form{"vault_token", "hvs.", "_-", 24, 255},
    Form{"pypi_token", "pypi-AgEIcHlwaS5vcmc", "_-", 50, 1000},
    Form{"digitalocean_token", "dop_v1_", "", 64, 64},
    Form{"age_key", "AGE-SECRET-KEY-1", "", 58, 58, true},
};
constexpr std::string_view key_begin = "-----BEGIN ";
constexpr std::string_view key_end = "PRIVATE KEY";

// Keys that vendors print in their manuals.
constexpr std::array<std::string_view, 2> published = {"AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"};

// Which two bytes any form begins with: one look-up a byte leaves little to compare.
const std::bitset<65536>& beginnings() {
    static const std::bitset<65536> set = [] {
        std::bitset<65536> made;
        const auto add = [&made](std::string_view begin) {
            made.set(static_cast<std::size_t>(static_cast<unsigned char>(begin[0])) << 8U | static_cast<unsigned char>(begin[1]));
        };
        for (const Form& form : forms) add(form.begin);
        add(key_begin);
        return made;
    }();
    return set;
}

std::string short_hash(std::string_view value) { return sha256_text(value).substr(7, 8); }

// "-----BEGIN RSA PRIVATE KEY-----" and a line of key behind it: programs that read keys have the first line in them, too.
bool is_private_key(std::string_view rest) {
    rest.remove_prefix(key_begin.size());
    const std::size_t words = rest.substr(0, 40).find(key_end);
    if (words == std::string_view::npos || rest.substr(0, words).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ ") != std::string_view::npos) return false;
    rest.remove_prefix(words + key_end.size());
    const std::size_t close = rest.substr(0, 16).find("-----");
    if (close == std::string_view::npos) return false;
    rest.remove_prefix(close + 5);
    std::size_t key_bytes = 0;
    for (const char c : rest.substr(0, 400)) {
        // A key in JSON has its line ends as \n.
        if (is_alnum(c) || in("+/=", c)) {
            if (++key_bytes == 64) return true;
        } else if (!in("\r\n\\:,- \t", c)) {
            return false;
        }
    }
    return false;
}

std::string_view token_at(std::string_view text, std::size_t at, const Form& form) {
    if (!text.substr(at).starts_with(form.begin)) return {};
    if (at > 0 && (is_alnum(text[at - 1]) || text[at - 1] == '_')) return {};
    std::size_t end = at + form.begin.size();
    while (end < text.size() && end - at - form.begin.size() <= form.most && (is_alnum(text[end]) || in(form.extra, text[end]))) {
        if (form.upper_only && text[end] >= 'a' && text[end] <= 'z') return {};
        ++end;
    }
    const std::size_t length = end - at - form.begin.size();
    if (length < form.least || length > form.most) return {};
    return text.substr(at, end - at);
}

class Search {
  public:
    Search(std::string_view bytes, bool likely) : bytes_(bytes), likely_(likely) {}

    void forms_anywhere() {
        const auto& wanted = beginnings();
        const auto* data = reinterpret_cast<const unsigned char*>(bytes_.data());
        for (std::size_t at = 0; at + 1 < bytes_.size(); ++at) {
            if (wanted[static_cast<std::size_t>(data[at]) << 8U | data[at + 1]]) look(at);
        }
    }
    void add(std::string_view kind, std::string_view name, std::size_t at, std::string_view value) {
        if (found_.size() == candidates_per_file_max) return;
        if (at < counted_to_) counted_ = 0, counted_to_ = 0;
        const auto begin = bytes_.begin();
        counted_ += std::count(begin + static_cast<std::ptrdiff_t>(counted_to_), begin + static_cast<std::ptrdiff_t>(at), '\n');
        counted_to_ = at;
        found_.push_back({std::string(kind), text::printable(name), counted_ + 1, short_hash(value), likely_});
    }
    std::vector<Secret> take() { return std::move(found_); }

  private:
    void look(std::size_t at) {
        if (bytes_.substr(at).starts_with(key_begin)) {
            if (is_private_key(bytes_.substr(at, 600))) add("private_key", "", at, bytes_.substr(at, 600));
            return;
        }
        for (const Form& form : forms) {
            const std::string_view token = token_at(bytes_, at, form);
            if (token.empty() || std::ranges::find(published, token) != published.end()) continue;
            // "ghp_xxxxxxxx", "AKIAXXXXXXXX": a place to write one's own.
            if (entropy(token.substr(form.begin.size())) < 2.5) continue;
            add(form.kind, "", at, token);
            return;
        }
    }

    std::string_view bytes_;
    bool likely_;
    std::int64_t counted_ = 0;
    std::size_t counted_to_ = 0;
    std::vector<Secret> found_;
};

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_placeholder(std::string_view value) {
    if (value.empty() || in("$<{%*", value.front())) return true;  // a variable, <your-key>, {{ key }}, ****
    const std::string low = text::lower(value);
    for (const std::string_view word : {"changeme", "example", "your", "xxxx", "placeholder", "redacted", "/run/secrets", "true", "false", "none", "null"}) {
        if (low.find(word) != std::string::npos) return true;
    }
    return value.front() == '/';  // a path to where it lies
}

std::string_view unquoted(std::string_view value) {
    value = text::trim(value);
    if (value.size() >= 2 && in("\"'", value.front()) && value.back() == value.front()) value = value.substr(1, value.size() - 2);
    return value;
}

// What a file of this name holds in the line, if it holds a credential there.
std::string_view named_file_kind(std::string_view path, std::string_view line) {
    const std::string_view name = base_name(path);
    const auto has = [line](std::string_view what) { return line.find(what) != std::string_view::npos; };
    if (name == ".dockercfg" || path.ends_with(".docker/config.json")) return has("\"auth\"") || has("\"identitytoken\"") ? "docker_credentials" : "";
    if (name == ".netrc" || name == "_netrc") return has("password ") || has("password\t") ? "netrc_credentials" : "";
    if (name == ".npmrc") return (has("_authToken=") || has("_password=") || has("_auth=")) && !has("${") ? "npm_credentials" : "";
    if (name == ".pypirc") return line.starts_with("password") ? "pypi_credentials" : "";
    if (name == ".git-credentials") return has("://") && has("@") ? "git_credentials" : "";
    if (name == ".pgpass") return std::ranges::count(line, ':') >= 4 && !line.starts_with("#") ? "postgres_credentials" : "";
    if (name == ".my.cnf") return line.starts_with("password") ? "mysql_credentials" : "";
    if (path.ends_with(".aws/credentials")) return line.starts_with("aws_secret_access_key") ? "aws_credentials" : "";
    if (path.ends_with(".kube/config")) return has("client-key-data:") || has(" token:") ? "kubernetes_credentials" : "";
    if (name == ".htpasswd") return has(":") ? "web_password_hash" : "";
    if (name == ".vault-token") return "vault_token";
    if (name.ends_with("application_default_credentials.json")) return has("\"refresh_token\"") || has("\"private_key\"") ? "google_credentials" : "";
    return "";
}

bool is_settings_file(std::string_view path) {
    const std::string_view name = base_name(path);
    return name == ".env" || name.starts_with(".env.") || name.ends_with(".env");
}

void search_lines(std::string_view path, std::string_view bytes, Search& search) {
    const bool settings = is_settings_file(path);
    std::size_t at = 0;
    for (const std::string_view line : text::lines(bytes)) {
        at = static_cast<std::size_t>(line.data() - bytes.data());
        const std::string_view content = text::trim(line);
        if (content.empty() || content.front() == '#' || content.front() == ';') continue;
        if (const std::string_view kind = named_file_kind(path, content); !kind.empty()) search.add(kind, "", at, content);
        const std::size_t equals = content.find('=');
        if (!settings || equals == std::string_view::npos) continue;
        std::string_view name = text::trim(content.substr(0, equals));
        if (name.starts_with("export ")) name.remove_prefix(7);
        for (const Secret& found : find_secrets_in_setting(name, unquoted(content.substr(equals + 1)))) {
            if (found.kind == "secret_setting") search.add(found.kind, name, at, unquoted(content.substr(equals + 1)));
        }
    }
}

}  // namespace

double entropy(std::string_view value) {
    if (value.empty()) return 0;
    std::array<double, 256> counts{};
    for (const char c : value) ++counts[static_cast<unsigned char>(c)];
    double bits = 0;
    for (const double count : counts) {
        if (count > 0) bits -= count / static_cast<double>(value.size()) * std::log2(count / static_cast<double>(value.size()));
    }
    return bits;
}

bool is_credential_file(std::string_view path) {
    const std::string_view name = base_name(path);
    for (const std::string_view known :
         {".dockercfg", ".netrc", "_netrc", ".npmrc", ".pypirc", ".git-credentials", ".pgpass", ".my.cnf", ".htpasswd", ".vault-token"}) {
        if (name == known) return true;
    }
    return path.ends_with(".docker/config.json") || path.ends_with(".aws/credentials") || path.ends_with(".kube/config") ||
           name.ends_with("application_default_credentials.json") || is_settings_file(path);
}

bool is_key_store(std::string_view path) {
    for (const std::string_view end : {".p12", ".pfx", ".kdbx", ".keystore"}) {
        if (path.ends_with(end)) return true;
    }
    // Java's list of public authorities is a store without secrets.
    return path.ends_with(".jks") && base_name(path) != "cacerts.jks";
}

bool is_sample_place(std::string_view path) {
    for (const std::string_view part :
         {"usr/share/doc/", "/test/", "/tests/", "/testdata/", "/test_data/", "/fixtures/", "/examples/", "/example/", "/t/data/", "/spec/", "/man/"}) {
        if (path.find(part) != std::string_view::npos) return true;
    }
    return path.starts_with("test/") || path.starts_with("tests/");
}

std::vector<Secret> find_secrets(std::string_view path, std::string_view bytes) {
    Search search(bytes, !is_sample_place(path));
    search.forms_anywhere();
    if (is_credential_file(path)) search_lines(path, bytes, search);
    return search.take();
}

std::vector<Secret> find_secrets_in_setting(std::string_view name, std::string_view value) {
    constexpr std::size_t least_bytes = 6;
    Search search(value, true);
    search.forms_anywhere();
    auto found = search.take();
    if (found.empty() && world::looks_secret(name) && value.size() >= least_bytes && !is_placeholder(value) && !text::lower(name).ends_with("_file")) {
        found.push_back({"secret_setting", "", 1, short_hash(value), true});
    }
    for (Secret& one : found) one.name = text::printable(name);
    return found;
}

std::vector<Secret> find_secrets_in_text(std::string_view line) {
    Search search(line, true);
    search.forms_anywhere();
    auto found = search.take();
    std::size_t from = 0;
    std::size_t equals = 0;
    constexpr std::size_t name_bytes_max = 128;
    while ((equals = line.find('=', from)) != std::string_view::npos && found.size() < candidates_per_file_max) {
        from = equals + 1;
        std::size_t start = equals;
        while (start > 0 && equals - start < name_bytes_max && (is_alnum(line[start - 1]) || in("_-.", line[start - 1]))) --start;
        std::string_view name = line.substr(start, equals - start);
        while (name.starts_with('-')) name.remove_prefix(1);
        std::size_t end = from;
        const char quote = end < line.size() && in("\"'", line[end]) ? line[end++] : '\0';
        while (end < line.size() && (quote != '\0' ? line[end] != quote : !in(" \t\n;&|", line[end]))) ++end;
        const std::string_view value = line.substr(quote != '\0' ? from + 1 : from, end - (quote != '\0' ? from + 1 : from));
        for (Secret& one : find_secrets_in_setting(name, value)) {
            if (one.kind == "secret_setting") found.push_back(std::move(one));
        }
    }
    // scheme://user:password@host
    for (std::size_t at = line.find("://"); at != std::string_view::npos; at = line.find("://", at + 3)) {
        const std::string_view rest = line.substr(at + 3);
        const std::string_view authority = rest.substr(0, rest.find_first_of("/?# \t\n\"'"));
        const std::size_t host = authority.rfind('@');
        if (host == std::string_view::npos) continue;
        const std::size_t colon = authority.find(':');
        if (colon < host && !is_placeholder(authority.substr(colon + 1, host - colon - 1))) {
            found.push_back({"url_password", "", 1, short_hash(authority.substr(colon + 1, host - colon - 1)), true});
        }
    }
    return found;
}

}  // namespace bulkhead::image
