import * as z from 'zod';
import type { LocalFile } from '../../model/local-file.ts';
import { argv, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, path } from '../../model/arguments/scalars.ts';
import type { ContainerState } from './container/container-state.ts';
import { dockerJson } from './api/docker-json.ts';
import { imageReference } from './values/image-reference.ts';
import { imagesIn, others } from './api/image-tar.ts';
import type { TarImage } from './api/image-tar.ts';
import { asking, reaching, troubleOf } from './api/reach.ts';
import type { Trouble } from './api/reach.ts';
import { temporaryPath } from '../path/temporary.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, ProbeResult, Result, Step } from '../../model/module.ts';

const args = z
  .strictObject({
    name: imageReference.describe('Name of the image with its tag, `busybox:1.36`; `latest` where no tag is given.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the image is there.'),
    source: z
      .enum(['pull', 'load', 'import'])
      .optional()
      .describe(
        'Where it comes from: a registry; a tar of `docker save`; a tar of a root file system. `load` where `load_path` or `src` is given, else `pull`.',
      ),
    load_path: path.optional().describe('The tar, on the host.'),
    src: z.string().optional().describe('The tar, on the controller.'),
    changes: z.array(z.string()).default([]).describe('For `import`: lines of a Dockerfile, `CMD ["sh"]`.'),
    force: flag
      .default(false)
      .describe('With `present`: fetch it again, now; with `absent`: remove it although containers use it.'),
  })
  .superRefine(({ load_path, src, source, state }, issues) => {
    if (load_path && src) issues.addIssue({ code: 'custom', path: ['src'], message: 'give either src or load_path' });
    if (state === 'present' && source && source !== 'pull' && !load_path && !src)
      issues.addIssue({ code: 'custom', path: ['load_path'], message: `source ${source} needs load_path or src` });
  });

type Args = z.output<typeof args>;

interface ImageState {
  /** Undefined where the image does not exist. */
  id?: string;
  tags: string[];
  /** Digests of the layers' tars; of an imported image the one layer's is the tar's. */
  layers: string[];
  /** Containers of the host that were made from it, where it may have to go. */
  users?: string[];
  /** Of the tar on the host: whether it is there, its checksum (`import`) or the images in it (`load`). */
  tar?: { missing: boolean; sha256?: string; images?: TarImage[] };
  /** The id of each image of the host, by its name; only where a tar is loaded. An image without a name has its id as the name. */
  all?: Record<string, string>;
}

const NO_IMAGE: ImageState = { tags: [], layers: [] };

export default defineModule<typeof args, ImageState | Trouble>({
  name: 'docker_image',
  summary: 'Have a container image on a host: pulled, loaded or imported from a file',
  notes: [
    'An imported image is compared by the checksum of its tar (which must not be compressed for that), loaded ones, all that are in the tar, by their ids; where neither is known, by its name only.',
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
  returns: { name: 'Its name.', id: "Docker's id of it.", tags: 'All its names.' },
  args,
  local: { src: 'image' },
  resource: ({ name }) => `docker_image:${name}`,
  probeMayFail: true,
  probe,
  parse,
  decide: reaching(
    () => NO_IMAGE,
    (args, state, context) => (args.state === 'absent' ? remove(args, state, context) : keep(args, state, context)),
  ),
  prove: true,
});

const FORMAT = '{"id":{{json .Id}},"tags":{{json .RepoTags}},"layers":{{json .RootFS.Layers}}}';

function probe({ name, state, load_path, src, source }: Args): Script {
  const tar = state === 'present' ? load_path : undefined;
  const loads = state === 'present' && source !== 'import' && source !== 'pull' && (load_path ?? src) !== undefined;
  const read = loads
    ? sh`m=$(tar -xOf ${tar ?? ''} manifest.json 2>/dev/null); case $?:$m in 0:?*) printf manifest=; printf '%s\\n' "$m" | while IFS= read -r l; do printf %s "$l"; done; echo;; 1:|2:) ;; *) echo ${`tar could not read ${tar ?? ''}`} >&2; exit 1;; esac`
    : sh`h=$(sha256sum <${tar ?? ''}) || exit; echo "sha256=\${h%% *}"`;
  return asking(sh`image=$(docker image inspect --format ${FORMAT} ${name} 2>&1) && printf 'image=%s\\n' "$image" || case $image in *'o such image'*) ;; *) echo "$image" >&2; exit 1;; esac
${tar !== undefined && sh`if [ -r ${tar} ]; then echo tar=there; ${read}; else echo tar=missing; fi`}
${loads && raw(`docker image ls --no-trunc --format 'has={{.ID}} {{.Repository}}:{{.Tag}}' || exit`)}
${state === 'absent' && sh`case $image in '{'*) docker ps --all --filter ${`ancestor=${name}`} --format 'user={{json .Names}}' || exit;; esac`}
true`);
}

