import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labDir, labsDir } from './paths.ts';

/** Debian releases a lab can be made of. */
export const releases = ['bullseye', 'bookworm', 'trixie'] as const;
export type Release = (typeof releases)[number];

/** What brings eth0 up inside a host. */
export const networkSystems = ['networkd', 'ifupdown'] as const;
export type NetworkSystem = (typeof networkSystems)[number];

/** The kernel of a lab's hosts: the machine's own, or one each, Debian's User-Mode Linux. */
export const kernels = ['machine', 'uml'] as const;
export type Kernel = (typeof kernels)[number];

/** One host, as planned when its lab was made. */
export interface LabHost {
  name: string;
  /** From 1; the last part of its port and MAC. */
  index: number;
  /** IPv4 address of eth0. */
  address: string;
}

/** Everything needed to find, and to take down, what a lab made. Written before anything is made. */
export interface LabState {
  name: string;
  /** 0..255, unique among the labs of this machine: names the switch and picks the subnet. */
  id: number;
  image: Release;
  /** Directory of the file system all hosts start from. */
  imageDir: string;
  nics: 1 | 2;
  network: NetworkSystem;
  kernel: Kernel;
  hosts: LabHost[];
}

const stateFile = (lab: string) => join(labDir(lab), 'state.json');

/** The lab of that name, or undefined when there is none. */
export async function readState(lab: string): Promise<LabState | undefined> {
  const text = await readFile(stateFile(lab), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as LabState);
}

/** All labs of this machine. */
export async function readStates(): Promise<LabState[]> {
  const names = await readdir(labsDir).catch(() => []);
  const states = await Promise.all(names.map(readState));
  return states.filter((state) => state !== undefined);
}

/** Replaces the lab's state in one step. */
export async function writeState(state: LabState): Promise<void> {
  await mkdir(labDir(state.name), { recursive: true, mode: 0o700 });
  const file = stateFile(state.name);
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  await rename(`${file}.new`, file);
}
