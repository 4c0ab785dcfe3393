import { posix } from 'node:path';
import * as z from 'zod';
import type { Diff } from '../../model/events.ts';
import { sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, text, whole } from '../../model/arguments/scalars.ts';
import type { ProbeResult, Result } from '../../model/module.ts';

/** The arguments of `user` about a key of the user's own. */
export const sshKeyArgs = {
  generate_ssh_key: flag
    .default(false)
    .describe('Make a key pair for the user where there is none; one that is there is left alone.'),
  ssh_key_type: z.enum(['rsa', 'ed25519', 'ecdsa', 'dsa']).default('rsa').describe('Kind of the key.'),
  ssh_key_bits: whole.optional().describe('Its length; where not given, what ssh-keygen takes.'),
  ssh_key_file: text
    .refine((value) => value !== '' && !/[\n\0]/.test(value), 'expected a path')
    .optional()
    .describe('Where it is, from the home directory; `.ssh/id_TYPE` where not given.'),
  ssh_key_comment: text.optional().describe('Its comment; `ansible-generated on HOST` where not given.'),
};

type KeyArgs = z.output<z.ZodObject<typeof sshKeyArgs>>;

export interface SshKeyState {
  /** The public half and its fingerprint. */
  sshKey?: { line: string; fingerprint: string };
}

/**
 * Looks for the key, behind what {@link probeAccounts} left in `$u`. It is read as the user, who could otherwise have root
 * read another file by a link; a key of which nothing but its being there can be read is a key.
 */
export function probeKey(name: string, args: KeyArgs): Script {
  const look = sh`cd 2>/dev/null && f=${fileOf(args)} && [ -e "$f" ] || { echo @@key-end; exit; }
l=$(cat "$f.pub" 2>/dev/null) || l=$(ssh-keygen -y -P "" -f "$f" 2>/dev/null) || l=
p=$(ssh-keygen -l -f "$f" 2>/dev/null) || p=
echo @@key; printf "%s\n" "$l" "$p"; echo @@key-end`;
  return sh`case $u in *@@user*) echo @@key-of; ${asUser(name, look)} || exit;; esac`;
}

/** What {@link probeKey} printed, behind what else there is. Throws a plain Error where it is not whole. */
export function parseKey({ stdout, stderr }: ProbeResult): SshKeyState {
  if (/^@@key-of$/m.test(stdout) && !/^@@key-end$/m.test(stdout))
    throw new Error(`the user's SSH key cannot be read: ${stderr || stdout}`);
  const [, line, fingerprint = ''] = /^@@key\n(.*)\n?(.*)/m.exec(stdout) ?? [];
  return line === undefined ? {} : { sshKey: { line, fingerprint } };
}

/** Makes the key as the user: what root makes in another user's home could be led elsewhere by a link. */
export function keyChange(
  name: string,
  home: string,
  args: KeyArgs,
  { sshKey }: SshKeyState,
): { diff: Diff; script: Script } | undefined {
  if (sshKey) return undefined;
  const file = posix.resolve(home, fileOf(args));
  const comment =
    args.ssh_key_comment === undefined ? sh`"ansible-generated on $(uname -n)"` : sh`${args.ssh_key_comment}`;
  const make = sh`cd && umask 077 && f=${fileOf(args)} && mkdir -p "$(dirname "$f")" && ssh-keygen -q -t ${args.ssh_key_type} ${args.ssh_key_bits !== undefined && sh`-b ${args.ssh_key_bits}`} -C ${comment} -N "" -f "$f"`;
  return {
    diff: { what: `user ${name} ssh key`, before: null, after: `${args.ssh_key_type} ${file}` },
    script: asUser(name, make),
  };
}

/** The fields of Ansible's result. */
export function keyResult(args: KeyArgs, { sshKey }: SshKeyState, home: string): Result {
  if (!args.generate_ssh_key) return {};
  return {
    ssh_key_file: posix.resolve(home, fileOf(args)),
    ...(sshKey && { ssh_public_key: sshKey.line, ssh_fingerprint: sshKey.fingerprint }),
  };
}

function fileOf({ ssh_key_file: file, ssh_key_type: type }: KeyArgs): string {
  return file ?? `.ssh/id_${type}`;
}

function asUser(name: string, script: Script): Script {
  return sh`su -s /bin/sh -c ${script.text} ${name} </dev/null`;
}