function parse(result: ProbeResult): ImageState | Trouble {
  const trouble = troubleOf(result);
  if (trouble) return trouble;
  if (result.rc !== 0) throw new Error(result.stderr.trim());
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(result.stdout)?.[1];
  const image = value('image');
  const state: ImageState = {
    ...NO_IMAGE,
    ...(image !== undefined && dockerJson<{ id: string; tags: string[]; layers: string[] }>(image)),
  };
  const [tar, sha256, images] = [value('tar'), value('sha256'), imagesIn(value('manifest'))];
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`sha256sum printed '${sha256}'`);
  if (value('manifest') !== undefined && !images) throw new Error('the manifest.json in the tar is not complete');
  if (tar)
    state.tar = {
      missing: tar === 'missing',
      ...(sha256 && { sha256: `sha256:${sha256}` }),
      ...(images && { images }),
    };
  const all = [...result.stdout.matchAll(/^has=(\S+) (\S+)$/gm)].flatMap(([, id = '', tag = '']) => [
    [tag, id],
    [id, id],
  ]);
  if (all.length > 0) state.all = Object.fromEntries(all) as Record<string, string>;
  const users = [...result.stdout.matchAll(/^user=(.+)$/gm)].map((match) => dockerJson<string>(match[1] as string));
  if (users.length > 0) state.users = users;
  return state;
}

function keep(args: Args, state: ImageState, context: DecideContext): Decision<ImageState> {
  const { name, source, force } = args;
  const local = context.local.src as LocalFile | undefined;
  const imports = source === 'import';
  const tar = local ? { sha256: `sha256:${local.sha256}`, images: imagesIn(local.manifest) } : state.tar;
  const images = (!imports && tar?.images) || [];
  const named = images.find(({ tags }) => tags.includes(name)) ?? (images.length === 1 ? images[0] : undefined);
  if (images.length > 0 && !named)
    return {
      kind: 'fail',
      message: `there is no ${name} in ${args.load_path ?? args.src}; there are ${images.flatMap(({ tags }) => tags).join(', ')}`,
    };
  const other = imports
    ? differing(state.layers[0], plainTar(args) ? tar?.sha256 : undefined)
    : differing(state.id, named?.id);
  const beside = others(images, name, state.all);
  const right = state.id !== undefined && !other;
  if (right && beside.length === 0 && (!force || context.applied)) return { kind: 'ok', result: resultOf(name, state) };
  const missing = state.tar?.missing && args.load_path ? refuseTar(args.load_path, state, context) : undefined;
  if (missing) return missing;
  // The id that an import gives is known afterwards only; until then the tar's is used.
  const id = other?.wanted ?? named?.id ?? (imports ? tar?.sha256 : undefined) ?? '';
  const after: ImageState = { id, tags: [name], layers: [] };
  const own = { what: `image ${name}`, before: other?.found ?? state.id ?? null, after: describe(args, other?.wanted) };
  const diff = [
    ...(right && !force ? [] : [own]),
    ...beside.map(({ name: what, found, id }) => ({
      what: `image ${what}`,
      before: found ?? null,
      after: describe(args, id),
    })),
  ];
  const plans = Object.fromEntries(
    beside.map(({ name: tag, id }) => [`docker_image:${tag}`, { id, tags: [tag], layers: [] }]),
  );
  const tag = named && !named.tags.includes(name) ? named.id : undefined;
  return { kind: 'change', diff, steps: fetch(args, local, tag, context), after, plans, result: resultOf(name, after) };
}

