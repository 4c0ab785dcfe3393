import * as z from 'zod';

const OCTAL = /^0?o?([0-7]{1,4})$/;
const CLAUSE = /^([ugoa]*)([-+=][rwxXst]*|[-+=][ugo])+$/;

const EXPECTED = "expected permissions: '0644' or 'u+rwx,g-w'";

/**
 * Permissions: octal text (`'0644'`), a YAML octal (`0644`), or symbolic as chmod takes it (`u+x,go-w`). A number that
 * was surely meant as octal (`mode: 644`) is refused, since it means 01204, and so is one that can be no octal (`999`).
 */
export const mode = z
  .union([z.string(), z.int()], EXPECTED)
  .refine((value) => (typeof value === 'string' ? isSpec(value) : value >= 0 && value <= 0o7777), {
    error: EXPECTED,
    abort: true,
  })
  .refine((value) => typeof value === 'string' || !looksDecimal(value), {
    error: ({ input }) =>
      `the number ${String(input)} means ${octal(Number(input))}; write ${isOctal(Number(input)) ? `'0${String(input)}'` : 'the one you mean'} in quotes`,
  })
  .transform((value) => (typeof value === 'number' ? octal(value) : value));

/** Permission bits as four octal digits. */
export function octal(bits: number): string {
  return bits.toString(8).padStart(4, '0');
}

/** The permissions, `0644`, that `spec` makes of a file's `current` ones (of a new file's where undefined). */
export function resolveMode(spec: string, current: string | undefined, directory: boolean): string {
  const digits = OCTAL.exec(spec)?.[1];
  if (digits !== undefined) return octal(Number.parseInt(digits, 8));
  const start = current === undefined ? (directory ? 0o755 : 0o644) : Number.parseInt(current, 8);
  return octal(spec.split(',').reduce((bits, clause) => applyClause(clause, bits, directory), start));
}

function isSpec(text: string): boolean {
  return OCTAL.test(text) || text.split(',').every((clause) => CLAUSE.test(clause));
}

/** 0644, 0755 and all other usual modes give the owner at least what they give the group, and so on; 01204 does not. */
function looksDecimal(value: number): boolean {
  return !ordered(value) && (!isOctal(value) || (value > 99 && ordered(Number.parseInt(String(value), 8))));
}

const isOctal = (value: number) => /^[0-7]{1,4}$/.test(String(value));

function ordered(bits: number): boolean {
  const [user, group, other] = [(bits >> 6) & 7, (bits >> 3) & 7, bits & 7];
  return (user & group) === group && (group & other) === other;
}

const SHIFT: Record<string, number> = { u: 6, g: 3, o: 0 };
const UMASK = 0o022;

function applyClause(clause: string, bits: number, directory: boolean): number {
  const who = /^[ugoa]*/.exec(clause)?.[0] ?? '';
  const classes = who === '' || who.includes('a') ? 'ugo' : who;
  let result = bits;
  for (const [, operator, letters = ''] of clause.slice(who.length).matchAll(/([-+=])([rwxXstugo]*)/g)) {
    const named = permissions(letters, classes, result, directory);
    const given = who === '' ? named & ~UMASK : named;
    if (operator === '+') result |= given;
    else if (operator === '-') result &= ~given;
    else result = (result & ~clearedBy(classes, directory)) | given;
  }
  return result;
}

/** The bits that `rwX`, `s`, `t` or another class's letter stand for, in every class of `classes`. */
function permissions(letters: string, classes: string, current: number, directory: boolean): number {
  let special = 0;
  let rwx = 0;
  for (const letter of letters) {
    if (letter === 'r') rwx |= 4;
    else if (letter === 'w') rwx |= 2;
    else if (letter === 'x' || (letter === 'X' && (directory || (current & 0o111) !== 0))) rwx |= 1;
    else if (letter === 's') special |= (classes.includes('u') ? 0o4000 : 0) | (classes.includes('g') ? 0o2000 : 0);
    else if (letter === 't') special |= 0o1000;
    else if (letter in SHIFT) rwx |= (current >> (SHIFT[letter] as number)) & 7;
  }
  return [...classes].reduce((bits, c) => bits | (rwx << (SHIFT[c] as number)), special);
}

/** `=` clears what it does not give; as GNU chmod does, it keeps a directory's set-id bits. */
function clearedBy(classes: string, directory: boolean): number {
  const special = directory ? 0 : (classes.includes('u') ? 0o4000 : 0) | (classes.includes('g') ? 0o2000 : 0);
  return [...classes].reduce((bits, c) => bits | (7 << (SHIFT[c] as number)), special);
}
