/** The type of {@link omit}; nothing else is an instance of it. */
class Omit {
  toJSON(): string {
    return '<omitted>';
  }
}

/** The value of the variable `omit`: an argument or list item that renders to it disappears. */
export const omit: object = new Omit();

/** Whether a rendered value asks for its argument to be left out. */
export function isOmit(value: unknown): boolean {
  return value instanceof Omit;
}
