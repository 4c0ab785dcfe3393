import { flowName } from '../flows.ts';
import type { Flow } from '../flows.ts';
import { rulesAgainst } from '../rules.ts';
import { grouped, listed } from './cause.ts';
import type { Cause, Find, Scene } from './cause.ts';
import { uplinkOf } from './interfaces.ts';
import { flowsTo, lossesOf, ownerOf } from './loss.ts';
import type { Loss } from './loss.ts';
import type { HostView } from '../view.ts';

/** What the trace has shown: packets that were sent and did not arrive. */
export const losses: Find = (scene) => {
  const lost = lossesOf(scene);
  const between = lost.filter(({ where }) => where === 'between');
  const dropped = lost.filter(({ where }) => where !== 'between');
  return [
    ...grouped(dropped, (loss) => `${ownerOf(loss)} ${loss.largest}`).map((group) => firewall(group, scene)),
    ...onTheWay(
      grouped(between, ({ from, to, largest }) => `${from} ${to} ${largest}`),
      scene,
    ),
    ...refusals(scene),
  ];
};

/** All that one host's own rules take away. */
function firewall(group: readonly Loss[], scene: Scene): Cause {
  const host = ownerOf(group[0]!);
  const { largest } = group[0]!;
  const view = scene.views.get(host)!;
  const flows = uniqueFlows(group);
  const rules = [...new Set(group.flatMap((loss) => rulesOf(loss, view, scene)))].slice(0, 4);
  return {
    severity: 'cause',
    hosts: [host],
    text: `${host} drops ${sizeText(largest)}${listed(flows.map(flowName))}${partners(group, host, scene)} in its own firewall (${rules.length > 0 ? rules.join('; ') : 'no rule names it'}), which carries ${listed(flows.map(({ carries }) => carries))}`,
    fix: opening(host, view, flows),
    paths: group.map(({ from, to }): [string, string] => [from, to]),
    ...(flows.some(({ control }) => control) && { control: true }),
  };
}

function rulesOf({ where, from, to, flow }: Loss, { drops }: HostView, scene: Scene): string[] {
  const [way, peer] = where === 'out' ? (['out', to] as const) : (['in', from] as const);
  return rulesAgainst(drops, way, flow, scene.views.get(peer)?.address).map((rule) => `${rule.where}: ${rule.text}`);
}

/** ` from node1`, ` in both directions`; nothing where it is what comes in from all. */
function partners(group: readonly Loss[], host: string, scene: Scene): string {
  const ways = [...new Set(group.map(({ where }) => where))];
  const others = [...new Set(group.flatMap(({ from, to }) => [from, to]))].filter((other) => other !== host);
  const some = others.length < scene.counts.size - 1 || others.length === 1;
  if (ways.length > 1) return ` in both directions${some ? `, from and to ${listed(others)}` : ''}`;
  if (some) return `${ways[0] === 'out' ? ' to' : ' from'} ${listed(others)}`;
  return ways[0] === 'out' ? ' on the way out' : '';
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
      ...(same.flat().some(({ flow }) => flow.control) && { control: true }),
    };
  });
}

/** `every packet`, or the flows. */
function whatOf(group: readonly Loss[], scene: Scene): string {
  const wanted = flowsTo(group[0]!.to, scene);
  const flows = uniqueFlows(group);
  return flows.length === wanted.length && group[0]!.largest === undefined
    ? 'every packet'
    : listed(flows.map(flowName));
}

/** `from a to b`, or `between a and b` where both ways are lost. */
function direction(paths: readonly [string, string][]): string {
  const named = new Set<string>();
  return listed(
    paths.flatMap(([from, to]) => {
      const both = paths.some(([a, b]) => a === to && b === from);
      const text = both ? `between ${[from, to].sort().join(' and ')}` : `from ${from} to ${to}`;
      return named.has(text) ? [] : (named.add(text), [text]);
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
