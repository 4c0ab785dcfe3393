import { expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { broken, chance } from './property.ts';
import type { Chance, Thing } from './property.ts';

const HOST = 'node1';
const EACH = 2;

const lab = useLab({ hosts: 1 });

test('what user, group, cron, mount and systemd have made is ok when it is read back, and every change by hand is found', async () => {
  const random = chance();
  const makers = [anyGroup, anyUser, anyJob, anyVariable, anyTmpfs, anyBind, anyUnit];
  expect(
    await broken(
      lab,
      HOST,
      makers.flatMap((make) => Array.from({ length: EACH }, (_, i) => make(random, i))),
    ),
  ).toEqual([]);
}, 900_000);

function anyGroup({ maybe }: Chance, i: number): Thing {
  return {
    task: { group: { name: `g${i}`, gid: 41_000 + i, ...maybe({ system: true }) } },
    spoilt: [{ by: `groupmod -g ${41_500 + i} g${i}`, what: `group g${i} gid` }],
  };
}

function anyUser({ one, two, maybe }: Chance, i: number): Thing {
  const name = one([`u${i}`, `U.${i}`, `u${i}$`, `DOM\\u${i}`, `u${i}@realm`, `ü${i}`]);
  const quoted = `'${name}'`;
  const [shell, otherShell] = two(['/bin/sh', '/usr/sbin/nologin', '/bin/none']);
  const [comment, otherComment] = two(['', 'A\\n%s, B', 'Zoë "x" \'y\'', '$HOME `id`', '-c', 'x  y']);
  const [groups, otherGroups] = two(['adm', 'adm,games', 'games']);
  const home = `/srv/home ${i}`;
  const args = {
    ...{ name, uid: 42_000 + i, shell, comment, groups, home },
    ...maybe({ expires: one([0, 86_399, 2_000_000_000, '2031-12-31', -1]) }),
    ...maybe({ password_expire_max: 90, password_expire_warn: 5 }),
    ...maybe({ umask: '077' }),
    ...maybe({ password: one(['!', '*', '$6$a$b']) }),
  };
  return {
    task: { user: args },
    spoilt: [
      { by: `usermod -s ${otherShell} ${quoted}`, what: 'shell' },
      { by: `usermod -c ${shellWord(otherComment)} ${quoted}`, what: 'comment' },
      { by: `usermod -G ${otherGroups} ${quoted}`, what: 'groups' },
      { by: `usermod -u ${42_500 + i} ${quoted}`, what: 'uid' },
      ...(args.password_expire_max === undefined ? [] : [{ by: `chage -M 80 ${quoted}`, what: 'password_expire_max' }]),
      ...(args.password === undefined ? [] : [{ by: `echo ${quoted}':$6$c$d' | chpasswd -e`, what: 'password' }]),
      { by: `rm -rf '${home}'`, what: home },
    ],
  };
}

function anyJob({ one, two, maybe }: Chance, i: number): Thing {
  const [minute, other] = two(['5', '*/7', '1-9/2', '0,30', '*']);
  const file = one([true, false]);
  const where = file ? { cron_file: `p${i}`, user: 'root' } : {};
  const path = file ? `/etc/cron.d/p${i}` : '/var/spool/cron/crontabs/root';
  const job = one(['true', "echo 'a b' > /dev/null", 'date +\\%F', 'x; # y']);
  const args = {
    name: one([`job ${i}`, `Jöb (${i}) *`]),
    minute,
    job,
    ...where,
    ...maybe({ hour: 4, weekday: 'mon-fri' }),
    ...maybe({ disabled: true }),
  };
  return {
    task: { cron: args },
    spoilt: [
      {
        by: `awk -v m='${other}' 'hit { sub(/^#?[^ ]+/, m); hit = 0 } $0 == "#Ansible: ${args.name}" { hit = 1 } { print }' ${path} > /tmp/tab && cat /tmp/tab > ${path}`,
        what: `job ${args.name}`,
      },
    ],
  };
}

function anyVariable({ two }: Chance, i: number): Thing {
  const [value, other] = two(['', 'ops', 'a b', 'say "x"']);
  return {
    task: { cron: { name: `V${i}`, env: true, value, cron_file: `v${i}` } },
    spoilt: [{ by: `echo ${shellWord(`V${i}='${other}'`)} > /etc/cron.d/v${i}`, what: `variable V${i}` }],
  };
}

function anyTmpfs({ one, two, maybe }: Chance, i: number): Thing {
  const [size, other] = two(['1m', '10%', '4096k', '3000000', '512k']);
  const [mode, otherMode] = two(['0755', '700', '1777']);
  const path = `/mnt/${one(['a', 'a b', 'a\\b', 'a\tb', 'ä'])} ${i}`;
  const opts = [
    `size=${size}`,
    `mode=${mode}`,
    ...Object.values(maybe({ flag: one(['noexec', 'nosuid,nodev', 'noatime']) })),
    ...Object.values(maybe({ uid: 'uid=games', boot: 'x-systemd.automount,_netdev' })),
  ].join(',');
  return {
    task: {
      mount: { path, src: one(['tmpfs', 'none', 'x']), fstype: 'tmpfs', opts, state: one(['mounted', 'ephemeral']) },
    },
    spoilt: [
      { by: `mount -o remount,size=${other} ${shellWord(path)}`, what: `${path} size` },
      { by: `chmod ${otherMode} ${shellWord(path)}`, what: `${path} mode` },
    ],
  };
}

function anyBind({ one }: Chance, i: number): Thing {
  const src = one(['/etc', '/usr/share', '/etc/hosts']);
  const path = `/mnt/bind ${i}`;
  return {
    task: {
      mount: {
        path,
        src,
        fstype: 'none',
        opts: one(['bind', 'rbind', 'bind,ro', 'rbind,rslave', 'bind,nosuid,private']),
        state: one(['mounted', 'ephemeral']),
      },
    },
    spoilt: [
      {
        by: `umount -l '${path}'; mount --bind ${src === '/etc/hosts' ? '/etc/passwd' : '/var'} '${path}'`,
        what: `${path} source`,
      },
    ],
  };
}

function anyUnit({ one }: Chance, i: number): Thing {
  const unit = one([`prop${i}.service`, `prop${i}@x.service`, `prop\\x2d${i}.service`]);
  const file = unit.replace('@x', '@');
  const installed = one(['WantedBy=multi-user.target', `WantedBy=multi-user.target\\nAlias=other${i}.service`, '']);
  const enabled = installed === '' ? {} : { enabled: true };
  return {
    given: `printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\n${installed.replace(unit.includes('@') ? /\\nAlias.*/ : /^$/, '')}\\n' > '/etc/systemd/system/${file}'; systemctl daemon-reload`,
    task: { systemd: { name: unit, state: 'started', ...enabled } },
    spoilt: [
      { by: `systemctl ${installed === '' ? 'stop' : 'disable --now'} '${unit}'`, what: unit },
      ...(installed === '' ? [] : [{ by: ':', what: 'enabled' }]),
    ],
  };
}

const shellWord = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
