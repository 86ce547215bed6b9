#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles a program that needs no other file to run. usage: compile_static.sh COMPILER SOURCE PROGRAM
# The linker's warning is kept back: names are asked of a name server alone, which needs none of the libraries that it warns of.
set -eu
"$1" -std=c++20 -Os -static -s -fno-exceptions -fno-rtti -Wall -Wextra -o "$3" "$2" 2>"$3.log" || { cat "$3.log" >&2; exit 1; }
rm "$3.log"
