import { readFileSync } from 'node:fs';
import { ask, hostOfTool } from './hosts.ts';
import type { Tool, Twins } from './hosts.ts';

/** What is compared, in the order of the table. */
export const kinds = ['files', 'packages', 'services', 'users'] as const;

/** What only one of the hosts has: a line of `state.sh`, and which. */
export interface Difference {
  kind: (typeof kinds)[number];
  tool: Tool;
  line: string;
}

/** What the two hosts do not have in common. */
export async function differences(twins: Twins): Promise<Difference[]> {
  const [ours, theirs] = await Promise.all([stateOf(twins, 'xrun'), stateOf(twins, 'ansible')]);
  return [...surplus(ours, theirs, 'xrun'), ...surplus(theirs, ours, 'ansible')];
}

async function stateOf({ state }: Twins, tool: Tool): Promise<Set<string>> {
  const said = await ask(state, hostOfTool[tool], readFileSync(new URL('state.sh', import.meta.url), 'utf8'));
  return new Set(said.split('\n').filter(Boolean).map(withoutTimes));
}

/** Both tools put the process and the time of a backup into its name. */
function withoutTimes(line: string): string {
  return line.replace(/\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~/, '.BACKUP~');
}

function surplus(lines: Set<string>, others: Set<string>, tool: Tool): Difference[] {
  const only = [...lines].filter((line) => !others.has(line));
  return kinds.flatMap((kind) =>
    only.filter((line) => line.startsWith(`${kind} `)).map((line) => ({ kind, tool, line })),
  );
}
