// SPDX-License-Identifier: Apache-2.0
#include "image/layer_json.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "image/json_writer.h"
#include "image/secret_json.h"

namespace bulkhead::image {

namespace {

constexpr std::string_view types = "fdlhcpwo";

void write_file(const LayerFile& file, std::string& out) {
    fmt::format_to(std::back_inserter(out), "{} {:o} {} {} {} {} {}", static_cast<char>(file.type), file.mode, file.uid, file.gid, file.size,
                   file.capabilities ? 'c' : '-', file.path);
    if (!file.link.empty()) out += '\t' + file.link;
    out += '\n';
}

Result<LayerFile> parse_file(std::string_view line) {
    std::array<std::string_view, 6> fields;
    std::string_view rest = line;
    for (std::string_view& field : fields) {
        const std::size_t blank = rest.find(' ');
        if (blank == std::string_view::npos) return fail(Code::corrupt, "a file's line with too few fields");
        field = rest.substr(0, blank);
        rest.remove_prefix(blank + 1);
    }
    const auto mode = text::to_integer(fields[1], 8);
    const auto uid = text::to_integer(fields[2]);
    const auto gid = text::to_integer(fields[3]);
    const auto size = text::to_integer(fields[4]);
    if (fields[0].size() != 1 || types.find(fields[0][0]) == std::string_view::npos || !mode || *mode < 0 || *mode > 07777 || !uid || !gid || !size) {
        return fail(Code::corrupt, "a file's line that cannot be read");
    }
    LayerFile file{{}, static_cast<FileType>(fields[0][0]), static_cast<std::uint32_t>(*mode), *uid, *gid, *size, {}, fields[5] == "c"};
    const std::size_t tab = rest.find('\t');
    file.path = rest.substr(0, tab);
    if (tab != std::string_view::npos) file.link = rest.substr(tab + 1);
    return file;
}

std::string write_package(const Package& package) {
    return ObjectWriter()
        .text("name", package.name)
        .text("version", package.version)
        .text("architecture", package.architecture)
        .text("source", package.source)
        .number("installed_bytes", package.installed_bytes, -1)
        .texts("code_files", package.code_files)
        .take();
}

std::string write_account_file(const AccountFile& file) {
    return ObjectWriter()
        .text("path", file.path)
        .text("problem", file.problem)
        .list("accounts", file.accounts,
              [](const Account& one) {
                  return ObjectWriter()
                      .number("line", one.line)
                      .text("name", one.name)
                      .number("uid", one.uid)
                      .number("gid", one.gid)
                      .text("home", one.home)
                      .text("shell", one.shell)
                      .text("password", one.password)
                      .take();
              })
        .list("groups", file.groups,
              [](const Group& one) { return ObjectWriter().text("name", one.name).number("gid", one.gid).texts("members", one.members).take(); })
        .list("shadow", file.shadow, [](const ShadowEntry& one) { return ObjectWriter().text("name", one.name).text("password", one.password).take(); })
        .take();
}

template <class T, class Read>
std::vector<T> read_list(const json::Value& array, Read read) {
    std::vector<T> list;
    for (const json::Value& item : array.items()) list.push_back(read(item));
    return list;
}

Package read_package(const json::Value& item) {
    return {
        item["name"].text_or(),    item["version"].text_or(), item["architecture"].text_or(), item["source"].text_or(), item["installed_bytes"].integer_or(-1),
        item["code_files"].texts()};
}

AccountFile read_account_file(const json::Value& item) {
    return {
        item["path"].text_or(), item["problem"].text_or(),
        read_list<Account>(item["accounts"],
                           [](const json::Value& one) {
                               return Account{one["line"].integer_or(0), one["name"].text_or(),  one["uid"].integer_or(0), one["gid"].integer_or(0),
                                              one["home"].text_or(),     one["shell"].text_or(), one["password"].text_or()};
                           }),
        read_list<Group>(item["groups"], [](const json::Value& one) { return Group{one["name"].text_or(), one["gid"].integer_or(0), one["members"].texts()}; }),
        read_list<ShadowEntry>(item["shadow"], [](const json::Value& one) { return ShadowEntry{one["name"].text_or(), one["password"].text_or()}; })};
}

}  // namespace

std::string write_layer(const LayerContent& layer) {
    std::string files;
    for (const LayerFile& file : layer.files) write_file(file, files);
    return ObjectWriter()
        .text("digest", layer.digest)
        .number("bytes", layer.bytes)
        .text("files", files)
        .list("databases", layer.databases,
              [](const PackageDatabase& one) {
                  return ObjectWriter()
                      .text("path", one.path)
                      .text("manager", one.manager)
                      .text("problem", one.problem)
                      .list("packages", one.packages, write_package)
                      .take();
              })
        .list("package_files", layer.package_files,
              [](const PackageFiles& one) { return ObjectWriter().text("path", one.path).texts("code_files", one.code_files).take(); })
        .list("account_files", layer.account_files, write_account_file)
        .list("secret_files", layer.secret_files,
              [](const SecretFile& one) { return ObjectWriter().text("path", one.path).list("secrets", one.secrets, write_secret).take(); })
        .number("searched_files", layer.searched_files)
        .number("unsearched_files", layer.unsearched_files)
        .text("os_name", layer.os_name)
        .list("problems", layer.problems, [](const LayerProblem& one) { return ObjectWriter().text("path", one.path).text("reason", one.reason).take(); })
        .take();
}

Result<LayerContent> parse_layer(std::string_view json) {
    const auto document = json::Document::parse(json);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    LayerContent layer;
    layer.digest = root["digest"].text_or();
    if (layer.digest.empty()) return fail(Code::corrupt, "not the content of a layer");
    layer.bytes = root["bytes"].integer_or(0);
    const std::string files = root["files"].text_or();
    for (const std::string_view line : text::lines(files)) {
        auto file = parse_file(line);
        if (!file) return std::unexpected(file.error());
        layer.files.push_back(std::move(*file));
    }
    layer.databases = read_list<PackageDatabase>(root["databases"], [](const json::Value& one) {
        return PackageDatabase{one["path"].text_or(), one["manager"].text_or(), one["problem"].text_or(), read_list<Package>(one["packages"], read_package)};
    });
    layer.package_files =
        read_list<PackageFiles>(root["package_files"], [](const json::Value& one) { return PackageFiles{one["path"].text_or(), one["code_files"].texts()}; });
    layer.account_files = read_list<AccountFile>(root["account_files"], read_account_file);
    layer.secret_files = read_list<SecretFile>(
        root["secret_files"], [](const json::Value& one) { return SecretFile{one["path"].text_or(), read_list<Secret>(one["secrets"], read_secret)}; });
    layer.searched_files = root["searched_files"].integer_or(0);
    layer.unsearched_files = root["unsearched_files"].integer_or(0);
    layer.os_name = root["os_name"].text_or();
    layer.problems =
        read_list<LayerProblem>(root["problems"], [](const json::Value& one) { return LayerProblem{one["path"].text_or(), one["reason"].text_or()}; });
    return layer;
}

}  // namespace bulkhead::image
