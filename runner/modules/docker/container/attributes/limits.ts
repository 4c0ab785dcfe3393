import * as z from 'zod';
import { flag, text as word, whole } from '../../../../model/arguments/scalars.ts';
import { bytes, bytesOrUnlimited } from '../../values/bytes.ts';
import type { World } from '../inspected.ts';
import { flagged, number, text } from './attribute.ts';
import type { Attribute, Parsed } from './attribute.ts';

const fraction = z
  .union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?$/)], 'expected a number such as 0.5')
  .transform(Number);
const ulimit = word.superRefine((value, issues) => {
  if (!/^[a-z]+[:=]-?\d+(:-?\d+)?$/i.test(value))
    issues.addIssue({ code: 'custom', message: `expected a limit such as nofile:1024:2048, found ${value}` });
});

/** How much of the host a container may use. */
export const limitArgs = {
  memory: bytes.optional().describe('Most memory, `64m`; 0 for no limit.'),
  memory_reservation: bytes.optional().describe('Memory that it is to have when memory runs short.'),
  memory_swap: bytesOrUnlimited
    .optional()
    .describe('Most memory and swap together; -1 for no limit. Docker takes twice `memory` where not given.'),
  memory_swappiness: whole.optional().describe('0 to 100; -1 for that of the host.'),
  cpus: fraction.optional().describe('Most processors, `0.5`; 0 for no limit.'),
  cpu_shares: whole.optional().describe('Weight beside other containers.'),
  cpu_period: whole.optional().describe('Period of the scheduler, microseconds.'),
  cpu_quota: whole.optional().describe('Time in a period, microseconds.'),
  cpuset_cpus: word.optional().describe('Processors it may use, `0-2`.'),
  cpuset_mems: word.optional().describe('Memory nodes it may use.'),
  blkio_weight: whole.optional().describe('Weight of its input and output, 10 to 1000.'),
  pids_limit: whole.optional().describe('Most processes; -1 or 0 for no limit.'),
  oom_killer: flag.optional().describe('true switches the out-of-memory killer off for it, as in Ansible.'),
  oom_score_adj: whole.optional().describe('How soon it is killed where memory runs out, -1000 to 1000.'),
  shm_size: bytes.optional().describe("Size of /dev/shm, `64m`; 0 for Docker's 64 MiB."),
  ulimits: z
    .array(ulimit)
    .optional()
    .describe('All limits of its processes, `nofile:1024:2048` (soft, hard) or `nproc:64`.'),
};

export type LimitArgs = Parsed<typeof limitArgs>;

/** Docker's size of /dev/shm where none is asked for. */
const SHM = 67_108_864;

export const LIMITS: Attribute<LimitArgs>[] = [
  { arg: 'memory', in: 'HostConfig', key: 'Memory', kind: 'value', canon: number },
  { arg: 'memory_reservation', in: 'HostConfig', key: 'MemoryReservation', kind: 'value', canon: number },
  { arg: 'memory_swap', in: 'HostConfig', key: 'MemorySwap', kind: 'value', canon: swapOf },
  { arg: 'memory_swappiness', in: 'HostConfig', key: 'MemorySwappiness', kind: 'value', canon: (value) => value ?? -1 },
  {
    arg: 'cpus',
    in: 'HostConfig',
    key: 'NanoCpus',
    kind: 'value',
    api: (cpus: number) => Math.round(cpus * 1e9),
    canon: number,
  },
  { arg: 'cpu_shares', in: 'HostConfig', key: 'CpuShares', kind: 'value', canon: number },
  { arg: 'cpu_period', in: 'HostConfig', key: 'CpuPeriod', kind: 'value', canon: number },
  { arg: 'cpu_quota', in: 'HostConfig', key: 'CpuQuota', kind: 'value', canon: number },
  { arg: 'cpuset_cpus', in: 'HostConfig', key: 'CpusetCpus', kind: 'value', canon: text },
  { arg: 'cpuset_mems', in: 'HostConfig', key: 'CpusetMems', kind: 'value', canon: text },
  { arg: 'blkio_weight', in: 'HostConfig', key: 'BlkioWeight', kind: 'value', canon: number },
  {
    arg: 'pids_limit',
    in: 'HostConfig',
    key: 'PidsLimit',
    kind: 'value',
    canon: (value) => Math.max(0, number(value)),
  },
  { arg: 'oom_killer', in: 'HostConfig', key: 'OomKillDisable', kind: 'value', canon: flagged },
  { arg: 'oom_score_adj', in: 'HostConfig', key: 'OomScoreAdj', kind: 'value', canon: number },
  { arg: 'shm_size', in: 'HostConfig', key: 'ShmSize', kind: 'value', canon: (value) => number(value) || SHM },
  {
    arg: 'ulimits',
    in: 'HostConfig',
    key: 'Ulimits',
    kind: 'set',
    api: (all: string[]) => all.map(ulimitOf),
    canon: (value: unknown) => ((value ?? []) as Ulimit[]).map(({ Name, Soft, Hard }) => `${Name}:${Soft}:${Hard}`),
  },
];

/** What Docker sets where there is a limit of memory, and none of swap is asked for. */
function swapOf(value: unknown, _world: World, { memory = 0 }: LimitArgs): number {
  const swap = number(value);
  return swap === 0 ? memory * 2 : swap;
}

interface Ulimit {
  Name: string;
  Soft: number;
  Hard: number;
}

function ulimitOf(value: string): Ulimit {
  const [name = '', soft = '', hard = soft] = value.split(/[:=]/);
  return { Name: name.toLowerCase(), Soft: Number(soft), Hard: Number(hard) };
}

/** Of `docker info`: whether the kernel has what a limit needs. */
const NEEDS: Partial<Record<keyof LimitArgs, string>> = {
  memory: 'MemoryLimit',
  memory_swap: 'SwapLimit',
  cpus: 'CpuCfsQuota',
  cpu_period: 'CpuCfsPeriod',
  cpu_quota: 'CpuCfsQuota',
  cpu_shares: 'CPUShares',
  cpuset_cpus: 'CPUSet',
  cpuset_mems: 'CPUSet',
  pids_limit: 'PidsLimit',
};

/** Whether a limit is asked for that a kernel may not have. */
export function needsKernel(args: LimitArgs): boolean {
  return Object.keys(NEEDS).some((arg) => isAsked(args[arg as keyof LimitArgs]));
}

/** The limits that Docker would ignore or refuse on this host, since its kernel has not what they need. */
export function unsupported(args: LimitArgs, info: Record<string, unknown> | undefined): string[] {
  return Object.entries(NEEDS).flatMap(([arg, key]) =>
    info?.[key] === false && isAsked(args[arg as keyof LimitArgs]) ? [arg] : [],
  );
}

function isAsked(value: unknown): boolean {
  return value !== undefined && value !== 0 && value !== '' && value !== -1;
}
