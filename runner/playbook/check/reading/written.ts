import type { Position } from '../../../diagnostics/errors.ts';
import { needsOf } from '../../../language/templates/needs/needs.ts';
import type { Needs } from '../../../language/templates/needs/needs.ts';
import { positionOf } from '../../../language/yaml/positions.ts';
import { VaultText } from '../../../language/vault/vault-text.ts';
import { isMapping } from '../../../diagnostics/found.ts';

/** A variable's value that has to be worked out: it reads other variables, or is encrypted. */
export interface Written {
  name: string;
  value: unknown;
  at?: Position;
  needs: Needs;
  vaults: readonly VaultText[];
}

const ofLayers = new WeakMap<object, ReadonlyMap<string, Written>>();

/** Those of a layer of variables, by name. */
export function writtenIn(vars: Record<string, unknown>): ReadonlyMap<string, Written> {
  const known = ofLayers.get(vars);
  if (known) return known;
  const found = Object.entries(vars).flatMap(([name, value]): [string, Written][] => {
    const written = writtenOf(name, value, positionOf(vars, name));
    return written ? [[name, written]] : [];
  });
  const all = new Map(found);
  ofLayers.set(vars, all);
  return all;
}

/** One value; undefined where it is as written. */
export function writtenOf(name: string, value: unknown, at: Position | undefined): Written | undefined {
  const needs = needsOf(value, at);
  const vaults = vaultsIn(value);
  if (needs.reads.length + needs.partials.length + vaults.length === 0) return undefined;
  return { name, value, needs, vaults, ...(at && { at }) };
}

/** The encrypted texts in a value. */
export function vaultsIn(value: unknown): VaultText[] {
  if (value instanceof VaultText) return [value];
  if (Array.isArray(value)) return value.flatMap(vaultsIn);
  return isMapping(value) ? Object.values(value).flatMap(vaultsIn) : [];
}
