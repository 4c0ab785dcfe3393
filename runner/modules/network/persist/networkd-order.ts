import { posix } from 'node:path';
import { globMatches } from './glob.ts';

/** A file of systemd-networkd of which the first that matches an interface is used. */
export interface NetworkFile {
  path: string;
  /** Its section [Match]. */
  match: Record<string, string>;
}

/** The keys of the section [Match] of a .network file. */
export function matchOf(content: string): Record<string, string> {
  let section = '';
  const keys: Record<string, string> = {};
  for (const line of content.split('\n').map((one) => one.trim())) {
    section = /^\[(.*)\]$/.exec(line)?.[1] ?? section;
    const [, key, value] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (section === 'Match' && key) keys[key] = `${keys[key] ?? ''} ${value}`.trim();
  }
  return keys;
}

/**
 * The file that systemd-networkd takes for an interface instead of ours, because its name comes first: systemd.network(5).
 * What matches by something else than the name is known from the file that the running interface has.
 */
export function earlierFile(
  ours: string,
  link: string,
  files: readonly NetworkFile[],
  used: string | undefined,
): string | undefined {
  const first = files.filter(({ path }) => posix.basename(path) < posix.basename(ours));
  const certain = first.find(({ match }) => {
    const { Name: name, ...others } = match;
    return name !== undefined && Object.keys(others).length === 0 && nameMatches(link, name);
  });
  return (certain ?? first.find(({ path }) => path === used))?.path;
}

/** Names are patterns of the shell; `!` before the first turns all around. */
function nameMatches(link: string, text: string): boolean {
  const words = text.replace(/^!/, '').split(/\s+/).filter(Boolean);
  return words.some((word) => globMatches(link, word)) !== text.startsWith('!');
}
