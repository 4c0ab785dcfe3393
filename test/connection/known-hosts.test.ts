import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  concerns,
  knownHostName,
  knownHosts,
  parseKnownHosts,
} from '../../runner/connection/transports/ssh/known-hosts.ts';

const [key] = ['AAAAC3NzaC1lZDI1NTE5AAAAIFvZ'];
const entry = (names: string) => {
  const [line] = parseKnownHosts(`${names} ssh-ed25519 ${key} comment`, 'f');
  if (!line) throw new Error(`no entry: ${names}`);
  return line;
};

const salt = Buffer.from('0123456789abcdefghij');
const hashed = (name: string) =>
  `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;

describe('known_hosts', () => {
  it('has entries with markers and places; anything else is passed over', () => {
    const text = `# comment\n\nhost ssh-ed25519 ${key}\n@revoked other ssh-rsa ${key}\r\nbroken\n@new x ssh-rsa ${key}\n`;
    expect(parseKnownHosts(text, 'f').map(({ line, names, marker, type }) => [line, names, marker, type])).toEqual([
      [3, 'host', undefined, 'ssh-ed25519'],
      [4, 'other', 'revoked', 'ssh-rsa'],
    ]);
  });

  it.each([
    ['host', 'host', 22, true],
    ['host', 'Host', 22, true],
    ['host', 'host', 2222, false],
    ['[host]:2222', 'host', 2222, true],
    ['[host]:2222', 'host', 22, false],
    ['a,b,host', 'host', 22, true],
    ['*.example.org', 'web.example.org', 22, true],
    ['*.example.org', 'example.org', 22, false],
    ['web?.example.org', 'web1.example.org', 22, true],
    ['*,!secret', 'secret', 22, false],
    ['!secret,*', 'other', 22, true],
    ['!secret', 'other', 22, false],
    ['10.0.0.*', '10.0.0.7', 22, true],
    ['10.0.0.*', '10x0.0.7', 22, false],
    ['fe80::1', 'fe80::1', 22, true],
  ])('%s is about %s port %d: %s', (names, host, port, expected) => {
    expect(concerns(entry(names), knownHostName(host, port))).toBe(expected);
  });

  it('understands hashed names', () => {
    expect(concerns(entry(hashed('[host]:2222')), knownHostName('host', 2222))).toBe(true);
    expect(concerns(entry(hashed('host')), knownHostName('host', 2222))).toBe(false);
  });

  it('a file is asked by name, and read again when it has changed', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'xrun-known-')), 'known_hosts');
    expect(knownHosts(file, 'web1')).toEqual([]);
    const lines = [
      `web*,!web2 ssh-rsa ${key}`,
      `Web1,10.0.0.1 ssh-ed25519 ${key}`,
      `web2 ssh-ed25519 ${key}`,
      `@revoked web1 ssh-rsa ${key}`,
      `${hashed('web2')} ssh-rsa ${key}`,
    ];
    writeFileSync(file, lines.join('\n'));
    const found = (name: string) => knownHosts(file, name).map(({ line }) => line);
    expect([found('web1'), found('web2'), found('10.0.0.1'), found('db')]).toEqual([[1, 2, 4], [3, 5], [2], []]);
    writeFileSync(file, `db ssh-ed25519 ${key}\n`);
    expect([found('web1'), found('db')]).toEqual([[], [1]]);
    rmSync(dirname(file), { recursive: true });
  });
});
