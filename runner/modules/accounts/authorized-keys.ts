/** A line of authorized_keys (sshd(8), AUTHORIZED_KEYS FILE FORMAT), taken apart. */
export interface AuthorizedKey {
  options: string;
  type: string;
  /** The key itself, in Base64. */
  key: string;
  comment: string;
}

const TYPE = /^(?:(?:sk-)?(?:ssh|ecdsa)-[\w@.-]+)$/;

/** Cuts at blanks that are in no double quotes: options may hold commands. */
const wordsOf = (line: string) => line.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? [];

/** The parts of a line; undefined for an empty line, a comment, and what is not a key. */
export function parseKey(line: string): AuthorizedKey | undefined {
  if (/^\s*(#|$)/.test(line)) return undefined;
  const words = wordsOf(line);
  const at = words.findIndex((word) => TYPE.test(word));
  const key = words[at + 1];
  if (at < 0 || at > 1 || key === undefined || !/^[A-Za-z0-9+/]+=*$/.test(key)) return undefined;
  const comment = line.slice(line.indexOf(key) + key.length).trim();
  return { options: at === 1 ? (words[0] as string) : '', type: words[at] as string, key, comment };
}

/** Whether a text can stand before a key: what sshd would not take for options is not found again either. */
export function isOptions(text: string): boolean {
  return (
    !/[\r\n]/.test(text) &&
    !TYPE.test(text) &&
    (text === '' || wordsOf(text).join(' ') === text) &&
    wordsOf(text).length < 2
  );
}

/** The line of a key. */
export function keyLine({ options, type, key, comment }: AuthorizedKey): string {
  return [options, type, key, comment].filter(Boolean).join(' ');
}

/** A line for each of `wanted`, at its old place or at the end; `exclusive` takes all other keys away. Comments stay. */
export function withKeys(lines: readonly string[], wanted: readonly AuthorizedKey[], exclusive: boolean): string[] {
  const left = new Map(wanted.map((key) => [key.key, key]));
  const kept = lines.flatMap((line) => {
    const there = parseKey(line);
    if (!there) return [line];
    const want = left.get(there.key);
    left.delete(there.key);
    if (want) return [same(there, want) ? line : keyLine(want)];
    // The same key a second time is one too many.
    return exclusive || wanted.some(({ key }) => key === there.key) ? [] : [line];
  });
  return [...kept, ...[...left.values()].map(keyLine)];
}

/** The lines without those keys. */
export function withoutKeys(lines: readonly string[], unwanted: readonly AuthorizedKey[]): string[] {
  return lines.filter((line) => !unwanted.some(({ key }) => key === parseKey(line)?.key));
}

function same(one: AuthorizedKey, other: AuthorizedKey): boolean {
  return one.options === other.options && one.type === other.type && one.comment === other.comment;
}
