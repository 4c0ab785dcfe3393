import { formatPos } from '../../errors.ts';
import type { Pos } from '../../errors.ts';
import type { Problems } from '../problems.ts';
import type { Settings } from '../types.ts';
import type { Contents } from './play-contents.ts';
import type { Outside } from './outside.ts';

/**
 * Warns of `become_user` and `become_method` where nothing makes any task become somebody: no `become` of the play, its
 * blocks and tasks, no variable and no option.
 */
export function checkBecome(contents: readonly Contents[], { variables, becomes }: Outside, problems: Problems): void {
  const known = new Set(variables);
  const names = contents.flatMap(({ layers, nodes }) => [...layers, ...nodes.flatMap(({ vars }) => vars)].flatMap(({ vars }) => Object.keys(vars)));
  if (becomes || [...known, ...names].some((name) => name === 'xrun_become' || name === 'ansible_become')) return;
  for (const one of contents.filter(({ tasksKnown }) => tasksKnown)) {
    for (const { keyword, at } of unusedIn([one.play, ...one.nodes])) {
      problems.warn('W_BECOME', `'${keyword}' without 'become': the tasks run as the user that logs in`, at, "add 'become: true'");
    }
  }
}

/** What no node with `become` has, by its place: plays, blocks and tasks each have it from there. */
function unusedIn(all: readonly Settings[]): { keyword: string; at: Pos }[] {
  const off = ({ become }: Settings) => become === undefined || become.value === false;
  const used = new Set(all.filter((settings) => !off(settings)).flatMap(saidIn).map(({ at }) => formatPos(at)));
  return all.filter(off).flatMap(saidIn).filter(({ at }) => !used.has(formatPos(at)));
}

function saidIn({ becomeUser, becomeMethod }: Settings): { keyword: string; at: Pos }[] {
  return [
    ...(becomeUser ? [{ keyword: 'become_user', at: becomeUser.at }] : []),
    ...(becomeMethod ? [{ keyword: 'become_method', at: becomeMethod.at }] : []),
  ];
}
