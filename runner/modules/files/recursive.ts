import type { Diff } from '../../events.ts';
import { sh } from '../../shell/script.ts';
import type { Step } from '../module.ts';
import { isUser } from './attributes.ts';
import type { Attributes } from './attributes.ts';
import type { LinkState } from './link.ts';
import { resolveMode } from './mode.ts';
import type { FileState } from './state.ts';

/** More than this many differences are counted, not listed. */
const LISTED = 20;

/** The attributes of a directory and of all that is in it, links left alone; the lines are `%a %u %g %F|%U|%G|%n`. */
export function recursiveChange(path: string, wanted: Attributes, state: LinkState): { diff: Diff[]; steps: Step[]; after: FileState } {
  const found: Record<'owner' | 'group' | 'mode', Diff[]> = { owner: [], group: [], mode: [] };
  for (const line of state.tree ?? []) {
    const [, bits = '', uid, gid, type, owner, group, name = ''] = /^(\d+) (\d+) (\d+) (.*?)\|(.*?)\|(.*?)\|(.*)$/.exec(line) ?? [];
    const mode = bits.padStart(4, '0');
    const differ = (attribute: 'owner' | 'group' | 'mode', before: string | undefined, after: string) =>
      found[attribute].push({ what: `${name.replace(/(?<=.)\/$/, '').replace('//', '/')} ${attribute}`, before: before ?? null, after });
    if (wanted.owner && !isUser(wanted.owner, owner, Number(uid))) differ('owner', owner, wanted.owner);
    if (wanted.group && !isUser(wanted.group, group, Number(gid))) differ('group', group, wanted.group);
    const right = wanted.mode && resolveMode(wanted.mode, mode, type === 'directory');
    if (right && right !== mode) differ('mode', mode, right);
  }
  const steps: Step[] = [];
  if (wanted.owner && found.owner.length > 0) steps.push({ do: 'run', script: sh`chown -hR -- ${wanted.owner} ${path}` });
  if (wanted.group && found.group.length > 0) steps.push({ do: 'run', script: sh`chgrp -hR -- ${wanted.group} ${path}` });
  // After chown, which clears the set-id bits.
  if (wanted.mode && (found.mode.length > 0 || steps.length > 0)) steps.push({ do: 'run', script: sh`chmod -R -- ${wanted.mode} ${path}` });
  const mode = wanted.mode && resolveMode(wanted.mode, state.mode, true);
  const after = { ...state, ...(wanted.owner && { owner: wanted.owner }), ...(wanted.group && { group: wanted.group }), ...(mode && { mode }), tree: [] };
  return { diff: shortened([...found.owner, ...found.group, ...found.mode], path), steps, after };
}

function shortened(diff: Diff[], path: string): Diff[] {
  if (diff.length <= LISTED) return diff;
  const rest = diff.length - LISTED;
  return [...diff.slice(0, LISTED), { what: `${path} and below`, before: `${rest} more that differ`, after: 'as wanted' }];
}
