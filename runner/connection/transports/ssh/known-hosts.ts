import { createHash, createHmac } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** One line of a known_hosts file. */
export interface KnownHost {
  file: string;
  line: number;
  /** Comma-separated patterns, or one hashed name. */
  names: string;
  marker?: 'cert-authority' | 'revoked';
  type: string;
  /** As on the wire. */
  key: Buffer;
}

/** A file's lines, found by name: where each of many hosts looked at all lines, it would cost the square of their number. */
interface Index {
  stamp: string;
  byName: Map<string, KnownHost[]>;
  /** Those with patterns or a hash for names. */
  others: KnownHost[];
}

const cache = new Map<string, Index>();

/**
 * The lines of a known_hosts file about a host (see {@link knownHostName}), in their order; none when the file is not
 * there. It is read again only after it has changed.
 */
export function knownHosts(file: string, name: string): KnownHost[] {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return [];
  const stamp = `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
  let index = cache.get(file);
  if (index?.stamp !== stamp)
    cache.set(file, (index = { stamp, ...indexed(parseKnownHosts(readFileSync(file, 'utf8'), file)) }));
  const others = index.others.filter((entry) => concerns(entry, name));
  return [...(index.byName.get(name) ?? []), ...others].sort((a, b) => a.line - b.line);
}

function indexed(lines: readonly KnownHost[]): Omit<Index, 'stamp'> {
  const byName = new Map<string, KnownHost[]>();
  const others: KnownHost[] = [];
  for (const entry of lines) {
    if (/^\||[*?!]/.test(entry.names)) others.push(entry);
    else
      for (const name of new Set(entry.names.toLowerCase().split(',')))
        byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  return { byName, others };
}

/** Lines that are not entries are skipped, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((raw, i) => {
    const words = raw.trim().split(/\s+/);
    if (words[0] === '' || words[0]?.startsWith('#')) return [];
    const marker = words[0]?.startsWith('@') ? words.shift()?.slice(1) : undefined;
    const [names, type, key] = words;
    if (!names || !type || !key || (marker && marker !== 'cert-authority' && marker !== 'revoked')) return [];
    const entry: KnownHost = { file, line: i + 1, names, type, key: Buffer.from(key, 'base64') };
    if (marker) entry.marker = marker as 'cert-authority' | 'revoked';
    return [entry];
  });
}

/** The name that a host has in known_hosts files: `[name]:port` unless the port is 22. */
export function knownHostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** Whether a line is about that host (see {@link knownHostName}). */
export function concerns(entry: KnownHost, name: string): boolean {
  if (entry.names.startsWith('|1|')) return hashMatches(entry.names, name);
  let found = false;
  for (const pattern of entry.names.split(',')) {
    const negated = pattern.startsWith('!');
    if (!globMatches(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

/** `SHA256:...`, as OpenSSH prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that a key on the wire names first: `ssh-ed25519`. */
export function keyType(key: Buffer): string {
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

/** `|1|SALT|HASH`: HMAC-SHA1 of the name, as ssh-keygen -H writes it. */
function hashMatches(hashed: string, name: string): boolean {
  const [, , salt, hash] = hashed.split('|');
  return (
    createHmac('sha1', Buffer.from(salt ?? '', 'base64'))
      .update(name)
      .digest('base64') === hash
  );
}

function globMatches(pattern: string, name: string): boolean {
  const lower = pattern.toLowerCase();
  if (!/[*?]/.test(lower)) return lower === name;
  const source = lower
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(name);
}
