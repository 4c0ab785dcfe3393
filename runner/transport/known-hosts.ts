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

const cache = new Map<string, { stamp: string; lines: KnownHost[] }>();

/** The lines of a known_hosts file; none when it is not there. Read again only after it has changed. */
export function readKnownHosts(file: string): KnownHost[] {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return [];
  const stamp = `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
  const cached = cache.get(file);
  if (cached?.stamp === stamp) return cached.lines;
  const lines = parseKnownHosts(readFileSync(file, 'utf8'), file);
  cache.set(file, { stamp, lines });
  return lines;
}

/** Lines that are no entry are skipped, as OpenSSH does. */
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
  return createHmac('sha1', Buffer.from(salt ?? '', 'base64')).update(name).digest('base64') === hash;
}

function globMatches(pattern: string, name: string): boolean {
  const lower = pattern.toLowerCase();
  if (!/[*?]/.test(lower)) return lower === name;
  const source = lower.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(name);
}
