#!/usr/bin/env bash
# Finds Chromium for the browser tests. As root on Debian or Ubuntu it installs the distribution's
# package; elsewhere it says in one line what to do.
set -euo pipefail

for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && exit 0
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Chromium is missing: installing Debian's package (a few minutes, once)"
  log=$(mktemp)
  if apt-get update >"$log" 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium >>"$log" 2>&1; then
    exit 0
  fi
  tail -n 5 "$log"
fi
echo "Chromium is missing, and the browser tests need it: install it (Debian: apt-get install chromium) or set CHROMIUM to its path." >&2
exit 1
