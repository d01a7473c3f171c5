# Runs inside the VM, in the host's file system, after `init` has wired the devices.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LANG=C.UTF-8
cd "$VM_ROOT" || exit

tell() { echo "$1" > $VM_PORT; }

[ -f dist/vm/gstreamer-registry ] && {
  cp dist/vm/gstreamer-registry /tmp/gstreamer-registry
  export GST_REGISTRY=/tmp/gstreamer-registry GST_REGISTRY_UPDATE=no
}

if [ "$VM_SHELL" ]; then
  echo 'A shell inside. `node dist/vm/guest/suites.mjs gpio` runs a suite; exit or Ctrl-A X ends it.'
  export VM_PORT=/dev/stdout
  setsid -c bash -i
  exit
fi

# On one emulated processor V8's garbage collection takes 20 to 45 ms at a time, as long as a
# driver's call may take. A small young generation keeps it under 16 ms, a large heap defers the rest.
[ "$VM_SLOWNESS" = 1 ] || room='--max-semi-space-size=2 --initial-heap-size=512'
$VM_NODE $room --enable-source-maps dist/vm/guest/suites.mjs "$VM_ONLY"
tell "{\"kind\":\"ended\",\"name\":\"suites\",\"code\":$?}"
# One processor replaces a robot's four: threads get short time slices.
[ "$VM_SLOWNESS" = 1 ] || echo 4 > /proc/sys/kernel/sched_rr_timeslice_ms
# The watchdog really resets the machine: the last step checks that.
rmmod softdog && modprobe softdog soft_margin=8
$VM_NODE --enable-source-maps dist/vm/guest/robot.mjs "$VM_ONLY"
tell "{\"kind\":\"ended\",\"name\":\"robot\",\"code\":$?}"
tell '{"kind":"done"}'
sleep 1
