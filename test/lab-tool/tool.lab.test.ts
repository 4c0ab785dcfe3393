import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attempt } from '../../lab/command.ts';
import { checkout, hostDir, labDir } from '../../lab/paths.ts';
import { hostNamespace, switchName } from '../../lab/network.ts';
import { readState, type LabState } from '../../lab/state.ts';

// Everything through the command itself, as people use it. The names are this run's own.
const one = `tool-a-${process.pid}`;
const two = `tool-b-${process.pid}`;
let dir: string;

const lab = (...words: string[]) => attempt(['npm', 'run', '--silent', 'lab', '--', ...words]);
const up = (name: string, ...words: string[]) =>
  lab('up', '--name', name, '--hosts', '1', '--inventory', join(dir, `${name}.yml`), ...words);
const exec = (name: string, ...words: string[]) => lab('exec', '--name', name, 'node1', ...words);
const bootId = async (name: string) => (await exec(name, 'cat', '/proc/sys/kernel/random/boot_id')).stdout;

/** What of a lab is left on this machine. */
async function traces({ name, id }: LabState): Promise<string[]> {
  const namespaces = (await attempt(['ip', 'netns', 'list'])).stdout;
  const links = (await attempt(['ip', 'link'])).stdout;
  const groups = readdirSync('/sys/fs/cgroup', { recursive: true, encoding: 'utf8' });
  const processes = (await attempt(['ps', '-eo', 'args'])).stdout;
  return [
    ...(namespaces.includes(switchName(id)) ? ['namespace'] : []),
    ...(links.includes(switchName(id)) ? ['interface'] : []),
    ...(readFileSync('/proc/mounts', 'utf8').includes(`/${name}/`) ? ['mount'] : []),
    ...(groups.some((group) => group.includes(name)) ? ['control group'] : []),
    ...(processes.includes(`${labDir(name)}/`) ? ['process'] : []),
    ...((await readState(name)) ? ['state'] : []),
  ];
}

async function stateOf(name: string): Promise<LabState> {
  const state = await readState(name);
  if (!state) throw new Error(`lab ${name} is not up`);
  return state;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-tool-'));
  const first = await up(one, '--nics', '2');
  if (first.code !== 0) throw new Error(first.stderr);
});

afterAll(async () => {
  await lab('down', '--name', one);
  await lab('down', '--name', two);
  await rm(dir, { recursive: true });
});

test('a host has systemd, Docker, Open vSwitch, its image and two network cards', async () => {
  const answer = await exec(
    one,
    'systemctl is-system-running && docker images --format "{{.Repository}}:{{.Tag}}" && ovs-vsctl br-exists none; ls /sys/class/net',
  );
  expect(answer.stdout.split('\n').filter(Boolean)).toEqual([
    'running',
    'xrun/busybox:1',
    'docker0',
    'eth0',
    'eth1',
    'lo',
  ]);
});

test('the stores are installed, and asleep', async () => {
  const answer = await exec(one, 'systemctl is-active etcd zookeeper; systemctl is-enabled etcd zookeeper');
  expect(answer.stdout).toBe('inactive\ninactive\ndisabled\ndisabled\n');
});

test('a second up boots nothing', async () => {
  const before = await bootId(one);
  const again = await up(one);
  expect(again.stdout).not.toContain('boots');
  expect(await bootId(one)).toBe(before);
});

test('up with other wishes is refused, with the way out', async () => {
  const refused = await up(one, '--image', 'trixie');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('exists with image bookworm, not trixie');
  expect(refused.stderr).toContain('down');
});

test('exec passes on words as they are, and the exit code', async () => {
  const answer = await exec(one, 'sh', '-c', 'echo "a  b"; exit 7');
  expect(answer).toMatchObject({ code: 7, stdout: 'a  b\n' });
});

test('a host name that is not there is an error that names those that are', async () => {
  const wrong = await lab('exec', '--name', one, 'node9', 'true');
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('no host node9: it has node1');
});

