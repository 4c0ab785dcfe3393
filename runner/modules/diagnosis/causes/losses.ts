import { flowName, flowsOf } from '../flows.ts';
import type { Flow } from '../flows.ts';
import { rulesAgainst } from '../rules.ts';
import type { Counted } from '../trace-parse.ts';
import type { HostView } from '../view.ts';
import { grouped, listed, seen } from './cause.ts';
import type { Cause, Find, Scene } from './cause.ts';
import { uplinkOf } from './interfaces.ts';

/** Where a packet is lost: by the sender's rules, on the way, by the receiver's rules. */
type Where = 'out' | 'between' | 'in';

/** One flow of one path that does not arrive. */
interface Loss {
  from: string;
  to: string;
  flow: Flow;
  where: Where;
  /** The largest packet that arrives; absent where none does. */
  largest?: number;
}

/** What the trace has shown: packets that were sent and did not arrive. */
export const losses: Find = (scene) => {
  const lost = lossesOf(scene);
  const places = grouped(lost, ({ where, from, to, largest }) =>
    where === 'between' ? `between ${from} ${to} ${largest}` : `${where} ${where === 'out' ? from : to} ${largest}`,
  );
  const single = places.filter((group) => group[0]!.where !== 'between').map((group) => firewall(group, scene));
  const between = places.filter((group) => group[0]!.where === 'between');
  return [...single, ...onTheWay(between, scene), ...refusals(scene)];
};

function lossesOf(scene: Scene): Loss[] {
  return seen(scene).flatMap(([from]) =>
    seen(scene).flatMap(([to, receiver]) => {
      if (from === to) return [];
      const wanted = flowsOf(receiver).filter(({ managers }) => !managers || receiver.docker.swarm.manager);
      const lost = wanted.flatMap((flow) => lossOf(scene, from, to, flow) ?? []);
      // Hosts may well refuse to be pinged: that alone keeps nothing apart.
      return lost.length === 1 && lost[0]!.flow.protocol === 'icmp' && wanted.length > 1 ? [] : lost;
    }),
  );
}

function lossOf(scene: Scene, from: string, to: string, flow: Flow): Loss | undefined {
  const sender = of(scene.counts.get(from), to, flow);
  const receiver = of(scene.counts.get(to), from, flow);
  const steps = sender.map(({ length, sent, left }, i) => ({
    length,
    sent,
    left,
    came: receiver[i]?.came ?? 0,
    passed: receiver[i]?.passed ?? 0,
  }));
  const tried = steps.filter(({ sent }) => sent > 0);
  const failed = tried.find(({ passed }) => passed === 0);
  if (!failed || receiver.length === 0) return undefined;
  const arrived = tried.filter(({ passed }) => passed > 0).map(({ length }) => length);
  const where = failed.left === 0 ? 'out' : failed.came === 0 ? 'between' : 'in';
  return { from, to, flow, where, ...(arrived.length > 0 && { largest: Math.max(...arrived) }) };
}

function of(counted: readonly Counted[] | undefined, peer: string, { protocol, port }: Flow): Counted[] {
  return (counted ?? [])
    .filter((one) => one.peer === peer && one.protocol === protocol && one.port === port)
    .sort((a, b) => a.length - b.length);
}

/** All that one host's own rules take away, at one hook. */
function firewall(group: readonly Loss[], scene: Scene): Cause {
  const { where, from, to, largest } = group[0]!;
  const host = where === 'out' ? from : to;
  const view = scene.views.get(host)!;
  const others = [...new Set(group.map((loss) => (where === 'out' ? loss.to : loss.from)))];
  const all = others.length === scene.counts.size - 1;
  const flows = uniqueFlows(group);
  const found = group.flatMap((loss) =>
    rulesAgainst(
      view.drops,
      where === 'out' ? /output|postrouting/i : /input|prerouting/i,
      loss.flow,
      scene.views.get(where === 'out' ? loss.to : loss.from)?.address,
    ),
  );
  const rules = [...new Set(found.map(({ where: chain, text }) => `${chain}: ${text}`))].slice(0, 4);
  const partners =
    all && others.length > 1 ? '' : where === 'out' ? ` to ${listed(others)}` : ` from ${listed(others)}`;
  return {
    severity: 'cause',
    hosts: [host],
    text: `${host} drops ${sizeText(largest)}${listed(flows.map(flowName))}${partners} in its own firewall (${rules.length > 0 ? rules.join('; ') : 'no rule names it'}), which carries ${listed(flows.map(({ carries }) => carries))}`,
    fix: opening(host, view, flows),
    paths: group.map((loss): [string, string] => [loss.from, loss.to]),
  };
}

