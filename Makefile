# SPDX-License-Identifier: Apache-2.0
# What developers type. Thin: the presets (CMakePresets.json) and the scripts in tools/ do the work.
JOBS ?= $(shell nproc)

.PHONY: build dev test check bench asan tsan fuzz package clean

build:  ## the program, optimised: build/bulkhead
	cmake --preset release >/dev/null
	cmake --build build --parallel $(JOBS) --target bulkhead

dev:  ## everything, for debugging: build-dev/
	cmake --preset dev >/dev/null
	cmake --build build-dev --parallel $(JOBS)

test:  ## everything that CI runs
	./test

check:  ## style: format, include direction, house rules, clang-tidy (CHECK=--fast leaves out the last, which takes minutes)
	tools/check $(CHECK)

bench:  ## one line per figure: name, value, unit
	bench/run

asan tsan:  ## unit tests under the sanitizers
	cmake --preset $@ >/dev/null
	cmake --build build-$@ --parallel $(JOBS)
	ctest --preset $@

fuzz:  ## each fuzz target for FUZZ_SECONDS (60); TARGETS="json engine" for some of them
	tools/fuzz

package:  ## dist/bulkhead_VERSION_ARCH.deb; tools/try_in_clean_tree packaging/try proves it
	@for tool in scdoc dpkg-shlibdeps; do command -v $$tool >/dev/null || { echo "$$tool is missing: apt-get install scdoc dpkg-dev"; exit 1; }; done
	cmake --preset release >/dev/null
	cmake --build build --parallel $(JOBS) --target packaged
	cd build && umask 022 && cpack -G DEB
	@if command -v lintian >/dev/null; then lintian --fail-on error dist/*.deb; else echo "lintian is missing: the package is not checked"; fi

clean:
	rm -rf dist build build-dev build-asan build-tsan build-fuzz
