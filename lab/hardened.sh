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
  hardened_program
  image_build "$state" small shop/app:1
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

# The shop as one static program. It travels with bulkhead; from the project's folder it is compiled here.
hardened_program() {
  if [ -f "$here/programs/shop" ]; then
    cp "$here/programs/shop" "$state/images/small/shop"
  else
    sh "$here/lib/compile_static.sh" c++ "$here/programs/shop.cpp" "$state/images/small/shop" || die "cannot compile $here/programs/shop.cpp: use \`bulkhead lab\`"
  fi
  chmod 755 "$state/images/small/shop"
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
  local safe="--user 1000:1000 --read-only --tmpfs /tmp:rw,noexec,nosuid,nodev,size=1m --cap-drop ALL"
  safe="$safe --security-opt no-new-privileges --security-opt seccomp=$state/seccomp.json"
  safe="$safe --pids-limit 32 --memory 32m --memory-swap 32m --cpus 0.25 --restart on-failure:5"
  safe="$safe --label org.example.owner=shop"
  together \
    "container 'run -d' proxy $safe --network shop_edge -p $lan_engine:8080:8080 -e PORT=8080 -e UPSTREAM=http://shop-web-1:8080/ shop/app:1" \
    "container 'run -d' web $safe --network shop_front -e PORT=8080 shop/web:1 /app/shop serve http://shop-api-1:8080/" \
    "container 'run -d' api $safe --network shop_app -e PORT=8080 shop/app:1 /app/shop serve tcp://shop-db-1:5432 tcp://shop-cache-1:6379" \
    "container 'run -d' db $safe --network shop_data -e PORT=5432 shop/app:1 /app/shop store" \
    "container 'run -d' cache $safe --network shop_data -e PORT=6379 shop/app:1 /app/shop store" \
    "container 'run -d' worker $safe --network shop_app shop/app:1 /app/shop call http://shop-api-1:8080/" \
    "container 'run -d' job $safe --network shop_data shop/app:1 /app/shop done"
  join front proxy
  join app web
  join data api
}
