#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Serves HTTP on port ${PORT:-80}, and calls the URLs given as arguments every few seconds.
if [ $# -gt 0 ]; then sh /app/call.sh "$@" & fi
exec httpd -f -p "${PORT:-80}" -h "${WWW:-/app/www}"
