import { markLazy } from '../conditions/cel-values.ts';

/** An object whose keys are known and whose values are made when they are read; hidden ones are not listed. */
export function lazyObject(
  names: Iterable<string>,
  read: (name: string) => unknown,
  hidden: (name: string) => boolean = () => false,
): object {
  const object = {};
  for (const name of names) {
    Object.defineProperty(object, name, { enumerable: !hidden(name), configurable: true, get: () => read(name) });
  }
  return markLazy(object);
}
