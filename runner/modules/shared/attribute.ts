import type { Diff } from '../../model/events.ts';
import type { Script } from '../../model/script.ts';
import type { Step } from '../../model/module.ts';

/** One attribute of a thing on the host. `wanted` undefined: the task does not manage it. */
export interface Attribute {
  /** As a diff names it: `br0 mtu`. */
  what: string;
  found: string | null | undefined;
  wanted: string | undefined;
  /** Makes it the wanted one. Several attributes may share one script; it runs once. */
  script: Script;
}

/** The attributes that differ, and the scripts that correct them, each once, in order. */
export function differing(attributes: readonly Attribute[]): { diff: Diff[]; steps: Step[] } {
  const wrong = attributes.filter(({ found, wanted }) => wanted !== undefined && wanted !== (found ?? null));
  return {
    diff: wrong.map(({ what, found, wanted }) => ({ what, before: found ?? null, after: wanted ?? null })),
    steps: runs([
      ...new Map(wrong.map(({ script }) => [`${script.text}\n${script.stdin?.toString() ?? ''}`, script])).values(),
    ]),
  };
}

/** Steps that run the scripts in order. */
export function runs(scripts: readonly Script[]): Step[] {
  return scripts.map((script) => ({ do: 'run', script }));
}

/** The attributes as a diff shows a thing that is made or removed: a line each. */
export function described(attributes: readonly Attribute[], side: 'found' | 'wanted'): string {
  const lines = attributes
    .filter((one) => one[side])
    .map((one) => `${one.what.split(' ').slice(1).join(' ')}: ${one[side]}`);
  return lines.length > 0 ? lines.join('\n') : 'present';
}

/** `on` and `off`, as diffs show switches. */
export const onOff = (value: boolean | undefined) => (value === undefined ? undefined : value ? 'on' : 'off');

/** A value as text, keeping "not given". */
export const shown = (value: string | number | undefined) => (value === undefined ? undefined : String(value));
