import type { Needs } from '../../../language/templates/needs/needs.ts';
import type { Read } from '../../../language/templates/needs/read.ts';
import type { VaultText } from '../../../language/vault/vault-text.ts';
import type { Written } from './written.ts';

/** A read, and the value that it leads to. */
export interface Step {
  read: Read;
  written: Written;
}

/** What is come by on the way; `steps` are the variables through whose values it is reached. */
export interface Traveller {
  read(read: Read, needs: Needs, steps: readonly Step[]): void;
  vault(text: VaultText, steps: readonly Step[]): void;
  /** A value that needs itself: a ring of steps, each in the value of the one before, and the steps up to it. */
  cycle(ring: readonly Step[], before: readonly Step[]): void;
}

/** Follows what texts read through the values of variables, each value once. */
export class Walk {
  private readonly find: (name: string) => readonly Written[];
  private readonly whole: (needs: Needs) => Needs;
  private readonly traveller: Traveller;
  private readonly seen = new Set<Written>();
  /** Values that were only reached by who does not mind that they are missing. */
  private readonly peeked = new Set<Written>();

  /**
   * @param find the values that a variable may have
   * @param whole needs with those of the partials in them
   */
  constructor(find: (name: string) => readonly Written[], whole: (needs: Needs) => Needs, traveller: Traveller) {
    this.find = find;
    this.whole = whole;
    this.traveller = traveller;
  }

  from(needs: Needs): void {
    this.go(needs, [], false);
  }

  private go(own: Needs, steps: readonly Step[], lenient: boolean): void {
    const needs = own.partials.length > 0 ? this.whole(own) : own;
    for (const read of needs.reads) {
      const peeks = lenient || needs.tests.has(read.name);
      if (!peeks) this.traveller.read(read, needs, steps);
      for (const written of this.find(read.name)) this.enter({ read, written }, steps, peeks);
    }
  }

  private enter(step: Step, steps: readonly Step[], peeks: boolean): void {
    const { written } = step;
    const begin = steps.findIndex((earlier) => earlier.written === written);
    if (begin >= 0) return this.traveller.cycle([step, ...steps.slice(begin + 1)], steps.slice(0, begin + 1));
    // A name has one value at a time.
    if (steps.some((earlier) => earlier.written.name === written.name)) return;
    if (this.seen.has(written) || (peeks && this.peeked.has(written))) return;
    (peeks ? this.peeked : this.seen).add(written);
    const inside = [...steps, step];
    if (!peeks) for (const text of written.vaults) this.traveller.vault(text, inside);
    this.go(written.needs, inside, peeks);
  }
}
