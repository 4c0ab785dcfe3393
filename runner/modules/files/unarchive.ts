import * as z from 'zod';
import { sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { LocalTree } from '../../model/local-file.ts';
import { chosenMembers, strippedName } from './archives/members.ts';
import { fromRemoteArchive, parseRemoteArchive, probeRemoteArchive } from './archives/remote.ts';
import type { RemoteArchive } from './archives/remote.ts';
import { flag, homePath, path, words } from '../../model/arguments/scalars.ts';
import { attributeArgs } from '../path/attributes.ts';
import { fileResource } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { decideTree } from './tree/tree.ts';
import { parseTree, probeTree } from './tree/tree-state.ts';
import type { TreeState } from './tree/tree-state.ts';
import { requestArgs, requestOf, requestSecrets, shownUrl } from '../http/request.ts';
import { checksum, fetchVerified } from '../http/verified.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, ProbeResult } from '../../model/module.ts';

const STRIP = /^--strip-components=(\d+)$/;

const args = z
  .strictObject({
    src: z
      .string()
      .min(1)
      .describe(
        'The archive: a file of the controller; with `remote_src` a path on the host, or an address of HTTP, from which the host fetches it.',
      ),
    dest: path.describe('The directory that it is unpacked into; it is made where it is missing.'),
    remote_src: flag.default(false).describe('The archive is on the host already, or to be fetched by it.'),
    checksum: checksum
      .optional()
      .describe(
        '`ALGORITHM:HEX`, or 64 digits of SHA-256, of what is fetched from an address; without it nobody notices what else has come.',
      ),
    validate_certs: requestArgs.validate_certs,
    creates: homePath.optional().describe('A path: where it exists the archive is not looked at.'),
    list_files: flag
      .default(false)
      .describe('Name all that is taken of the archive in `files` of the result; directories end in a slash.'),
    include: words.default([]).describe('Only these, by their names in the archive; patterns as those of `exclude`.'),
    exclude: words
      .default([])
      .describe(
        'Patterns of what to leave out: `*.md` anywhere, `/doc` at the top, `tmp/` directories only; `**` passes slashes.',
      ),
    extra_opts: words.default([]).describe('Only `--strip-components=N`: names without their first N parts.'),
    ...attributeArgs,
    mode: attributeArgs.mode.describe(
      "Permissions, '0644' or 'u+rwX,g-w', instead of those in the archive. Directories may be entered by all who may read them.",
    ),
  })
  .superRefine(({ src, remote_src, checksum, extra_opts }, issues) => {
    const issue = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message });
    if (isUrl(src) && !remote_src)
      issue('src', 'an address needs remote_src: true, for it is the host that fetches it');
    if (!isUrl(src) && checksum) issue('checksum', 'the checksum is that of what is fetched: give an address as src');
    const unknown = extra_opts.find((option) => !STRIP.test(option));
    if (unknown !== undefined) issue('extra_opts', `'${unknown}': only --strip-components=N is understood`);
  });

type Args = z.output<typeof args>;

/** `created`: what `creates` names is there. A text: why the archive on the host is not valid. */
type State = TreeState | { created: true } | { archive: RemoteArchive | string | undefined };

