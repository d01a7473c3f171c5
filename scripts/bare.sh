#!/usr/bin/env bash
# `make bare-test` (root): both README commands in pristine Debian roots that hold only what the
# README names (Linux, make, Node with npm), with an empty npm cache:
#
#   root      as root: `make sim` before anything is installed, then `make test`, which installs what
#             is missing and must run all tests
#   ordinary  as a user who can install nothing, without compilers, browser and GStreamer: `make sim`,
#             then `make test`, on the Node that NODE24 names if it is given
#
# Usage: [SUITE=trixie] bare.sh [root|ordinary]. Debian 12 (bookworm) unless SUITE says another. The
# reports of its run as root are left in dist/reports/.
set -euo pipefail
cd "$(dirname "$0")/.."

here=$PWD
suite=${SUITE:-bookworm}
work=$(mktemp -d "${TMPDIR:-/tmp}/deskmate-bare.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT

node_prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")

# A Debian with make, and Node as its installer lays it out; how this host reaches the package
# registries belongs to the host and comes along.
lay_root() { # path
  local root=$1
  mmdebstrap --quiet --variant=apt --include=make,passwd,util-linux --aptopt='Acquire::Languages "none"' "$suite" "$root"
  mkdir -p "$root/usr/local/lib/node_modules" "$root/usr/local/include" "$root/etc/ssl/certs"
  cp "$node_prefix/bin/node" "$root/usr/local/bin/node"
  cp -a "$node_prefix/lib/node_modules/npm" "$root/usr/local/lib/node_modules/"
  cp -a "$node_prefix/include/node" "$root/usr/local/include/"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  {
    echo "registry=$(npm config get registry)"
    echo 'cafile=/etc/ssl/certs/ca-certificates.crt'
    echo 'nodedir=/usr/local' # headers that came with Node instead of a download
  } >"$root/usr/local/npmrc"
  chroot "$root" useradd --create-home pupil
  mkdir "$root/home/pupil/deskmate"
  git ls-files -z --cached | tar --null --files-from=- --create | tar --extract --directory "$root/home/pupil/deskmate"
}

# Runs a script as `user` in the checkout inside `root`, in namespaces of its own: nothing outlives it.
inside() { # root, user, script
  local root=$1 user=$2 script=$3
  unshare --mount --pid --fork --kill-child bash -euo pipefail -c '
    root=$1 user=$2 script=$3
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm" 2>/dev/null || true
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    home=$([ "$user" = root ] && echo /root || echo "/home/$user")
    exec chroot "$root" setpriv --reuid "$user" --regid "$user" --init-groups \
      env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$home" USER="$user" \
      LANG=C.UTF-8 NPM_CONFIG_GLOBALCONFIG=/usr/local/npmrc \
      NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt ${CI:+CI="$CI"} ${FC_SEED:+FC_SEED="$FC_SEED"} \
      bash -euo pipefail -c "cd /home/pupil/deskmate; $script"
  ' bare "$root" "$user" "$script"
}

# `make sim` until it prints its address; the page answers; Ctrl-C ends it with 0.
try_sim='
  mkfifo /tmp/said
  exec 4<>/tmp/said
  PORT=8391 STATE=/tmp/sim setsid make sim >/tmp/said 2>&1 &
  sim=$!
  url=
  while read -r -t 180 line <&4; do
    echo "    $line"
    [[ $line =~ (http://[^[:space:]]+) ]] && url=${BASH_REMATCH[1]} && break
  done
  [ -n "$url" ] || { echo "make sim printed no address"; exit 1; }
  node -e "fetch(process.argv[1]).then(({ status }) => process.exit(status === 200 ? 0 : 1))" "$url"
  kill -INT -- "-$sim"
  wait "$sim" && code=0 || code=$?
  [ "$code" = 0 ] || [ "$code" = 130 ] || { echo "make sim ended with $code"; exit 1; }
  echo "make sim: ready, its page answers, ended"
'

as_root() {
  echo "-- a bare Debian ($suite), as root"
  lay_root "$work/root"
  inside "$work/root" root "$try_sim"
  inside "$work/root" root "$([ "$suite" = bookworm ] || echo 'export WITHOUT_BROWSER=1;') make test"
  [ "$suite" = bookworm ] || { rm -rf --one-file-system "$work/root" && return; }
  mkdir -p "$here/dist/reports"
  cp "$work/root/home/pupil/deskmate/dist/reports/everyday.json" "$here/dist/reports/"
  # Paths as the other reports have them.
  sed -i "s#/home/pupil/deskmate/#$here/#g" "$here/dist/reports/everyday.json"
  rm -rf --one-file-system "$work/root"
}

as_ordinary() {
  echo "-- a bare Debian ($suite), as an ordinary user"
  lay_root "$work/ordinary"
  [ -z "${NODE24:-}" ] || cp "$NODE24" "$work/ordinary/usr/local/bin/node"
  chroot "$work/ordinary" chown -R pupil:pupil /home/pupil
  # What is missing here is meant to be: no CI.
  (unset CI && inside "$work/ordinary" pupil "$try_sim" && inside "$work/ordinary" pupil 'node --version; make test')
  rm -rf --one-file-system "$work/ordinary"
}

case ${1:-both} in
  root) as_root ;;
  ordinary) as_ordinary ;;
  both) as_root && as_ordinary ;;
  *) echo "bare.sh: unknown: $1; expected root or ordinary" >&2 && exit 64 ;;
esac