function sizeText(largest: number | undefined): string {
  return largest === undefined ? '' : `packets above ${largest} bytes of `;
}

function uniqueFlows(group: readonly Loss[]): Flow[] {
  return [...new Map(group.map(({ flow }) => [flowName(flow), flow])).values()];
}

/** The command that lets the flows in, in the words of the firewall that is in force. */
function opening(host: string, { firewalls }: HostView, flows: readonly Flow[]): string {
  const ports = flows.filter(({ port }) => port !== undefined);
  if (firewalls.some(({ name }) => name === 'ufw') && ports.length > 0)
    return `${ports.map(({ protocol, port }) => `\`ufw allow ${port}/${protocol}\``).join(', ')} on ${host}`;
  if (firewalls.some(({ name }) => name === 'firewalld') && ports.length > 0)
    return `\`firewall-cmd --permanent ${ports.map(({ protocol, port }) => `--add-port=${port}/${protocol}`).join(' ')}\` and \`firewall-cmd --reload\` on ${host}`;
  return `remove the rule on ${host} (\`iptables -D\`, \`nft delete rule\`), or let the flow in before it`;
}

/** What leaves one host and does not come to the other: a switch, a router, a cloud's security group. */
function onTheWay(groups: readonly (readonly Loss[])[], scene: Scene): Cause[] {
  const words = grouped(groups, (group) => `${group[0]!.largest} ${whatOf(group, scene)}`);
  return words.map((same) => {
    const pairs = same.map((group) => group[0]!);
    const paths = pairs.map(({ from, to }): [string, string] => [from, to]);
    const { largest } = pairs[0]!;
    const hosts = [...new Set(paths.flat())];
    const filters = hosts.flatMap((host) =>
      (uplinkOf(scene.views.get(host)!)?.filters ?? []).map((filter) => `${host} has ${filter}`),
    );
    return {
      severity: 'cause',
      hosts,
      text: `${sizeText(largest)}${whatOf(same[0]!, scene)} ${largest === undefined ? 'is' : 'are'} lost ${direction(paths)}: what leaves the one does not come to the other${filters.length > 0 ? ` (${listed(filters)})` : ''}`,
      fix:
        largest === undefined
          ? `see what lies between them: a security group, a switch, a router${filters.length > 0 ? ', or the filters named' : ''}`
          : `give the network an MTU of ${largest - 50} (overlay_options: {com.docker.network.driver.mtu: "${largest - 50}"}, with overlay_recreate=true), or let larger packets pass between them`,
      paths,
    };
  });
}

/** `every packet`, or the flows. */
function whatOf(group: readonly Loss[], scene: Scene): string {
  const receiver = scene.views.get(group[0]!.to)!;
  const wanted = flowsOf(receiver).filter(({ managers }) => !managers || receiver.docker.swarm.manager);
  const flows = uniqueFlows(group);
  return flows.length === wanted.length && group[0]!.largest === undefined
    ? 'every packet'
    : listed(flows.map(flowName));
}

/** `from a to b`, or `between a and b` where both ways are lost. */
function direction(paths: readonly [string, string][]): string {
  const told = new Set<string>();
  return listed(
    paths.flatMap(([from, to]) => {
      const both = paths.some(([a, b]) => a === to && b === from);
      const text = both ? `between ${[from, to].sort().join(' and ')}` : `from ${from} to ${to}`;
      return told.has(text) ? [] : (told.add(text), [text]);
    }),
  );
}

/** Ports that nothing listens on, of hosts whose Docker answers. */
function refusals(scene: Scene): Cause[] {
  const by = new Map<string, { host: string; port: string; from: string[] }>();
  for (const [from, lines] of scene.refused)
    for (const line of lines) {
      const [host = '', port = ''] = line.split(' ');
      const one = by.get(line) ?? { host, port, from: [] };
      by.set(line, { ...one, from: [...one.from, from] });
    }
  return [...by.values()]
    .filter(({ host, port }) => {
      const view = scene.views.get(host);
      return (
        view !== undefined &&
        view.docker.trouble === undefined &&
        view.docker.swarm.state === 'active' &&
        (port !== '2377' || view.docker.swarm.manager)
      );
    })
    .map(({ host, port, from }) => ({
      severity: 'cause',
      hosts: [host],
      text: `nothing listens on tcp/${port} of ${host} (refused to ${listed(from)})`,
      fix: `\`systemctl restart docker\` on ${host}; a firewall rule with REJECT looks the same`,
      paths: from.map((one): [string, string] => [one, host]),
    }));
}
