import { posix } from 'node:path';
import * as z from 'zod';

// Values often arrive as text: from `-e port=80`, from a template with more than one lone expression, or from people
// who write `yes`. Each schema here takes the text too and gives the real type.

const FLAGS: Record<string, boolean> = { yes: true, true: true, on: true, no: false, false: false, off: false };

/** A boolean, or the words yes, no, true, false, on and off in any case. */
export const flag = z
  .union([z.boolean(), z.string().regex(/^(yes|no|true|false|on|off)$/i)], 'expected true or false')
  .transform((value) => {
    return typeof value === 'boolean' ? value : (FLAGS[value.toLowerCase()] as boolean);
  });

/** A whole number, or its digits. */
export const whole = z.union([z.int(), z.string().regex(/^-?\d+$/)], 'expected a whole number').transform(Number);

/** Seconds, fractions allowed. */
export const seconds = z
  .union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?$/)], 'expected seconds')
  .transform(Number);

/** Text; numbers and booleans are taken as they print. */
export const text = z.union([z.string(), z.number(), z.boolean()], 'expected text').transform(String);

/** A list of words, or one text with commas between them. */
export const words = z
  .union([z.string(), z.number(), z.array(text)], 'expected a list, or one text with commas')
  .transform((value) => {
    return Array.isArray(value)
      ? value
      : String(value)
          .split(',')
          .map((word) => word.trim())
          .filter(Boolean);
  });

/** What useradd takes for a user; nothing in it means anything to a shell. */
export const userName = z.string().regex(/^[A-Za-z_][\w.-]*\$?$/, 'expected the name of a user');

/** A port of TCP or UDP. */
export const port = whole.refine((value) => value > 0 && value < 65536, 'expected a port, 1 to 65535');

/** As written in the playbook, or absolute: `~`, `~user` and relative paths are for the engine to resolve, see engine/host-paths.ts. */
const written = z.string().regex(/^[^\0]+$/, 'expected a path');

/** A path on the host, without needless slashes and dots; modules get it absolute. */
export const path = written.transform(clean);

/** The same as it is written, with the slash at its end; modules get it absolute. */
export const rawPath = written.describe('A path on the host.');

/** A path of which only `~` and `~user` are resolved: what it is relative to is the module's concern. */
export const homePath = z.union([z.string(), z.number()], 'expected a path').transform(String);

/** An absolute path on the host, without needless slashes and dots. */
export const absolutePath = z
  .string()
  .regex(/^\/[^\0]*$/, 'expected an absolute path')
  .transform(clean);

function clean(value: string): string {
  return posix.normalize(value).replace(/(?<=.)\/$/, '');
}
