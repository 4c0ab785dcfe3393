import { XrunError } from '../../runner/diagnostics/errors.ts';
import type { VarsLayer } from '../../runner/model/playbook.ts';
import { LiveInventory } from '../../runner/inventory/live-inventory.ts';
import type { Inventory, Sourced } from '../../runner/model/inventory.ts';
import { createRenderer } from '../../runner/language/templates/renderer.ts';
import { VarsStore } from '../../runner/variables/store.ts';
import type { PlayVars, StoreOptions } from '../../runner/variables/store-parts.ts';
import type { Scope } from '../../runner/model/variables.ts';
import { loadYaml } from '../../runner/language/yaml/load.ts';

export const renderer = createRenderer();

/** Hosts one and two in group web, with these variables each, written as YAML. */
export function inventory(vars = '{}'): Inventory {
  const candidates = Object.entries(mapping(vars)).map(([name, value]): [string, Sourced[]] => [
    name,
    [{ value, origin: 'host' }],
  ]);
  const made = new LiveInventory(
    ['/inventory/hosts.yml'],
    [],
    () => new Map(candidates.map(([name, all]) => [name, [...all]])),
  );
  for (const host of ['one', 'two']) made.add(host, ['web'], {});
  return made;
}

/** A store with a play. Variables are written as YAML. */
export function store(hostVars = '{}', play: PlayVars = {}, options: Partial<StoreOptions> = {}): VarsStore {
  const made = new VarsStore({ inventory: inventory(hostVars), renderer, version: '0.0.0', ...options });
  made.startPlay(play);
  return made;
}

/** What a task on host one sees with these variables. */
export function scope(vars = '{}'): Scope {
  return store('{}', { vars: [layer('play', vars)] }).scopeFor('one');
}

/** Variables as a file would hold them. */
export function layer(origin: string, vars: string): VarsLayer {
  return { origin, vars: mapping(vars) };
}

/** The value of `value: TEXT` in YAML, rendered. */
export function render(text: string, vars: string | Scope = '{}'): unknown {
  const written = mapping(`value: ${text}`);
  const rendered = renderer.render(written, typeof vars === 'string' ? scope(vars) : vars) as Record<string, unknown>;
  return rendered.value;
}

/** The error that something throws, in one line: `E_CODE line:col-endCol message | hint`. */
export function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof XrunError)) throw error;
    const { code, at, message, hint } = error;
    return `${code} ${at ? `${at.line}:${at.col}-${at.endCol}` : 'nowhere'} ${message}${hint ? ` | ${hint}` : ''}`;
  }
  throw new Error('nothing was thrown');
}

function mapping(text: string): Record<string, unknown> {
  return loadYaml(text, 'vars.yml').value as Record<string, unknown>;
}
