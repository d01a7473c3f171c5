#!/usr/bin/env bash
# `make test`: all tests of this computer. As root on Debian or Ubuntu missing tools are
# installed first and a test that is skipped is a failure; without root the rest runs, and the end
# says what did not. With CI set nothing may be missing.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
need() {
  bash scripts/need.sh "$@" && return
  [ -z "${CI:-}" ] || exit 1
  for tool in "$@"; do
    bash scripts/need.sh "$tool" >/dev/null 2>&1 || missing+=("$tool")
  done
}

need addons gstreamer dbus mosquitto units
node scripts/install.mjs
[ ${#missing[@]} -gt 0 ] || export ALL_TESTS=1

npm run check --silent
npm test --silent

# Of Debian's releases one suffices: they have the same Chromium.
if [ -z "${WITHOUT_BROWSER:-}" ]; then
  need chromium
  [[ " ${missing[*]-} " == *' chromium '* ]] || npm run test:browser --silent
fi

if [ ${#missing[@]} -gt 0 ]; then
  echo
  echo "All that this computer can run has passed. Not run, for want of tools (see above): ${missing[*]}"
fi
