import { CHOMPING_MODE, SCALAR_STYLE } from 'js-yaml';
import type { Place } from './place.ts';

/** How a text is written in YAML, to write another one in its place. */
export interface WrittenScalar {
  style: 'plain' | 'quoted' | 'literal' | 'folded';
  /** Of a block: offsets of its lines, without the header. */
  start: number;
  end: number;
  /** Of a block: the blanks before each line. */
  indent: number;
  /** Of a block: the last line break is not part of the text. */
  strips: boolean;
}

/** How the text at a place is written; undefined where the place is not that of a text, but of an alias or a list. */
export function writtenAt({ scalar }: Place): WrittenScalar | undefined {
  if (!scalar || scalar.valueStart < 0) return undefined;
  return {
    style: styles[scalar.style] ?? 'quoted',
    start: scalar.valueStart,
    end: scalar.valueEnd,
    indent: Math.max(scalar.indent, 1),
    strips: scalar.chomping === CHOMPING_MODE.STRIP,
  };
}

const styles: Readonly<Record<number, WrittenScalar['style']>> = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
};
