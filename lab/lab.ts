import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeDisk } from './disk.ts';
import { ensureBaseDisk } from './uml/base-disk.ts';
import { LabError } from './error.ts';
import { isCut, isOn, powerOn, pullPlug } from './host.ts';
import { ensureImage, removeUnfinishedImages } from './image.ts';
import { writeInventory } from './inventory.ts';
import { ensureKeys, publishKeys } from './keys.ts';
import { withLock } from './lock.ts';
import { ensureSwitch, hostAddress, pickId, removeSwitch } from './network.ts';
import { accessDir, labDir, labsDir } from './paths.ts';
import { ensurePrograms, LAB_PROGRAMS, requireRootOnLinux, UML_PROGRAMS } from './requirements.ts';
import { execute, waitReady } from './ssh.ts';
import {
  readState,
  readStates,
  writeState,
  type Kernel,
  type LabHost,
  type LabState,
  type NetworkSystem,
  type Release,
} from './state.ts';

/** What a lab is asked to be; what is left out is as it is, or three bookworm hosts with one NIC under networkd, on the machine's kernel. */
export interface LabOptions {
  name?: string;
  hosts?: number;
  image?: Release;
  nics?: 1 | 2;
  network?: NetworkSystem;
  kernel?: Kernel;
  /** Inventory file to write. */
  inventory: string;
}

/** Hears, in words for people, what is being done. */
export type Progress = (line: string) => void;

/** A host as it is now. */
export interface HostStatus extends LabHost {
  state: 'ready' | 'booting' | 'off' | 'cut';
}

const maxHosts = 50;

/** Brings a lab up and waits until its hosts are ready. Does only what is missing; throws LabError. */
export async function up(options: LabOptions, progress: Progress): Promise<LabState> {
  requireRootOnLinux();
  await ensurePrograms(LAB_PROGRAMS, progress);
  const { name = 'lab' } = options;
  return alone(
    name,
    () => upAlone({ ...options, name }, progress),
    () => progress(`waiting for who else works on lab ${name}`),
  );
}

async function upAlone(options: LabOptions & { name: string }, progress: Progress): Promise<LabState> {
  const state = await plan(options, progress);
  await ensureKeys(state);
  await publishKeys(state);
  await writeInventory(state, options.inventory);
  await ensureSwitch(state);
  if (state.kernel === 'uml') {
    await ensurePrograms(UML_PROGRAMS, progress);
    await ensureBaseDisk(state.imageDir, progress);
  }
  await Promise.all(state.hosts.map((host) => bringUp(state, host, progress)));
  return state;
}

/** Builds the image of a release, where it is not there yet, so that a lab comes up at once. */
export async function prepareImage(release: Release, progress: Progress): Promise<void> {
  requireRootOnLinux();
  await ensurePrograms(LAB_PROGRAMS, progress);
  await ensureImage(release, progress);
}

/** Takes a lab down and removes all it made, whole or half-made. Returns whether there was one. */
export async function down(name: string): Promise<boolean> {
  requireRootOnLinux();
  await removeUnfinishedImages();
  return alone(name, () => downAlone(name));
}

async function downAlone(name: string): Promise<boolean> {
  const state = await readState(name);
  if (state) {
    await Promise.all(state.hosts.map((host) => pullPlug(state, host)));
    await removeSwitch(state.id);
  }
  await rm(labDir(name), { recursive: true, force: true });
  await rm(accessDir(name), { recursive: true, force: true });
  await rmdir(dirname(accessDir(name))).catch(() => {}); // other labs may be in it
  return state !== undefined;
}

/** Gives every host an empty disk again, as after a first `up`; keys and addresses stay, and are there for this checkout. */
export async function reset(state: LabState, progress: Progress): Promise<void> {
  await publishKeys(state);
  await ensureSwitch(state);
  const again = async (host: LabHost) => {
    await pullPlug(state, host);
    await removeDisk(state, host);
    await bringUp(state, host, progress);
  };
  await Promise.all(state.hosts.map(again));
}

/** How each host of a lab is. */
export function status(state: LabState): Promise<HostStatus[]> {
  return Promise.all(state.hosts.map(async (host) => ({ ...host, state: await hostState(state.name, host) })));
}

/** The lab of that name; throws LabError when it is not up. */
export async function existing(name: string): Promise<LabState> {
  requireRootOnLinux();
  const state = await readState(name);
  if (state) return state;
  throw new LabError(`there is no lab ${name}: npm run lab -- up${name === 'lab' ? '' : ` --name ${name}`}`);
}

/** One host of a lab, by name; throws LabError when it has none of that name. */
export function hostOf(state: LabState, name: string): LabHost {
  const found = state.hosts.find((host) => host.name === name);
  if (found) return found;
  throw new LabError(
    `lab ${state.name} has no host ${name}: it has ${state.hosts.map((host) => host.name).join(', ')}`,
  );
}

/** Powers a host on and waits until it is ready. */
export async function bringUp(state: LabState, host: LabHost, progress: Progress): Promise<void> {
  const began = Date.now();
  const wasOn = await isOn(state.name, host);
  if (!wasOn) progress(`${host.name} boots`);
  await powerOn(state, host);
  if (await isCut(state.name, host)) return progress(`${host.name} is cut from the network`);
  await waitReady(state, host);
  if (!wasOn) progress(`${host.name} is ready at ${host.address} after ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

async function hostState(lab: string, host: LabHost): Promise<HostStatus['state']> {
  if (!(await isOn(lab, host))) return 'off';
  if (await isCut(lab, host)) return 'cut';
  const answer = await execute(lab, host, 'systemctl is-system-running; docker version >/dev/null');
  return answer.code === 0 && /running|degraded/.test(answer.stdout) ? 'ready' : 'booting';
}

/** One `up` or `down` of a lab at a time. */
const alone = <T>(name: string, work: () => Promise<T>, onWait?: () => void) =>
  withLock(join(labsDir, `${name}.lock`), work, onWait);

async function plan(options: LabOptions & { name: string }, progress: Progress): Promise<LabState> {
  const { name } = options;
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name))
    throw new LabError(`"${name}" is not a valid name for a lab: lower-case letters, digits and -`);
  const found = await readState(name);
  if (found) return sameAs(found, options);
  const { hosts = 3, image = 'bookworm', nics = 1, network = 'networkd', kernel = 'machine' } = options;
  if (!Number.isInteger(hosts) || hosts < 1 || hosts > maxHosts) throw new LabError(`a lab has 1 to ${maxHosts} hosts`);
  const imageDir = await ensureImage(image, progress);
  return withLock(join(labsDir, 'ids.lock'), async () => {
    const id = await pickId(
      name,
      (await readStates()).map((state) => state.id),
    );
    const indexes = Array.from({ length: hosts }, (_, at) => at + 1);
    const state: LabState = {
      ...{ name, id, image, imageDir, nics, network, kernel },
      hosts: indexes.map((index) => ({ name: `node${index}`, index, address: hostAddress(id, index) })),
    };
    await writeState(state);
    return state;
  });
}

function sameAs(state: LabState, options: LabOptions): LabState {
  const { image, nics, network, kernel } = state;
  const is = { hosts: state.hosts.length, image, nics, network, kernel };
  for (const [key, value] of Object.entries(is)) {
    const wanted = options[key as keyof typeof is];
    if (wanted === undefined || wanted === value) continue;
    throw new LabError(
      `lab ${state.name} exists with ${key} ${value}, not ${wanted}: take it down first (npm run lab -- down --name ${state.name})`,
    );
  }
  return state;
}
