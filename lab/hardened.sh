# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The hardened lab: the same shop on an engine with everything that 20.10 can have right.
# hardened.expect.tsv says what an honest audit finds: no alarm.

build_hardened() {
  say "network: an engine's machine and an outside"
  outside_connect
  say "starting the engine"
  hardened_etc
  hardened_authz
  engine_start "$state" engine bulkhead-hardened $lan_client
  mkdir -p "$state/rootfs"
  rootfs_base "$state/rootfs/base"
  outside_serves
  engine_wait "$state"
  say "images"
  image_import "$state" "$state/rootfs/base" lab/base:1
  image_build "$state" app shop/app:1 Dockerfile.user
  image_build "$state" web shop/web:1 Dockerfile.copy
  say "networks"
  network edge --subnet 172.31.1.0/24
  network front --subnet 172.31.2.0/24 --internal
  network app --subnet 172.31.3.0/24 --internal
  network data --subnet 172.31.4.0/24 --internal
  say "containers"
  hardened_containers
  outside_calls "http://$lan_engine:8080/cgi-bin/up"
}

# Files that cover those of the same name below /etc for this engine alone.
hardened_etc() {
  local etc=$state/etc file
  mkdir -p "$etc/docker"
  for file in passwd group subuid subgid; do cp "/etc/$file" "$etc/$file" 2>/dev/null || touch "/etc/$file" "$etc/$file"; done
  grep -q '^bulkheadlab:' "$etc/passwd" || echo 'bulkheadlab:x:64999:64999::/nonexistent:/usr/sbin/nologin' >>"$etc/passwd"
  grep -q '^bulkheadlab:' "$etc/group" || echo 'bulkheadlab:x:64999:' >>"$etc/group"
  echo 'bulkheadlab:1700000000:65536' >"$etc/subuid"
  echo 'bulkheadlab:1700000000:65536' >"$etc/subgid"
  cat >"$etc/docker/daemon.json" <<J
{
  "userns-remap": "bulkheadlab",
  "icc": false,
  "userland-proxy": false,
  "no-new-privileges": true,
  "live-restore": true,
  "seccomp-profile": "$state/seccomp.json",
  "log-level": "info",
  "log-driver": "syslog",
  "log-opts": { "syslog-address": "udp://$lan_client:514" },
  "authorization-plugins": ["lab-policy"],
  "default-ulimits": { "nofile": { "Name": "nofile", "Soft": 1024, "Hard": 1024 } },
  "experimental": false
}
J
  chmod 644 "$etc/docker/daemon.json"
}

# Asked by the engine about each request. Its processes end with the lab's namespaces.
hardened_authz() {
  mkdir -p "$state/etc/docker/plugins"
  echo tcp://127.0.0.1:4000 >"$state/etc/docker/plugins/lab-policy.spec"
  cp "$here/lib/authz.sh" "$state/authz.sh"
  in_netns engine ip link set lo up
  # busybox listens on every address.
  in_netns engine iptables -w -A INPUT ! -i lo -p tcp --dport 4000 -j DROP
  setsid nsenter --net="$state/net/engine" env -i PATH="$PATH" busybox nc -ll -p 4000 -e sh "$state/authz.sh" >/dev/null 2>&1 </dev/null 8>&- 9>&- &
  disown $!
}

hardened_containers() {
  local serve="sh /app/serve.sh" call="sh /app/call.sh"
  local safe="--user 1000:1000 --read-only --tmpfs /tmp:rw,noexec,nosuid,nodev,size=1m --cap-drop ALL"
  safe="$safe --security-opt no-new-privileges --security-opt seccomp=$state/seccomp.json"
  safe="$safe --pids-limit 32 --memory 32m --memory-swap 32m --cpus 0.25 --restart on-failure:5"
  safe="$safe --label org.example.owner=shop"
  # Seldom: each check is four events, of which the engine keeps 256.
  safe="$safe --health-cmd 'test -r /etc/passwd' --health-interval 24h"
  together \
    "container 'run -d' proxy $safe --network shop_edge -p $lan_engine:8080:8080 -e PORT=8080 -e UPSTREAM=http://shop-web-1:8080/ shop/app:1 $serve" \
    "container 'run -d' web $safe --network shop_front -e PORT=8080 shop/web:1 $serve http://shop-api-1:8080/" \
    "container 'run -d' api $safe --network shop_app -e PORT=8080 shop/app:1 $serve tcp://shop-db-1:5432 tcp://shop-cache-1:6379" \
    "container 'run -d' db $safe --network shop_data shop/app:1 sh /app/store.sh 5432" \
    "container 'run -d' cache $safe --network shop_data shop/app:1 sh /app/store.sh 6379" \
    "container 'run -d' worker $safe --network shop_app shop/app:1 $call http://shop-api-1:8080/" \
    "container 'run -d' job $safe --network shop_data shop/app:1 sh -c 'echo job done'"
  join front proxy
  join app web
  join data api
}
