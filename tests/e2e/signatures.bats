#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Signatures of images in a real registry and at a real notary server, verified from keys that a trust file names.
load support
load registry

setup_file() {
  lab_is_up leaky
  export host
  host=$(lab_host leaky)
  registry_up
  push_image signed >signed.digest
  push_image unsigned >unsigned.digest
  push_image moved >moved.digest
  openssl ecparam -name prime256v1 -genkey -noout -out cosign.key && openssl ec -in cosign.key -pubout -out cosign.pub 2>>log
  openssl ecparam -name prime256v1 -genkey -noout -out other.key && openssl ec -in other.key -pubout -out other.pub 2>>log
  cosign_sign "$(cat signed.digest)" cosign.key
  cosign_sign "$(cat moved.digest)" cosign.key '{}' "$(cat signed.digest)"
  notary_client init "$repository"
  local hex
  hex=$(cut -d : -f 2 signed.digest)
  notary_client addhash "$repository" signed "$(manifest_size signed)" --sha256 "$hex" --publish
  fetch "$notary_url/v2/$repository/_trust/tuf/root.json" >root.json
  trust_file trust.yaml cosign.pub "$(jq -r '.signed.roles.root.keyids[0]' root.json)"
}

teardown_file() {
  registry_down
  docker_of "$host" rmi "$repository:signed" "$repository:unsigned" "$repository:moved" >/dev/null
}

# trust_file NAME KEY ROOT_KEY_ID
trust_file() {
  cat >"$registry_dir/$1" <<END
repositories:
  - match: "$registry_host/shop/*"
    ca: ca.pem
    cosign: {keys: [$2]}
    notary: {server: "$notary_url", ca: ca.pem, root_keys: ["$3"]}
END
}

# states TAG TRUST_FILE: kind and state of each signature of the image.
states() {
  in_engine "$bulkhead" --trust "$registry_dir/$2" query --host "$host" --format csv \
    "select kind || ' ' || state from image_signature where image_id = '$(image_id "$1")' order by 1" | tail -n +2 | tr -d '\r'
}

@test "signatures: what a registry and a notary vouch for is trusted" {
  run states signed trust.yaml
  [ "$output" = $'cosign trusted\nnotary trusted' ] || { echo "$output"; false; }
}

@test "signatures: an image that nobody signed has none" {
  run states unsigned trust.yaml
  [ "$output" = $'cosign absent\nnotary absent' ] || { echo "$output"; false; }
}

@test "signatures: the signature of one image does not serve another" {
  run states moved trust.yaml
  [ "$output" = $'cosign invalid\nnotary absent' ] || { echo "$output"; false; }
}

@test "signatures: by other keys than those of the trust file they are untrusted" {
  trust_file other.yaml other.pub "$(printf '0%.0s' $(seq 64))"
  run states signed other.yaml
  [ "$output" = $'cosign untrusted\nnotary untrusted' ] || { echo "$output"; false; }
}

@test "signatures: rotated root keys are followed from the old ones" {
  notary_client key rotate "$repository" snapshot -r
  printf 'yes\n' | in_engine notary -s "$notary_url" -d "$registry_dir/notary" --tlscacert "$registry_dir/ca.pem" key rotate "$repository" root >>"$registry_dir/log" 2>&1
  fetch "$notary_url/v2/$repository/_trust/tuf/root.json" >"$registry_dir/rotated.json"
  [ "$(jq -r '.signed.roles.root.keyids[0]' "$registry_dir/rotated.json")" != "$(jq -r '.signed.roles.root.keyids[0]' "$registry_dir/root.json")" ]
  run states signed trust.yaml
  [[ $output == *"notary trusted"* ]] || { echo "$output"; false; }
}

@test "signatures: a server whose certificate nobody vouches for is not believed, and the image is unknown" {
  sed 's/    ca: ca.pem//; s/ca: ca.pem, //' "$registry_dir/trust.yaml" >"$registry_dir/no_ca.yaml"
  run states signed no_ca.yaml
  [ "$output" = $'cosign unreadable\nnotary unreadable' ] || { echo "$output"; false; }
}

@test "signatures: a snapshot holds what was read, and is judged alike without the servers" {
  local id sql
  id=$(image_id signed)
  sql="select kind, state, key_id, reason, locator from image_signature where image_id = '$id' order by 1"
  docker_of "$host" create --name e2e-signed "$repository:signed" none >/dev/null
  in_engine "$bulkhead" --trust "$registry_dir/trust.yaml" audit csvs_3_7 csvs_3_16 cis_v160_4_5 --host "$host" --format json \
    --save-snapshot "$BATS_TEST_TMPDIR/kept" >"$BATS_TEST_TMPDIR/live.json" || [ $? -eq 1 ]
  docker_of "$host" rm e2e-signed >/dev/null
  jq -r --arg id "$id" '.results[] | select(.resource == $id) | .control + " " + .status' "$BATS_TEST_TMPDIR/live.json" | sort >"$BATS_TEST_TMPDIR/got"
  printf 'cis_v160_4_5 ok\ncsvs_3_16 ok\ncsvs_3_7 ok\n' >"$BATS_TEST_TMPDIR/wanted"
  equal verdicts "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/got"
  # Not in the engine's network namespace: nobody answers here.
  "$bulkhead" --trust "$registry_dir/trust.yaml" audit csvs_3_7 csvs_3_16 cis_v160_4_5 --from "$BATS_TEST_TMPDIR/kept" --format json >"$BATS_TEST_TMPDIR/kept.json" ||
    [ $? -eq 1 ]
  diff <(jq -S '.results' "$BATS_TEST_TMPDIR/live.json") <(jq -S '.results' "$BATS_TEST_TMPDIR/kept.json")
}

@test "signatures: no server is asked that the trust file does not name" {
  run in_engine "$bulkhead" query --host "$host" --format csv "select distinct state from image_signature where image_id = '$(image_id signed)'"
  [[ $output == *no_policy* ]] || { echo "$output"; false; }
  # The registry's own log says who asked.
  before=$(grep -c '"bulkhead"' "$registry_dir/log" || true)
  in_engine "$bulkhead" audit csvs_3_7 --host "$host" >/dev/null || [ $? -eq 1 ]
  [ "$(grep -c '"bulkhead"' "$registry_dir/log" || true)" = "$before" ]
}
