import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt } from './command.ts';
import { endGroup } from './cgroup.ts';
import { ensureDisk } from './disk.ts';
import { LabError } from './error.ts';
import { hostNamespace, macAddress, portName, setCables, switchName } from './network.ts';
import { hostDir } from './paths.ts';
import { isAlive, type ProcessId } from './process.ts';
import { execute } from './ssh.ts';
import type { LabHost, LabState } from './state.ts';

const supervisorScript = join(import.meta.dirname, 'supervise.sh');

/** Whether the host has power (it may still be booting). */
export async function isOn(lab: string, host: LabHost): Promise<boolean> {
  return (await supervisor(lab, host)) !== undefined;
}

/** Powers a host on; nothing to do when it is. Returns before it has booted. */
export async function powerOn(state: LabState, host: LabHost): Promise<void> {
  if (await isOn(state.name, host)) return;
  await pullPlug(state, host); // what a crash may have left
  const machineId = await ensureDisk(state, host);
  const child = spawn('sh', [supervisorScript], {
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], ...supervisorEnvironment(state, host), MACHINE_ID: machineId },
  });
  child.unref();
  await until(5_000, () => isOn(state.name, host), `the supervisor of ${host.name} did not start`);
}

/** Shuts a host down in order, and pulls the plug when that takes over half a minute. */
export async function powerOff(state: LabState, host: LabHost): Promise<void> {
  const running = await supervisor(state.name, host);
  if (running) {
    // A kernel that is a process has no power button.
    if (state.kernel === 'uml') void execute(state.name, host, 'systemctl poweroff');
    else process.kill(running.pid, 'SIGTERM');
    await until(30_000, async () => !isAlive(running), '').catch(() => {});
  }
  await pullPlug(state, host);
}

/** Ends a host at once, and removes its processes, interfaces and namespace. Fine when it is off or half gone. */
export async function pullPlug(state: LabState, host: LabHost): Promise<void> {
  const running = await supervisor(state.name, host);
  if (running) process.kill(running.pid, 'SIGKILL');
  await endGroup(state.name, host.name);
  await rm(join(hostDir(state.name, host.name), 'supervisor.pid'), { force: true });
  for (const nic of [0, 1] as const) {
    await attempt(['ip', '-n', switchName(state.id), 'link', 'delete', portName(host, nic)]);
  }
  await attempt(['ip', 'netns', 'delete', hostNamespace(state.id, host.name)]);
}

/** Cuts a host from the network; it stays cut over power cycles until it is healed. */
export async function cut(state: LabState, host: LabHost): Promise<void> {
  await writeFile(cutFile(state.name, host), '');
  await setCables(state, host, 'down');
}

/** Joins a cut host to the network again. */
export async function heal(state: LabState, host: LabHost): Promise<void> {
  await rm(cutFile(state.name, host), { force: true });
  await setCables(state, host, 'up');
}

/** Whether the host's cables are pulled. */
export async function isCut(lab: string, host: LabHost): Promise<boolean> {
  return (await readFile(cutFile(lab, host)).catch(() => undefined)) !== undefined;
}

const cutFile = (lab: string, host: LabHost) => join(hostDir(lab, host.name), 'cut');

async function supervisor(lab: string, host: LabHost): Promise<ProcessId | undefined> {
  const text = await readFile(join(hostDir(lab, host.name), 'supervisor.pid'), 'utf8').catch(() => '');
  const [pid, started] = text.trim().split(' ');
  const found = { pid: Number(pid), started: started ?? '' };
  return isAlive(found) ? found : undefined;
}

function supervisorEnvironment(state: LabState, host: LabHost): Record<string, string> {
  const nics = state.nics === 2 ? ([0, 1] as const) : ([0] as const);
  const ports = nics.map((nic) =>
    [portName(host, nic), `eth${nic}`, macAddress(state.id, host.index, nic), `br${nic}`].join(' '),
  );
  return {
    LAB: state.name,
    HOST: host.name,
    HOST_DIR: hostDir(state.name, host.name),
    IMAGE_DIR: state.imageDir,
    SWITCH: switchName(state.id),
    NAMESPACE: hostNamespace(state.id, host.name),
    PORTS: ports.join('\n'),
    KERNEL: state.kernel,
  };
}

async function until(milliseconds: number, condition: () => Promise<boolean>, complaint: string): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > end) throw new LabError(complaint);
    await sleep(50);
  }
}
