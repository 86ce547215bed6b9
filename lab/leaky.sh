# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The leaky lab: an engine with its defaults and the shop with one planted flaw per control.
# leaky.expect.tsv says what an honest audit finds; README.md lists the objects.

# What a careful person would give every container here; each flaw leaves out one of these.
# userns, a profile of its own and a limit of processes are left out everywhere: engine defaults.
user="--user 1000:1000"
fixed="--read-only --tmpfs /tmp"
nogain="--security-opt no-new-privileges"
careful="$user $fixed $nogain"

build_leaky() {
  local runtime=runc group
  say "network: an engine's machine and an outside"
  outside_connect
  say "starting the engine"
  # Root without CAP_SYS_RESOURCE (bit 24) cannot hand it to a privileged container.
  (( 0x$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status) >> 24 & 1 )) || runtime=lab
  install -D -m 755 "$here/lib/runtime_without_sys_resource.sh" "$state/runtime"
  # A certificate for a registry that everybody may replace.
  install -D -m 666 /dev/null "$state/etc/docker/certs.d/registry.lab.example:5000/ca.crt"
  engine_start "$state" engine bulkhead-leaky $lan_client --add-runtime "lab=$state/runtime" \
    --host tcp://127.0.0.1:2375 --tls=false --insecure-registry registry.lab.example:5000 --log-level warn --experimental
  leaky_rootfs
  engine_wait "$state"
  leaky_shared_mount
  group=$(stat -c %g "$state/docker.sock")
  say "images"
  image_import "$state" "$state/rootfs/base" lab/base:1
  image_import "$state" "$state/rootfs/ssh" lab/ssh:1
  image_import "$state" "$state/rootfs/renamed" shop/telemetry:1
  image_build "$state" app shop/app:1
  image_build "$state" web shop/web:1
  image_build "$state" job shop/job:1
  docker_at "$state" tag shop/app:1 shop/legacy:1
  say "networks"
  leaky_networks
  say "containers"
  leaky_containers
  leaky_connections
  leaky_traces
}

leaky_rootfs() {
  mkdir -p "$state/rootfs"
  rootfs_base "$state/rootfs/base"
  cp -a "$state/rootfs/base" "$state/rootfs/ssh"
  rootfs_dropbear "$state/rootfs/ssh" /usr/sbin/dropbear
  cp -a "$state/rootfs/base" "$state/rootfs/renamed"
  rootfs_dropbear "$state/rootfs/renamed" /usr/local/bin/telemetryd
  chmod 4755 "$state/rootfs/renamed/usr/local/bin/telemetryd"
  outside_serves
}

# A mount in the engine's own mount namespace that passes on what is mounted below it, as / does where systemd runs.
leaky_shared_mount() {
  mkdir "$state/exports"
  nsenter --mount="/proc/$(cat "$state/pid")/ns/mnt" sh -c 'mount --bind "$1" "$1" && mount --make-shared "$1"' _ "$state/exports" || die "cannot share a mount"
}

leaky_networks() {
  network front --subnet 172.30.1.0/24
  network app --subnet 172.30.2.0/24
  network vault --subnet 172.30.3.0/24 --internal
  network guests --subnet 172.30.4.0/24 -o com.docker.network.bridge.enable_icc=false
  network data --subnet 172.30.5.0/24
  network feed --subnet 172.30.6.0/24 --ipv6 --subnet fd00:30:6::/64
  # Docker refuses two of its own networks that overlap, but nobody stops a machine's other routes.
  in_netns engine ip link add vpn0 type bridge
  in_netns engine ip addr add 172.30.5.126/25 dev vpn0
  in_netns engine ip link set vpn0 up
}

