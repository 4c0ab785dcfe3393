import { formatPosition } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import type { Settings } from '../../model/playbook.ts';
import type { Contents } from './reading/play-contents.ts';
import type { ExternalContext } from './outside.ts';

/**
 * Warns of `become_user` and `become_method` where no task uses become: no `become` of the play, its
 * blocks and tasks, no variable and no option.
 */
export function checkBecome(
  contents: readonly Contents[],
  { variables, becomes }: ExternalContext,
  problems: Problems,
): void {
  const known = new Set(variables);
  const names = contents.flatMap(({ layers, nodes }) =>
    [...layers, ...nodes.flatMap(({ vars }) => vars)].flatMap(({ vars }) => Object.keys(vars)),
  );
  if (becomes || [...known, ...names].some((name) => name === 'xrun_become' || name === 'ansible_become')) return;
  for (const one of contents.filter(({ tasksKnown }) => tasksKnown)) {
    for (const { keyword, at } of unusedIn([one.play, ...one.nodes])) {
      problems.warn(
        'W_BECOME',
        `'${keyword}' without 'become': the tasks run as the user that logs in`,
        at,
        'Add `become: true`.',
      );
    }
  }
}

/** What no node with `become` has, by its place: plays, blocks and tasks each have it from there. */
function unusedIn(all: readonly Settings[]): { keyword: string; at: Position }[] {
  const off = ({ become }: Settings) => become === undefined || become.value === false;
  const used = new Set(
    all
      .filter((settings) => !off(settings))
      .flatMap(saidIn)
      .map(({ at }) => formatPosition(at)),
  );
  return all
    .filter(off)
    .flatMap(saidIn)
    .filter(({ at }) => !used.has(formatPosition(at)));
}

function saidIn({ becomeUser, becomeMethod }: Settings): { keyword: string; at: Position }[] {
  return [
    ...(becomeUser ? [{ keyword: 'become_user', at: becomeUser.at }] : []),
    ...(becomeMethod ? [{ keyword: 'become_method', at: becomeMethod.at }] : []),
  ];
}
