import { posix } from 'node:path';
import * as z from 'zod';
import type { LocalTree } from '../../model/local-file.ts';
import { flag, words } from '../../model/arguments/scalars.ts';
import { attributeArgs } from '../path/attributes.ts';
import { destination, destinationPath } from '../path/destination.ts';
import { excluder, optionProblem, optionPatterns } from '../shared/exclude.ts';
import { mode } from '../path/mode.ts';
import { fileResource } from '../path/file-state.ts';
import { decideTree } from './tree/tree.ts';
import { parseTree, probeTree } from './tree/tree-state.ts';
import type { TreeState } from './tree/tree-state.ts';
import { defineModule } from '../../model/module.ts';

const args = z
  .strictObject({
    src: z.string().min(1).describe('A directory of the controller; with a slash at its end, what is in it.'),
    dest: destination.describe(
      'The directory on the host that it goes into; with a slash at the end of `src`, the one that it fills.',
    ),
    mode: z.literal('push').default('push').describe('From the controller to the host; `fetch` is for the other way.'),
    delete: flag.default(false).describe('Remove what only the host has.'),
    exclude: words
      .default([])
      .describe(
        'Patterns of what to leave out, and alone on the host: `*.log` anywhere, `/cache` at the top, `tmp/` directories only; `**` passes slashes.',
      ),
    rsync_opts: words.default([]).describe('Only `--exclude=PATTERN`, for the sake of old playbooks.'),
    perms: flag.default(true).describe('Give everything the permissions it has on the controller.'),
    links: flag.default(true).describe('Keep links as links; otherwise they are left out.'),
    owner: attributeArgs.owner,
    group: attributeArgs.group,
    file_mode: mode.optional().describe('Permissions of files, instead of those on the controller.'),
    directory_mode: mode.optional().describe('Permissions of directories, instead of those on the controller.'),
  })
  .superRefine(({ rsync_opts }, issues) => {
    const problem = optionProblem(rsync_opts);
    if (problem) issues.addIssue({ code: 'custom', path: ['rsync_opts'], message: problem });
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, TreeState>({
  name: 'synchronize',
  summary: 'Bring a directory of the controller to the host, sending only what differs',
  traits: { effects: 'controller' },
  notes: [
    'Nothing but a shell is needed on the host; what differs is found by checksums, and sent over the connection there is.',
    'What a name of the tree holds on the host is replaced, also a link; a directory makes way for a file only with `delete`. Times are not kept.',
  ],
  examples: `
- synchronize:
    src: site/
    dest: /srv/www
    delete: true
    exclude: [.git, '*.orig']
`,
  args,
  local: { src: 'tree' },
  resource: (args) => fileResource(rootOf(args)),
  probe: (args, local) =>
    isTree(local.src) ? probeTree(rootOf(args), chosen(args, local.src), args.delete) : undefined,
  parse: (probe, args) => parseTree(probe, args.delete),
  decide(args, state, context) {
    const { src } = context.local;
    if (!isTree(src)) return { kind: 'fail', message: `${args.src} is not a directory`, hint: 'Use copy for a file.' };
    const { owner, group, perms } = args;
    const tree = chosen(args, src);
    const out = excluderOf(args);
    // Whether what only the host has is a directory is not known; rather too much is spared than too little.
    const mirror = { delete: args.delete, spares: (name: string) => out(name, true) };
    const wanted = {
      owner,
      group,
      mode: args.file_mode,
      directoryMode: args.directory_mode,
      ...(perms && { preserve: 'all' as const }),
      mirror,
    };
    return decideTree(rootOf(args), tree, wanted, state, context);
  },
});

function rootOf({ src, dest }: Args): string {
  return src.endsWith('/') ? destinationPath({ dest }) : posix.join(dest, posix.basename(src));
}

function isTree(local: unknown): local is LocalTree {
  return typeof local === 'object' && local !== null && 'files' in local;
}

function excluderOf({ exclude, rsync_opts }: Args): (name: string, directory?: boolean) => boolean {
  return excluder([...exclude, ...optionPatterns(rsync_opts)]);
}

/** The tree without what is left out. */
function chosen(args: Args, { files, directories, links, ...rest }: LocalTree): LocalTree {
  const out = excluderOf(args);
  return {
    ...rest,
    files: files.filter(({ relative }) => !out(relative)),
    directories: directories.filter(({ relative }) => !out(relative, true)),
    links: args.links ? links.filter(({ relative }) => !out(relative)) : [],
  };
}
