#!/usr/bin/env bash
# Brings the build tools that are missing into the cache, each at the version the build was made with.
# Built from source by the ordinary clients, cargo and npm: no other downloads are needed.
set -euo pipefail
cd "$(dirname "$0")/.."

trunk=0.21.14
binaryen=132
esbuild=0.28.2
bindgen=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
tools=${INTERLEAVE_CACHE:-$HOME/.cache/interleave}/tools

# `crate version extra...`: installs a binary crate. What these tools do is quick, so they are
# compiled quickly: unoptimised, they take a fraction of the time to build.
crate() {
  local name=$1 version=$2
  shift 2
  echo "installing $name $version (once, a few minutes)"
  local install=(cargo install "$name" --version "$version" --root "$tools" --force "$@")
  export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
  # A published lock file may name a version that was withdrawn since.
  "${install[@]}" --locked || "${install[@]}"
}

# `at program version`: is the program on the PATH (the cache's come first) of that version?
at() {
  [[ " $("$1" --version 2>/dev/null || true) " == *" $2 "* ]]
}

sysroot=$(rustc --print sysroot)
if [ ! -d "$sysroot/lib/rustlib/wasm32-unknown-unknown" ]; then
  rustup target add wasm32-unknown-unknown
fi
# The site is built with a standard library of its own (build.sh).
if [ ! -d "$sysroot/lib/rustlib/src/rust/library" ]; then
  rustup component add rust-src
fi
at trunk "$trunk" || crate trunk "$trunk" --no-default-features
at wasm-bindgen "$bindgen" || crate wasm-bindgen-cli "$bindgen"
if ! at wasm-opt "$binaryen" || ! at esbuild "$esbuild"; then
  echo "installing binaryen $binaryen and esbuild $esbuild"
  mkdir -p "$tools"
  npm install --prefix "$tools" --no-save --no-audit --no-fund --loglevel=error "binaryen@$binaryen" "esbuild@$esbuild"
fi
