import { didYouMean } from '../../diagnostics/nearest.ts';
import { keepPositions, placeOf, positionOf } from '../../language/yaml/positions.ts';
import { placeWithin, posOf, within } from '../../language/yaml/place.ts';
import type { Call } from './arguments.ts';
import { moduleNamed, shortName } from '../../model/catalog.ts';
import { unknownKeyword } from './fields.ts';
import type { Fields } from './fields.ts';
import { isMapping } from '../../diagnostics/found.ts';
import { playKeywords } from './keywords.ts';
import type { Loading } from '../parse/loading.ts';
import { ignored, unsupported } from './unsupported.ts';

/** A call with the key it was found at. */
export interface FoundCall extends Call {
  key: string;
  /** Written as local_action. */
  local?: true;
}

/** Makes out a task's module among its keys; notes unknown keys, a second module, or that there is none. */
export function findCall(loading: Loading, fields: Fields, keywords: readonly string[]): FoundCall | undefined {
  const { modules } = loading.options;
  const others = Object.keys(fields.map).filter((key) => !keywords.includes(key) && !ignored.has(key));
  const named = others.filter((key) => moduleNamed(modules, key));
  // gather_facts is both; beside a module, the play's keyword is meant.
  const calling = named.length > 1 ? named.filter((key) => !Object.hasOwn(playKeywords, key)) : named;
  const calls = calling.map((key) => keyCall(loading, fields, key));
  for (const key of ['action', 'local_action']) {
    const call = fields.has(key) ? actionCall(loading, fields, key) : undefined;
    if (call) calls.push(call);
  }
  const [call, second] = calls;
  const unknown = others.filter((key) => !calling.includes(key));
  noteUnknown(loading, fields, unknown, keywords, call !== undefined);
  if (second && call) {
    const message = `two modules in one task: '${call.written}' and '${second.written}'`;
    loading.problems.add('E_MODULE', message, second.at, 'Make two tasks of it.');
  }
  const byAction = fields.has('action') || fields.has('local_action');
  if (!call && unknown.length === 0 && !byAction) noteNone(loading, fields);
  return call;
}

function keyCall(loading: Loading, fields: Fields, key: string): FoundCall {
  const module = moduleNamed(loading.options.modules, key) ?? key;
  return {
    key,
    written: shortName(key),
    module,
    at: fields.keyAt(key),
    value: fields.map[key],
    place: placeOf(fields.map, key),
  };
}

/** `action: copy src=a dest=b` and `action: {module: copy, src: a}`. */
function actionCall(loading: Loading, fields: Fields, key: string): FoundCall | undefined {
  const value = fields.get(key);
  const written = isMapping(value) ? String(value.module ?? '') : (/^\s*([\w.]+)/.exec(String(value))?.[1] ?? '');
  const module = moduleNamed(loading.options.modules, written);
  if (!module) {
    const at = isMapping(value)
      ? (positionOf(value, 'module') ?? fields.at(key))
      : within(fields.at(key), 0, written.length);
    loading.problems.add(
      'E_MODULE',
      `unknown module '${written}'`,
      at,
      didYouMean(shortName(written), loading.options.modules.names),
    );
    return undefined;
  }
  const place = placeOf(fields.map, key);
  const call = {
    key,
    written: shortName(written),
    module,
    at: fields.at(key),
    ...(key === 'local_action' && { local: true as const }),
  };
  if (isMapping(value)) {
    const { module: _, ...args } = value;
    return { ...call, value: keepPositions(args, value), place };
  }
  const line = String(value);
  const start = line.indexOf(written) + written.length;
  const rest = line.slice(start).trimStart();
  const inside = place && rest ? placeWithin(place, line.length - rest.length, line.length) : place;
  return {
    ...call,
    at: place ? posOf(placeWithin(place, start - written.length, start)) : call.at,
    value: rest || null,
    place: inside,
  };
}

function noteUnknown(
  loading: Loading,
  fields: Fields,
  keys: string[],
  keywords: readonly string[],
  hasModule: boolean,
): void {
  for (const key of keys) {
    if (Object.hasOwn(unsupported, key) || key === 'rescue' || key === 'always')
      unknownKeyword(fields.map, key, keywords, 'a task', loading.problems);
    else if (Object.hasOwn(playKeywords, key)) {
      loading.problems.add('E_KEYWORD', `'${key}' belongs to a play, not to a task`, fields.keyAt(key));
    } else if (!hasModule && (key.includes('.') || !didYouMean(key, keywords) || keys.length === 1))
      noteModule(loading, fields, key, keywords);
    else unknownKeyword(fields.map, key, keywords, 'a task', loading.problems);
  }
}

function noteModule(loading: Loading, fields: Fields, key: string, keywords: readonly string[]): void {
  const hint =
    didYouMean(shortName(key), [...loading.options.modules.names, ...keywords]) ?? '`xrun modules` lists them all.';
  loading.problems.add('E_MODULE', `unknown module '${key}'`, fields.keyAt(key), hint);
}

function noteNone(loading: Loading, fields: Fields): void {
  const [first] = Object.keys(fields.map);
  const at = first === undefined ? undefined : fields.keyAt(first);
  loading.problems.add(
    'E_MODULE',
    'this task has no module',
    at,
    'Add what to do, for example `command: ...` or `copy: ...`.',
  );
}
