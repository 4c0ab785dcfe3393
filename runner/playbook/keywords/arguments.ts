import type { AnyModule } from '../../model/module.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { placeWithin, posOf } from '../../language/yaml/place.ts';
import type { Place } from '../../language/yaml/place.ts';
import { keepPositions, placeContainer, placeEntry, placeOf } from '../../language/yaml/positions.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { found, isMapping, isTemplate } from '../../diagnostics/found.ts';
import { freeForm } from './free-form.ts';
import type { FreeForm, Pair } from './free-form.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import type { Task } from '../../model/playbook.ts';

type Args = Record<string, unknown>;

/** A module call as written: the module's name and whatever stood beside it. */
export interface Call {
  written: string;
  module: string;
  at: Position;
  value: unknown;
  /** The position of the value. */
  place?: Place | undefined;
}

/** The arguments of a call as a mapping with positions, from its mapping, its one-line form, or a bare value. */
export function argumentsOf(call: Call, module: AnyModule, problems: Problems): Args {
  const { value, place } = call;
  if (isMapping(value)) return value;
  if (value === null || value === undefined) return place ? placed({}, place) : {};
  if (typeof value === 'string') return fromLine(call, value, module, problems);
  if (module.freeForm) return entry(placed({}, place), module.freeForm, value, place, place);
  problems.add(
    'E_ARGUMENT',
    `module '${call.written}': found ${found(value)}, expected a mapping of arguments`,
    place && posOf(place),
  );
  return placed({}, place);
}

/** A call's own arguments, those of the task's `args:`, and those of `module_defaults`. */
interface Layers {
  own: Args;
  extra: Args | undefined;
  defaults: Args | undefined;
}

/** `defaults`, then `extra`, then the call's own, all by the arguments' own names; each keeps its place. */
export function mergeArguments({ own, extra, defaults }: Layers, synonyms: Record<string, string> = {}): Args {
  const called = [defaults, extra, own].filter((layer) => layer !== undefined);
  const layers = called.map((layer) => byOwnNames(layer, synonyms));
  if (layers.length === 1) return layers[0] as Args;
  const merged: Args = Object.assign({}, ...layers);
  const self = placeOf(own) ?? (extra && placeOf(extra));
  if (self) placeContainer(merged, self);
  for (const layer of layers) keepPositions(merged, layer);
  return merged;
}

/** The arguments under the names that the module's schema has for them. One that is given by both names stays as it is, and is refused. */
function byOwnNames(args: Args, synonyms: Record<string, string>): Args {
  const renamed = Object.keys(args).filter(
    (name) => Object.hasOwn(synonyms, name) && !Object.hasOwn(args, synonyms[name] as string),
  );
  if (renamed.length === 0) return args;
  const ownName = (name: string) => (renamed.includes(name) ? (synonyms[name] as string) : name);
  const named = keepPositions(
    Object.fromEntries(Object.entries(args).map(([name, value]) => [ownName(name), value])),
    args,
  );
  for (const name of renamed) {
    const [key, value] = [placeOf(args, name, 'key'), placeOf(args, name)];
    if (key && value) placeEntry(named, ownName(name), key, value);
  }
  return named;
}

/** The names of a module's arguments. */
export function argumentNames(module: AnyModule): string[] {
  let schema: Shaped | undefined = module.args as Shaped;
  while (schema && !schema.shape) schema = schema.def?.in;
  return Object.keys(schema?.shape ?? {});
}

/** An object's schema, or one of a transformation of an object. */
interface Shaped {
  shape?: Record<string, unknown>;
  def?: { in?: Shaped };
}

function fromLine(call: Call, line: string, module: AnyModule, problems: Problems): Args {
  const { place } = call;
  const form = freeForm(line);
  const args = placed({}, place);
  if (module.freeForm) {
    const known = argumentNames(module);
    const pairs = form.pairs.filter((pair) => known.includes(pair.key));
    for (const pair of pairs) addPair(args, pair, place);
    addBare(args, module.freeForm, line, pairs, place);
    return args;
  }
  for (const pair of form.pairs) addPair(args, pair, place, module.freeNames ? asFact(pair.value) : pair.value);
  refuseBareWords(call, form, module, problems);
  return args;
}

function refuseBareWords(call: Call, form: FreeForm, module: AnyModule, problems: Problems): void {
  const [word] = form.rest;
  const open = String(call.value).lastIndexOf('{{');
  // Where a template is not closed, the words cannot be known; the template's own error is reported.
  if (!word || (open >= 0 && !String(call.value).includes('}}', open))) return;
  const at = call.place ? posOf(placeWithin(call.place, word.start, word.end)) : call.at;
  const [first] = argumentNames(module);
  const hint =
    didYouMean(word.text, argumentNames(module)) ??
    `Write each argument on its own line below, as in '${first ?? 'name'}: value'.`;
  problems.add('E_ARGUMENT', `module '${call.written}': found '${word.text}', expected name=value`, at, hint);
}

/** The value of a variable in `set_fact: a=true`: a boolean as in Ansible, for this form has no other way to write one. */
function asFact(value: string): unknown {
  return /^(?:true|yes)$/i.test(value) || (/^(?:false|no)$/i.test(value) ? false : value);
}

function addPair(args: Args, pair: Pair, place?: Place, value: unknown = pair.value): void {
  const keyPlace = place && placeWithin(place, pair.start, pair.start + pair.key.length);
  const valuePlace =
    place && placeWithin(place, pair.valueStart, Math.max(pair.valueStart + pair.value.length, pair.valueStart + 1));
  entry(args, pair.key, value, keyPlace, valuePlace);
}

/** What is left of the line without its pairs is the module's free form argument. */
function addBare(args: Args, name: string, line: string, pairs: Pair[], place?: Place): void {
  let text = line;
  for (const pair of pairs.toReversed()) text = text.slice(0, pair.start) + text.slice(pair.end);
  const bare = pairs.length > 0 ? text.trim() : text;
  if (bare === '') return;
  const start = line.indexOf(bare);
  const inside = place && start > 0 ? placeWithin(place, start, start + bare.length) : place;
  entry(args, name, bare, place, inside);
}

function entry(args: Args, key: string, value: unknown, keyPlace?: Place, valuePlace?: Place): Args {
  Object.defineProperty(args, key, { value, enumerable: true, writable: true, configurable: true });
  if (keyPlace && valuePlace) placeEntry(args, key, keyPlace, valuePlace);
  return args;
}

function placed(args: Args, place: Place | undefined): Args {
  if (place) placeContainer(args, place);
  return args;
}

/** Whether only the run can know which variables this task sets. */
export function namedByTemplates({ traits, args }: Pick<Task, 'traits' | 'args'>): boolean {
  return traits.changesVariables === 'arguments' && Object.keys(args).some(isTemplate);
}
