#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What lies in images: the same from the engine, from `docker save`, from a snapshot and from the cache.
load support

setup_file() {
  lab_is_up hardened
  host=$(lab_host hardened)
  export host XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache
  mkdir -p "$XDG_CACHE_HOME"
  # A secret that the next layer deletes, a program with rights, a package database.
  mkdir -p "$BATS_FILE_TMPDIR/build"
  printf 'Package: openssh-server\nStatus: install ok installed\nVersion: 9.2\n\n' >"$BATS_FILE_TMPDIR/build/status"
  printf 'machine x login a password hunter2-netrc\n' >"$BATS_FILE_TMPDIR/build/netrc"
  tar -C "$(lab_dir hardened)/rootfs/base" --numeric-owner --owner=0 --group=0 -c . | docker_of "$host" import -c 'ENV PATH=/bin' - e2e/base:1 >/dev/null
  printf 'FROM e2e/base:1\nCOPY netrc /root/.netrc\nCOPY status /var/lib/dpkg/status\nRUN rm /root/.netrc && chmod 4755 /bin/busybox\nUSER 1000\n' >"$BATS_FILE_TMPDIR/build/Dockerfile"
  DOCKER_BUILDKIT=0 docker_of "$host" build -q -t e2e/content:1 "$BATS_FILE_TMPDIR/build" >/dev/null
}

teardown_file() { docker_of "$host" rmi e2e/content:1 e2e/base:1 >/dev/null; }

content() {  # content OPTIONS...: what was found in the image, without what names the way it came
  "$bulkhead" query "$@" --format csv "
    select 'file', path, mode, layer from image_file where image_name = 'e2e/content:1'
    union select 'package', name, version, layer from image_package where image_name = 'e2e/content:1'
    union select 'user', name, uid, layer from image_user where image_name = 'e2e/content:1'
    union select 'secret', path, kind, deleted_in_layer from image_secret_candidate where image_name = 'e2e/content:1'
    union select 'program', path, link, layer from image_program where image_name = 'e2e/content:1' order by 1, 2"
}

@test "images: are looked into from the engine's export" {
  content --host "$host" | tr -d '\r' >"$BATS_FILE_TMPDIR/live"
  grep -qx 'file,/bin/busybox,4755,3' "$BATS_FILE_TMPDIR/live"
  grep -qx 'package,openssh-server,9.2,2' "$BATS_FILE_TMPDIR/live"
  grep -qx 'user,app,1000,0' "$BATS_FILE_TMPDIR/live"
  grep -qx 'secret,/root/.netrc,netrc_credentials,3' "$BATS_FILE_TMPDIR/live"
}

@test "images: an archive, and one that is packed, hold what the engine's export holds" {
  docker_of "$host" save e2e/content:1 >"$BATS_TEST_TMPDIR/image.tar"
  content --image "$BATS_TEST_TMPDIR/image.tar" | tr -d '\r' >"$BATS_TEST_TMPDIR/saved"
  equal content "$BATS_FILE_TMPDIR/live" "$BATS_TEST_TMPDIR/saved"
  gzip -k "$BATS_TEST_TMPDIR/image.tar"
  content --image "$BATS_TEST_TMPDIR/image.tar.gz" | tr -d '\r' >"$BATS_TEST_TMPDIR/packed"
  equal content "$BATS_FILE_TMPDIR/live" "$BATS_TEST_TMPDIR/packed"
}

@test "images: a snapshot holds what was found, and not the image" {
  "$bulkhead" snapshot save "$BATS_TEST_TMPDIR/kept" --host "$host"
  content --from "$BATS_TEST_TMPDIR/kept" | tr -d '\r' >"$BATS_TEST_TMPDIR/offline"
  equal content "$BATS_FILE_TMPDIR/live" "$BATS_TEST_TMPDIR/offline"
  run ! grep -q hunter2 <(sqlite3 "$BATS_TEST_TMPDIR/kept" "select cast(sqlar_uncompress(bytes, size) as text) from reading")
}

@test "images: a cache that somebody broke is not believed, and counted" {
  for file in "$XDG_CACHE_HOME"/bulkhead/layer-*; do echo rubbish >"$file"; done
  content --host "$host" | tr -d '\r' >"$BATS_TEST_TMPDIR/again"
  equal content "$BATS_FILE_TMPDIR/live" "$BATS_TEST_TMPDIR/again"
}

@test "images: left out, what rests on them is unknown with that reason" {
  audit_json "$host" "$BATS_TEST_TMPDIR/report.json" --no-image-content
  [ "$(status_of "$BATS_TEST_TMPDIR/report.json" cis_v160_4_8 e2e/content:1)" = unknown ]
  [[ $(reason_of "$BATS_TEST_TMPDIR/report.json" cis_v160_4_8 e2e/content:1) == *--no-image-content* ]]
}
