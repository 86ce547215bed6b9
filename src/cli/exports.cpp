// SPDX-License-Identifier: Apache-2.0
#include "cli/exports.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <optional>
#include <sstream>
#include <thread>

#include "base/text.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

namespace {

std::string allowed(const std::vector<report::Format>& formats) {
    std::vector<std::string> endings;
    for (const report::Format& format : formats) endings.insert(endings.end(), format.suffixes.begin(), format.suffixes.end());
    std::ranges::sort(endings);
    return text::join(endings, ", ");
}

std::string comparable(const std::string& path) {
    std::error_code error;
    // Made absolute first: of a relative path of which nothing exists nothing would be resolved.
    const std::filesystem::path absolute = std::filesystem::absolute(path, error);
    const std::filesystem::path whole = std::filesystem::weakly_canonical(absolute, error);
    return error ? path : whole.string();
}

// Reports of large audits take longer to render than to write; formats know nothing of each other.
std::vector<std::optional<std::string>> render_all(const std::vector<const report::Format*>& formats, const audit::Audit& audit,
                                                   const report::RenderOptions& render) {
    std::vector<std::optional<std::string>> rendered(formats.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < formats.size(); i = next++) {
            std::ostringstream out;
            formats[i]->write(audit, render, out);
            if (out) rendered[i] = std::move(out).str();
        }
    };
    const std::size_t threads = std::min<std::size_t>(formats.size(), std::max(1U, std::thread::hardware_concurrency()));
    std::vector<std::future<void>> others;
    for (std::size_t i = 1; i < threads; ++i) others.push_back(std::async(std::launch::async, work));
    work();
    for (std::future<void>& other : others) other.get();
    return rendered;
}

}  // namespace

void add_export_option(CLI::App& app, std::vector<std::string>& wanted) {
    app.add_option("--export", wanted, "also write this file, FORMAT:FILE or by its ending: " + allowed(report::catalog()) + " (may be repeated)")
        ->allow_extra_args(false);
}

Result<ExportTarget> parse_export(std::string_view text, const std::vector<report::Format>& formats) {
    if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
        const auto named = std::ranges::find(formats, text.substr(0, colon), &report::Format::name);
        if (named != formats.end()) {
            if (colon + 1 == text.size()) return fail(Code::invalid_input, fmt::format("--export {}: a file name must follow the colon", text));
            return ExportTarget{named->name, std::string(text.substr(colon + 1))};
        }
    }
    const report::Format* found = nullptr;
    std::size_t longest = 0;
    for (const report::Format& format : formats) {
        for (const std::string& suffix : format.suffixes) {
            if (!text.ends_with(suffix) || suffix.size() <= longest) continue;
            longest = suffix.size();
            found = &format;
        }
    }
    if (found == nullptr) {
        return fail(Code::invalid_input, fmt::format("--export {}: no format has files of this ending; there are {}, and FORMAT:FILE for any other name",
                                                     text::printable(text), allowed(formats)));
    }
    return ExportTarget{found->name, std::string(text)};
}

Result<Exports> Exports::plan(const std::vector<std::string>& wanted, const std::string& output) {
    if (wanted.size() > exports_max) return fail(Code::limit_exceeded, fmt::format("--export: {} files, at most {} are allowed", wanted.size(), exports_max));
    const std::vector<report::Format> formats = report::catalog();
    Exports exports;
    std::vector<std::string> taken;
    if (!output.empty()) taken.push_back(comparable(output));
    for (const std::string& text : wanted) {
        auto target = parse_export(text, formats);
        if (!target) return std::unexpected(target.error());
        const std::string whole = comparable(target->path);
        std::error_code error;
        // Devices may be written to twice; files would lose the first report.
        const bool device = std::filesystem::exists(whole, error) && !std::filesystem::is_regular_file(whole, error);
        if (!device && std::ranges::find(taken, whole) != taken.end()) {
            return fail(Code::invalid_input, fmt::format("--export {}: another report goes to the same file", text::printable(text)));
        }
        taken.push_back(whole);
        exports.files_.push_back({*std::ranges::find(formats, target->format, &report::Format::name), std::move(target->path), nullptr});
    }
    return exports;
}

void Exports::open() {
    for (File& file : files_) {
        auto created = OutputFile::create(file.path);
        if (created) {
            file.file = std::move(*created);
        } else {
            complain(created.error().message + "; this report is left out");
            all_opened_ = false;
        }
    }
}

bool Exports::write(const audit::Audit& audit, const report::RenderOptions& render) {
    report::RenderOptions plain = render;
    plain.color = report::Color::off;
    std::vector<const report::Format*> formats;
    std::vector<File*> open;
    for (File& file : files_) {
        if (!file.file) continue;
        formats.push_back(&file.format);
        open.push_back(&file);
    }
    const auto rendered = render_all(formats, audit, plain);
    bool all = all_opened_;
    for (std::size_t i = 0; i < open.size(); ++i) {
        const auto finished = rendered[i] ? open[i]->file->finish(*rendered[i]) : fail(Code::internal, open[i]->format.name + " could not be rendered");
        open[i]->file.reset();
        if (finished) continue;
        complain(finished.error());
        all = false;
    }
    return all;
}

}  // namespace bulkhead::cli
