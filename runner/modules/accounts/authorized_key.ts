import { posix } from 'node:path';
import * as z from 'zod';
import type { Diff } from '../../model/events.ts';
import { raw, sh } from '../../model/script.ts';
import { INTO, WAY } from '../../connection/files/way.ts';
import { isOptions, parseKey, withKeys, withoutKeys } from './authorized-keys.ts';
import type { AuthorizedKey } from './authorized-keys.ts';
import { flag, path, userName } from '../../model/arguments/scalars.ts';
import { joinLines, splitLines } from '../shared/lines.ts';
import { WHOLE } from '../shared/whole.ts';
import { TAKE, takenAt, takenOf } from '../path/taken.ts';
import { textOf } from '../../model/host-text.ts';
import { defineModule } from '../../model/module.ts';
import type { Step } from '../../model/module.ts';

const args = z
  .strictObject({
    user: userName.describe('Whose log-in the keys open.'),
    key: z.string().min(1).describe('Public keys, a line each, as in a `.pub` file.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether they open it.'),
    exclusive: flag.default(false).describe('No other key than these does. All of them have to be in one task.'),
    key_options: z
      .string()
      .trim()
      .refine(isOptions, 'expected options with commas between, and blanks only in double quotes')
      .optional()
      .describe('Options before each key: `from="192.0.2.0/24",no-pty`.'),
    comment: z
      .string()
      .trim()
      .refine((comment) => !/[\r\n]/.test(comment), 'expected one line')
      .optional()
      .describe('Behind each key, instead of its own comment.'),
    path: path.optional().describe('The file; `.ssh/authorized_keys` in the user’s home where not given.'),
    manage_dir: flag
      .default(true)
      .describe('See to the file’s directory too: it is made, and is the user’s with mode 0700.'),
  })
  .superRefine(({ key }, issues) => {
    for (const line of splitLines(key).lines) {
      if (line.trim() && !line.trim().startsWith('#') && !parseKey(line))
        issues.addIssue({
          code: 'custom',
          path: ['key'],
          message: `this is not a valid public key: '${line.slice(0, 40)}'`,
        });
    }
  });

type Args = z.output<typeof args>;

interface Entry {
  mode: string;
  owner: string;
}

interface State {
  /** Empty where the user does not exist. */
  home: string;
  group: string;
  directory?: Entry | undefined;
  file?: Entry | undefined;
  content: string;
  /** The file's path without the links that lead to it, where there are any. */
  real?: string;
  /** Why the file must not be touched. */
  refused?: string;
}

