#!/bin/sh
# Fills an empty directory with the file system that every lab host of one release starts from.
# Usage: build-image.sh DIR RELEASE MIRROR PACKAGE...   (run in its own mount and process namespace)
set -eu
dir=$1 release=$2 mirror=$3
shift 3
here=$(dirname "$(readlink -f "$0")")
say() { echo "==> $*"; } # a line for people; the rest is for who looks into a failure

say "unpacking Debian $release from $mirror"
debootstrap --variant=minbase --include=ca-certificates "$release" "$dir" "$mirror"

# Hosts get no manual pages: a third of the files, and the image is copied into the page cache at every boot.
cat >"$dir/etc/dpkg/dpkg.cfg.d/lab" <<END
path-exclude=/usr/share/doc/*
path-exclude=/usr/share/man/*
path-exclude=/usr/share/locale/*
force-unsafe-io
END
echo "deb $mirror $release main" >"$dir/etc/apt/sources.list"
# The proxy and the validity checks that hold for this machine's apt hold for the same mirror here.
apt-config dump | grep '^Acquire::' | grep -v DEP-11 >"$dir/etc/apt/apt.conf.d/90lab" || true
cp /etc/resolv.conf "$dir/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d" # no service starts inside the build
chmod +x "$dir/usr/sbin/policy-rc.d"

in_image() { chroot "$dir" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive HOME=/root "$@"; }

mount -t proc proc "$dir/proc"
say "installing $# packages and what they need"
in_image apt-get -qq update
in_image apt-get -qq install -y --no-install-recommends "$@"
in_image apt-get clean

say "configuring"
cp -R "$here/rootfs/." "$dir/"
chown -R root:root "$dir/etc/sudoers.d" "$dir/etc/systemd" "$dir/usr/local"
chmod 440 "$dir"/etc/sudoers.d/*
in_image useradd -U -m -s /bin/bash deploy
in_image useradd -U -m -s /bin/bash ops
echo 'deploy:deploy' | in_image chpasswd
in_image usermod -aG sudo deploy

# Stores and meters are there for the playbooks that want them, which start them themselves.
for unit in consul etcd zookeeper iperf3; do
  in_image systemctl disable "$unit" 2>/dev/null || true
done
# No udev: it would see, and act on, the devices of the machine around the lab.
in_image systemctl mask systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket \
  systemd-udev-trigger.service systemd-timesyncd.service e2scrub_reap.service apt-daily.timer \
  apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer systemd-resolved.service
in_image systemctl disable networking 2>/dev/null || true
in_image systemctl enable docker.service docker.socket ssh.service openvswitch-switch.service lab-busybox.service

# The container image needs no registry: one static binary and its names, and iperf3 with its libraries.
busybox=$dir/tmp/busybox
mkdir -p "$busybox/bin" "$busybox/etc" "$busybox/tmp" "$busybox/root" "$busybox/proc" "$busybox/sys" "$busybox/dev" "$dir/var/lib/xrun"
chmod 1777 "$busybox/tmp"
cp "$dir/bin/busybox" "$busybox/bin/busybox"
cp "$dir/usr/bin/iperf3" "$busybox/bin/iperf3"
# A static program still loads the C library's resolver at run time, on releases where that is a file of its own.
resolver=$(in_image sh -c 'ls /lib/*/libnss_dns.so.2 /lib/*/libnss_files.so.2 /lib/*/libresolv.so.2 /lib/*/ld-linux*.so.* 2>/dev/null') || true
for library in $(in_image ldd /usr/bin/iperf3 | grep -o '/[^ ]*') $resolver; do
  in_image install -D "$library" "/tmp/busybox$library"
done
for applet in $("$busybox/bin/busybox" --list); do
  [ "$applet" = busybox ] || ln -s busybox "$busybox/bin/$applet"
done
echo 'root:x:0:0:root:/root:/bin/sh' >"$busybox/etc/passwd"
echo 'root:x:0:' >"$busybox/etc/group"
chmod 755 "$busybox"
tar -C "$busybox" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf "$dir/var/lib/xrun/busybox.tar" .
rm -rf "$busybox"

# What must differ between hosts is made when a host is made.
rm -f "$dir"/etc/ssh/ssh_host_* "$dir/usr/sbin/policy-rc.d" "$dir/etc/resolv.conf" "$dir/etc/hostname"
rm -rf "$dir"/var/lib/apt/lists/* "$dir"/var/log/*.log "$dir/etc/docker/key.json"
: >"$dir/etc/machine-id"
umount "$dir/proc"
