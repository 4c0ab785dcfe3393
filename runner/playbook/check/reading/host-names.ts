import type { XrunError } from '../../../diagnostics/errors.ts';
import type { Needs } from '../../../language/templates/needs/needs.ts';
import type { Read } from '../../../language/templates/needs/read.ts';
import { undefinedKey } from '../../../language/values/undefined.ts';
import type { ExternalContext } from '../outside.ts';

/** The variables whose keys are hosts and groups. */
const maps = ['hostvars', 'groups'];

/** E_UNDEFINED where a text names a host or group that the inventory has not. */
export function unknownHost({ name, key, place, keyPlace }: Read, outside: ExternalContext): XrunError | undefined {
  if (key === undefined || !maps.includes(name)) return undefined;
  const known = name === 'groups' ? outside.groups : outside.hosts;
  if (known.includes(key) || key === 'localhost') return undefined;
  return undefinedKey([name], key, Object.fromEntries(known.map((one) => [one, true])), (keyPlace ?? place)?.());
}

/** Who reads these as a whole, or by a key that is a variable, may well ask first whether there is one. */
export function addHostTests({ reads, tests }: Needs): void {
  for (const { name, key } of reads) if (key === undefined && maps.includes(name)) tests.add(name);
}
