import { flowName } from '../flows.ts';
import { grouped, listed } from './cause.ts';
import type { Cause, Scene } from './cause.ts';
import { flowsTo, sizeText, uniqueFlows } from './loss.ts';
import type { Loss } from './loss.ts';
import { notesOf } from './ways.ts';

/** What leaves one host and does not come to the other: a switch, a router, a cloud's security group. */
export function onTheWay(groups: readonly (readonly Loss[])[], scene: Scene): Cause[] {
  const words = grouped(groups, (group) => `${group[0]!.largest} ${whatOf(group, scene)}`);
  return words.map((same) => {
    const pairs = same.map((group) => group[0]!);
    const paths = pairs.map(({ from, to }): [string, string] => [from, to]);
    const { largest } = pairs[0]!;
    const hosts = [...new Set(paths.flat())];
    const notes = notesOf(paths, scene);
    return {
      severity: 'cause',
      hosts,
      text: `${sizeText(largest)}${whatOf(same[0]!, scene)} ${largest === undefined ? 'is' : 'are'} lost ${direction(paths)}: what leaves the one does not come to the other${notes.length > 0 ? ` (${listed(notes)})` : ''}`,
      fix:
        largest === undefined
          ? `see what lies between them: a security group, a switch, a router${notes.length > 0 ? ', or what is named here' : ''}`
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
  const all = wanted.filter(({ containers }) => !containers).map(flowName);
  return all.every((name) => flows.some((flow) => flowName(flow) === name)) && group[0]!.largest === undefined
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
