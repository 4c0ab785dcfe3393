import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod';
import { flag, path } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import { decideEdit, editResource, probeEdit } from '../files/edits/edit.ts';
import { parseAnyFile } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { TextLines } from '../shared/lines.ts';

/** A line of known_hosts, as sshd(8) has it. */
interface Entry {
  /** `@cert-authority` or `@revoked`. */
  marker: string;
  /** Names and patterns with commas between, or one hashed name. */
  hosts: string;
  type: string;
  key: string;
}

const args = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\s,]+$/, 'expected the name of one host')
      .describe('The host, as ssh looks it up: a name, an address, or `[name]:port`.'),
    key: z
      .string()
      .optional()
      .describe(
        'Its public key as a line of the file, name first: what `ssh-keyscan` prints. Several lines for several types.',
      ),
    path: path.default('~/.ssh/known_hosts').describe('The file.'),
    hash_host: flag
      .default(false)
      .describe('Hash the name in lines that are added, so that the file does not show it.'),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('`absent` removes the given keys of the host; without `key`, all of the host.'),
  })
  .refine(({ state, key }) => state === 'absent' || key !== undefined, 'give the key')
  .superRefine(({ name, key }, issues) => {
    const problem = key === undefined ? undefined : keyProblem(key, name);
    if (problem) issues.addIssue({ code: 'custom', path: ['key'], message: problem });
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, FileState>({
  name: 'known_hosts',
  summary: 'Manage the keys by which ssh knows a host',
  notes: [
    'The file is that of the user that the task runs as; for all users name /etc/ssh/ssh_known_hosts.',
    'A key of the same type that the host has had is replaced; hashed names are found, too.',
  ],
  examples: `
- known_hosts:
    name: git.example.net
    key: git.example.net ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF2f8Y6Rsv0XyWDUwn5bDxKcQFJoLJnq0VFmzjJQqfS8
- known_hosts: {name: old.example.net, state: absent}
`,
  args,
  synonyms: { host: 'name' },
  resource: editResource,
  probe: probeEdit,
  parse: parseAnyFile,
  decide(args, state, context) {
    const edit = { path: args.path, backup: false, create: true };
    const change = (text: string) => (args.state === 'present' ? withKeys(text, args) : withoutKeys(text, args));
    return decideEdit(edit, { change, removes: args.state === 'absent' }, state, context);
  },
});

function parseEntry(line: string): Entry | undefined {
  const [, marker = '', hosts, type, key] =
    /^\s*(?:(@[\w-]+)\s+)?([^\s#@]\S*)\s+([a-z][\w@.-]*)\s+([A-Za-z0-9+/]{16,}={0,3})(?:\s|$)/.exec(line) ?? [];
  return hosts === undefined ? undefined : { marker, hosts, type: type as string, key: key as string };
}

const entriesOf = (key: string) =>
  key.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));

function keyProblem(key: string, name: string): string | undefined {
  const lines = entriesOf(key);
  if (lines.length === 0) return 'expected a line of known_hosts: NAME TYPE KEY';
  for (const line of lines) {
    const entry = parseEntry(line);
    if (!entry) return `this is not a line of known_hosts: '${line.slice(0, 40)}'; expected NAME TYPE KEY`;
    if (!names(entry, name)) return `the line is of the host '${entry.hosts}', not of '${name}'`;
  }
  return undefined;
}

/** Whether a line is of the host; patterns are other lines, as they are of more than one. */
function names({ hosts }: Entry, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|(.+)$/.exec(hosts) ?? [];
  if (salt === undefined) return hosts.toLowerCase().split(',').includes(name.toLowerCase());
  return hashed(name, Buffer.from(salt, 'base64')) === hash;
}

/** HMAC-SHA1 of the name in lower case: hostfile.c of OpenSSH. */
const hashed = (name: string, salt: Buffer) => createHmac('sha1', salt).update(name.toLowerCase()).digest('base64');

/** The line with its hosts hashed. The salt follows from the line, so that a check predicts what a run writes. */
function hashedLine(line: string, { hosts }: Entry, name: string): string {
  if (hosts.startsWith('|')) return line;
  const salt = createHash('sha1').update(line).digest();
  return line.replace(hosts, () => `|1|${salt.toString('base64')}|${hashed(name, salt)}`);
}

/** Each key is there once, in the place of one of its type that the host had. */
function withKeys(content: string, args: Args): string {
  const { name } = args;
  const split = new TextLines(content);
  for (const line of entriesOf(args.key as string)) {
    const wanted = parseEntry(line) as Entry;
    const old = split.lines.flatMap((one, i) => {
      const entry = parseEntry(one);
      return entry && isOfType(entry, wanted, name) ? [{ i, entry }] : [];
    });
    const right = old.find(({ entry }) => entry.key === wanted.key);
    if (right) continue;
    const written = args.hash_host ? hashedLine(line.trim(), wanted, name) : line.trim();
    const at = old[0]?.i ?? split.lines.length;
    const gone = new Set(old.slice(1).map(({ i }) => i));
    split.splice(at, old.length > 0 ? 1 : 0, [written]);
    split.drop((_, i) => gone.has(i));
  }
  const changed = split.toString();
  return changed.endsWith('\n') || changed === content ? changed : `${changed}\n`;
}

const isOfType = (entry: Entry, wanted: Entry, name: string) =>
  names(entry, name) && entry.type === wanted.type && entry.marker === wanted.marker;

function withoutKeys(content: string, args: Args): string {
  const { name } = args;
  const keys = args.key === undefined ? undefined : entriesOf(args.key).map((line) => parseEntry(line)?.key);
  const split = new TextLines(content);
  split.drop((line) => {
    const entry = parseEntry(line);
    return entry !== undefined && names(entry, name) && (keys === undefined || keys.includes(entry.key));
  });
  return split.toString();
}
