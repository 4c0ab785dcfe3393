import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { causesOf } from '../../runner/modules/diagnosis/causes/causes.ts';
import { flowName, flowsOf } from '../../runner/modules/diagnosis/flows.ts';
import { lengthsOf } from '../../runner/modules/diagnosis/trace/count.ts';
import type { Counted } from '../../runner/modules/diagnosis/trace/parse.ts';
import type { HostView } from '../../runner/modules/diagnosis/view/view.ts';

type Patch = { [key: string]: unknown };

/** A flow that is lost: all of them, from and to all, where not said; `above` so many bytes only. */
interface Lost {
  from?: string;
  to?: string;
  flow?: string;
  at: 'out' | 'between' | 'in';
  above?: number;
}

interface Case {
  what: string;
  node1?: Patch;
  node2?: Patch;
  node3?: Patch;
  without?: string;
  lost?: Lost[];
  /** What hosts saw as they sent. */
  silent?: Record<string, string[]>;
  ways?: Record<string, Record<string, string>>;
  thrownAway?: Record<string, Record<string, number>>;
  /** The beginning of each cause's text, or a piece of it. */
  found?: string[];
  warned?: string[];
  fix?: string[];
  paths?: [string, string][];
}

const { well, cases } = load(readFileSync(new URL('../cases/network-causes.yml', import.meta.url), 'utf8')) as {
  well: HostView;
  cases: Case[];
};
const HOSTS = ['node1', 'node2', 'node3'] as const;
const NAMES = ['order', 'billing', 'api'];

/** The nth host, all well: like the first, with numbers of its own. */
function host(n: number): HostView {
  const at = (k: number) => ({ mac: `02:42:0a:0a:00:0${k}`, address: `10.10.0.${k}` });
  const others = [1, 2, 3].filter((k) => k !== n);
  const numbered = JSON.parse(
    JSON.stringify(well).replaceAll('192.0.2.11', `192.0.2.1${n}`).replaceAll('00:00:11', `00:00:1${n}`),
  ) as HostView;
  return {
    ...numbered,
    machineId: `m${n}`,
    hostname: `node${n}`,
    docker: {
      ...numbered.docker,
      id: `d${n}`,
      swarm: { ...numbered.docker.swarm, nodeId: `n${n}`, manager: n === 1 },
      ...(n === 1 ? { nodes: well.docker.nodes } : { nodes: undefined }),
    } as HostView['docker'],
    overlay: {
      forwarding: others.map((k) => ({ mac: at(k).mac, at: `192.0.2.1${k}` })),
      neighbours: others.map((k) => ({ address: at(k).address, mac: at(k).mac })),
      down: [],
      loose: [],
      drops: [],
    },
    containers: [{ ...well.containers[0]!, name: NAMES[n - 1] as string, ...at(n), addresses: [at(n).address] }],
  };
}

function patched<T>(value: T, patch: unknown): T {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch as T;
  return Object.fromEntries(
    [...new Set([...Object.keys(value ?? {}), ...Object.keys(patch)])].map((key) => {
      const now = (value as Patch)[key];
      return [key, key in patch ? patched(now, (patch as Patch)[key]) : now];
    }),
  ) as T;
}

/** What a host counts: three of each packet, as far as they come. */
function counts(own: string, views: Map<string, HostView>, lost: readonly Lost[]): Counted[] {
  const reaches = (from: string, to: string, flow: string, length: number, stages: readonly string[]) =>
    lost.some(
      (one) =>
        (one.from ?? from) === from &&
        (one.to ?? to) === to &&
        (one.flow ?? flow) === flow &&
        stages.includes(one.at) &&
        length > (one.above ?? -1),
    )
      ? 0
      : 3;
  return HOSTS.filter((peer) => peer !== own && views.has(peer)).flatMap((peer) =>
    flowsOf(views.get(peer)!).flatMap((flow) =>
      lengthsOf(flow.protocol).map((length = 0) => ({
        peer,
        protocol: flow.protocol,
        ...(flow.port !== undefined && { port: flow.port }),
        ...(flow.containers && { containers: true as const }),
        length,
        // The hosts do not see what containers of an overlay network send.
        sent: flow.containers ? 0 : 3,
        left: reaches(own, peer, flowName(flow), length, ['out']),
        came: reaches(peer, own, flowName(flow), length, ['out', 'between']),
        passed: reaches(peer, own, flowName(flow), length, ['out', 'between', 'in']),
      })),
    ),
  );
}

test.each(cases)(
  '$what',
  ({
    lost = [],
    without,
    silent = {},
    ways = {},
    thrownAway = {},
    found = [],
    warned = [],
    fix = [],
    paths,
    ...patches
  }) => {
    const views = new Map(
      HOSTS.filter((name) => name !== without).map((name) => [
        name,
        patched(host(HOSTS.indexOf(name) + 1), patches[name] ?? {}),
      ]),
    );
    const causes = causesOf({
      hosts: [...HOSTS],
      views,
      counts: new Map([...views.keys()].map((name) => [name, counts(name, views, lost)])),
      sent: new Map(
        [...views.keys()].map((name) => [name, { refused: [], silent: silent[name] ?? [], ways: ways[name] ?? {} }]),
      ),
      thrownAway: new Map(Object.entries(thrownAway)),
    });
    const texts = (severity: string) => causes.filter((one) => one.severity === severity).map(({ text }) => text);
    expect(texts('cause')).toEqual(found.map((piece) => expect.stringContaining(piece) as string));
    expect(texts('warning')).toEqual(warned.map((piece) => expect.stringContaining(piece) as string));
    for (const piece of fix) expect(causes.map((one) => one.fix).join('\n')).toContain(piece);
    if (paths) expect(causes[0]?.paths).toEqual(paths);
  },
);
