import { posix } from 'node:path';
import { globMatches } from './glob.ts';

/** interfaces(5): what begins a stanza; what follows belongs to it. */
const STANZA = /^\s*(iface|mapping|auto|allow-\S+|no-auto-down|no-scripts|source|source-directory|rename|template)\b/;

/** Before a line that was commented out. In interfaces(5) a comment is a line of its own: nothing may stand behind words. */
const mark = (config: string) => `#xrun ${config}# `;
/** Before a line that was added. */
const added = (config: string) => `#xrun ${config}+`;

/** A line as ifupdown reads it: those that end in a backslash go on in the next one. */
function logicalLines(content: string): string[][] {
  const out: string[][] = [];
  let open = false;
  for (const line of content.split('\n')) {
    if (open) out.at(-1)!.push(line);
    else out.push([line]);
    open = line.endsWith('\\') && !(out.at(-1)![0] ?? '').trimStart().startsWith('#');
  }
  return out;
}

const wordsOf = (lines: readonly string[]) =>
  lines
    .map((line) => line.replace(/\\$/, ''))
    .join(' ')
    .trim()
    .split(/\s+/);

/**
 * Comments out what an interfaces file says of the given interfaces, under a mark that names the configuration, so
 * that it can be taken back. Names in a list (`auto lo eth0`) lose only those interfaces, in a line that is added.
 */
export function withoutInterfaces(content: string, names: readonly string[], config: string): string {
  let inside = false;
  return logicalLines(content)
    .flatMap((lines) => {
      const [line = ''] = lines;
      const [first = '', ...rest] = wordsOf(lines);
      if (line.trimStart().startsWith('#')) return lines;
      if (STANZA.test(line)) inside = first === 'iface' && names.includes(rest[0] ?? '');
      const listed = /^(auto|allow-\S+)$/.test(first) && rest.some((word) => names.includes(word));
      const kept = rest.filter((word) => !names.includes(word));
      const out = lines.map((one) => mark(config) + one);
      if (listed && kept.length > 0) return [...out, added(config), `${first} ${kept.join(' ')}`];
      return listed || (inside && line.trim() !== '') ? out : lines;
    })
    .join('\n');
}

/** The file as it was before {@link withoutInterfaces} and {@link withSource}; also as earlier releases wrote it. */
export function restoredInterfaces(content: string, config: string): string {
  let dropped = false;
  return content
    .split('\n')
    .filter((line) => {
      const drop = dropped || line === added(config) || line.endsWith(` #xrun ${config}`);
      dropped = line === added(config);
      return !drop;
    })
    .map((line) => (line.startsWith(mark(config)) ? line.slice(mark(config).length) : line))
    .join('\n');
}

/** The file with a line that has another one read. It is at the top, where it cannot be part of a stanza. */
export function withSource(content: string, path: string, config: string): string {
  return `${added(config)}\nsource ${path}\n${content}`;
}

/** Whether an interfaces file (or, by `source`, one of several) has `path` read. Patterns are those of the shell. */
export function isSourced(path: string, files: Readonly<Record<string, string>>): boolean {
  return Object.entries(files).some(([file, content]) =>
    logicalLines(content).some((lines) => {
      const [first, ...patterns] = wordsOf(lines);
      const absolute = patterns.map((one) => posix.resolve(posix.dirname(file), one));
      if (first === 'source') return absolute.some((one) => globMatches(path, one));
      // interfaces(5): only names of letters, digits, - and _ in such a directory.
      return (
        first === 'source-directory' &&
        /^[\w-]+$/.test(posix.basename(path)) &&
        absolute.some((one) => globMatches(posix.dirname(path), one))
      );
    }),
  );
}
