import { builtInNames } from '../../../variables/built-ins.ts';
import type { Include, Play, Raw } from '../../../model/playbook.ts';
import type { ExternalContext } from '../outside.ts';

/** What is known when the targets of includes are worked out. */
export interface TargetsKnown {
  play: Play;
  /** Names of the loops that the include is in. */
  loops: readonly string[];
  /** Names that tasks set while they run. */
  made: ReadonlySet<string>;
  outside: ExternalContext;
}

/** What an include means: a file or role, and a role's file of tasks. */
export interface IncludeTarget {
  target: string;
  tasksFrom?: string;
}

/**
 * What an include whose names hold variables will include, on whichever host: none where it has no value on any.
 * Undefined where only the run can know it, or where the play comes to no host.
 */
export function includeTargets(node: Include, known: TargetsKnown): IncludeTarget[] | undefined {
  const targets = new Map<string, IncludeTarget>();
  const hosts = known.outside.hostsOf(known.play);
  if (hosts.length === 0) return undefined;
  for (const host of hosts) {
    const target = valueOn(host, node.target, node, known);
    const tasksFrom = node.tasksFrom && valueOn(host, node.tasksFrom, node, known);
    if (target === 'open' || tasksFrom === 'open') return undefined;
    if (target && (tasksFrom || !node.tasksFrom))
      targets.set(JSON.stringify([target, tasksFrom]), {
        target: target.text,
        ...(tasksFrom && { tasksFrom: tasksFrom.text }),
      });
  }
  return [...targets.values()];
}

/** A text on a host with its variables' values put in; undefined where one has none. */
function valueOn(
  host: string,
  { value }: Raw<string>,
  node: Include,
  { play, loops, made, outside }: TargetsKnown,
): { text: string } | 'open' | undefined {
  let missing = false;
  let open = false;
  const text = value.replace(/\{\{\s*([A-Za-z_]\w*)\s*\}\}/g, (_all, name: string) => {
    if (builtInNames.includes(name) || /^(ansible|xrun)_/.test(name) || loops.includes(name) || made.has(name))
      open = true;
    const winner = open ? undefined : outside.winner(play, node, host, name);
    if (!winner) missing = true;
    return String(winner?.value ?? '');
  });
  if (open || text.includes('{{')) return 'open';
  return missing ? undefined : { text };
}
