import { checkTexts } from '../keywords/check-texts.ts';
import { Fields, refuseUnknown } from '../keywords/fields.ts';
import { isMapping } from '../../diagnostics/found.ts';
import { blockKeywords, guardedKeywords } from '../keywords/keywords.ts';
import type { Loading } from './loading.ts';
import { nodeParts } from './node.ts';
import { surround } from './surroundings.ts';
import type { Block, Guarded, Inherited, TaskNode } from '../../model/playbook.ts';

const lists = ['block', 'rescue', 'always', 'guarded'];

/** Reads a block. One that only shares keywords is gone afterwards: its tasks have them. */
export async function readBlock(
  loading: Loading,
  map: Record<string, unknown>,
  around: Inherited,
): Promise<TaskNode[]> {
  refuseUnknown(map, Object.keys(blockKeywords), 'a block', loading.problems);
  const fields = new Fields(map, blockKeywords, loading.problems);
  checkTexts(loading, fields, lists);
  const inner = surround(around, fields, 'block');
  const parts = nodeParts(loading, fields, inner);
  const block = await around.play.read.list(fields.list('block'), inner);
  const rescue = await around.play.read.list(fields.list('rescue'), inner);
  const always = await around.play.read.list(fields.list('always'), inner);
  const guarded = await readGuarded(loading, fields, inner);
  const plain = rescue.length === 0 && always.length === 0 && !guarded && !parts.loop;
  const node: Block = { kind: 'block', ...parts, block, rescue, always, ...(guarded && { guarded }) };
  return plain ? block : [node];
}

async function readGuarded(loading: Loading, outer: Fields, inner: Inherited): Promise<Guarded | undefined> {
  const map = outer.get('guarded');
  if (!isMapping(map)) return undefined;
  refuseUnknown(map, Object.keys(guardedKeywords), "'guarded'", loading.problems);
  const fields = new Fields(map, guardedKeywords, loading.problems);
  checkTexts(loading, fields, ['confirm']);
  const address = fields.raw('address');
  return {
    at: outer.keyAt('guarded'),
    timeout: fields.raw('timeout') ?? { value: defaultGuardSeconds, at: outer.keyAt('guarded') },
    ...(address && { address }),
    confirm: await inner.play.read.list(fields.list('confirm'), inner),
  };
}

/** Long enough for a slow login over a fresh connection, short enough to wait for. */
const defaultGuardSeconds = 60;
