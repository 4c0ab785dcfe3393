import { formatPosition } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';

/** Gives tasks ids that are unique and the same in the next run: the place, numbered where it is included more than once. */
export class TaskIds {
  private readonly prefix: string;
  private readonly used = new Map<string, number>();

  constructor(prefix = '') {
    this.prefix = prefix;
  }

  next(at: Position): string {
    const place = this.prefix + formatPosition(at);
    const count = (this.used.get(place) ?? 0) + 1;
    this.used.set(place, count);
    return count === 1 ? place : `${place}#${count}`;
  }
}
