import type { Row } from './row.ts';

/** Makes a small package at /srv/nine_VERSION.deb. */
const makePackage = (version: string) =>
  `d=$(mktemp -d); mkdir -p $d/DEBIAN $d/usr/share/nine; echo ${version} > $d/usr/share/nine/version; chmod 755 $d
printf 'Package: nine\\nVersion: ${version}\\nArchitecture: all\\nMaintainer: nobody <nobody@localhost>\\nDescription: nothing\\n' > $d/DEBIAN/control
dpkg-deb --build $d /srv/nine_${version}.deb`;

/** The system: its kernel settings, services, packages, timed jobs, mounts and name. */
export const SYSTEM: Row[] = [
  {
    task: { sysctl: { name: 'net.ipv4.tcp_keepalive_time', value: 600 } },
    ask: 'sysctl -n net.ipv4.tcp_keepalive_time; grep -c "^net.ipv4.tcp_keepalive_time = 600$" /etc/sysctl.d/60-xrun.conf',
    answer: '600\n1',
    drift: {
      by: 'sysctl -q -w net.ipv4.tcp_keepalive_time=700',
      tells: { 'net.ipv4.tcp_keepalive_time': ['700', '600'] },
    },
  },
  {
    // The lab's hosts load no modules of their own; what can be seen there is that one is no longer asked for at boot.
    given: 'mkdir -p /etc/modules-load.d; echo nine > /etc/modules-load.d/nine.conf',
    task: { modprobe: { name: 'nine', state: 'absent', persistent: 'absent' } },
    ask: 'ls /etc/modules-load.d/nine.conf 2>/dev/null || echo gone',
    answer: 'gone',
    drift: {
      by: 'echo nine > /etc/modules-load.d/nine.conf',
      tells: { '/etc/modules-load.d/nine.conf': ['nine', null] },
    },
  },
  {
    given:
      "printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/ten.service; systemctl daemon-reload",
    task: { systemd: { name: 'ten', state: 'started', enabled: true } },
    ask: 'systemctl is-active ten; systemctl is-enabled ten',
    answer: 'active\nenabled',
    drift: {
      by: 'systemctl -q stop ten; systemctl -q disable ten',
      tells: { 'ten.service enabled': ['disabled', 'enabled'], 'ten.service': ['inactive', 'active'] },
    },
  },
  {
    given: `${makePackage('1.0')}\n${makePackage('1.1')}`,
    task: { package: { file: '/srv/nine_1.1.deb' } },
    ask: "dpkg-query -W -f '${Version}' nine; echo; cat /usr/share/nine/version",
    answer: '1.1\n1.1',
    drift: { by: 'dpkg -i --force-downgrade /srv/nine_1.0.deb', tells: { 'package nine': ['1.0', '1.1'] } },
  },
  {
    task: { cron: { name: 'nine', minute: '*/9', job: 'true', user: 'root' } },
    ask: 'crontab -l -u root',
    answer: '#Ansible: nine\n*/9 * * * * true',
    drift: {
      by: 'crontab -l | sed s,/9,/8, | crontab -',
      tells: { 'job nine in the crontab of root': ['*/8 * * * * true', '*/9 * * * * true'] },
    },
  },
  {
    title: 'a file of /etc/cron.d',
    task: { cron: { name: 'nine', special_time: 'daily', job: 'true', user: 'nobody', cron_file: 'nine' } },
    ask: 'stat -c %a:%U /etc/cron.d/nine; cat /etc/cron.d/nine',
    answer: '644:root\n#Ansible: nine\n@daily nobody true',
    drift: {
      by: 'sed -i s,nobody,root, /etc/cron.d/nine',
      tells: { 'job nine in /etc/cron.d/nine': ['@daily root true', '@daily nobody true'] },
    },
  },
  {
    task: {
      mount: {
        path: '/srv/scratch',
        src: 'tmpfs',
        fstype: 'tmpfs',
        opts: 'size=9m,mode=0700,noexec',
        state: 'mounted',
      },
    },
    ask: 'findmnt -rn -o SOURCE,FSTYPE,OPTIONS /srv/scratch; grep scratch /etc/fstab',
    answer: 'tmpfs tmpfs rw,noexec,relatime,size=9216k,mode=700\ntmpfs /srv/scratch tmpfs size=9m,mode=0700,noexec 0 0',
    drift: {
      by: "mount -o remount,exec,size=8m /srv/scratch; sed -i 's/noexec 0 0/noexec 0 2/' /etc/fstab",
      tells: {
        '/srv/scratch exec': ['exec', 'noexec'],
        '/srv/scratch size': ['size=8192k', 'size=9m'],
        '/srv/scratch in /etc/fstab: passno': ['2', '0'],
      },
    },
  },
  {
    title: 'a directory in a second place',
    given: 'mkdir /srv/first /srv/second; touch /srv/first/seen',
    task: { mount: { path: '/srv/second', src: '/srv/first', fstype: 'none', opts: 'bind,ro', state: 'ephemeral' } },
    ask: 'ls /srv/second; findmnt -rn -o OPTIONS /srv/second | cut -d, -f1',
    answer: 'seen\nro',
    drift: { by: 'mount -o remount,bind,rw /srv/second', tells: { '/srv/second rw': ['rw', 'ro'] } },
  },
  {
    // systemd-nspawn mounts /sys twice: what lies on the first one nobody sees, though the kernel lists it.
    title: 'a directory whose path another mount hides',
    given: 'mkdir /mnt/kernel',
    task: { mount: { path: '/mnt/kernel', src: '/sys/kernel', fstype: 'none', opts: 'bind', state: 'ephemeral' } },
    ask: 'findmnt -rn -o FSTYPE /mnt/kernel | head -n 1',
    answer: 'sysfs',
    drift: {
      by: 'umount /mnt/kernel; mount --bind /proc/sys /mnt/kernel',
      tells: { '/mnt/kernel source': ['proc', '/sys/kernel'] },
    },
  },
  {
    task: { hostname: { name: 'nine' } },
    ask: 'hostname; cat /etc/hostname',
    answer: 'nine\nnine',
    drift: {
      by: 'hostname eight; echo seven > /etc/hostname',
      tells: { '/etc/hostname': ['seven', 'nine'], hostname: ['eight', 'nine'] },
    },
  },
];
