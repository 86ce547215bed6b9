// SPDX-License-Identifier: Apache-2.0
// Files out of images. First letter: d dpkg, l a list of dpkg, k apk, s n b rpm's three databases, h a header of rpm, p passwd, g group, w shadow,
// x any file searched for secrets.
#include "fuzz/input.h"
#include "image/account.h"
#include "image/rpm.h"
#include "image/secret.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead;
    const auto choice = fuzz::choice_of(data, size);
    const image::Limits limits{.packages_max = 1000, .accounts_max = 1000};
    switch (choice.which) {
        case 'd': fuzz::check_result(image::parse_dpkg(choice.bytes, limits)); break;
        case 'l': (void)image::parse_dpkg_list(choice.bytes); break;
        case 'k': fuzz::check_result(image::parse_apk(choice.bytes, limits)); break;
        case 's': fuzz::check_result(image::parse_rpm(image::RpmKind::sqlite, choice.bytes, limits)); break;
        case 'n': fuzz::check_result(image::parse_rpm(image::RpmKind::ndb, choice.bytes, limits)); break;
        case 'b': fuzz::check_result(image::parse_rpm(image::RpmKind::bdb, choice.bytes, limits)); break;
        case 'h': fuzz::check_result(image::parse_rpm_header(choice.bytes)); break;
        case 'p': fuzz::check_result(image::parse_accounts(choice.bytes, limits)); break;
        case 'g': fuzz::check_result(image::parse_groups(choice.bytes, limits)); break;
        case 'w': fuzz::check_result(image::parse_shadow(choice.bytes, limits)); break;
        case 'x':
            for (const char* path : {"a", ".env", "root/.docker/config.json", "usr/share/doc/x", ".npmrc"}) {
                for (const auto& secret : image::find_secrets(path, choice.bytes)) CHECK(secret.line >= 0 && secret.hash.size() == 8);
            }
            (void)image::find_secrets_in_text(choice.bytes);
            break;
        default: break;
    }
    return 0;
}