/** Whether the file's checksum is that of the tar in it. */
function plainTar({ load_path, src }: Args): boolean {
  return (load_path ?? src ?? '').endsWith('.tar');
}

/** The digests, if both are known and differ. */
function differing(
  found: string | undefined,
  wanted: string | undefined,
): { found: string; wanted: string } | undefined {
  return found && wanted && found !== wanted ? { found, wanted } : undefined;
}

function refuseTar(tar: string, state: ImageState, context: DecideContext): Decision<ImageState> | undefined {
  if (context.check && context.planned(`file:${tar}`) !== undefined) return undefined;
  if (state.id) return undefined;
  return {
    kind: 'fail',
    message: `there is no image tar at ${tar} on this host`,
    hint: 'Bring it by a task before (copy), or name a file of the controller: `src`.',
  };
}

function fetch(args: Args, local: LocalFile | undefined, tagged: string | undefined, context: DecideContext): Step[] {
  const tag: Step[] = tagged === undefined ? [] : [{ do: 'run', script: argv('docker', 'tag', tagged, args.name) }];
  if (!local) return [{ do: 'run', script: obtain(args, args.load_path) }, ...tag];
  // Docker reads it before it gets its name: until then no other run overwrites or removes it.
  const path = `${temporaryPath('image', context, [args.name, local.sha256])}.tar`;
  return [
    { do: 'put', file: { path, content: local, mode: '0600', validate: obtain(args, raw('"$1"')) } },
    { do: 'run', script: argv('rm', '-f', path) },
    ...tag,
  ];
}

function obtain({ name, source, changes }: Args, tar: string | Script | undefined): Script {
  const quietly = raw('>/dev/null');
  if (source === 'pull' || tar === undefined) return argv('docker', 'pull', '--quiet', name, quietly);
  if (source === 'import')
    return argv(
      'docker',
      'import',
      changes.flatMap((change) => ['--change', change]),
      tar,
      name,
      quietly,
    );
  return argv('docker', 'load', '--quiet', '--input', tar, quietly);
}

function remove({ name, force }: Args, state: ImageState, { check, planned }: DecideContext): Decision<ImageState> {
  if (!state.id) return { kind: 'ok' };
  const goes = (container: string) =>
    check &&
    (planned(`docker_container:${container}`) as ContainerState | undefined)?.container === undefined &&
    planned(`docker_container:${container}`) !== undefined;
  const users = (state.users ?? []).filter((one) => !goes(one));
  // One of several names of an image may go although containers use the image.
  if (users.length > 0 && !force && state.tags.length < 2) {
    return {
      kind: 'fail',
      message: `image ${name} is used by ${users.sort().join(', ')}`,
      hint: 'Remove these containers first, or say `force: true`: they keep the image then, without its name.',
    };
  }
  const script = argv('docker', 'image', 'rm', force && '--force', name, raw('>/dev/null'));
  return {
    kind: 'change',
    diff: [{ what: `image ${name}`, before: state.id, after: null }],
    steps: [{ do: 'run', script }],
    after: NO_IMAGE,
  };
}

function describe({ source, load_path, src }: Args, id: string | undefined): string {
  const from = load_path ?? src;
  if (!from || source === 'pull') return 'pulled';
  return `${source === 'import' ? 'imported' : 'loaded'} from ${from}${id ? `, ${id}` : ''}`;
}

function resultOf(name: string, { id = '', tags }: ImageState): Result {
  return { name, id, tags };
}
