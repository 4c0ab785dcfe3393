import type { Position } from '../../diagnostics/errors.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { loadYaml } from '../../language/yaml/load.ts';
import { positionOf } from '../../language/yaml/positions.ts';
import { kindOf } from '../../language/values/undefined.ts';
import type { Draft, Spot } from '../draft.ts';

type Mapping = Record<string, unknown>;

/** Reads an inventory in YAML into the draft: groups with `hosts`, `children` and `vars`. */
export function readYaml(text: string, file: string, draft: Draft): void {
  const { value, at } = loadYaml(text, file);
  if (value === null) return;
  if (!isMapping(value))
    return draft.wrong(
      `an inventory is a mapping of groups, found a ${kindOf(value)}`,
      at,
      'Begin with `all:` and `hosts:` below it.',
    );
  if ('plugin' in value) {
    const hint = 'Write the inventory as YAML or INI, or make it with an executable that prints JSON.';
    return draft.wrong("inventory plugins are Ansible's own", positionOf(value, 'plugin', 'key'), hint);
  }
  for (const [name, body] of Object.entries(value)) readGroup(name, body, keySpot(value, name), draft);
}

function readGroup(name: string, body: unknown, spot: Spot, draft: Draft): void {
  if (['hosts', 'children', 'vars'].includes(name)) {
    return draft.wrong(
      `'${name}' belongs into a group`,
      spot.at,
      `Write \`all:\` above it, and \`${name}:\` inside of that.`,
    );
  }
  draft.group(name, spot);
  if (body === null) return;
  if (!isMapping(body))
    return draft.wrong(`group '${name}' wants hosts, children or vars, found a ${kindOf(body)}`, spot.at);
  for (const [key, value] of Object.entries(body)) {
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    const at = positionOf(body, key, 'key');
    if (!read) draft.wrong(`group '${name}' has an unknown key '${key}'`, at, unknownKeyHint(key, value));
    else if (isMapping(value)) read(name, value, draft);
    else if (value !== null)
      draft.wrong(`'${key}' of group '${name}' wants a mapping, found a ${kindOf(value)}`, at, mappingHint(key));
  }
}

const readers: Record<string, (group: string, value: Mapping, draft: Draft) => void> = {
  hosts: readHosts,
  children: readChildren,
  vars: readVars,
};

function readHosts(group: string, hosts: Mapping, draft: Draft): void {
  for (const [pattern, vars] of Object.entries(hosts)) {
    const spot = keySpot(hosts, pattern);
    const names = draft.addHosts(pattern, group, spot);
    if (vars === null) continue;
    if (!isMapping(vars)) {
      draft.wrong(
        `host '${pattern}' wants a mapping of variables, found a ${kindOf(vars)}`,
        positionOf(hosts, pattern) ?? spot.at,
      );
      continue;
    }
    for (const [key, value] of Object.entries(vars)) {
      for (const name of names)
        draft.setHostVar(name, key, { value, origin: `host ${pattern}`, ...place(vars, key) }, keySpot(vars, key).at);
    }
  }
}

function readChildren(group: string, children: Mapping, draft: Draft): void {
  for (const [name, body] of Object.entries(children)) {
    draft.group(group).children.add(name);
    readGroup(name, body, keySpot(children, name), draft);
  }
}

function readVars(group: string, vars: Mapping, draft: Draft): void {
  for (const [key, value] of Object.entries(vars)) {
    draft.setGroupVar(group, key, { value, origin: `group ${group}`, ...place(vars, key) }, keySpot(vars, key).at);
  }
}

function keySpot(container: Mapping, key: string): Spot {
  const at = positionOf(container, key, 'key');
  const part = (start: number, end: number): Position | undefined =>
    at && { ...at, col: at.col + start, endCol: at.col + end };
  return { ...(at && { at }), part };
}

function place(container: Mapping, key: string): { at?: Position } {
  const at = positionOf(container, key);
  return at ? { at } : {};
}

function unknownKeyHint(key: string, value: unknown): string {
  const near = didYouMean(key, Object.keys(readers));
  if (near) return near;
  return isMapping(value)
    ? `A group inside of this one belongs under \`children:\`.`
    : `A variable belongs under \`vars:\`, a host under \`hosts:\`.`;
}

function mappingHint(key: string): string {
  return key === 'vars' ? 'Write `name: value` below it.' : 'Write each name with a colon behind it: `node1:`.';
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
