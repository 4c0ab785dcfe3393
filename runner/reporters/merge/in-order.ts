/** Things of several lists that are in the order of each of them: what one list does not have comes after what it follows in another. */
export class InOrder<T> {
  readonly #keys: string[] = [];
  readonly #things = new Map<string, T>();
  #after = -1;

  /** Another list begins. */
  begin(): void {
    this.#after = -1;
  }

  /** The thing of a key, made where no list before had it. */
  take(key: string, make: () => T): T {
    const known = this.#things.get(key);
    if (known !== undefined) {
      this.#after = this.#keys.indexOf(key);
      return known;
    }
    this.#after += 1;
    this.#keys.splice(this.#after, 0, key);
    const made = make();
    this.#things.set(key, made);
    return made;
  }

  all(): T[] {
    return this.#keys.map((key) => this.#things.get(key)!);
  }
}
