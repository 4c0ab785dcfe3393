import type { UnitState } from './unit-state.ts';

/** Units without an [Install] section of their own can be neither enabled nor disabled. */
const NEITHER = ['static', 'generated', 'transient'];
/** Until the next boot only is not enough; masked and linked units are not started at boot. */
const NOT_ENABLED = [
  'disabled',
  'enabled-runtime',
  'linked',
  'linked-runtime',
  'masked',
  'masked-runtime',
  'bad',
  'not-found',
  '',
];

/**
 * Whether a unit starts at boot as wanted. `indirect` units are enabled by what they name in Also=; of a template, an
 * instance other than its default is enabled, which is not what is asked for.
 */
export function isEnabled(wanted: boolean, { enabled, also }: Pick<UnitState, 'enabled' | 'also'>): boolean {
  if (NEITHER.includes(enabled)) return true;
  if (enabled !== 'indirect')
    return wanted
      ? enabled === 'enabled' || enabled === 'alias'
      : enabled !== 'enabled' && enabled !== 'enabled-runtime';
  const units = Object.values(also ?? {});
  if (wanted) return units.length > 0 && units.every((state) => !NOT_ENABLED.includes(state));
  return units.every((state) => state !== 'enabled' && state !== 'enabled-runtime');
}

/** How a diff shows it. */
export function shownEnabled({ enabled, also }: Pick<UnitState, 'enabled' | 'also'>): string {
  const units = Object.entries(also ?? {}).map(([unit, state]) => `${unit} ${state}`);
  return enabled === 'indirect' && units.length > 0 ? `indirect: ${units.join(', ')}` : enabled;
}
