import { flowName, flowsOf } from '../flows.ts';
import type { Flow } from '../flows.ts';
import { rulesAgainst } from '../rules/against.ts';
import type { RuleView } from '../rules/rule.ts';
import type { Counted } from '../trace/parse.ts';
import { seen } from './cause.ts';
import type { Cause, Scene } from './cause.ts';
import { senderOf } from '../view/sender.ts';
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
  /** The rules that may have dropped it. */
  rules: RuleView[];
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

/** Everything that was sent and did not arrive, path by path; what causes found before explain is left out. */
export function lossesOf(scene: Scene, found: readonly Cause[]): Loss[] {
  const explained = (from: string, to: string) =>
    found.some(({ total, paths }) => total && paths.some(([a, b]) => a === from && b === to));
  return seen(scene).flatMap(([from]) =>
    seen(scene).flatMap(([to]) => {
      if (from === to || explained(from, to)) return [];
      const wanted = flowsTo(to, scene);
      const lost = wanted.flatMap((flow) => lossOf(scene, from, to, flow) ?? []);
      const carried = lost.some(({ flow }) => !isPing(flow) && !flow.containers);
      // What containers send is lost with what carries it.
      if (carried) return lost.filter(({ flow, where }) => !flow.containers || where !== 'between');
      // Hosts may well refuse to be pinged: that alone keeps nothing apart.
      return lost.length === 1 && isPing(lost[0]!.flow) && wanted.length > 1 ? [] : lost;
    }),
  );
}

function isPing({ protocol, containers }: Flow): boolean {
  return protocol === 'icmp' && !containers;
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
  const loss = { from, to, flow, ...(arrived.length > 0 && { largest: Math.max(...arrived) }) };
  return placed(loss, where, scene);
}

/** A loss with its rules. What is lost between hosts may have been dropped at an interface of one of them, before or after the trace sees it. */
function placed(loss: Omit<Loss, 'where' | 'rules'>, where: Loss['where'], scene: Scene): Loss {
  if (where !== 'between') return { ...loss, where, rules: rulesOf(where, loss, scene) };
  const egress = rulesOf('egress', loss, scene);
  const ingress = rulesOf('ingress', loss, scene);
  if (egress.length > 0) return { ...loss, where: 'out', rules: egress };
  return ingress.length > 0 ? { ...loss, where: 'in', rules: ingress } : { ...loss, where, rules: [] };
}

function rulesOf(
  way: 'out' | 'in' | 'egress' | 'ingress',
  loss: Pick<Loss, 'from' | 'to' | 'flow'>,
  scene: Scene,
): RuleView[] {
  const [from, to] = [scene.views.get(loss.from)!, scene.views.get(loss.to)!];
  const leaving = way === 'out' || way === 'egress';
  const view = leaving ? from : to;
  const { flow } = loss;
  if (flow.containers && (way === 'out' || way === 'in')) {
    const named = rulesAgainst(view.drops, {
      way: 'forward',
      flow,
      from: senderOf(from)?.address,
      to: senderOf(to)?.address,
    });
    // Docker's own rules keep its networks apart; others are meant where there are any.
    const others = named.filter(({ where }) => !/ DOCKER-(?!USER)/.test(where));
    return others.length > 0 ? others : named;
  }
  const dev = uplinkOf(view)?.name;
  return rulesAgainst(view.drops, { way, flow, dev, ...(leaving ? { to: to.address } : { from: from.address }) });
}

function counted(all: readonly Counted[] | undefined, peer: string, { protocol, port, containers }: Flow): Counted[] {
  return (all ?? [])
    .filter(
      (one) => one.peer === peer && one.protocol === protocol && one.port === port && one.containers === containers,
    )
    .sort((a, b) => a.length - b.length);
}

/** Losses of one host that have a rule or a port in common, and so one cause. */
export function related(losses: readonly Loss[]): Loss[][] {
  const keys = ({ flow, rules }: Loss) => [
    `port ${flow.port ?? flow.protocol}`,
    ...(rules.length > 0 ? rules.map(({ where, text }) => `${where}: ${text}`) : ['no rule']),
  ];
  return losses.reduce<Loss[][]>((groups, loss) => {
    const own = keys(loss);
    const [near, far] = [true, false].map((joined) =>
      groups.filter((group) => group.some((one) => keys(one).some((key) => own.includes(key))) === joined),
    );
    return [...far!, [...near!.flat(), loss]];
  }, []);
}

/** ` packets above 1280 bytes of `; nothing where packets of every size are lost. */
export function sizeText(largest: number | undefined): string {
  return largest === undefined ? '' : `packets above ${largest} bytes of `;
}

/** The flows of losses, each once. */
export function uniqueFlows(losses: readonly Loss[]): Flow[] {
  return [...new Map(losses.map(({ flow }) => [flowName(flow), flow])).values()];
}
