// SPDX-License-Identifier: Apache-2.0
#include "l7/http_application.h"

#include <algorithm>
#include <array>

namespace bulkhead::l7 {

namespace {

// In the order in which they count: a program first, then servers of pages.
constexpr std::array rows = {
    HttpApplication{HttpPlace::server, "CouchDB/", "couchdb"},      HttpApplication{HttpPlace::server, "Couchbase Server", "couchbase"},
    HttpApplication{HttpPlace::server, "Docker/", "docker"},        HttpApplication{HttpPlace::path, "/wp-login.php", "wordpress"},
    HttpApplication{HttpPlace::path, "/wp-admin/", "wordpress"},    HttpApplication{HttpPlace::path, "/wp-content/", "wordpress"},
    HttpApplication{HttpPlace::path, "/wp-includes/", "wordpress"}, HttpApplication{HttpPlace::path, "/wp-json/", "wordpress"},
    HttpApplication{HttpPlace::path, "/v1/agent/", "consul"},       HttpApplication{HttpPlace::path, "/v1/catalog/", "consul"},
    HttpApplication{HttpPlace::path, "/v2/keys/", "etcd"},          HttpApplication{HttpPlace::path, "/v3/kv/", "etcd"},
    HttpApplication{HttpPlace::path, "/etcdserverpb.", "etcd"},     HttpApplication{HttpPlace::path, "/_cluster/", "elasticsearch"},
    HttpApplication{HttpPlace::path, "/_nodes/", "elasticsearch"},  HttpApplication{HttpPlace::path, "/_cat/", "elasticsearch"},
    HttpApplication{HttpPlace::path, "/_bulk", "elasticsearch"},    HttpApplication{HttpPlace::path, "/api/v1/applications/app-", "spark"},
    HttpApplication{HttpPlace::path, "/v1/submissions/", "spark"},  HttpApplication{HttpPlace::server, "nginx", "nginx"},
    HttpApplication{HttpPlace::server, "Apache", "apache"},         HttpApplication{HttpPlace::server, "Jetty", "jetty"},
    HttpApplication{HttpPlace::powered_by, "Express", "nodejs"},
};

// nginx and others stand before programs that say more; the order above is the rank.
std::size_t rank(std::string_view application) {
    const auto found = std::ranges::find(rows, application, &HttpApplication::application);
    return static_cast<std::size_t>(found - rows.begin());
}

std::string_view at(const HttpHead& head, HttpPlace place, std::string_view path) {
    switch (place) {
        case HttpPlace::server: return head.server;
        case HttpPlace::powered_by: return head.powered_by;
        case HttpPlace::path: return path;
    }
    return {};
}

}  // namespace

std::span<const HttpApplication> http_applications() { return rows; }

std::string_view http_application(const HttpHead& head, std::string_view request_path) {
    if (head.says_elasticsearch) return "elasticsearch";
    if (head.says_wordpress) return "wordpress";
    if (head.says_consul) return "consul";
    for (const HttpApplication& row : rows) {
        if (at(head, row.place, request_path).starts_with(row.prefix)) return row.application;
    }
    return {};
}

bool is_better_application(std::string_view more, std::string_view known) { return !more.empty() && (known.empty() || rank(more) < rank(known)); }

}  // namespace bulkhead::l7
