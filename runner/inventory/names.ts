/** What no name of a host or group can hold: patterns would read it as something else. */
const IN_HOST_PATTERNS = /[\s,!&*?[\]{}]/;
const IN_GROUP_PATTERNS = /[\s,:!&@~*?[\]{}]/;
/** Invisible characters that change how a text is shown: controls of both sets, marks of direction, separators of lines, and halves of pairs. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const EACH_INVISIBLE = new RegExp(INVISIBLE, 'gu');

/**
 * Why a text cannot be the name of a host; undefined where it can. Names become names of directories (`fetch`), parts of
 * patterns, and words on terminals: what would mean something else there is refused, wherever it comes from.
 */
export function badHostName(name: string): string | undefined {
  const why =
    reason(name, IN_HOST_PATTERNS) ??
    (name.includes('/') ? "it contains '/'" : /^\.\.?$/.test(name) ? 'it is the name of a directory' : undefined);
  return why && `${quoted(name)} is not a valid host name: ${why}`;
}

/** Why a text cannot be the name of a group; undefined where it can. */
export function badGroupName(name: string): string | undefined {
  const why = reason(name, IN_GROUP_PATTERNS);
  return why && `${quoted(name)} is not a valid group name: ${why}`;
}

function reason(name: string, forbidden: RegExp): string | undefined {
  if (name === '') return 'it is empty';
  if (INVISIBLE.test(name)) return 'it contains an invisible character';
  const [found] = forbidden.exec(name) ?? [];
  return found === undefined ? undefined : `it contains ${found.trim() === '' ? 'a blank' : `'${found}'`}`;
}

/** With what is invisible as escapes. */
function quoted(name: string): string {
  return JSON.stringify(name).replaceAll(
    EACH_INVISIBLE,
    (char) => `\\u${char.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
