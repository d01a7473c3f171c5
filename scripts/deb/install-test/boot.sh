#!/bin/bash
# Makes a Debian root the system of these namespaces and starts systemd in it:
# boot.sh LOWER UPPER INBOX. Run in new pid, mount, uts, ipc, net and cgroup namespaces. All writes
# go to UPPER, INBOX (the packages) is seen as /inbox.
set -eu
lower=$1 upper=$2 inbox=$3
root=$upper/root
mkdir -p "$upper/changes" "$upper/work" "$root"
mount -t overlay -o "lowerdir=$lower,upperdir=$upper/changes,workdir=$upper/work" overlay "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for name in null zero full random urandom tty; do
	touch "$root/dev/$name"
	mount --bind "/dev/$name" "$root/dev/$name"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mkdir -p "$root/inbox" "$root/old"
mount --bind "$inbox" "$root/inbox"
cd "$root"
pivot_root . old
umount --lazy /old
exec env --ignore-environment container=deskmate-test \
	PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
