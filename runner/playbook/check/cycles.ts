import { XrunError, formatPosition } from '../../diagnostics/errors.ts';
import type { Step } from './reading/walk.ts';

/** E_CYCLE: values that need each other, reported at the first one, with the positions of the others. */
export function cycleError(ring: readonly Step[]): XrunError {
  const first = ring.reduce((best, step, i) => (before(step, ring[best] as Step) ? i : best), 0);
  const [start, ...others] = [...ring.slice(first), ...ring.slice(0, first)] as [Step, ...Step[]];
  const names = [start, ...others, start].map(({ written }) => written.name);
  const at = (others[0] ?? start).read.place?.() ?? start.written.at;
  const places = others.flatMap(({ written: { name, at: place } }) =>
    place ? [`'${name}' is set at ${formatPosition(place)}`] : [],
  );
  const hint =
    others.length === 0
      ? 'Give one of the two another name.'
      : [...places, 'one of them must not use the next.'].join('; ');
  return new XrunError('E_CYCLE', `the variable needs itself: ${names.join(' -> ')}`, { hint, ...(at && { at }) });
}

function before(a: Step, b: Step): boolean {
  const [one, other] = [a.written.at, b.written.at];
  if (!one || !other) return false;
  if (one.file !== other.file) return one.file < other.file;
  return one.line < other.line || (one.line === other.line && one.col < other.col);
}
