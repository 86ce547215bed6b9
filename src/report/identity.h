// SPDX-License-Identifier: Apache-2.0
// What a result is called in tools that follow results from report to report: names that stay when a container is made anew, so that
// two reports differ in what changed and nothing else.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "audit/result.h"

namespace bulkhead::report {

// Where a finding stands in a build file, by its dimensions file, line and column. Lines and columns count from 1.
struct Place {
    std::string file;
    std::size_t line = 1;
    std::size_t column = 1;
};
std::optional<Place> place_of(const audit::Result& result);

const std::string& name_of(const audit::Result& result);  // the resource's name, or its id where it has none
std::string host_name(const audit::Audit& audit);         // "host" where the audit names none

// A path for tools that know only files: the build file's, without "./"; else HOST/RESOURCE, which is no file and needs none.
std::string path_of(const audit::Audit& audit, const audit::Result& result);

// 32 hexadecimal digits of control, file and resource name; ids count only where there is no name. Results that are alike in all of
// these are told apart by their order. Asked once for each result, in the audit's order.
class Fingerprints {
  public:
    std::string next(const audit::Result& result);

  private:
    std::map<std::string, std::size_t> seen_;
};

std::string uuid_of(std::string_view name);  // RFC 9562 version 5 within a name space of our own: equal names, equal ids

// low 1 .. critical 4; 0 for other words.
int severity_rank(std::string_view severity);

}  // namespace bulkhead::report
