#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests: $CHROMIUM, or Debian's.
set -euo pipefail

[ -x "${CHROMIUM:-/usr/bin/chromium}" ] && exit
echo "installing chromium"
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -q
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -q -y --no-install-recommends chromium
