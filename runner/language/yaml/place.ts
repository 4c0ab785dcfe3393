import { CHOMPING_MODE, getScalarValue } from 'js-yaml';
import type { ScalarEvent } from 'js-yaml';
import type { Position } from '../../diagnostics/errors.ts';
import type { SourceText } from './source-text.ts';

/** The position of one key or value in its file. */
export interface Place {
  source: SourceText;
  /** Offsets into the file's text; `end` is exclusive. */
  start: number;
  end: number;
  /** For scalars: how the text was written, so that a place inside of the value can be found. */
  scalar?: ScalarEvent;
  /** For a part of a scalar (`src=a` of `copy: src=a dest=b`): where in the scalar's value the part begins. */
  shift?: number;
}

/** A position that knows what it was made from, so that {@link within} can go on from it. */
class PlacedPos implements Position {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly endCol?: number;
  readonly #place: Place;

  constructor(place: Place) {
    const { file, line, col, endCol } = place.source.pos(place.start, place.end);
    this.file = file;
    this.line = line;
    this.col = col;
    this.endCol = endCol;
    this.#place = place;
  }

  static placeOf(pos: Position): Place | undefined {
    return #place in pos ? pos.#place : undefined;
  }
}

/** Line and column of a place. */
export function posOf(place: Place): Position {
  return new PlacedPos(place);
}

/**
 * The position of a part of a string, whatever its style in YAML: quoted, escaped, folded or a block.
 *
 * @param at the position of the whole string, as {@link posOf} or `positionOf` returned it (the same object)
 * @param start offset into the string's value, in UTF-16 units
 * @param end exclusive; `start + 1` where not given
 * @returns `at` itself where nothing is known about the inside
 */
export function within(at: Position, start: number, end: number = start + 1): Position {
  const place = PlacedPos.placeOf(at);
  return place?.scalar ? posOf(placeWithin(place, start, end)) : at;
}

/** The same for places: the part of `place` from `start` to `end`, offsets into the string's value. */
export function placeWithin(place: Place, start: number, end: number): Place {
  const { source, scalar, shift = 0 } = place;
  if (!scalar || scalar.valueStart < 0) return place;
  const from = sourceOffset(source.text, scalar, shift + start);
  const to = end > start ? sourceOffset(source.text, scalar, shift + end - 1) + 1 : from + 1;
  return { source, start: from, end: to, scalar, shift: shift + start };
}

/**
 * The offset in the file of the character at `index` of a scalar's value: the shortest beginning of the written text
 * that decodes to more than `index` characters ends with it.
 */
function sourceOffset(text: string, scalar: ScalarEvent, index: number): number {
  if (scalar.fast) return Math.min(scalar.valueStart + index, scalar.valueEnd);
  let low = scalar.valueStart;
  let high = scalar.valueEnd;
  while (low < high) {
    const middle = (low + high) >> 1;
    const part = { ...scalar, valueEnd: middle + 1, chomping: CHOMPING_MODE.STRIP };
    if (getScalarValue(text, part).length > index) high = middle;
    else low = middle + 1;
  }
  return low;
}
