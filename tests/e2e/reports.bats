#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Reports as their consumers' schemas want them: those of a hostile audit made by hand (the golden files of the unit tests), and those of a
# real one, written by one run.
load support

fixtures=$E2E_SOURCE/../fixtures
endings='html md csv json txt sarif junit.xml nunit3.xml gitlab.json oscal.json pps'

setup_file() {
  lab_is_up leaky
  mkdir "$E2E_DIR/reports"
  # shellcheck disable=SC2046
  "$bulkhead" audit --host "$(lab_host leaky)" --format brief --save-snapshot "$E2E_DIR/reports/kept" $(exports_to "$E2E_DIR/reports/leaky") >"$E2E_DIR/reports/brief" || [ $? -eq 1 ]
}

exports_to() { for ending in $endings; do echo "--export $1.$ending"; done; }

# json_valid SCHEMA FILE, xml_valid SCHEMA FILE
json_valid() { /usr/bin/python3 "$E2E_SOURCE/../validate_json.py" "$fixtures/schemas/$1" "$2"; }
xml_valid() { xmllint --noout --schema "$fixtures/schemas/$1" "$2"; }

all_valid() {
  json_valid sarif-2.1.0.json "$1.sarif"
  json_valid gitlab-code-quality.json "$1.gitlab.json"
  json_valid oscal-assessment-results-1.1.3.json "$1.oscal.json"
  json_valid powerpipe-snapshot.json "$1.pps"
  xml_valid junit-10.xsd "$1.junit.xml"
  xml_valid nunit3.xsd "$1.nunit3.xml"
  # The page is XML too: an unescaped name would not be.
  xmllint --noout --nonet "$1.html"
}

@test "reports: those of a hostile audit are valid" { all_valid "$fixtures/report/audit"; }

@test "reports: those of the leaky lab are valid" { all_valid "$E2E_DIR/reports/leaky"; }

@test "reports: the validator can fail" {
  jq '.runs[0].results[0].level = "terrible"' "$E2E_DIR/reports/leaky.sarif" >"$BATS_TEST_TMPDIR/bad.sarif"
  run json_valid sarif-2.1.0.json "$BATS_TEST_TMPDIR/bad.sarif"
  [ "$status" -eq 1 ]
  [[ "$output" == *terrible* ]]
  jq '."assessment-results".metadata.title = " "' "$E2E_DIR/reports/leaky.oscal.json" | jq '."assessment-results".results[0].uuid = "x"' >"$BATS_TEST_TMPDIR/bad.oscal.json"
  run json_valid oscal-assessment-results-1.1.3.json "$BATS_TEST_TMPDIR/bad.oscal.json"
  [ "$status" -eq 1 ]
  sed 's/ failures="[0-9]*"//' "$E2E_DIR/reports/leaky.junit.xml" >"$BATS_TEST_TMPDIR/bad.xml"
  run xml_valid junit-10.xsd "$BATS_TEST_TMPDIR/bad.xml"
  [ "$status" -ne 0 ]
}

@test "reports: all of one run tell the same numbers" {
  local dir=$E2E_DIR/reports/leaky alarms unknowns total
  alarms=$(jq .summary.alarm "$dir.json") unknowns=$(jq .summary.unknown "$dir.json") total=$(jq '.results | length' "$dir.json")
  [ "$alarms" -gt 100 ]
  [ "$(jq '[.runs[0].results[] | select(.kind == "fail")] | length' "$dir.sarif")" = "$alarms" ]
  [ "$(jq '[.runs[0].results[] | select(.kind == "open")] | length' "$dir.sarif")" = "$unknowns" ]
  [ "$(jq length "$dir.gitlab.json")" = $((alarms + unknowns)) ]
  [ "$(jq '[.[].fingerprint] | unique | length' "$dir.gitlab.json")" = $((alarms + unknowns)) ]
  [ "$(xmllint --xpath 'string(/testsuites/@failures)' "$dir.junit.xml")" = "$alarms" ]
  [ "$(xmllint --xpath 'count(//testcase)' "$dir.junit.xml")" = "$total" ]
  [ "$(xmllint --xpath 'count(//test-case[@result="Inconclusive"])' "$dir.nunit3.xml")" = "$unknowns" ]
  [ "$(jq '[.panels[] | select(.panel_type == "control") | .summary.alarm] | add' "$dir.pps")" = "$alarms" ]
  [ "$(xmllint --nonet --xpath "count(//*[local-name()='tr' and @class='alarm'])" "$dir.html")" = "$alarms" ]
  grep -q "^$alarms alarm, 0 error, $unknowns unknown" "$E2E_DIR/reports/brief"
}

@test "reports: those of the snapshot are those of the live run, but for the time" {
  # shellcheck disable=SC2046
  "$bulkhead" audit --from "$E2E_DIR/reports/kept" --format brief $(exports_to "$BATS_TEST_TMPDIR/again") >/dev/null || [ $? -eq 1 ]
  for ending in sarif gitlab.json junit.xml; do
    for file in "$E2E_DIR/reports/leaky.$ending" "$BATS_TEST_TMPDIR/again.$ending"; do
      sed -E 's/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z?/TIME/g' "$file" >"$file.timeless"
    done
    equal "$ending" "$E2E_DIR/reports/leaky.$ending.timeless" "$BATS_TEST_TMPDIR/again.$ending.timeless"
  done
}

@test "reports: findings in build files have their line and column" {
  printf 'FROM debian:12\nRUN true\n' >"$BATS_TEST_TMPDIR/Dockerfile"
  cd "$BATS_TEST_TMPDIR"
  "$bulkhead" audit --dockerfile ./Dockerfile --format brief --export a.sarif --export a.gitlab.json >/dev/null || [ $? -eq 1 ]
  json_valid sarif-2.1.0.json a.sarif
  json_valid gitlab-code-quality.json a.gitlab.json
  [ "$(jq -r '[.runs[0].results[].locations[0].physicalLocation.artifactLocation.uri] | unique | join(" ")' a.sarif)" = Dockerfile ]
  jq -e '.runs[0].results | length > 0 and all(.locations[0].physicalLocation.region.startColumn >= 1)' a.sarif
  [ "$(jq -r '[.[].location.path] | unique | join(" ")' a.gitlab.json)" = Dockerfile ]
}
