#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A store that answers every TCP connection on port $1 with one line.
exec nc -ll -p "$1" -e /bin/echo "+1 row"
