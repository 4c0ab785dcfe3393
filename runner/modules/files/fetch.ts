import { posix } from 'node:path';
import * as z from 'zod';
import type { LocalFile } from '../../model/local-file.ts';
import { flag, path } from '../../model/arguments/scalars.ts';
import { probeFile } from '../path/probe.ts';
import { DIFF_LIMIT, fileResource, parseFile } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';

const args = z.strictObject({
  src: path.describe('The file on the host.'),
  dest: z
    .string()
    .min(1)
    .describe(
      'Where to put it on the controller, from the playbook’s directory: a directory that gets HOST/PATH, or with `flat` the file, or with a slash at its end its directory.',
    ),
  flat: flag.default(false).describe('Take `dest` as it is, without the host’s name and the path on the host.'),
  fail_on_missing: flag.default(true).describe('Fail where the host has no such file.'),
  validate_checksum: flag.default(true).describe('Refuse a file that changed while it was fetched.'),
});

type Args = z.output<typeof args>;

export default defineModule<typeof args, FileState>({
  name: 'fetch',
  summary: 'Fetch a file of the host to the controller',
  traits: { effects: 'controller' },
  notes: ['Changed means that the controller’s file was written; one that has the same content is not fetched.'],
  examples: `
- name: Keep every host's key as keys/HOST/etc/ssh/ssh_host_ed25519_key.pub
  fetch:
    src: /etc/ssh/ssh_host_ed25519_key.pub
    dest: keys
- fetch:
    src: /etc/app/token
    dest: "tokens/{{inventory_hostname}}"
    flat: true
`,
  returns: {
    src: 'The file on the host.',
    dest: 'Where it is on the controller.',
    checksum: 'Its checksum there.',
    remote_checksum: 'Its checksum on the host.',
    file: 'The file on the host, where it was not there.',
  },
  args,
  resource: ({ src }) => fileResource(src),
  saves: saved,
  probe: ({ src }) => probeFile(src, { follow: true, checksum: true, content: DIFF_LIMIT }),
  parse: parseFile,
  decide(args, state, context) {
    const { src } = args;
    const dest = saved(args, context.host);
    const refused = refuse(args, state, context);
    if (refused) return refused;
    const there = context.local.saved as LocalFile | undefined;
    const result = { src, dest, checksum: state.sha256, remote_checksum: state.sha256 };
    if (there?.sha256 === state.sha256) return { kind: 'ok', result };
    const { sha256 } = state;
    const diff = [
      {
        what: `${dest} on the controller`,
        before: there ? shown(there.content?.toString(), there.size, there.sha256) : null,
        after: shown(state.content, state.size, sha256),
      },
    ];
    return {
      kind: 'change',
      diff,
      steps: [
        {
          do: 'get',
          path: src,
          to: dest,
          ...(state.size !== undefined && { size: state.size }),
          ...(args.validate_checksum && sha256 !== undefined && { sha256 }),
        },
      ],
      result,
    };
  },
});

function saved({ src, dest, flat }: Args, host: string): string {
  // `..` in the path on the host leads no further up than its root.
  if (!flat) return posix.join(dest, host, posix.join('/', src));
  return dest.endsWith('/') ? posix.join(dest, posix.basename(src)) : dest;
}

function refuse(
  { src, fail_on_missing }: Args,
  state: FileState,
  context: DecideContext,
): Decision<FileState> | undefined {
  if (state.type === 'absent') {
    const why = `${src} does not exist on this host`;
    if (!fail_on_missing) return { kind: 'ok', result: { msg: why, file: src } };
    // What a check does not run may make it.
    if (context.check) return { kind: 'unknown', why: `${why} yet`, steps: [] };
    return { kind: 'fail', message: why, hint: 'Use `fail_on_missing: false` to accept that.' };
  }
  if (state.type === 'directory')
    return {
      kind: 'fail',
      message: `${src} is a directory; expected a file`,
      hint: 'List its files with find, and fetch each in a loop.',
    };
  if (state.type === 'link') return { kind: 'fail', message: `${src} is a link to nothing` };
  if (state.type !== 'file') return { kind: 'fail', message: `${src} is not a regular file` };
  if (state.sha256 === undefined)
    return {
      kind: 'fail',
      message: `${src} may not be read by this user`,
      hint: 'Use `become: true`, or log in as a user who may.',
    };
  return undefined;
}

function shown(text: string | undefined, size = 0, checksum = '?'): string {
  return text !== undefined && size <= DIFF_LIMIT ? text : `(${size} bytes, sha256 ${checksum})`;
}
