import { posix } from 'node:path';
import * as z from 'zod';
import type { LocalFile, LocalTree } from '../../model/local-file.ts';
import { flag } from '../../model/arguments/scalars.ts';
import { attributeArgs } from '../path/attributes.ts';
import { decideContent } from '../path/content.ts';
import { destination, destinationPath, planElsewhere, resolveDestination } from '../path/destination.ts';
import type { Destination } from '../path/destination.ts';
import { withDirectory } from '../path/directory.ts';
import { decideRemote, parseRemote, probeRemote } from '../path/remote.ts';
import type { RemoteState } from '../path/remote.ts';
import { mode } from '../path/mode.ts';
import { probeFile } from '../path/probe.ts';
import { DIFF_LIMIT, fileResource, parseFile, sha256 } from '../path/file-state.ts';
import { parseTree, probeTree } from './tree/tree-state.ts';
import type { TreeState } from './tree/tree-state.ts';
import { decideTree } from './tree/tree.ts';
import { validateScript } from '../path/validate.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext } from '../../model/module.ts';
import { FILE_RETURNS } from '../shared/returns.ts';

const args = z
  .strictObject({
    src: z
      .string()
      .min(1)
      .optional()
      .describe('A file or directory of the controller; of a directory with a slash at its end, what is in it.'),
    content: z
      .union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.unknown()), z.array(z.unknown())])
      .optional()
      .describe('The file’s text; anything but text is written as JSON.'),
    dest: destination,
    ...attributeArgs,
    mode: mode
      .or(z.literal('preserve'))
      .optional()
      .describe("Permissions: '0644', 'u+rwx,g-w', or `preserve` for those of the source."),
    directory_mode: mode.optional().describe('Permissions of directories that are copied.'),
    remote_src: flag.default(false).describe('The source is on the host already.'),
    force: flag.default(true).describe('False: leave the content of a file that is there.'),
    backup: flag.default(false).describe('Keep the old content beside the new one.'),
    follow: flag
      .default(false)
      .describe('If `dest` is a link, write the file it points to; otherwise the link is replaced.'),
    checksum: z
      .string()
      .regex(/^(sha256:)?[0-9a-f]{64}$/i, 'expected a SHA-256 in 64 hexadecimal digits')
      .transform(digest)
      .optional()
      .describe('SHA-256 that the controller’s file must have; another one is refused before anything is sent.'),
    validate: z
      .string()
      .optional()
      .describe('A command that must accept the new file before it takes the old one’s place; `%s` is its path.'),
  })
  .refine(({ src, content }) => (src === undefined) !== (content === undefined), 'give either src or content')
  .refine(
    ({ src, content, dest }) => content === undefined || src !== undefined || !dest.endsWith('/'),
    'content needs the name of a file as dest',
  )
  .refine(({ mode, content }) => mode !== 'preserve' || content === undefined, 'content has no mode to preserve')
  .refine(
    ({ checksum, src, remote_src }) => checksum === undefined || (src !== undefined && !remote_src),
    'checksum is that of a file of the controller: give src',
  );

type Args = z.output<typeof args>;

export default defineModule<typeof args, TreeState | RemoteState>({
  name: 'copy',
  summary: 'Copy a file or a directory of the controller, or a text, to the host',
  notes: ['Files are replaced at once and whole; unchanged ones are not sent.'],
  examples: `
- copy:
    src: app.conf
    dest: /etc/app/app.conf
    mode: '0640'
    group: app
- name: Turn forwarding on
  copy:
    content: |
      net.ipv4.ip_forward = 1
    dest: /etc/sysctl.d/50-forward.conf
`,
  returns: { ...FILE_RETURNS, src: 'The file or directory that was copied.' },
  args,
  local: { src: 'file' },
  localUnless: 'remote_src',
  resource: (args) => fileResource(destinationPath(placeOf(args))),
  probe(args, local) {
    const { src } = local;
    const path = destinationPath(placeOf(args));
    if (args.remote_src) return probeRemote(args.src as string, path, posix.basename(args.src as string), args.follow);
    if (isTree(src)) return probeTree(treeRoot(args), src);
    const { name } = placeOf(args);
    return probeFile(path, {
      follow: args.follow,
      checksum: true,
      content: DIFF_LIMIT,
      unless: checksum(args, local),
      ...(name && { into: name }),
    });
  },
  parse(probe, args) {
    if (args.remote_src) return parseRemote(probe);
    return probe.stdout.startsWith('tree=') ? parseTree(probe) : parseFile(probe);
  },
  decide(args, found, context) {
    if (args.remote_src) return decideRemote(args, destinationPath(placeOf(args)), found as RemoteState, context);
    const { src } = context.local;
    const preserve = args.mode === 'preserve';
    const attributes = { ...args, mode: preserve ? undefined : args.mode };
    if (isTree(src) && args.checksum)
      return { kind: 'fail', message: `${args.src} is a directory, which has no checksum` };
    if (isTree(src))
      return decideTree(
        treeRoot(args),
        src,
        { ...attributes, preserve: preserve ? 'files' : undefined, directoryMode: args.directory_mode },
        found,
        context,
      );
    const file = src as LocalFile | undefined;
    if (args.checksum && file?.sha256 !== args.checksum) {
      return {
        kind: 'fail',
        message: `${args.src} is not the file that was meant: its SHA-256 is ${file?.sha256}, not ${args.checksum}`,
      };
    }
    const { path, state, moved } = resolveDestination(placeOf(args), found, context);
    const content = file ?? text(args.content);
    const wanted = {
      ...attributes,
      mode: preserve ? file?.mode : attributes.mode,
      content,
      validate: validateScript(args.validate),
    };
    const target = args.follow && state.real ? state.real : path;
    const decide = (state: TreeState) => decideContent(target, wanted, state, context);
    const decision = args.dest.endsWith('/') ? withDirectory(target, state, context, decide) : decide(state);
    if (moved) planElsewhere(decision, target);
    return decision;
  },
});

function digest(checksum: string): string {
  return checksum.replace(/^sha256:/, '').toLowerCase();
}

function placeOf({ dest, src }: Args): Destination {
  return { dest, name: src === undefined ? undefined : posix.basename(src) };
}

/** `src: conf` makes DEST/conf, `src: conf/` fills DEST itself. */
function treeRoot({ src = '', dest }: Args): string {
  return src.endsWith('/') ? destinationPath({ dest }) : posix.join(dest, posix.basename(src));
}

function isTree(local: DecideContext['local'][string] | undefined): local is LocalTree {
  return local !== undefined && 'files' in local;
}

function checksum(args: Args, local: DecideContext['local']): string {
  return local.src ? (local.src as LocalFile).sha256 : sha256(text(args.content));
}

function text(content: Args['content']): Buffer {
  return Buffer.from(typeof content === 'object' ? `${JSON.stringify(content, null, 2)}\n` : String(content));
}
