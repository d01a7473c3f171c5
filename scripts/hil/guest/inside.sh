# Runs inside the VM, in the host's file system: wires the devices, then what was asked for.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LANG=C.UTF-8
# An emulated processor is so many times slower than a robot's.
export HIL_SLOWNESS=$(sed -n 's/.*hil\.slowness=\([0-9]*\).*/\1/p' /proc/cmdline)
export HIL_PORT=/dev/virtio-ports/hil
cd "$HIL_ROOT" || exit

# Names of virtio ports and sound devices are udev's work; here the few that are needed.
mkdir -p /dev/virtio-ports
for port in /sys/class/virtio-ports/*; do
  [ -e "$port/name" ] && ln -sf "../${port##*/}" "/dev/virtio-ports/$(cat "$port/name")"
done

tell() { echo "$1" > $HIL_PORT; }
phase() { tell "{\"kind\":\"phase\",\"name\":\"$1\",\"limitS\":$2}"; }

phase devices 20
ip link set lo up
# WebRTC takes no address of the loopback interface.
ip link add hil0 type dummy && ip address add 10.11.12.1/24 dev hil0 && ip link set hil0 up

# A bank of lines as on the robot's computer: same chip label, same numbers.
bank=/sys/kernel/config/gpio-sim/hil/bank0
mkdir -p $bank
echo 54 > $bank/num_lines
echo pinctrl-bcm2711 > $bank/label
echo 1 > /sys/kernel/config/gpio-sim/hil/live
export HIL_LINES="/sys/devices/platform/$(cat /sys/kernel/config/gpio-sim/hil/dev_name)/$(cat $bank/chip_name)"
# As the robot is wired: servo enable and buttons are pulled up, rails down.
for line in 17 5 6; do echo pull-up > "$HIL_LINES/sim_gpio$line/pull"; done
for line in 22 23 24; do echo pull-down > "$HIL_LINES/sim_gpio$line/pull"; done

# It comes with 3.3 mV, which no pack of this robot has.
echo 7400000 > /sys/module/test_power/parameters/battery_voltage

for adapter in /sys/class/i2c-adapter/i2c-*; do
  case $(cat "$adapter/name") in SMBus\ stub*) export HIL_I2C_BUS=${adapter##*-} ;; esac
done
[ -f "$HIL_ROOT/dist/hil/gstreamer-registry" ] && {
  cp "$HIL_ROOT/dist/hil/gstreamer-registry" /tmp/gstreamer-registry
  export GST_REGISTRY=/tmp/gstreamer-registry GST_REGISTRY_UPDATE=no
}

if [ "$HIL_SHELL" ]; then
  echo 'A shell inside. `node dist/hil/guest/suites.mjs gpio` runs a suite; exit or Ctrl-A X ends it.'
  # An emulated processor is so many times slower than a robot's.
export HIL_SLOWNESS=$(sed -n 's/.*hil\.slowness=\([0-9]*\).*/\1/p' /proc/cmdline)
export HIL_PORT=/dev/stdout
  setsid -c bash -i
  exit
fi

$HIL_NODE --enable-source-maps dist/hil/guest/suites.mjs "$HIL_ONLY"
tell "{\"kind\":\"ended\",\"name\":\"suites\",\"code\":$?}"
# The robot's watchdog bites for good: the last step is to see that it does.
rmmod softdog && modprobe softdog soft_margin=15
$HIL_NODE --enable-source-maps dist/hil/guest/robot.mjs "$HIL_ONLY"
tell "{\"kind\":\"ended\",\"name\":\"robot\",\"code\":$?}"
tell '{"kind":"done"}'
sleep 1
