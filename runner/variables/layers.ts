import type { Sourced } from '../model/inventory.ts';
import type { VarsLayer } from '../model/playbook.ts';
import type { Position } from '../diagnostics/errors.ts';
import { positionOf } from '../language/yaml/positions.ts';
import type { Candidate, Layer } from '../model/variables.ts';

/** A value of a variable before it is rendered. */
export interface Written {
  layer: Layer;
  origin: string;
  value: unknown;
  at?: Position;
  /** Already a value: text in it that looks like a template is none. */
  literal?: true;
}

/** Variables of one layer: looked up by name, never merged, so that making a scope costs nothing. */
export interface VarsSource {
  /** What this source has for the name, weakest first. */
  find(name: string): Written[];
  has(name: string): boolean;
  names(): Iterable<string>;
}

/** Variables as a playbook wrote them. */
export function layerSource(layer: Layer, { origin, vars }: VarsLayer): VarsSource {
  return {
    has: (name) => Object.hasOwn(vars, name),
    names: () => Object.keys(vars),
    find(name) {
      if (!Object.hasOwn(vars, name)) return [];
      const at = positionOf(vars, name);
      return [{ layer, origin, value: vars[name], ...(at && { at }) }];
    },
  };
}

/** A host's variables as its inventory wrote them. */
export function inventorySource(vars: ReadonlyMap<string, Sourced[]>): VarsSource {
  return {
    has: (name) => vars.has(name),
    names: () => vars.keys(),
    find: (name) => (vars.get(name) ?? []).map((sourced) => ({ layer: 'inventory' as const, ...sourced })),
  };
}

/** Values that tasks made: results, `set_fact`, variables of a loop. */
export function valueSource(layer: Layer, values: ReadonlyMap<string, Written>): VarsSource {
  return {
    has: (name) => values.has(name),
    names: () => values.keys(),
    find(name) {
      const found = values.get(name);
      return found ? [{ ...found, layer }] : [];
    },
  };
}

/** What explanations show of a written value. */
export function candidate({ layer, origin, value, at }: Written): Candidate {
  return { layer, origin, value, ...(at && { at }) };
}

/** In a role's task these mean something else than in the play. */
export const roleNames: VarsSource = {
  has: (name) => ['role_name', 'role_path', 'ansible_role_name'].includes(name),
  names: () => [],
  find: () => [],
};

/** In a task with `connection:` these do. */
export const connectionNames: VarsSource = {
  has: (name) => name === 'ansible_connection',
  names: () => [],
  find: () => [],
};
