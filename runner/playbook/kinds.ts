import * as z from 'zod';

// The kinds of values that keywords take. A value that is a template is checked when it is rendered.

/** One of several forms of a value; `wanted` says what is wanted in messages. */
function either<const Forms extends readonly [z.ZodType, ...z.ZodType[]]>(wanted: string, ...forms: Forms): z.ZodUnion<Forms> {
  return z.union(forms, `wanted ${wanted}`);
}

/** Text of a certain look. */
function like(pattern: RegExp, wanted: string): z.ZodString {
  return z.string().regex(pattern, `wanted ${wanted}`);
}

/** A number of at least `least`. */
function atLeast(least: number, wanted: string, make: (wanted: string) => z.ZodNumber = z.number): z.ZodNumber {
  return make(`wanted ${wanted}`).min(least, `wanted ${wanted}`);
}

/** true, false, Ansible's words for them in quotes, or a template. */
export const flag = either('true or false', z.boolean(), like(/\{\{|^(yes|no|true|false|on|off)$/i, 'true or false'));

/** A text; numbers are taken as they print. */
export const text = either('a text', z.string(), z.number());

/** A text that is there. */
export const filled = either('a text', like(/\S/, 'a text'), z.number());

/** What a variable may be called. */
export const variable = like(/^[A-Za-z_]\w*$/, 'a name of letters, digits and _, no digit first');

export const whole = either('a whole number', atLeast(0, 'a whole number', z.int), like(/\{\{|^\d+$/, 'a whole number'));

export const positive = either('a whole number of at least 1', atLeast(1, 'a whole number of at least 1', z.int), like(/\{\{|^0*[1-9]\d*$/, 'a whole number of at least 1'));

export const number = either('a number', atLeast(0, 'a number'), like(/\{\{|^\d+(\.\d+)?$/, 'a number'));

export const seconds = either('seconds', atLeast(0, 'seconds'), like(/\{\{|^\d+(\.\d+)?$/, 'seconds'));

/** A number of hosts, or a share of them. */
export const share = either("a number or a share such as '30%'", atLeast(1, "a number or a share such as '30%'", z.int), like(/\{\{|^0*[1-9]\d*$|^\d+(\.\d+)?%$/, "a number or a share such as '30%'"));

export const becomeMethod = like(/\{\{|^(sudo|su|doas)$/, "'sudo', 'su' or 'doas'");

/** One text or a list of them. */
export const texts = either('a text or a list of texts', z.string(), z.number(), z.array(text), z.null());

/** An expression in CEL, a boolean, or a list of them, all of which must hold. */
const condition = either('an expression, true or false', like(/\S/, 'an expression, true or false'), z.boolean());
export const conditions = either('an expression, true, false, or a list of them', like(/\S/, 'an expression'), z.boolean(), z.array(condition));

/** Names and values. */
export const vars = either('a mapping of names and values', z.record(z.string(), z.unknown()), z.null());

export const mapping = z.record(z.string(), z.unknown(), 'wanted a mapping');

const environmentValue = either('a text', z.string(), z.number(), z.boolean(), z.null());
const environmentLayer = either('a mapping of names and texts', z.record(z.string(), environmentValue), like(/\{\{/, 'a mapping of names and texts'));
export const environment = either('a mapping of names and texts', environmentLayer, z.array(environmentLayer));

/** `module arguments` on one line, or a mapping with `module`. */
export const action = either("'module arguments' or a mapping", like(/\S/, "'module arguments' or a mapping"), z.record(z.string(), z.unknown()));

export const hosts = either('a pattern of hosts or groups', like(/\S/, 'a pattern of hosts or groups'), z.array(filled).min(1));

export const fileNames = either('a list of file names', z.string(), z.array(either('a file name', z.string(), z.array(z.string()))), z.null());

/** A list of tasks; each is checked by itself. */
export const list = either('a list', z.array(z.unknown()), z.null());
