// SPDX-License-Identifier: Apache-2.0
// Images from anybody. First letter: a archive, l layer, c configuration, j a layer's content as JSON, i an image as JSON. What was found must be
// written to what is read again as the same, and layers of it must lie upon each other without a crash.
#include "fuzz/input.h"
#include "image/archive.h"
#include "image/image_view.h"
#include "image/layer_json.h"

namespace {

using namespace bulkhead;

class OneStream : public world::ByteStream {
  public:
    explicit OneStream(std::string_view bytes) : bytes_(bytes) {}
    Result<std::string_view> next() override {
        constexpr std::size_t piece = 1000;
        const std::string_view out = bytes_.substr(0, piece);
        bytes_.remove_prefix(out.size());
        return out;
    }

  private:
    std::string_view bytes_;
};

// Small, so that their ends are met, and a run is short.
constexpr image::Limits limits{.archive_entries_max = 1000,
                               .archive_bytes_max = 4 << 20,
                               .layer_entries_max = 1000,
                               .layer_bytes_max = 4 << 20,
                               .inflated_bytes_max = 8 << 20,
                               .ratio_bytes_min = 1 << 20,
                               .paths_bytes_max = 1 << 20,
                               .kept_file_bytes_max = 1 << 20};

void check_layer(const image::LayerContent& layer) {
    image::LayerContent named = layer;
    if (named.digest.empty()) named.digest = "sha256:0";
    const auto again = image::parse_layer(image::write_layer(named));
    CHECK(again.has_value() && *again == named);
    (void)image::view_of({&layer, &named});
    (void)image::all_files({&layer, &named});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto choice = fuzz::choice_of(data, size);
    if (choice.which == 'a') {
        OneStream stream(choice.bytes);
        const auto content = image::scan_archive(stream, limits);
        fuzz::check_result(content);
        if (!content) return 0;
        CHECK(!content->images.empty());
        for (const auto& [digest, json] : content->layers) {
            const auto layer = image::parse_layer(json);
            CHECK(layer.has_value() && layer->digest == digest);
            check_layer(*layer);
        }
    } else if (choice.which == 'l') {
        OneStream stream(choice.bytes);
        const auto layer = image::scan_layer(stream, limits);
        fuzz::check_result(layer);
        if (layer) check_layer(*layer);
    } else if (choice.which == 'c') {
        const auto config = image::parse_config(choice.bytes, limits);
        fuzz::check_result(config);
        if (!config) return 0;
        const auto again = image::parse_image(image::write_image(*config));
        CHECK(again.has_value() && *again == *config);
    } else if (choice.which == 'j') {
        const auto layer = image::parse_layer(choice.bytes);
        fuzz::check_result(layer);
        if (layer) (void)image::view_of({&*layer, &*layer});
    } else if (choice.which == 'i') {
        fuzz::check_result(image::parse_image(choice.bytes));
    }
    return 0;
}
