# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A real registry (Debian's docker-registry) and a real notary server (Debian's notary) on the loopback address of the leaky lab's network
# namespace, both over TLS, with an authority of their own. State lies in $registry_dir; registry_down ends what registry_up started.
registry_dir=$E2E_DIR/registry
registry_host=127.0.0.1:5443
notary_url=https://localhost:4443
repository=$registry_host/shop/web
export NOTARY_ROOT_PASSPHRASE=rootpassphrase NOTARY_TARGETS_PASSPHRASE=targetspassphrase
export NOTARY_SNAPSHOT_PASSPHRASE=snapshotpassphrase NOTARY_DELEGATION_PASSPHRASE=delegationpassphrase

make_certificates() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=trial-authority -keyout ca.key -out ca.pem
  openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
  printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >server.ext
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile server.ext -out server.pem
} 2>>log

write_configs() {
  cat >registry.yml <<END
version: 0.1
storage: {filesystem: {rootdirectory: $registry_dir/store}}
http: {addr: $registry_host, tls: {certificate: $registry_dir/server.pem, key: $registry_dir/server.key}}
END
  cat >notary.json <<END
{"server": {"http_addr": "127.0.0.1:4443", "tls_key_file": "$registry_dir/server.key", "tls_cert_file": "$registry_dir/server.pem"},
 "trust_service": {"type": "local"}, "logging": {"level": "error"}, "storage": {"backend": "memory"}}
END
}

in_engine() { in_lab leaky engine "$@"; }
fetch() { in_engine curl --silent --show-error --fail --max-time 20 --cacert "$registry_dir/ca.pem" "$@"; }

answers() {
  local i
  for i in $(seq 100); do
    in_engine curl --silent --output /dev/null --max-time 2 --cacert "$registry_dir/ca.pem" "$1" && return 0
    sleep 0.1
  done
  echo "$1 does not answer"
  cat "$registry_dir/log"
  return 1
}

registry_up() {
  mkdir -p "$registry_dir/store"
  cd "$registry_dir" || return 1
  make_certificates && write_configs
  # Not in_engine: of a function in the background the number would be that of a shell, and the server outlive it.
  nsenter --net="$BULKHEAD_LAB_DIR/leaky/net/engine" docker-registry serve registry.yml >>log 2>&1 3>&- &
  echo $! >registry.pid
  nsenter --net="$BULKHEAD_LAB_DIR/leaky/net/engine" notary-server -config notary.json >>log 2>&1 3>&- &
  echo $! >notary.pid
  answers "https://$registry_host/v2/" && answers "$notary_url/_notary_server/health"
}

registry_down() {
  local file
  for file in "$registry_dir"/*.pid; do
    [ -e "$file" ] && kill "$(cat "$file")" 2>/dev/null
  done
  return 0
}

# push_image NAME: a tiny image of its own, pushed; prints the digest by which the registry knows it.
push_image() {
  echo "$1" >"$1.txt"
  tar -cf - "$1.txt" | docker_of "$(lab_host leaky)" import - "$repository:$1" >>log
  docker_of "$(lab_host leaky)" push "$repository:$1" >>log 2>&1 || { cat log; return 1; }
  docker_of "$(lab_host leaky)" image inspect --format '{{index .RepoDigests 0}}' "$repository:$1" | cut -d @ -f 2
}

image_id() { docker_of "$(lab_host leaky)" image inspect --format '{{.Id}}' "$repository:$1"; }

manifest_size() { fetch -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' "https://$registry_host/v2/shop/web/manifests/$1" | wc -c; }

notary_client() { in_engine notary -s "$notary_url" -d "$registry_dir/notary" --tlscacert "$registry_dir/ca.pem" "$@" >>log 2>&1; }

# put_blob FILE: prints its digest.
put_blob() {
  local digest where
  digest=sha256:$(sha256sum <"$1" | cut -d ' ' -f 1)
  where=$(fetch -X POST -D - -o /dev/null "https://$registry_host/v2/shop/web/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
  fetch -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$1" "$where&digest=$digest" >/dev/null
  echo "$digest"
}

# cosign_sign IMAGE_DIGEST KEY [EXTRA_ANNOTATIONS_JSON] [SIGNED_DIGEST]: what `cosign sign --key` leaves in a registry, made with openssl.
cosign_sign() {
  local payload config signature extra=${3:-"{}"}
  jq -cn --arg d "${4:-$1}" --arg r "$repository" \
    '{critical: {identity: {"docker-reference": $r}, image: {"docker-manifest-digest": $d}, type: "cosign container image signature"}, optional: null}' |
    tr -d '\n' >payload.json
  echo '{}' >config.json
  signature=$(openssl dgst -sha256 -sign "$2" payload.json | base64 -w 0)
  payload=$(put_blob payload.json)
  config=$(put_blob config.json)
  jq -n --arg p "$payload" --arg c "$config" --arg s "$signature" --argjson size "$(wc -c <payload.json)" --argjson more "$extra" '
    {schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
     config: {mediaType: "application/vnd.oci.image.config.v1+json", size: 3, digest: $c},
     layers: [{mediaType: "application/vnd.dev.cosign.simplesigning.v1+json", size: $size, digest: $p,
               annotations: ({"dev.cosignproject.cosign/signature": $s} + $more)}]}' >manifest.json
  fetch -X PUT -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' --data-binary @manifest.json \
    "https://$registry_host/v2/shop/web/manifests/${1/:/-}.sig" >/dev/null
}
