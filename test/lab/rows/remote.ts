import { CONTROLLER } from './controller.ts';
import type { Row } from './row.ts';

const SERVE = `mkdir -p /srv/web; echo nine > /srv/web/nine
systemd-run --quiet --unit=web-nine busybox httpd -f -p 127.0.0.1:8123 -h /srv/web
timeout 60 sh -c 'until busybox wget -q -O /dev/null http://127.0.0.1:8123/nine; do sleep 1; done'`;

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** What comes from servers, and a script of the controller's; etcd runs by an earlier row. */
export const REMOTE: Row[] = [
  {
    given: SERVE,
    task: {
      get_url: {
        url: 'http://127.0.0.1:8123/nine',
        dest: '/srv/fetched',
        mode: '0640',
        checksum: 'sha256:9257872a1fba978179a9b2b5ffb6ba54d9f06aad1d4c69169f89bbe4cd0d543b',
      },
    },
    ask: 'stat -c %a /srv/fetched; cat /srv/fetched',
    answer: '640\nnine',
    drift: {
      by: 'echo eight! > /srv/fetched; chmod 600 /srv/fetched',
      tells: { '/srv/fetched': ['7 bytes', 'from http://127.0.0.1:8123/nine'], '/srv/fetched mode': ['0600', '0640'] },
    },
  },
  {
    task: {
      uri: {
        url: 'http://127.0.0.1:2379/v3/kv/put',
        method: 'POST',
        body_format: 'json',
        body: { key: base64('nine'), value: base64('9') },
        check: 'ETCDCTL_API=3 etcdctl get --print-value-only nine | grep -qx 9',
      },
    },
    ask: 'ETCDCTL_API=3 etcdctl get --print-value-only nine',
    answer: '9',
    drift: {
      by: 'ETCDCTL_API=3 etcdctl put nine 8',
      tells: { command: [null, 'POST http://127.0.0.1:2379/v3/kv/put'] },
    },
  },
  {
    task: { script: { cmd: `${CONTROLLER}/nine.sh 'two words'`, check: "grep -qx 'two words' /srv/scripted" } },
    ask: 'cat /srv/scripted; ls /var/tmp | grep -c xrun-script',
    answer: 'two words\n0',
    drift: { by: 'echo other > /srv/scripted', tells: { command: [null, "nine.sh 'two words'"] } },
  },
];
