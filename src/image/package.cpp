// SPDX-License-Identifier: Apache-2.0
#include "image/package.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace bulkhead::image {

namespace {

std::string shown(std::string_view value) { return text::printable(text::trim(value)); }

Error too_many(const Limits& limits) { return {Code::limit_exceeded, fmt::format("more than packages_max = {} packages", limits.packages_max)}; }

// One paragraph of deb822 (deb822(5)): "Field: value", continued by lines that begin with a blank.
struct Paragraph {
    Package package;
    std::string status;
    bool any = false;

    void field(std::string_view name, std::string_view value) {
        any = true;
        if (name == "Package") package.name = shown(value);
        if (name == "Version") package.version = shown(value);
        if (name == "Architecture") package.architecture = shown(value);
        if (name == "Status") status = text::trim(value);
        // "Source: glibc (2.36-9)": the version is left out.
        if (name == "Source") package.source = shown(value.substr(0, value.find('(')));
        if (name == "Installed-Size") {
            if (const auto kib = text::to_integer(text::trim(value)); kib && *kib >= 0 && *kib < (1LL << 40)) package.installed_bytes = *kib * 1024;
        }
    }
    // "install ok installed": the third word is how it is. Files of status.d have no such line.
    [[nodiscard]] bool is_there() const {
        if (package.name.empty()) return false;
        const auto words = text::words(status);
        return words.size() < 3 || (words[2] != "not-installed" && words[2] != "config-files");
    }
};

}  // namespace

bool is_program(std::string_view path) {
    std::size_t start = 0;
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos && slash + 1 < path.size(); slash = path.find('/', start)) {
        const std::string_view folder = path.substr(start, slash - start);
        if (folder == "bin" || folder == "sbin" || folder == "libexec") return true;
        start = slash + 1;
    }
    return false;
}

bool is_code(std::string_view path) {
    if (is_program(path)) return true;
    const std::size_t library = path.find(".so");
    return library != std::string_view::npos && (library + 3 == path.size() || path[library + 3] == '.');
}

Result<std::vector<Package>> parse_dpkg(std::string_view bytes, const Limits& limits) {
    std::vector<Package> packages;
    Paragraph paragraph;
    bool sound = true;
    const auto end = [&]() {
        if (paragraph.any && paragraph.package.name.empty()) sound = false;
        if (paragraph.is_there()) packages.push_back(std::move(paragraph.package));
        paragraph = {};
    };
    for (const std::string_view line : text::lines(bytes)) {
        if (text::trim(line).empty()) {
            end();
        } else if (line.front() != ' ' && line.front() != '\t') {
            const std::size_t colon = line.find(':');
            if (colon == std::string_view::npos) return fail(Code::corrupt, "a line that is no field: " + text::printable(line.substr(0, 60)));
            paragraph.field(line.substr(0, colon), line.substr(colon + 1));
        }
        if (packages.size() > limits.packages_max) return std::unexpected(too_many(limits));
    }
    end();
    if (!sound) return fail(Code::corrupt, "a package without a name");
    return packages;
}

std::vector<std::string> parse_dpkg_list(std::string_view bytes) {
    std::vector<std::string> files;
    for (std::string_view line : text::lines(bytes)) {
        while (line.starts_with('/')) line.remove_prefix(1);
        if (is_code(line)) files.push_back(text::printable(line));
    }
    return files;
}

// One letter, a colon, the value; an empty line ends a package (apk-tools, "APKINDEX format" of the Alpine wiki).
Result<std::vector<Package>> parse_apk(std::string_view bytes, const Limits& limits) {
    std::vector<Package> packages;
    Package package;
    std::string folder;
    bool any = false;
    bool sound = true;
    const auto end = [&]() {
        if (any && package.name.empty()) sound = false;
        if (!package.name.empty()) packages.push_back(std::move(package));
        package = {};
        folder.clear();
        any = false;
    };
    for (const std::string_view line : text::lines(bytes)) {
        if (line.empty()) {
            end();
            if (packages.size() > limits.packages_max) return std::unexpected(too_many(limits));
            continue;
        }
        if (line.size() < 2 || line[1] != ':') return fail(Code::corrupt, "a line that is no field: " + text::printable(line.substr(0, 60)));
        any = true;
        const std::string_view value = line.substr(2);
        switch (line[0]) {
            case 'P': package.name = shown(value); break;
            case 'V': package.version = shown(value); break;
            case 'A': package.architecture = shown(value); break;
            case 'o': package.source = shown(value); break;
            case 'I': package.installed_bytes = std::max<std::int64_t>(-1, text::to_integer(value).value_or(-1)); break;
            case 'F': folder = std::string(value); break;
            case 'R': {
                const std::string path = folder.empty() ? std::string(value) : folder + "/" + std::string(value);
                if (is_code(path)) package.code_files.push_back(text::printable(path));
                break;
            }
            default: break;
        }
    }
    end();
    if (!sound) return fail(Code::corrupt, "a package without a name");
    return packages;
}

}  // namespace bulkhead::image
