import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { CommandResult } from '../../lab/command.ts';
import { cut, heal, powerOff } from '../../lab/host.ts';
import { imageDirectory } from '../../lab/image.ts';
import { bringUp, down, hostOf, reset, up, type LabOptions } from '../../lab/lab.ts';
import { takeLock } from '../../lab/lock.ts';
import { accessDir, labsDir } from '../../lab/paths.ts';
import { execute } from '../../lab/ssh.ts';
import { readState, type LabState } from '../../lab/state.ts';
import { usedLabs } from './used-labs.ts';

/** All schemes and all releases: `npm run test:whole`. `npm test` leaves out what another one is like. */
export const WHOLE = process.env.XRUN_TEST_LAB === 'whole';

/** Real hosts for the tests of one file. */
export interface TestLab {
  /** Path of the inventory: node1 in `managers`, the others in `workers`. */
  readonly inventory: string;
  /** The lab's state: addresses of the hosts, its image. Not before the tests run. */
  readonly state: LabState;
  /** Runs a shell command line on a host as root, past xrun; resolves whatever its exit code. */
  exec(host: string, command: string, input?: string): Promise<CommandResult>;
  /** The same, returning stdout without its last newline; throws when the exit code is not 0. */
  ask(host: string, command: string): Promise<string>;
  stop(host: string): Promise<void>;
  start(host: string): Promise<void>;
  cut(host: string): Promise<void>;
  heal(host: string): Promise<void>;
  /** All hosts as new, in some seconds; keys and addresses stay. */
  reset(): Promise<void>;
}

/**
 * Boots a lab before the tests of this file, with hosts as new, and holds it until they have ended.
 * Files that ask for the same lab get the same one, one after the other; by default it is named for what it is.
 * Where `clean` knows that its hosts are as new already, they are taken as they are.
 */
export function useLab(options: Omit<LabOptions, 'inventory'> = {}, clean = () => false): TestLab {
  const { image = 'bookworm', hosts = 3, nics = 1, network = 'networkd', kernel = 'machine' } = options;
  const name =
    options.name ??
    `test-${image}-${hosts}${nics === 2 ? '-nics' : ''}${network === 'ifupdown' ? '-ifupdown' : ''}${kernel === 'uml' ? '-uml' : ''}`;
  const inventory = join(accessDir(name), 'inventory.yml');
  const wanted = { name, image, hosts, nics, network, kernel, inventory };
  let state: LabState | undefined;
  let release = () => {};
  const current = () => state ?? fail(`lab ${name} is up only while tests run`);
  const host = (hostName: string) => hostOf(current(), hostName);

  beforeAll(async () => {
    release = await takeLock(join(labsDir, `${name}.tests.lock`));
    await mkdir(usedLabs, { recursive: true });
    await writeFile(join(usedLabs, name), '');
    state = clean() ? await up(wanted, silent) : await freshLab(wanted);
  });
  afterAll(() => release());

  const exec = (hostName: string, command: string, input?: string) => execute(name, host(hostName), command, input);
  return {
    inventory,
    get state() {
      return current();
    },
    exec,
    async ask(hostName, command) {
      const { code, stdout, stderr } = await exec(hostName, command);
      return code === 0
        ? stdout.replace(/\n$/, '')
        : fail(`${command} on ${hostName}: exit ${code}\n${stdout}${stderr}`);
    },
    stop: (hostName) => powerOff(current(), host(hostName)),
    start: (hostName) => bringUp(current(), host(hostName), silent),
    cut: (hostName) => cut(current(), host(hostName)),
    heal: (hostName) => heal(current(), host(hostName)),
    reset: () => reset(current(), silent),
  };
}

const silent = () => {};

/** A lab that is as wanted keeps its image and addresses and gets new disks; any other is made anew. */
async function freshLab(wanted: Required<LabOptions>): Promise<LabState> {
  const found = await readState(wanted.name);
  if (found && (await isAs(found, wanted))) await reset(found, silent);
  else if (found) await down(wanted.name);
  return up(wanted, silent);
}

async function isAs(state: LabState, { image, hosts, nics, network }: Required<LabOptions>): Promise<boolean> {
  const sameHosts = state.hosts.length === hosts && state.nics === nics && state.network === network;
  return sameHosts && state.imageDir === (await imageDirectory(image));
}

function fail(message: string): never {
  throw new Error(message);
}
