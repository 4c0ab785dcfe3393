import { z } from 'zod';
import type { LocalFile } from '../shell/local-file.ts';
import { argv, raw, sh } from '../shell/script.ts';
import type { Script } from '../shell/script.ts';
import { flag, path } from './arguments/scalars.ts';
import { imageReference } from './docker/image-reference.ts';
import { asking, reaching, troubleOf } from './docker/reach.ts';
import type { Trouble } from './docker/reach.ts';
import { defineModule } from './module.ts';
import type { DecideContext, Decision, ProbeResult, Result, Step } from './module.ts';

const args = z
  .strictObject({
    name: imageReference.describe('Name of the image with its tag, `busybox:1.36`; `latest` where no tag is given.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the image is there.'),
    source: z.enum(['pull', 'load', 'import']).optional().describe('Where it comes from: a registry; a tar of `docker save`; a tar of a root file system. `load` where `load_path` or `src` is given, else `pull`.'),
    load_path: path.optional().describe('The tar, on the host.'),
    src: z.string().optional().describe('The tar, on the controller.'),
    changes: z.array(z.string()).default([]).describe('For `import`: lines of a Dockerfile, `CMD ["sh"]`.'),
    force: flag.default(false).describe('With `present`: fetch it again, now; with `absent`: remove it although containers use it.'),
  })
  .superRefine(({ load_path, src, source, state }, issues) => {
    if (load_path && src) issues.addIssue({ code: 'custom', path: ['src'], message: 'give either src or load_path' });
    if (state === 'present' && source && source !== 'pull' && !load_path && !src) issues.addIssue({ code: 'custom', path: ['load_path'], message: `source ${source} needs load_path or src` });
  });

type Args = z.output<typeof args>;

interface ImageState {
  /** Undefined where there is no such image. */
  id?: string;
  tags: string[];
  /** Digests of the layers' tars; of an imported image the one layer's is the tar's. */
  layers: string[];
  /** Of the tar on the host: whether it is there, its checksum (`import`) or the id of the image in it (`load`). */
  tar?: { missing: boolean; sha256?: string; id?: string };
}

const NO_IMAGE: ImageState = { tags: [], layers: [] };

export default defineModule<typeof args, ImageState | Trouble>({
  name: 'docker_image',
  summary: 'Have a container image on a host: pulled, loaded or imported from a file',
  notes: [
    'An imported image is compared by the checksum of its tar (which must not be compressed for that), a loaded one by its id; where neither can be told, by its name only.',
    'A pulled image is there or not: `force` pulls again.',
  ],
  examples: `
- docker_image:
    name: xrun/busybox:1
    source: import
    load_path: /var/lib/xrun/busybox.tar
    changes: ['CMD ["sh"]']
- docker_image:
    name: busybox:1.36
`,
  args,
  local: { src: 'file' },
  resource: ({ name }) => `docker_image:${name}`,
  probe: ({ name, state, load_path, source }) => probe(name, state === 'present' ? load_path : undefined, source === 'import'),
  parse,
  decide: reaching(() => NO_IMAGE, (args, state, context) => (args.state === 'absent' ? remove(args, state) : keep(args, state, context))),
  prove: true,
});

const FORMAT = '{"id":{{json .Id}},"tags":{{json .RepoTags}},"layers":{{json .RootFS.Layers}}}';

function probe(name: string, tar: string | undefined, imports: boolean): Script {
  const read = imports ? sh`h=$(sha256sum <${tar ?? ''}) && echo "sha256=\${h%% *}"` : sh`tar -xOf ${tar ?? ''} manifest.json 2>/dev/null | sed -n 's/.*"Config":"\\([^"]*\\)".*/config=\\1/p'`;
  return asking(sh`image=$(docker image inspect --format ${FORMAT} ${name} 2>&1) && printf 'image=%s\\n' "$image" || case $image in *'o such image'*) ;; *) echo "$image" >&2; exit 1;; esac
${tar !== undefined && sh`if [ -r ${tar} ]; then echo tar=there; ${read}; else echo tar=missing; fi`}`);
}

