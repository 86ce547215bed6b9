#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# OCI runtime wrapper for machines whose root lacks CAP_SYS_RESOURCE (runc would refuse a privileged
# container there): takes that one capability out of the container's config.json, then becomes runc.
bundle=.
previous=
for argument; do
  case $argument in --bundle=*) bundle=${argument#--bundle=} ;; esac
  case $previous in --bundle|-b) bundle=$argument ;; esac
  previous=$argument
done
[ -f "$bundle/config.json" ] && sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$bundle/config.json"
exec runc "$@"