leaky_containers() {
  local serve="sh /app/serve.sh" call="sh /app/call.sh" profile="--security-opt seccomp=$state/seccomp.json"
  local ssh="dropbear -F -E -R -s -p"
  together \
    "container 'run -d' proxy $careful --network shop_front -p 0.0.0.0:8080:80 -e UPSTREAM=http://shop-web-1/ shop/app:1 $serve" \
    "container 'run -d' web $careful $profile --network shop_front -p $lan_engine:8082:80 shop/web:1 $serve http://shop-api-1/" \
    "container 'run -d' api $user $nogain --network shop_app -p 8081:80 shop/app:1 $serve tcp://shop-db-1:5432 tcp://shop-cache-1:6379 http://$internet/" \
    "container 'run -d' db $fixed $nogain --network shop_data -p 127.0.0.1:5432:5432 shop/app:1 su -s /bin/sh app -c 'exec sh /app/store.sh 5432'" \
    "container 'run -d' cache $fixed $nogain --network shop_data lab/ssh:1 nc -ll -p 6379 -e /bin/echo +PONG" \
    "container 'run -d' worker $user $fixed --network shop_app -e DB_PASSWORD=anchor shop/app:1 $call http://shop-api-1/ tcp://shop-cache-1:6379 'http://[fd00:30:6::10]/'" \
    "container 'run -d' job $careful --network shop_app shop/job:1"
  together \
    "container 'run -d' admin $careful --tmpfs /etc/dropbear:uid=1000 --network shop_app lab/ssh:1 /usr/sbin/$ssh 22" \
    "container 'run -d' telemetry $careful --tmpfs /etc/dropbear:uid=1000 --network shop_app shop/telemetry:1 /usr/local/bin/telemetryd ${ssh#dropbear } 2222" \
    "container 'run -d' mail $careful --network shop_front -p $lan_engine:2525:25 --health-cmd 'sleep 900' --health-interval 5s --health-timeout 30m shop/app:1 $call http://shop-web-1/" \
    "container 'run -d' console $fixed $nogain --network shop_app -v $state/docker.sock:/var/run/docker.sock shop/app:1 $serve" \
    "container 'run -d' logs $careful --group-add $group --network shop_app -v $state:/engine shop/app:1 $serve" \
    "container 'run -d' metrics $careful --group-add $group --network shop_app -v $state/docker.sock:/var/run/docker.sock:ro shop/app:1 $serve" \
    "container 'run -d' trace $careful --security-opt seccomp=unconfined --network shop_app -p 127.0.0.1:80:80 shop/app:1 $serve" \
    "container 'run -d' backup $fixed --privileged --runtime $runtime --network shop_vault shop/app:1 $call http://shop-vault-1/"
  together \
    "container 'run -d' vault $careful --ipc host -v $state/exports:/exports:shared --memory 64m --cpus 0.5 --pids-limit 64 --network shop_vault shop/app:1 $serve" \
    "container 'run -d' legacy $careful --uts host shop/legacy:1 $serve" \
    "container 'run -d' search $careful --cap-drop NET_RAW -v /usr/share/doc:/docs --network shop_data shop/app:1 $serve" \
    "container 'run -d' feed $careful --cap-add NET_ADMIN --cgroup-parent /$cgroup/apart --network shop_feed --ip6 fd00:30:6::10 shop/app:1 $serve" \
    "container 'run -d' guest $careful --restart always --network shop_guests shop/app:1 $serve http://$internet/" \
    "container 'run -d' visitor $careful --pid host --network shop_guests shop/app:1 $call http://shop-guest-1/" \
    "container 'run -d' node $careful --ulimit nofile=1024:2048 --network host -e PORT=9100 shop/app:1 $serve" \
    "container create restore $careful --network shop_vault shop/app:1"
  together \
    "container 'run -d' cron $careful --link shop-legacy-1:legacy shop/app:1 $call http://legacy/" \
    "container 'run -d' sidecar $careful --network container:shop-web-1 shop/app:1 $call http://127.0.0.1/"
}

leaky_connections() {
  join app web
  join data api worker
  join feed worker
  docker_at "$state" pause shop-search-1 >/dev/null
  # A newer build of what legacy runs.
  docker_at "$state" tag lab/base:1 shop/legacy:1
}

# What people and clients leave behind: commands run by hand, and connections from outside.
leaky_traces() {
  docker_at "$state" exec shop-api-1 sh -c 'echo hotfix >/tmp/hotfix'
  docker_at "$state" exec -d shop-worker-1 sh -c 'sleep 1000000'
  docker_at "$state" exec -d --user root shop-admin-1 sh -c 'sleep 1000000'
  docker_at "$state" exec -d --privileged shop-backup-1 sh -c 'sleep 1000000'
  outside_calls "http://$lan_engine:8080/cgi-bin/up" "http://$lan_engine:8082/" "http://$lan_engine:8081/" \
    "http://[fd00:77::1]:8081/" "http://$lan_engine:9100/"
}