function parse(result: ProbeResult): ImageState | Trouble {
  const trouble = troubleOf(result);
  if (trouble) return trouble;
  const value = (key: string) => new RegExp(`^${key}=(.+)$`, 'm').exec(result.stdout)?.[1];
  const image = value('image');
  const state: ImageState = { ...NO_IMAGE, ...(image && (JSON.parse(image) as { id: string; tags: string[]; layers: string[] })) };
  const [tar, sha256, id] = [value('tar'), value('sha256'), /([\da-f]{64})/.exec(value('config') ?? '')?.[1]];
  if (tar) state.tar = { missing: tar === 'missing', ...(sha256 && { sha256: `sha256:${sha256}` }), ...(id && { id: `sha256:${id}` }) };
  return state;
}

function keep(args: Args, state: ImageState, context: DecideContext): Decision<ImageState> {
  const local = context.local.src as LocalFile | undefined;
  const tar = local ? { sha256: `sha256:${local.sha256}` } : state.tar;
  const other = args.source === 'import' ? differing(state.layers[0], plainTar(args) ? tar?.sha256 : undefined) : differing(state.id, state.tar?.id);
  if (state.id && !other && (!args.force || context.applied)) return { kind: 'ok', result: resultOf(args.name, state) };
  const missing = state.tar?.missing && args.load_path ? refuseTar(args.load_path, state, context) : undefined;
  if (missing) return missing;
  const after: ImageState = { id: other?.wanted ?? '', tags: [args.name], layers: [] };
  const before = state.id ? (other ? other.found : state.id) : null;
  const diff = [{ what: `image ${args.name}`, before, after: describe(args, other?.wanted) }];
  return { kind: 'change', diff, steps: fetch(args, local, state.tar?.id), after, result: resultOf(args.name, after) };
}

/** Whether the file's checksum is that of the tar in it. */
function plainTar({ load_path, src }: Args): boolean {
  return (load_path ?? src ?? '').endsWith('.tar');
}

/** The digests, if both are known and differ. */
function differing(found: string | undefined, wanted: string | undefined): { found: string; wanted: string } | undefined {
  return found && wanted && found !== wanted ? { found, wanted } : undefined;
}

function refuseTar(tar: string, state: ImageState, context: DecideContext): Decision<ImageState> | undefined {
  if (context.check && context.planned(`file:${tar}`) !== undefined) return undefined;
  if (state.id) return undefined;
  return { kind: 'fail', message: `there is no image tar at ${tar} on this host`, hint: 'Bring it by a task before (copy), or name a file of the controller: `src`.' };
}

function fetch(args: Args, local: LocalFile | undefined, id: string | undefined): Step[] {
  if (!local) return [{ do: 'run', script: obtain(args, args.load_path) }, ...(id ? [{ do: 'run' as const, script: argv('docker', 'tag', id, args.name) }] : [])];
  const tar = `/var/tmp/xrun-image-${local.sha256.slice(0, 16)}.tar`;
  return [
    { do: 'put', file: { path: tar, content: local, mode: '0600' } },
    { do: 'run', script: sh`${obtain(args, tar)}; rc=$?; rm -f ${tar}; exit $rc` },
  ];
}

function obtain({ name, source, changes }: Args, tar: string | undefined): Script {
  const quietly = raw('>/dev/null');
  if (source === 'pull' || tar === undefined) return argv('docker', 'pull', '--quiet', name, quietly);
  if (source === 'import') return argv('docker', 'import', changes.flatMap((change) => ['--change', change]), tar, name, quietly);
  return argv('docker', 'load', '--quiet', '--input', tar, quietly);
}

function remove({ name, force }: Args, state: ImageState): Decision<ImageState> {
  if (!state.id) return { kind: 'ok' };
  const script = argv('docker', 'image', 'rm', force && '--force', name, raw('>/dev/null'));
  return { kind: 'change', diff: [{ what: `image ${name}`, before: state.id, after: null }], steps: [{ do: 'run', script }], after: NO_IMAGE };
}

function describe({ source, load_path, src }: Args, id: string | undefined): string {
  const from = load_path ?? src;
  if (!from || source === 'pull') return 'pulled';
  return `${source === 'import' ? 'imported' : 'loaded'} from ${from}${id ? `, ${id}` : ''}`;
}

function resultOf(name: string, { id = '', tags }: ImageState): Result {
  return { name, id, tags };
}
