import { CONTROLLER } from './controller.ts';
import type { Row } from './row.ts';

/** Files, parts of files, and accounts, which are files too. */
export const FILES: Row[] = [
  {
    task: { copy: { dest: '/srv/copied', content: 'one\n', mode: '0600' } },
    ask: 'stat -c %a /srv/copied; cat /srv/copied',
    answer: '600\none',
    drift: { by: 'echo two >> /srv/copied', tells: { '/srv/copied': ['one\ntwo\n', 'one\n'] } },
  },
  {
    title: "a unit's mode",
    task: {
      copy: {
        dest: '/etc/systemd/system/nine.service',
        content: '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n',
        mode: '0644',
      },
    },
    ask: 'stat -c %a /etc/systemd/system/nine.service',
    answer: '644',
    drift: {
      by: 'chmod 600 /etc/systemd/system/nine.service',
      tells: { '/etc/systemd/system/nine.service mode': ['0600', '0644'] },
    },
  },
  {
    task: { file: { path: '/srv/made', state: 'directory', mode: '0750' } },
    ask: 'stat -c %a:%F:%U /srv/made',
    answer: '750:directory:root',
    drift: { by: 'chmod 777 /srv/made', tells: { '/srv/made mode': ['0777', '0750'] } },
  },
  {
    task: { lineinfile: { path: '/etc/hosts', line: '192.0.2.9 nine', regexp: ' nine$' } },
    ask: 'grep nine /etc/hosts',
    answer: '192.0.2.9 nine',
    drift: {
      by: "sed -i 's/.* nine$/192.0.2.19 nine/' /etc/hosts",
      tells: { '/etc/hosts': ['192.0.2.19 nine', '192.0.2.9 nine'] },
    },
  },
  {
    task: { blockinfile: { path: '/etc/hosts', block: '192.0.2.7 seven\n192.0.2.8 eight\n' } },
    ask: "sed -n '/BEGIN/,/END/p' /etc/hosts | grep -c ^192.0.2",
    answer: '2',
    drift: {
      by: "sed -i '/ eight$/d' /etc/hosts",
      tells: { '/etc/hosts': ['192.0.2.7 seven\n# END', '192.0.2.8 eight'] },
    },
  },
  {
    given: "mkdir -p /srv; printf 'a=1\\nb=2\\n' > /srv/replaced",
    task: { replace: { path: '/srv/replaced', regexp: '^(\\w)=\\d$', replace: '\\1=9' } },
    ask: 'cat /srv/replaced',
    answer: 'a=9\nb=9',
    drift: { by: "sed -i 's/^b=.*/b=3/' /srv/replaced", tells: { '/srv/replaced': ['b=3', 'b=9'] } },
  },
  {
    task: {
      authorized_key: {
        user: 'games',
        path: '/srv/keys/games',
        key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== nine',
        key_options: 'no-pty',
      },
    },
    ask: 'stat -c %a:%U:%G /srv/keys /srv/keys/games; cat /srv/keys/games',
    answer: '700:games:games\n600:games:games\nno-pty ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== nine',
    drift: {
      by: 'chmod 644 /srv/keys/games; sed -i s/^no-pty.// /srv/keys/games',
      tells: { '/srv/keys/games': ['ssh-ed25519', 'no-pty ssh-ed25519'], '/srv/keys/games mode': ['0644', '0600'] },
    },
  },
  {
    task: { json_file: { path: '/srv/app.json', key: 'server.port', value: 8080 } },
    ask: 'cat /srv/app.json | tr -d " \\n"',
    answer: '{"server":{"port":8080}}',
    drift: { by: 'sed -i s/8080/9090/ /srv/app.json', tells: { '/srv/app.json': ['9090', '8080'] } },
  },
  {
    task: { ini_file: { path: '/srv/app.ini', section: 'main', option: 'level', value: 'debug' } },
    ask: 'cat /srv/app.ini',
    answer: '[main]\nlevel = debug',
    drift: { by: 'sed -i s/debug/info/ /srv/app.ini', tells: { '/srv/app.ini': ['level = info', 'level = debug'] } },
  },
  {
    task: { group: { name: 'team', gid: 2500, system: true } },
    ask: 'getent group team',
    answer: 'team:x:2500:',
    drift: { by: 'groupmod -g 2501 team', tells: { 'group team gid': ['2501', '2500'] } },
  },
  {
    task: {
      user: {
        name: 'worker',
        uid: 2600,
        group: 'team',
        groups: ['adm'],
        comment: 'Works',
        home: '/srv/worker',
        shell: '/bin/sh',
        password: '$5$salt$Gcm6FsVtF/Qa77ZKD.iwsJlCVPY0XSMgLJL0Hnww/c1',
      },
    },
    ask: 'getent passwd worker; getent group adm; getent shadow worker | cut -d: -f2 | cut -c1-8; stat -c %U:%G /srv/worker',
    answer: 'worker:x:2600:2500:Works:/srv/worker:/bin/sh\nadm:x:4:worker\n$5$salt$\nworker:team',
    drift: { by: 'usermod -s /bin/bash worker', tells: { 'user worker shell': ['/bin/bash', '/bin/sh'] } },
  },
  {
    task: { synchronize: { src: `${CONTROLLER}/site/`, dest: '/srv/synced', delete: true } },
    ask: 'cd /srv/synced && ls && cat one link && stat -c %a sub/two',
    answer: 'link\none\nsub\none\ntwo\n750',
    drift: {
      by: 'echo three > /srv/synced/one; echo more > /srv/synced/more',
      tells: { '/srv/synced/one': ['6 bytes', 'one'], '/srv/synced/more': ['present', null] },
    },
  },
  {
    task: {
      unarchive: { src: `${CONTROLLER}/site.tar.gz`, dest: '/srv/unpacked', extra_opts: '--strip-components=1' },
    },
    ask: 'cd /srv/unpacked && ls && cat one link && stat -c %a sub/two',
    answer: 'link\none\nsub\none\ntwo\n750',
    drift: {
      by: 'cd /srv/unpacked; echo three > one; chmod 755 sub/two; ln -sf one link',
      tells: {
        '/srv/unpacked/one': ['6 bytes', 'one'],
        '/srv/unpacked/sub/two mode': ['0755', '0750'],
        '/srv/unpacked/link': ['a link to something else', 'a link to sub/two'],
      },
    },
  },
  {
    title: "an archive of the host's",
    given:
      'd=$(mktemp -d); mkdir -p $d/usr/sub; echo one > $d/usr/one; echo two > $d/usr/sub/two; tar -czf /srv/own.tar.gz -C $d usr/one usr/sub',
    task: { unarchive: { src: '/srv/own.tar.gz', remote_src: true, dest: '/srv/own', owner: 'nobody', mode: '0640' } },
    ask: "cd /srv/own && cat usr/one usr/sub/two && stat -c '%a %U' usr/sub usr/sub/two",
    answer: 'one\ntwo\n750 nobody\n640 nobody',
    drift: {
      by: 'cd /srv/own; echo three > usr/one; chown root usr/sub/two',
      tells: { '/srv/own/usr/one': ['6 bytes', '4 bytes'], '/srv/own/usr/sub/two owner': ['root', 'nobody'] },
    },
  },
];
