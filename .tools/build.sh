#!/usr/bin/env bash
# Builds the site into dist/: Trunk, with a standard library made for size.
#
# What a page sends counts twice: rustup's standard library is compiled for speed and with the texts of its panics, and
# that is a sixth of the page. So it is compiled here with the site, panics become traps (the page says what happened and
# offers to go on; the command line, which is built the ordinary way, says where), and places in the source are left out.
# Cargo calls these options unstable, so they are used with the one compiler they were tried with. With any other the
# site is built the ordinary way: the same site, a sixth larger.
set -euo pipefail
cd "$(dirname "$0")/.."

compiler=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
if [[ $(rustc --version) == "rustc $compiler."* ]]; then
  export RUSTC_BOOTSTRAP=1
  export CARGO_UNSTABLE_BUILD_STD=std,panic_abort
  export CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size
  export CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT=true
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none"
else
  echo "$(rustc --version) is not Rust $compiler: the site will be larger than it could be"
fi
trunk build
