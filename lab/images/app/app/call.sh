#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Calls each URL given as an argument, every ${EVERY:-2} seconds, for ever.
# tcp://HOST:PORT sends a line and reads one, anything else is fetched by HTTP.
trap 'exit 0' TERM
while :; do
  for url in "$@"; do
    case $url in
      tcp://*) to=${url#tcp://}; echo "select 1" | timeout 3 nc -w 2 "${to%:*}" "${to##*:}" >/dev/null 2>&1 ;;
      *) timeout 3 wget -q -O /dev/null "$url" >/dev/null 2>&1 ;;
    esac
  done
  sleep "${EVERY:-2}"
done
