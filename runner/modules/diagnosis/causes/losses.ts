import { flowName } from '../flows.ts';
import type { Flow } from '../flows.ts';
import { grouped, listed } from './cause.ts';
import type { Cause, Find, Scene } from './cause.ts';
import { lossesOf, ownerOf, related, sizeText, uniqueFlows } from './loss.ts';
import type { Loss } from './loss.ts';
import { onTheWay } from './on-the-way.ts';
import { refusals } from './refusals.ts';
import { kernelReason } from './ways.ts';
import type { HostView } from '../view/view.ts';

/** What the trace has shown: packets that were sent and did not arrive. */
export const losses: Find = (scene, found) => {
  const lost = lossesOf(scene, found);
  const between = lost.filter(({ where }) => where === 'between');
  const dropped = lost.filter(({ where }) => where !== 'between');
  return [
    ...grouped(dropped, (loss) => `${ownerOf(loss)} ${loss.largest}`)
      .flatMap(related)
      .map((group) => firewall(group, scene)),
    ...onTheWay(
      grouped(between, ({ from, to, largest }) => `${from} ${to} ${largest}`),
      scene,
    ),
    ...refusals(scene, dropped),
  ];
};

/** All that one host's own rules take away. */
function firewall(group: readonly Loss[], scene: Scene): Cause {
  const host = ownerOf(group[0]!);
  const { largest } = group[0]!;
  const view = scene.views.get(host)!;
  const flows = uniqueFlows(group);
  const rules = [...new Set(group.flatMap((loss) => loss.rules.map(({ where, text }) => `${where}: ${text}`)))].slice(
    0,
    4,
  );
  const astray = rules.length > 0 ? undefined : kernelReason(group, scene);
  return {
    severity: 'cause',
    hosts: [host],
    text: `${host} drops ${sizeText(largest)}${listed(flows.map(flowName))}${partners(group, host, scene)} ${astray?.text ?? `in its own firewall (${rules.length > 0 ? rules.join('; ') : 'no rule names it'})`}, which carries ${listed(flows.map(({ carries }) => carries))}`,
    fix: astray?.fix ?? opening(host, view, flows),
    paths: group.map(({ from, to }): [string, string] => [from, to]),
    ...(flows.some(({ control }) => control) && { control: true }),
  };
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

/** The command that lets the flows in, in the words of the firewall that is in force. */
function opening(host: string, { firewalls }: HostView, flows: readonly Flow[]): string {
  const ports = flows.filter(({ port }) => port !== undefined);
  if (firewalls.some(({ name }) => name === 'ufw') && ports.length > 0)
    return `${ports.map(({ protocol, port }) => `\`ufw allow ${port}/${protocol}\``).join(', ')} on ${host}`;
  if (firewalls.some(({ name }) => name === 'firewalld') && ports.length > 0)
    return `\`firewall-cmd --permanent ${ports.map(({ protocol, port }) => `--add-port=${port}/${protocol}`).join(' ')}\` and \`firewall-cmd --reload\` on ${host}`;
  return `remove the rule on ${host} (\`iptables -D\`, \`nft delete rule\`), or let the flow in before it`;
}
