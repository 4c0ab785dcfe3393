import * as z from 'zod';
import { argv } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, path, text } from '../../model/arguments/scalars.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { described, differing, runs } from '../shared/attribute.ts';
import type { Attribute } from '../shared/attribute.ts';

/** One key of a store. `below`: how many keys a directory of that name holds, where that was asked. */
export interface Key {
  value?: string;
  flags?: number;
  below: number;
  client: string;
}

/** Why the store gave no answer. */
export interface NoAnswer {
  trouble: string;
  /** Nothing listens there, or there is no client to ask with: a server that is not there yet looks like this. */
  missing: boolean;
  hint: string;
}

/** Arguments that all stores have in common. */
export const keyArgs = {
  value: text.optional().describe('What the key holds; needed unless it is to be absent.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether the key is there.'),
  recurse: flag.default(false).describe('With `state: absent`: the key is a directory; everything below it goes.'),
  cacert: path.optional().describe("Certificate of the authority that signed the store's, on the host."),
  cert: path.optional().describe('Certificate to show to the store, on the host.'),
  cert_key: path.optional().describe("That certificate's key, on the host."),
};

/** What these must be together. */
export function keyRules(
  { state, value, recurse }: Pick<Wanted, 'state' | 'value' | 'recurse'>,
  issues: { addIssue(issue: { code: 'custom'; message: string }): void },
): void {
  if (state === 'present' && value === undefined) issues.addIssue({ code: 'custom', message: 'give the value' });
  if (state === 'present' && recurse) issues.addIssue({ code: 'custom', message: 'recurse is for state: absent' });
}

/** What all keys below a directory begin with. */
export const below = (key: string) => `${key.replace(/\/+$/, '')}/`;

/** What the store's own words for it are: how to write the key, and how to remove it. */
export interface Writer {
  put(client: string): Script;
  remove(client: string): Script;
}

interface Wanted {
  key: string;
  value?: string | undefined;
  flags?: number | undefined;
  state: 'present' | 'absent';
  recurse: boolean;
  served_by: string;
}

/** Compares a key with what it is to be. In a check a store that an earlier task starts on this host is an empty one. */
export function decideKey(
  wanted: Wanted,
  found: Key | NoAnswer,
  context: DecideContext,
  writer: Writer,
): Decision<Key | NoAnswer> {
  if ('trouble' in found) {
    const starts = found.missing && context.check && context.planned(unit(wanted.served_by)) !== undefined;
    if (!starts) return { kind: 'fail', message: found.trouble, hint: found.hint };
    return decideKey(wanted, { below: 0, client: '' }, context, writer);
  }
  return wanted.state === 'absent' ? remove(wanted, found, writer) : write(wanted, found, writer);
}

const unit = (name: string) => `unit:${name.includes('.') ? name : `${name}.service`}`;

function write({ key, value, flags }: Wanted, found: Key, { put }: Writer): Decision<Key> {
  const script = found.client === '' ? argv('true') : put(found.client);
  const attributes: Attribute[] = [
    { what: `${key} value`, found: found.value, wanted: value, script },
    {
      what: `${key} flags`,
      found: found.value === undefined ? undefined : String(found.flags ?? 0),
      wanted: flags === undefined ? undefined : String(flags),
      script,
    },
  ];
  const { diff, steps } = differing(attributes);
  const result = { key, value };
  if (steps.length === 0) return { kind: 'ok', result };
  const shown =
    found.value === undefined ? [{ what: key, before: null, after: described(attributes, 'wanted') }] : diff;
  return {
    kind: 'change',
    diff: shown,
    steps,
    after: { ...found, ...(value !== undefined && { value }), ...(flags !== undefined && { flags }) },
    result,
  };
}

function remove({ key, recurse }: Wanted, found: Key, writer: Writer): Decision<Key> {
  const there = recurse ? found.below > 0 : found.value !== undefined;
  if (!there) return { kind: 'ok', result: { key } };
  const before = recurse ? `${found.below} ${found.below === 1 ? 'key' : 'keys'}` : (found.value ?? '');
  return {
    kind: 'change',
    diff: [{ what: recurse ? `everything below ${key}` : key, before, after: null }],
    steps: runs([writer.remove(found.client)]),
    after: { below: 0, client: found.client },
    result: { key },
  };
}
