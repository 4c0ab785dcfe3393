import { expect, it } from 'vitest';
import { containerArgs } from '../../runner/modules/docker/container/container-args.ts';
import { creation } from '../../runner/modules/docker/container/container-steps.ts';

/** What is asked of Docker's API for these arguments. */
function request(args: Record<string, unknown>): unknown {
  const [create] = creation(containerArgs.parse({ name: 'order', image: 'busybox:1', ...args }), 'order.xrun-new');
  return JSON.parse(String(create?.stdin).split('\r\n\r\n')[1] as string);
}

it('says nothing that the arguments do not', () => {
  expect(request({})).toEqual({ Image: 'busybox:1', HostConfig: {} });
});

it('labels what it makes', () => {
  expect(request({ labels: { a: 'b' }, owned_by: 'xrun.playbook=demo' })).toMatchObject({
    Labels: { a: 'b', 'xrun.playbook': 'demo' },
  });
  expect(request({ owned_by: 'xrun.playbook' })).toMatchObject({ Labels: { 'xrun.playbook': '' } });
  expect(request({ owned_by: '' })).not.toHaveProperty('Labels');
});

it('puts each argument where the API has it', () => {
  const asked = request({
    volumes: ['/srv:/data:ro', 'named:/n', '/anonymous/'],
    published_ports: ['8000-8001:80-81', '[::1]:53:53/udp', '90'],
    exposed_ports: ['7-8/tcp'],
    memory: '64m',
    cpus: '0.5',
    ulimits: ['nofile=10:20'],
    devices: ['/dev/null:/dev/x', '/dev/zero:r'],
    healthcheck: { test: 'true', interval: '1m30s' },
    log_options: { 'max-size': '10m' },
    mounts: [{ target: '/v' }, { type: 'tmpfs', target: '/t', tmpfs_size: '1m', tmpfs_mode: '1777' }],
    networks: [{ name: 'a', ipv4_address: '10.1.0.9', aliases: ['x'] }],
    mac_address: '02-42-AC-11-00-02',
    etc_hosts: { h: 'fd00::1' },
  });
  expect(asked).toEqual({
    Image: 'busybox:1',
    MacAddress: '02:42:ac:11:00:02',
    Volumes: { '/anonymous': {} },
    ExposedPorts: { '80/tcp': {}, '81/tcp': {}, '53/udp': {}, '90/tcp': {}, '7/tcp': {}, '8/tcp': {} },
    Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 90e9 },
    NetworkingConfig: {
      EndpointsConfig: {
        a: { IPAMConfig: { IPv4Address: '10.1.0.9' }, Aliases: ['x'], MacAddress: '02:42:ac:11:00:02' },
      },
    },
    HostConfig: {
      NetworkMode: 'a',
      Binds: ['/srv:/data:ro', 'named:/n'],
      PortBindings: {
        '80/tcp': [{ HostIp: '', HostPort: '8000' }],
        '81/tcp': [{ HostIp: '', HostPort: '8001' }],
        '53/udp': [{ HostIp: '::1', HostPort: '53' }],
        '90/tcp': [{ HostIp: '', HostPort: '' }],
      },
      Memory: 67_108_864,
      NanoCpus: 500_000_000,
      Ulimits: [{ Name: 'nofile', Soft: 10, Hard: 20 }],
      Devices: [
        { PathOnHost: '/dev/null', PathInContainer: '/dev/x', CgroupPermissions: 'rwm' },
        { PathOnHost: '/dev/zero', PathInContainer: '/dev/zero', CgroupPermissions: 'r' },
      ],
      LogConfig: { Type: '', Config: { 'max-size': '10m' } },
      Mounts: [
        { Type: 'volume', Target: '/v' },
        { Type: 'tmpfs', Target: '/t', TmpfsOptions: { SizeBytes: 1_048_576, Mode: 0o1777 } },
      ],
      ExtraHosts: ['h:fd00::1'],
    },
  });
});