test('deploy needs its password for sudo, ops does not', async () => {
  const ask = (user: string, command: string) => lab('exec', '--name', one, '--user', user, 'node1', command);
  expect((await ask('ops', 'sudo -n id -u')).stdout).toBe('0\n');
  expect((await ask('deploy', 'sudo -n id -u')).code).not.toBe(0);
  expect((await ask('deploy', 'echo deploy | sudo -S -p "" id -u')).stdout).toBe('0\n');
});

test('after a reboot the disk is there, and the interfaces are as configured', async () => {
  const before = await bootId(one);
  await exec(one, 'touch /srv/kept; ip link add left-over type bridge; systemctl reboot');
  await expect
    .poll(() => bootId(one).then((id) => id !== '' && id !== before), { timeout: 60_000, interval: 300 })
    .toBe(true);
  const answer = await exec(
    one,
    'systemctl is-system-running --wait; ls /srv; ls /sys/class/net; ip -br address show eth0',
  );
  expect(answer.stdout).toMatch(/^running\nkept\ndocker0\neth0\neth1\nlo\neth0\S* +UP +198\.18\.\d+\.11\/24/);
});

test('stop, start, cut and heal do what they say', async () => {
  const now = async () => (await lab('status')).stdout.split(`lab ${one} `)[1]?.split('\n')[1]?.trim().split(/ +/)[2];
  expect(await now()).toBe('ready');
  await lab('stop', '--name', one, 'node1');
  expect(await now()).toBe('off');
  await lab('start', '--name', one, 'node1');
  expect(await now()).toBe('ready');
  await lab('cut', '--name', one, 'node1');
  expect(await now()).toBe('cut');
  expect((await exec(one, 'true')).code).toBe(255);
  await lab('heal', '--name', one, 'node1');
  expect((await exec(one, 'true')).code).toBe(0);
});

test('another lab runs beside it, under ifupdown, and its end leaves this one alone', async () => {
  const beside = await up(two, '--network', 'ifupdown');
  expect(beside.stderr).toBe('');
  const state = await stateOf(two);
  expect(state.id).not.toBe((await stateOf(one)).id);
  expect((await exec(two, 'systemctl is-active networking systemd-networkd')).stdout).toBe('active\ninactive\n');
  expect((await lab('down', '--name', two)).stdout).toContain('is down');
  expect(await traces(state)).toEqual([]);
  expect((await exec(one, 'true')).code).toBe(0);
});

test('down removes what a crash has left, and a second down has nothing to do', async () => {
  const state = await stateOf(one);
  expect(await traces(state)).toEqual(['namespace', 'interface', 'control group', 'process', 'state']);
  const [supervisor] = readFileSync(join(hostDir(one, 'node1'), 'supervisor.pid'), 'utf8').split(' ');
  process.kill(Number(supervisor), 'SIGKILL');
  expect(await traces(state)).toContain('process');
  expect((await lab('down', '--name', one)).code).toBe(0);
  expect(await traces(state)).toEqual([]);
  expect((await attempt(['ip', 'netns', 'list'])).stdout).not.toContain(hostNamespace(state.id, 'node1'));
  expect((await lab('down', '--name', one)).stdout).toContain('was not up');
});

test('an interrupted up leaves nothing that down does not remove', async () => {
  const words = [
    join(checkout, 'lab/cli.ts'),
    'up',
    '--name',
    two,
    '--hosts',
    '2',
    '--inventory',
    join(dir, 'two.yml'),
  ];
  const booting = spawn(process.execPath, ['--import', 'tsx', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(booting.stdout, 'data'); // "node1 boots"
  booting.kill('SIGINT');
  expect(await once(booting, 'exit')).toEqual([130, null]);
  const state = await stateOf(two);
  await lab('down', '--name', two);
  expect(await traces(state)).toEqual([]);
});

test('without root one line says so, and points to real hosts', async () => {
  const refused = await attempt([
    'setpriv',
    '--reuid=65534',
    '--clear-groups',
    process.execPath,
    '--import',
    'tsx',
    join(checkout, 'lab/cli.ts'),
    'up',
  ]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/^lab: the lab needs root .*inventory\/prod\.yml.*\n$/);
});
