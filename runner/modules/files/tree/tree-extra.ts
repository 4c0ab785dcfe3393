import { posix } from 'node:path';
import type { Diff } from '../../../model/events.ts';
import type { LocalTree } from '../../../model/local-file.ts';
import { raw, sh } from '../../../model/script.ts';
import { INTO } from '../../../connection/files/way.ts';
import type { Step } from '../../../model/module.ts';
import { namesOf } from './tree-state.ts';
import type { Mirror, TreeState } from './tree-state.ts';

/** Paths that one command removes: a command takes no more than some megabytes of arguments. */
const AT_ONCE = 500;

/** What only the host has, and how it is removed; a directory with something in it that is spared stays. */
export function decideExtra(
  dest: string,
  tree: LocalTree,
  { spares }: Mirror,
  { names = [] }: TreeState,
): { diff: Diff[]; steps: Step[] } {
  const wanted = new Set(namesOf(tree));
  const spared = names.filter((name) => spares(name));
  const around = new Set([...spared, ...spared.flatMap(directoriesOf)]);
  const extra = new Set(names.filter((name) => !wanted.has(name) && !around.has(name)));
  const topmost = [...extra].filter((name) => !directoriesOf(name).some((directory) => extra.has(directory)));
  const paths = topmost.map((name) => `./${name}`);
  const diff = topmost.map((name) => ({ what: posix.join(dest, name), before: 'present', after: null }));
  const steps: Step[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE)
    steps.push({
      do: 'run',
      script: sh`(${raw(INTO)}
_into ${dest}&&rm -rf -- ${paths.slice(at, at + AT_ONCE)})`,
    });
  return { diff, steps };
}

/** `a/b/c`: `a`, `a/b`. */
function directoriesOf(name: string): string[] {
  return [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index));
}
