import * as z from 'zod';
import { isTemplate } from '../../diagnostics/found.ts';

// The kinds of values that keywords take. A value that is a template is checked when it is rendered.

/** One of several forms of a value; `wanted` says in messages what is expected. */
function either<const Forms extends readonly [z.ZodType, ...z.ZodType[]]>(
  wanted: string,
  ...forms: Forms
): z.ZodUnion<Forms> {
  return z.union(forms, `expected ${wanted}`);
}

/** Text of a certain look. */
function like(pattern: RegExp, wanted: string): z.ZodString {
  return z.string().regex(pattern, `expected ${wanted}`);
}

/** A number in bounds, such a number in quotes, or a template. */
function numeric(
  wanted: string,
  { least = 0, most, whole = false }: { least?: number; most?: number; whole?: boolean },
) {
  const said = `expected ${wanted}`;
  const number = (whole ? z.int : z.number)(said).min(least, said);
  const written = like(whole ? /\{\{|^\d+$/ : /\{\{|^\d+(\.\d+)?$/, wanted);
  const inBounds = (text: string) => isTemplate(text) || (Number(text) >= least && Number(text) <= (most ?? Infinity));
  return either(wanted, most === undefined ? number : number.max(most, said), written.refine(inBounds, said));
}

/** true, false, Ansible's words for them in quotes, or a template. */
export const flag = either('true or false', z.boolean(), like(/\{\{|^(yes|no|true|false|on|off)$/i, 'true or false'));

/** A text; numbers are taken as they print. */
export const text = either('a text', z.string(), z.number());

/** A text that is there. */
export const filled = either('a text', like(/\S/, 'a text'), z.number());

/** What a variable may be called. */
export const variable = like(/^[A-Za-z_]\w*$/, 'a name of letters, digits and _, no digit first');

/** A name of a variable, or a template that gives one. */
export const variableOrTemplate = like(/\{\{|^[A-Za-z_]\w*$/, 'a name of letters, digits and _, no digit first');

export const whole = numeric('a whole number, 0 or more', { whole: true });

export const port = numeric('a port from 1 to 65535', { least: 1, most: 65_535, whole: true });

export const number = numeric('a number, 0 or more', {});

export const seconds = numeric('seconds, 0 or more', {});

/** What a timer needs for a log-in to come first. */
export const guardSeconds = numeric('5 seconds or more', { least: 5 });

const sign = like(/^\d+(\.\d+)?%$/, 'a share');
const upTo100 = (text: string) => Number.parseFloat(text) <= 100;

/** A share of the hosts, with or without its sign. */
export const percentage = either(
  'a percentage from 0 to 100',
  numeric('a percentage from 0 to 100', { most: 100 }),
  sign.refine(upTo100),
);

const shareWanted = "a number of at least 1, or a share from '1%' to '100%'";

const share = either(
  shareWanted,
  numeric(shareWanted, { least: 1, whole: true }),
  sign.refine((text) => upTo100(text) && Number.parseFloat(text) > 0),
);

/** A number of hosts or a share of them, or a list of such. */
export const shares = either(shareWanted, share, z.array(share).min(1));

export const connection = like(/\{\{|^(ssh|smart|openssh|paramiko|local)$/, "'ssh' or 'local'");

export const becomeMethod = like(/\{\{|^(sudo|su|doas)$/, "'sudo', 'su' or 'doas'");

/** One text or a list of them. */
export const texts = either('a text or a list of texts', z.string(), z.number(), z.array(text), z.null());

/** An expression in CEL, a boolean, or a list of them, all of which must hold. */
const condition = either('an expression, true or false', like(/\S/, 'an expression, true or false'), z.boolean());
export const conditions = either(
  'an expression, true, false, or a list of them',
  like(/\S/, 'an expression'),
  z.boolean(),
  z.array(condition),
);

/** Names and values. */
export const vars = either('a mapping of names and values', z.record(z.string(), z.unknown()), z.null());

export const mapping = z.record(z.string(), z.unknown(), 'expected a mapping');

const environmentValue = either('a text', z.string(), z.number(), z.boolean(), z.null());
const environmentLayer = either(
  'a mapping of names and texts',
  z.record(z.string(), environmentValue),
  like(/\{\{/, 'a mapping of names and texts'),
);
export const environment = either('a mapping of names and texts', environmentLayer, z.array(environmentLayer));

/** `module arguments` on one line, or a mapping with `module`. */
export const action = either(
  "'module arguments' or a mapping",
  like(/\S/, "'module arguments' or a mapping"),
  z.record(z.string(), z.unknown()),
);

export const hosts = either(
  'a pattern of hosts or groups',
  like(/\S/, 'a pattern of hosts or groups'),
  z.array(filled).min(1),
);

export const fileNames = either(
  'a list of file names',
  z.string(),
  z.array(either('a file name', z.string(), z.array(z.string()))),
  z.null(),
);

/** The orders and strategies that there are; the first is what a play has that says nothing. */
export const orders = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'] as const;
export const strategies = ['linear', 'free', 'host_pinned'] as const;

/** One of these words, or a template that gives one. */
export function oneOf(words: readonly [string, ...string[]]) {
  const wanted = words
    .map((word) => `'${word}'`)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' or ');
  return either(wanted, z.enum(words), like(/\{\{/, wanted));
}

/** A list of tasks; each is checked by itself. */
export const list = either('a list', z.array(z.unknown()), z.null());
