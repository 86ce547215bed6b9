#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# OCI runtime wrapper for machines whose root lacks CAP_SYS_RESOURCE (runc would refuse a privileged
# container there, and a privileged exec): takes that one capability out of the container's config.json, or the command's, then becomes runc.
bundle=.
process=
previous=
for argument; do
  case $argument in --bundle=*) bundle=${argument#--bundle=} ;; --process=*) process=${argument#--process=} ;; esac
  case $previous in --bundle|-b) bundle=$argument ;; --process|-p) process=$argument ;; esac
  previous=$argument
done
for file in "$bundle/config.json" "$process"; do
  [ -f "$file" ] && sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$file"
done
exec runc "$@"
