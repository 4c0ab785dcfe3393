import { flowsOf } from '../flows.ts';
import type { Flow } from '../flows.ts';
import type { Counted } from '../trace-parse.ts';
import { seen } from './cause.ts';
import type { Scene } from './cause.ts';
import { uplinkOf } from './interfaces.ts';

/** One flow of one path that does not arrive. */
export interface Loss {
  from: string;
  to: string;
  flow: Flow;
  /** By the sender's rules, on the way, by the receiver's rules. */
  where: 'out' | 'between' | 'in';
  /** The largest packet that arrives; absent where none does. */
  largest?: number;
}

/** The host whose rules take the packets away. */
export function ownerOf({ where, from, to }: Loss): string {
  return where === 'out' ? from : to;
}

/** What is to arrive at a host. */
export function flowsTo(host: string, { views }: Scene): Flow[] {
  const view = views.get(host);
  return view ? flowsOf(view).filter(({ managers }) => !managers || view.docker.swarm.manager) : [];
}

/** Everything that was sent and did not arrive, path by path. */
export function lossesOf(scene: Scene): Loss[] {
  return seen(scene).flatMap(([from]) =>
    seen(scene).flatMap(([to]) => {
      if (from === to) return [];
      const wanted = flowsTo(to, scene);
      const lost = wanted.flatMap((flow) => lossOf(scene, from, to, flow) ?? []);
      // Hosts may well refuse to be pinged: that alone keeps nothing apart.
      return lost.length === 1 && lost[0]!.flow.protocol === 'icmp' && wanted.length > 1 ? [] : lost;
    }),
  );
}

function lossOf(scene: Scene, from: string, to: string, flow: Flow): Loss | undefined {
  // What is larger than an interface takes arrives in pieces, or not at all: that is said of the interface.
  const most = Math.min(...[from, to].map((host) => uplinkOf(scene.views.get(host)!)?.mtu ?? Number.POSITIVE_INFINITY));
  const receiver = counted(scene.counts.get(to), from, flow);
  const steps = counted(scene.counts.get(from), to, flow)
    .filter(({ length, sent }) => length <= most && sent > 0)
    .map(({ length, left }) => ({ length, left, at: receiver.find((one) => one.length === length) }));
  const failed = steps.find(({ at }) => at?.passed === 0);
  if (!failed) return undefined;
  const arrived = steps.filter(({ at }) => at!.passed > 0).map(({ length }) => length);
  const where = failed.left === 0 ? 'out' : failed.at!.came === 0 ? 'between' : 'in';
  return { from, to, flow, where, ...(arrived.length > 0 && { largest: Math.max(...arrived) }) };
}

function counted(all: readonly Counted[] | undefined, peer: string, { protocol, port }: Flow): Counted[] {
  return (all ?? [])
    .filter((one) => one.peer === peer && one.protocol === protocol && one.port === port)
    .sort((a, b) => a.length - b.length);
}
