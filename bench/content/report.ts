import type { Plan } from '../../runner/api/index.ts';
import { markdown } from '../markdown.ts';
import type { Blocker } from './judge.ts';
import { unitName } from './units.ts';
import type { Unit } from './units.ts';

/** A unit, the migration of its repository, and what keeps it from being valid. */
export interface Measured {
  unit: Unit;
  plan: Plan;
  blockers: Blocker[];
}

/** A row each: whether it is valid, and what is first in the way. */
export function unitTable(measured: Measured[]): string {
  const rows = measured.map(({ unit, blockers }) => {
    const first = onDebian(blockers)[0] ?? blockers[0];
    return [
      unitName(unit),
      blockers.length === 0
        ? 'valid'
        : onDebian(blockers).length === 0
          ? 'on Debian'
          : String(onDebian(blockers).length),
      first ? `${first.kind} (${first.file}:${first.line})` : '',
    ];
  });
  return markdown(['unit', 'valid, or blockers on Debian', 'first blocker'], rows);
}

/** A line for every blocker on Debian's branch, by unit. */
export function placesOf(measured: Measured[]): string {
  const lines = measured.flatMap(({ unit, blockers }) =>
    onDebian(blockers).map(({ kind, file, line }) => `${unitName(unit)}: ${file}:${line}: ${kind}\n`),
  );
  return lines.join('');
}

/** The kinds of blockers on Debian's branch: units that have it, units that have no other, and uses. */
export function blockerTable(measured: Measured[], most: number): string {
  const kinds = new Map<string, { units: number; only: number; uses: number }>();
  for (const { blockers } of measured) {
    const here = onDebian(blockers).map(({ kind }) => kind);
    const distinct = new Set(here);
    for (const kind of distinct) {
      const counted = kinds.get(kind) ?? { units: 0, only: 0, uses: 0 };
      kinds.set(kind, {
        units: counted.units + 1,
        only: counted.only + (distinct.size === 1 ? 1 : 0),
        uses: counted.uses + here.filter((one) => one === kind).length,
      });
    }
  }
  const sorted = [...kinds].sort(([, a], [, b]) => b.only - a.only || b.units - a.units || b.uses - a.uses);
  const rows = sorted.slice(0, most).map(([kind, { units, only, uses }]) => [kind, `${only}`, `${units}`, `${uses}`]);
  return markdown(['blocker', 'the only one of', 'units', 'uses'], rows);
}

/** Roles with a repository of their own, those of projects and collections, and both. */
export function summary(measured: Measured[]): string {
  const alone = measured.filter(({ unit }) => unit.role === '.');
  const groups = {
    'a repository each': alone,
    'in projects': measured.filter((one) => !alone.includes(one)),
    all: measured,
  };
  const rows = Object.entries(groups).map(([name, units]) => {
    const valid = units.filter(({ blockers }) => blockers.length === 0).length;
    const debian = units.filter(({ blockers }) => onDebian(blockers).length === 0).length;
    return [name, `${units.length}`, share(valid, units.length), share(debian, units.length)];
  });
  const plans = [...new Set(measured.map(({ plan }) => plan))];
  const sum = (of: (plan: Plan) => number): number => plans.reduce((total, plan) => total + of(plan), 0);
  const moved = sum(({ expressions }) => expressions.moved);
  const templates = sum(({ templates: { total } }) => total);
  const done = templates - sum(({ templates: { byHand } }) => byHand.length);
  return `${markdown(['roles', 'units', 'valid', "valid on Debian's branch"], rows)}
${moved} of ${sum(({ expressions }) => expressions.total)} expressions, ${done} of ${templates} templates
`;
}

function onDebian(blockers: Blocker[]): Blocker[] {
  return blockers.filter(({ elsewhere }) => !elsewhere);
}

function share(part: number, whole: number): string {
  return `${part} (${whole === 0 ? 0 : Math.round((100 * part) / whole)} %)`;
}
