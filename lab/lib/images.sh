# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Makes the images without a registry: imported root file systems of a static busybox (and dropbear),
# and images built on them by the engine's own builder.

# Named one by one: an applet such as telnetd would be a finding in every container.
applets="ash awk cat chmod chown cp cut date echo env expr false find grep head hostname httpd id ip kill ln ls
  mkdir mktemp mount mv nc netstat nslookup ping printf ps pwd readlink rm sed seq sh sleep sort start-stop-daemon
  stat su tail tee test timeout top touch tr true umount uname wc wget whoami"

rootfs_base() {
  local root=$1 applet
  mkdir -p "$root"/{bin,etc,tmp,proc,sys,dev,var/log,home/app}
  chmod 1777 "$root/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  for applet in $applets; do ln -s busybox "$root/bin/$applet"; done
  printf 'root:x:0:0:root:/:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\napp:x:1000:\n' >"$root/etc/group"
}

# rootfs_dropbear ROOT PATH-IN-IMAGE: the SSH server, under any name, with the libraries it needs.
rootfs_dropbear() {
  local root=$1 target=$2 server library
  server=$(command -v dropbear)
  mkdir -p "$root${target%/*}" "$root/etc/dropbear"
  cp "$server" "$root$target"
  ldd "$server" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root${library%/*}"
    cp -L "$library" "$root$library"
  done
}

# image_import DIR ROOT TAG
image_import() {
  tar -C "$2" --numeric-owner --owner=0 --group=0 -c . |
    docker_at "$1" import -c 'ENV PATH=/bin' -c 'CMD ["/bin/sh"]' - "$3" >/dev/null ||
    die "cannot import the image $3"
}

# image_build DIR FOLDER TAG [FILE]: FOLDER is below images/, FILE defaults to Dockerfile.
image_build() {
  docker_at "$1" build -q -t "$3" -f "$state/images/$2/${4:-Dockerfile}" "$state/images/$2" >/dev/null 2>"$state/log/build" ||
    { cat "$state/log/build" >&2; die "cannot build the image $3"; }
}