export default defineModule<typeof args, State>({
  name: 'authorized_key',
  summary: 'Manage the public keys that open a user’s log-in',
  notes: ['The file is the user’s, with mode 0600: sshd ignores one that others may write to.'],
  examples: `
- name: The administrators may log in
  authorized_key:
    user: deploy
    key: |
      ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF2f8Y6Rsv0XyWDUwn5bDxKcQFJoLJnq0VFmzjJQqfS8 ada@example.org
    exclusive: true
`,
  args,
  probe: ({ user, path: file, manage_dir }) =>
    raw(`${TAKE}
${WAY}
${WHOLE}
_refuse() { printf 'refused %s\\n' "$_why"; exit 0; }
_h=~${user}; case $_h in /*) ;; *) exit 0 ;; esac
_whole id -gn ${user} && [ "$_o" ] || { echo 'id gave no answer' >&2; exit 1; }; _n=$_o
_f=${file === undefined ? '$_h/.ssh/authorized_keys' : sh`${file}`.text}
_way "$_f" || _refuse; [ "$_W" = "$_f" ] || printf 'real %s\\n' "$_W"
_f=$_W; _d=\${_f%/*}
if [ -e "$_f" ]; then _x=$(stat -c '%h %U' -- "$_f") || exit
_why="$_f is not a regular file"; [ -f "$_f" ] || _refuse
case $_x in '1 '*|*' '${user}) ;; *) _why="$_f is another name (a hard link) of a file that belongs to \${_x#* }"; _refuse ;; esac; fi
printf '%s\\n%s\\n' "$_h" "$_n"
for _p in ${manage_dir ? '"$_d"' : '""'} "$_f"; do if [ -e "$_p" ]; then _whole stat -L -c '%a %U' -- "$_p" || exit; echo "$_o"; else echo; fi; done
[ ! -e "$_f" ] || _take "$_f"`),
  parse({ stdout }) {
    const refused = /^refused (.*)\n/.exec(stdout)?.[1];
    if (refused) return { home: '', group: '', content: '', refused };
    const real = /^real (.*)\n/.exec(stdout)?.[1];
    const [home = '', group = '', directory = '', file = ''] = (
      real === undefined ? stdout : stdout.slice(`real ${real}\n`.length)
    ).split('\n');
    const bytes = takenAt(stdout) < 0 ? undefined : takenOf(stdout);
    if (file !== '' && bytes === undefined) throw new Error('the keys did not arrive');
    return {
      ...(real && { real }),
      home,
      group,
      directory: entryOf(directory),
      file: entryOf(file),
      content: bytes ? textOf(bytes) : '',
    };
  },
  decide(args, state, { check, planned }) {
    const { user } = args;
    if (state.refused)
      return {
        kind: 'fail',
        message: state.refused,
        hint: `What is done for ${user} goes nowhere but to files of ${user}: remove the link, or name the real file in path.`,
      };
    if (state.home === '') {
      if (check && planned(`user:${user}`)) return { kind: 'unknown', why: `user ${user} is not there yet`, steps: [] };
      return { kind: 'fail', message: `there is no user '${user}' on this host`, hint: 'The module user makes one.' };
    }
    if (/[\udc80-\udcff]/u.test(state.content))
      return { kind: 'fail', message: `the keys of ${user} are not UTF-8 text, which this would damage` };
    const file = state.real ?? args.path ?? posix.join(state.home, '.ssh/authorized_keys');
    const result = { user, keyfile: file };
    if (args.state === 'absent' && !state.file) return { kind: 'ok', result };
    const { diff, steps } = changes(args, state, file);
    return diff.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps, result };
  },
  prove: true,
});

function entryOf(line: string): Entry | undefined {
  if (line === '') return undefined;
  const [, mode, owner] = /^(\d+) (\S.*)$/.exec(line) ?? [];
  if (mode === undefined || owner === undefined) throw new Error(`stat printed '${line}'`);
  return { mode: mode.padStart(4, '0'), owner };
}

function changes(
  args: Args,
  { group, directory, file: entry, content }: State,
  file: string,
): { diff: Diff[]; steps: Step[] } {
  const { user } = args;
  const folder = posix.dirname(file);
  const diff: Diff[] = [];
  const steps: Step[] = [];
  if (args.manage_dir) {
    const found = attributes(folder, directory, { mode: '0700', owner: user });
    diff.push(...found);
    if (found.length > 0)
      steps.push({
        do: 'run',
        script: sh`(${raw(INTO)}
_make ${posix.dirname(folder)} '' ''&&_make ${folder} '' ''&&chown ${`${user}:${group}`} .&&chmod 0700 .)`,
        touches: [folder],
      });
  }
  const text = wantedText(args, content);
  const found = [
    ...(text === content && entry ? [] : [{ what: file, before: entry ? content : null, after: text }]),
    ...(entry ? attributes(file, entry, { mode: '0600', owner: user }) : []),
  ];
  if (found.length > 0)
    steps.push({ do: 'put', file: { path: file, content: Buffer.from(text), mode: '0600', owner: user, group } });
  return { diff: [...diff, ...found], steps };
}

function attributes(path: string, found: Entry | undefined, wanted: Entry): Diff[] {
  if (!found) return [{ what: path, before: null, after: 'directory' }];
  return (['mode', 'owner'] as const)
    .filter((name) => found[name] !== wanted[name])
    .map((name) => ({ what: `${path} ${name}`, before: found[name], after: wanted[name] }));
}

function wantedText(args: Args, content: string): string {
  const { lines, ending } = splitLines(content);
  const keys = splitLines(args.key).lines.flatMap((line) => parseKey(line) ?? []);
  const wanted: AuthorizedKey[] = keys.map((key) => ({
    ...key,
    options: args.key_options ?? key.options,
    comment: args.comment ?? key.comment,
  }));
  const after = args.state === 'absent' ? withoutKeys(lines, wanted) : withKeys(lines, wanted, args.exclusive);
  return after.join('\n') === lines.join('\n') ? content : joinLines({ lines: after, ending });
}
