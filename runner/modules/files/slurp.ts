import * as z from 'zod';
import { raw, sh, tame } from '../../model/script.ts';
import { path } from '../../model/arguments/scalars.ts';
import { fileResource } from '../path/file-state.ts';
import { TAKE, takenOf } from '../path/taken.ts';
import { defineModule } from '../../model/module.ts';

/** Bytes: the content becomes a variable, which is not a place for more. */
const LIMIT = 1024 * 1024;

const args = z
  .strictObject({
    src: path.optional().describe('The file on the host; `path` is another word for it.'),
    path: path.optional().describe('The same as `src`.'),
  })
  .refine(({ src, path }) => (src === undefined) !== (path === undefined), 'give the path of the file');

type Args = z.output<typeof args>;

const TYPES = ['file', 'absent', 'closed', 'other', 'large'] as const;

interface State {
  type: (typeof TYPES)[number];
  content: Buffer;
}

export default defineModule<typeof args, State>({
  name: 'slurp',
  summary: 'Read a file of the host into a variable',
  notes: [
    `The registered \`content\` is in Base64, as Ansible’s is: \`b64decode\` reads it. Files of up to ${LIMIT / 1024} KiB; \`fetch\` takes longer ones.`,
  ],
  examples: `
- slurp:
    src: /etc/machine-id
  register: machine
- debug:
    msg: "{{b64decode machine.content}}"
`,
  returns: { content: 'The content in base64.', encoding: '`base64`.', source: 'The path.' },
  args,
  probe: (args) =>
    tame(
      raw(`${TAKE}
_f=${sh`${fileOf(args)}`.text}
if [ ! -e "$_f" ]; then echo absent; elif [ ! -f "$_f" ]; then echo other; elif [ ! -r "$_f" ]; then echo closed; else
_z=$(wc -c <"$_f") || return
if [ "$_z" -gt ${LIMIT} ]; then echo large; else echo file; _take "$_f" || return; fi; fi`),
    ),
  parse({ stdout }) {
    const type = TYPES.find((one) => stdout.startsWith(`${one}\n`));
    if (!type) throw new Error(`expected what kind of file it is, found '${stdout.slice(0, 80)}'`);
    return { type, content: type === 'file' ? takenOf(stdout) : Buffer.alloc(0) };
  },
  decide(args, { type, content }, { check, planned }) {
    const file = fileOf(args);
    const coming = check ? (planned(fileResource(file)) as { type?: string } | undefined) : undefined;
    if (coming?.type === 'absent') return { kind: 'fail', message: `${file} would not exist any more` };
    if (coming || (check && type === 'absent'))
      return { kind: 'unknown', why: `${file} would be written before`, steps: [] };
    if (type === 'file')
      return { kind: 'ok', result: { content: content.toString('base64'), encoding: 'base64', source: file } };
    return { kind: 'fail', ...refused(file, type) };
  },
});

function fileOf({ src, path }: Args): string {
  return (src ?? path) as string;
}

function refused(file: string, type: Exclude<State['type'], 'file'>): { message: string; hint?: string } {
  if (type === 'absent') return { message: `${file} does not exist on this host` };
  if (type === 'closed')
    return {
      message: `${file} may not be read by this user`,
      hint: 'Use `become: true`, or log in as a user who may.',
    };
  if (type === 'large')
    return { message: `${file} is longer than ${LIMIT / 1024} KiB`, hint: 'Use fetch to bring it to the controller.' };
  return { message: `${file} is not a regular file` };
}