export default defineModule<typeof args, State>({
  name: 'unarchive',
  summary: 'Unpack an archive on the host',
  notes: [
    'Every member is compared on each run: its kind, content, permissions, and what a link holds; only what differs is written, each file at once and whole. What only the host has is left alone. `creates` spares the comparison.',
    'An archive of the controller’s is unpacked there, by its `tar` (with `gzip`, `bzip2`, `xz` or `zstd`) or `unzip`, and needs nothing but a shell on the host. With `remote_src` the host needs these; to compare, it unpacks into a temporary directory, and fetches again what has an address.',
    'Files belong to the user who logs in, unless `owner` and `group` are given: the archive’s owners are not taken over, nor are times. Names that lead out of `dest` are refused, and nothing is written through a link that stands for a directory.',
  ],
  examples: `
- unarchive:
    src: site.tar.gz
    dest: /srv/www
    owner: www-data
- unarchive:
    src: https://github.com/containernetworking/plugins/releases/download/v1.5.1/cni-plugins-linux-amd64-v1.5.1.tgz
    remote_src: true
    checksum: "sha256:{{cni_sha256}}"
    dest: /opt/cni/bin
`,
  returns: { dest: 'Where it was unpacked.', src: 'The archive.' },
  args,
  advice: ({ src, checksum }) =>
    typeof src === 'string' && isUrl(src) && checksum === undefined
      ? 'without checksum it is not noticed when something else comes from the address'
      : undefined,
  local: { src: 'archive' },
  localUnless: 'remote_src',
  fresh: true,
  secrets: (args) => (isUrl(args.src) ? requestSecrets(requestArgsOf(args)) : []),
  probeMayFail: true,
  probe(args, local) {
    const guard = args.creates !== undefined && sh`if [ -e ${args.creates} ]; then echo created; exit 0; fi`;
    return sh`${guard}
${args.remote_src ? probeRemoteArchive(archiveOf(args), args.dest, stripOf(args)) : probeTree(args.dest, wantedOf(args, local.src as LocalTree))}`;
  },
  parse(probe, args): State {
    if (probe.stdout === 'created\n') return { created: true };
    return args.remote_src ? { archive: remoteOf(probe) } : parseTree(probe);
  },
  decide(args, state, context) {
    const { dest, creates } = args;
    if ('created' in state) return { kind: 'ok', result: { dest, src: shownSource(args), msg: `${creates} exists` } };
    if (!('archive' in state)) return decideMembers(args, context.local.src as LocalTree, state, context);
    const { archive } = state;
    if (archive === undefined) return missing(args, context);
    if (typeof archive === 'string')
      return { kind: 'fail', message: `${shownSource(args)} cannot be unpacked: ${archive}` };
    const entries: Record<string, FileState> = {};
    for (const [i, name] of archive.names.entries()) {
      const stripped = strippedName(name, stripOf(args));
      const there = archive.there[i];
      if (stripped !== undefined && there) entries[stripped] = there;
    }
    return fromRemoteArchive(
      decideMembers(args, archive.tree, { type: archive.type, entries }, context),
      archiveOf(args),
    );
  },
});

function decideMembers(args: Args, tree: LocalTree, state: TreeState, context: DecideContext): Decision<TreeState> {
  const { dest, owner, group } = args;
  const wanted = wantedOf(args, tree);
  const decision = decideTree(dest, wanted, { owner, group, preserve: 'all', confined: true }, state, context);
  const result = { dest, src: shownSource(args), ...(args.list_files && { files: namesIn(wanted) }) };
  if (decision.kind === 'ok') return { ...decision, result };
  if (decision.kind !== 'change') return decision;
  const { diff, steps, after, plans } = decision;
  const { entries: _, ...root } = after as TreeState;
  const own = diff.some(({ what }) => what === dest || what.startsWith(`${dest} `)) && { [fileResource(dest)]: root };
  return { kind: 'change', diff, steps, plans: { ...plans, ...own }, result };
}

function namesIn({ directories, files, links }: LocalTree): string[] {
  return [
    ...directories.map(({ relative }) => `${relative}/`),
    ...[...files, ...links].map(({ relative }) => relative),
  ].sort();
}

/** Of what an earlier task of a check would have brought nothing can be known. */
function missing(args: Args, context: DecideContext): Decision<State> {
  const message = `there is no file ${args.src} on this host`;
  const planned = context.check && context.planned(fileResource(args.src)) !== undefined;
  if (planned) return { kind: 'unknown', why: `${message} yet`, steps: [] };
  return { kind: 'fail', message, hint: 'Without remote_src: true the controller’s file is unpacked.' };
}

function remoteOf(probe: ProbeResult): RemoteArchive | string | undefined {
  if (/^archive=absent$/m.test(probe.stdout)) return undefined;
  return probe.rc === 0 ? parseRemoteArchive(probe) : probe.stderr.trim();
}

/** Sets `$a`; the probe ends if the file does not exist. */
function archiveOf(args: Args): Script {
  if (!isUrl(args.src))
    return sh`a=${args.src}; [ -f "$a" ] || { echo archive=absent; echo "there is no file $a" >&2; exit 1; }`;
  return sh`a=$w/archive; t=$a
${fetchVerified(requestOf(requestArgsOf(args)), args.checksum)}`;
}

function requestArgsOf({ src, validate_certs }: Args) {
  return {
    url: src,
    headers: {},
    force_basic_auth: true,
    timeout: 30,
    validate_certs,
    url_username: undefined,
    url_password: undefined,
  };
}

function wantedOf(args: Args, tree: LocalTree): LocalTree {
  return chosenMembers(tree, { include: args.include, exclude: args.exclude, strip: stripOf(args), mode: args.mode });
}

function stripOf({ extra_opts }: Args): number {
  return Number(STRIP.exec(extra_opts.at(-1) ?? '')?.[1] ?? 0);
}

function isUrl(src: string): boolean {
  return /^https?:\/\//i.test(src) && URL.canParse(src);
}

function shownSource({ src }: Args): string {
  return isUrl(src) ? shownUrl(src) : src;
}
