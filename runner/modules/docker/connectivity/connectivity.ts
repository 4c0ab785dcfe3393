import * as z from 'zod';
import type { MatrixCell } from '../../../model/events.ts';
import { expression } from '../../../model/arguments/judged.ts';
import { flag, port, seconds, text } from '../../../model/arguments/scalars.ts';
import { cellOf } from './cell.ts';
import type { Finding } from './cell.ts';
import { CHECKS, probeConnectivity } from './probe.ts';
import { reaching, troubleOf } from '../api/reach.ts';
import type { Trouble } from '../api/reach.ts';
import { defineModule } from '../../../model/module.ts';
import type { DecideContext, Decision, ProbeResult } from '../../../model/module.ts';

const peer = z.strictObject({
  host: text.describe('Name of the host, for the result.'),
  address: text.describe('Address to reach; empty where it could not be found out.'),
  name: text.optional().describe('A name that leads to the same address.'),
  existing: text
    .optional()
    .describe('Name of a container that was there before and serves nothing: it is only pinged.'),
});

const args = z.strictObject({
  container: text
    .optional()
    .describe(
      'The container that asks, with ping, wget and md5sum as busybox has them; the host itself where not given.',
    ),
  peers: expression
    .transform(({ value }) => value ?? [])
    .pipe(z.array(peer))
    .describe('An expression that gives whom to reach: a list of `host`, `address` and, where DNS knows one, `name`.'),
  checks: z
    .array(z.enum(CHECKS))
    .default([...CHECKS])
    .describe(
      '`ping`; `mtu`, a ping of full MTU that may not be cut up; `tcp`, a transfer whose checksum is compared; `name`, where names are given.',
    ),
  port: port.default(8099).describe('Where each peer serves `/data`, and its checksum as `/data.md5`, over HTTP.'),
  settle: seconds.default(30).describe('How long a fresh network may take until it works, seconds.'),
  fatal: flag.default(true).describe('Fail where something is not reached; else only the result reports it.'),
});

type Args = z.output<typeof args>;

interface ConnectivityState {
  findings: Finding[];
  /** Why nothing could be tried. */
  problem?: string;
}

export default defineModule<typeof args, ConnectivityState | Trouble>({
  name: 'connectivity',
  summary: 'Try to reach other containers or hosts: ping, ping of full MTU, TCP with a checksum, name',
  notes: [
    'It only reads. The result has `good`, `failures` in words, and `cells` by host, which `matrix` shows as a table.',
  ],
  examples: `
- connectivity:
    container: proof
    peers: "play_hosts.filter(h, h != inventory_hostname).map(h, {'host': h, 'address': hostvars[h].proof.ip})"
  register: reach
`,
  returns: {
    good: 'How many paths work.',
    failures: 'The paths that do not, in words.',
    cells: 'Every path that was tried, with its checks.',
  },
  args,
  evaluates: ['peers'],
  probeMayFail: true,
  probe: (args) => probeConnectivity({ ...args, peers: args.peers.filter(({ address }) => address !== '') }),
  parse,
  decide: reaching(() => ({ findings: [], problem: 'Docker is not there yet' }), decide),
});

function parse(probe: ProbeResult): ConnectivityState | Trouble {
  const trouble = troubleOf(probe);
  if (trouble) return trouble;
  const findings = probe.stdout.split('\n').flatMap((line): Finding[] => {
    const [host, check, ok, text] = line.split('|');
    return host && check && text !== undefined
      ? [{ host, check: check as Finding['check'], ok: ok === 'ok', text }]
      : [];
  });
  return probe.rc === 0 ? { findings } : { findings, problem: probe.stderr.trim().split('\n').at(-1) ?? '' };
}

function decide(
  args: Args,
  { findings, problem }: ConnectivityState,
  context: DecideContext,
): Decision<ConnectivityState> {
  if (problem !== undefined && context.check) return { kind: 'unknown', why: problem, steps: [] };
  const cells: Record<string, MatrixCell> = {};
  for (const [host, peers] of byHost(args.peers)) cells[host] = cellOf(context.host, host, peers, findings, problem);
  const failures = Object.entries(cells).flatMap(([host, { ok, text }]) =>
    ok ? [] : [`${context.host} -> ${host}: ${text}`],
  );
  const result = { good: failures.length === 0, failures, cells };
  if (failures.length > 0 && args.fatal) return { kind: 'fail', message: failures.join('; '), result };
  return { kind: 'ok', result };
}

function byHost(peers: Args['peers']): Map<string, Args['peers']> {
  const found = new Map<string, Args['peers']>();
  for (const peer of peers) found.set(peer.host, [...(found.get(peer.host) ?? []), peer]);
  return found;
}
