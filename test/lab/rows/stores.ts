import type { Row } from './row.ts';

/** Keys of etcd, by both versions of its API. */
export const ETCD: Row[] = [
  {
    given: 'echo ETCD_ENABLE_V2=true >>/etc/default/etcd; systemctl start etcd',
    task: { etcd_kv: { key: '/app/config', value: '-one "two"\n' } },
    ask: 'ETCDCTL_API=3 etcdctl get --print-value-only /app/config',
    answer: '-one "two"',
    drift: {
      by: 'ETCDCTL_API=3 etcdctl put /app/config three',
      tells: { '/app/config value': ['three', '-one "two"'] },
    },
  },
  {
    title: 'API 2',
    task: { etcd_kv: { key: '/app/config', value: 'four', api: 2 } },
    ask: 'ETCDCTL_API=2 etcdctl get /app/config',
    answer: 'four',
    drift: { by: 'ETCDCTL_API=2 etcdctl set /app/config five', tells: { '/app/config value': ['five', 'four'] } },
  },
];

/** Keys of Consul. */
export const CONSUL: Row[] = [
  {
    given:
      "systemd-run --quiet --unit=consul-dev consul agent -dev -client=127.0.0.1; timeout 60 sh -c 'until consul kv put started yes >/dev/null 2>&1; do sleep 1; done'",
    task: { consul_kv: { key: 'app/config', value: '-one "two"\n', flags: 7 } },
    ask: "consul kv get -detailed app/config | sed -n 's/^Flags *//p; s/^Value *//p'",
    answer: '7\n-one "two"',
    drift: {
      by: 'consul kv put -flags=8 app/config three',
      tells: { 'app/config value': ['three', '-one "two"'], 'app/config flags': ['8', '7'] },
    },
  },
];
