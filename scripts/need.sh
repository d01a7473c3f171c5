#!/usr/bin/env bash
# Checks for programs that tests need: need.sh chromium gstreamer dbus mosquitto units addons bare field servers deb
# As root on Debian or Ubuntu it installs the distribution's packages, once; elsewhere it says in
# one line what to do. `addons` is what compiles the add-ons for I2C and GPIO during npm ci, `deb` what
# builds the package for both machines and tries it.
set -euo pipefail

missing=()
packages=()
want() { # name, test, packages...
  local name=$1 check=$2
  shift 2
  eval "$check" >/dev/null 2>&1 || { missing+=("$name") && packages+=("$@"); }
}

chromium='[ -n "${CHROMIUM:-}" ] || command -v chromium || command -v chromium-browser || command -v google-chrome'
gst='for e in v4l2src jpegdec webrtcdsp webrtcechoprobe alsasrc gdppay; do gst-inspect-1.0 --exists $e || exit 1; done'

for what in "$@"; do
  case $what in
    chromium) want Chromium "$chromium" chromium ;;
    gstreamer)
      want GStreamer "($gst)" gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good \
        gstreamer1.0-plugins-bad gstreamer1.0-alsa
      ;;
    dbus) want dbus-daemon 'command -v dbus-daemon' dbus ;;
    mosquitto) want mosquitto 'command -v mosquitto && command -v mosquitto_passwd' mosquitto ;;
    units) want systemd-analyze 'command -v systemd-analyze' systemd ;;
    addons)
      want 'a C++ compiler' 'command -v g++ && command -v make && command -v python3' g++ make python3
      want libgpiod '[ -e /usr/include/gpiod.h ]' libgpiod-dev
      ;;
    bare)
      want mmdebstrap 'command -v mmdebstrap' mmdebstrap
      want 'unshare, setpriv' 'command -v unshare && command -v setpriv' util-linux
      ;;
    deb)
      # Libraries for the robot's machine are downloaded, not installed: apt has to know them.
      apt-cache show libgpiod2:arm64 >/dev/null 2>&1 || { missing+=('arm64 in the package lists') && foreign=arm64; }
      want 'a C++ compiler for arm64' 'command -v aarch64-linux-gnu-g++' g++-aarch64-linux-gnu
      want libgpiod '[ -e /usr/include/gpiod.h ]' libgpiod-dev
      want 'QEMU for programs' 'command -v qemu-aarch64' qemu-user
      want mmdebstrap 'command -v mmdebstrap' mmdebstrap
      want 'file, unshare, nsenter' 'command -v file && command -v unshare && command -v nsenter' file util-linux
      ;;
    servers)
      want coturn 'command -v turnserver' coturn
      want mosquitto 'command -v mosquitto && command -v mosquitto_passwd' mosquitto
      want nats-server 'command -v nats-server || [ -x /usr/sbin/nats-server ]' nats-server
      want nginx 'command -v nginx || [ -x /usr/sbin/nginx ]' nginx-light
      want PostgreSQL 'ls /usr/lib/postgresql/*/bin/initdb' postgresql
      ;;
    field)
      want 'network namespaces' 'command -v ip && command -v ss && command -v sysctl' iproute2 procps
      want nftables 'command -v nft' nftables
      want coturn 'command -v turnserver' coturn
      want mosquitto 'command -v mosquitto && command -v mosquitto_passwd' mosquitto
      want certutil 'command -v certutil' libnss3-tools
      want setpriv 'command -v setpriv' util-linux
      want Firefox '[ -n "${FIREFOX:-}" ] || command -v firefox-esr' firefox-esr
      ;;
    *) echo "need.sh: unknown: $what" >&2 && exit 64 ;;
  esac
done
[ ${#missing[@]} -gt 0 ] || exit 0

list=$(printf '%s, ' "${missing[@]}")
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Missing: ${list%, }. Installing Debian's packages (a few minutes, once)"
  log=$(mktemp)
  [ -z "${foreign:-}" ] || dpkg --add-architecture "$foreign"
  if apt-get update >"$log" 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages[@]+"${packages[@]}"} >>"$log" 2>&1; then
    exit 0
  fi
  tail -n 5 "$log"
fi
echo "Missing: ${list%, }. Tests need it; install it (Debian: ${foreign:+dpkg --add-architecture $foreign, apt-get update, }apt-get install ${packages[*]-})." >&2
exit 1
