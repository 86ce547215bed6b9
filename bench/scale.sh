# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: Apache-2.0
# An engine with as many containers as wanted, in namespaces of its own like the labs, whose parts it uses. Sourced by bench/run.
# Its state is in ${BULKHEAD_BENCH_DIR:-/var/tmp/bulkhead-bench}; what an earlier run left there is removed first.
export BULKHEAD_LAB_DIR=${BULKHEAD_BENCH_DIR:-/var/tmp/bulkhead-bench}
here=$PWD/lab
for part in say state netns processes engine images; do
    # shellcheck source=/dev/null
    . "$here/lib/$part.sh"
done
# shellcheck disable=SC2034  # read by lab/lib/state.sh
lab_names=(scale)

scale_up() {
    lab_select scale
    need_root
    need_programs
    state_dir_is_safe
    if [ -e "$state" ]; then lab_remove; fi
    trap 'trap "" INT TERM; trap - EXIT; scale_down; exit 130' INT TERM
    trap scale_down EXIT
    mkdir -p "$state/cli" "$state/net" "$state/log" "$state/rootfs"
    netns_make engine
    engine_start "$state" engine bulkhead-bench 127.0.0.1
    rootfs_base "$state/rootfs"
    engine_wait "$state"
    image_import "$state" "$state/rootfs" bench/app:1
    local number
    for number in 0 1 2 3 4 5; do
        docker_at "$state" network create --subnet "172.31.$number.0/24" "bench_$number" >/dev/null || die "cannot make a network"
    done
    made=0
    running=0
}

scale_down() {
    trap - EXIT INT TERM
    lab_remove
    rmdir "$BULKHEAD_LAB_DIR" 2>/dev/null
    return 0
}

# The containers of one wave, numbers on standard input, several side by side. What they are like is typical: a user network, a
# user, labels of Compose, a few variables; each third publishes a port.
scale_make() {
    local verb=$1
    docker_at "$state" version >/dev/null || die "the engine has gone"
    env -u DOCKER_CONTEXT -u DOCKER_TLS_VERIFY -u DOCKER_CERT_PATH DOCKER_HOST="unix://$state/docker.sock" DOCKER_CONFIG="$state/cli" \
        xargs -P 4 -n 1 sh -c '
            docker=$0 verb=$1 number=$2
            publish=
            if [ $((number % 3)) = 0 ]; then publish="-p 127.0.0.1:$((20000 + number)):8080"; fi
            exec "$docker" $verb --name "bench-$number" --network "bench_$((number % 6))" --user 1000:1000 --read-only --cap-drop ALL \
                --security-opt no-new-privileges -e SETTING=on -e MODE=fast $publish --label com.docker.compose.project=bench \
                --label "com.docker.compose.service=s$number" bench/app:1 httpd -f -p 8080 >/dev/null' "$docker_bin" "$verb" ||
        die "a container could not be made"
}

# scale_to ALL RUNNING: makes more containers, and starts or stops, until there are so many.
scale_to() {
    local all=$1 wanted=$2
    if [ "$running" -gt "$wanted" ]; then
        seq -f 'bench-%.0f' "$((wanted + 1))" "$running" | xargs env -u DOCKER_CONTEXT DOCKER_HOST="unix://$state/docker.sock" "$docker_bin" kill >/dev/null
        running=$wanted
    elif [ "$running" -lt "$wanted" ]; then
        seq "$((made + 1))" "$wanted" | scale_make "run -d"
        running=$wanted
        made=$wanted
    fi
    if [ "$made" -lt "$all" ]; then
        seq "$((made + 1))" "$all" | scale_make create
        made=$all
    fi
}
