import * as z from 'zod';
import { flag, text as word, words } from '../../../../model/arguments/scalars.ts';
import type { Inspected, World } from '../inspected.ts';
import { dictionary } from '../../api/labels.ts';
import { apiMount, cleanPath, longMount, mountText } from '../../values/mounts.ts';
import type { ApiMount, LongMount } from '../../values/mounts.ts';
import { flagged, list, record, text } from './attribute.ts';
import type { Attribute, Parsed, Request } from './attribute.ts';

/** What may stand behind the second colon of a volume. */
const MODES = [
  'ro',
  'rw',
  'z',
  'Z',
  'nocopy',
  'private',
  'rprivate',
  'shared',
  'rshared',
  'slave',
  'rslave',
  'consistent',
  'cached',
  'delegated',
  'default',
];

/** Says what is wrong with a volume; undefined where nothing is. */
function volumeProblem(value: string): string | undefined {
  const [first = '', target, mode, more] = value.split(':');
  if (more !== undefined || !(target ?? first).startsWith('/'))
    return `expected SOURCE:PATH, SOURCE:PATH:MODE or PATH, with an absolute path in the container, found ${value}`;
  if (target !== undefined && !/^(\/|[A-Za-z0-9][\w.-]*$)/.test(first))
    return `expected an absolute path of the host or the name of a volume before the colon, found ${value}`;
  const wrong = mode?.split(',').find((one) => !MODES.includes(one));
  return wrong === undefined
    ? undefined
    : `'${wrong}' is not a mode of a volume (${MODES.slice(0, 5).join(', ')}, shared, slave, private...), found ${value}`;
}

const volumes = words.superRefine((all, issues) => {
  all.forEach((one, i) => {
    const message = volumeProblem(one);
    if (message) issues.addIssue({ code: 'custom', path: [i], message });
  });
});

const device = word.superRefine((value, issues) => {
  if (!/^\/[^:]+(:\/[^:]+)?(:[rwm]{1,3})?$/.test(value))
    issues.addIssue({
      code: 'custom',
      message: `expected a device such as /dev/net/tun, /dev/sda:/dev/xvda or /dev/sda:/dev/xvda:rwm, found ${value}`,
    });
});

/** Files, volumes and devices of a container. */
export const storageArgs = {
  volumes: volumes
    .optional()
    .describe(
      'All volumes and directories of the host mounted inside: `SOURCE:PATH`, `SOURCE:PATH:ro`, or `PATH` for a volume without a name.',
    ),
  mounts: z
    .array(longMount('volume'))
    .optional()
    .describe('All mounts in the long form, each with `type`, `source`, `target`, `read_only` and more.'),
  volumes_from: words.optional().describe('All containers whose volumes it shares.'),
  volume_driver: word.optional().describe('Driver of the volumes that `volumes` names.'),
  tmpfs: z
    .union([
      dictionary,
      z
        .array(word)
        .transform((all) =>
          Object.fromEntries(all.map((one) => [one.split(':')[0] ?? '', one.split(':').slice(1).join(':')])),
        ),
    ])
    .optional()
    .describe('All tmpfs mounts: options by path, or a list of `PATH:OPTIONS`.'),
  storage_opts: dictionary.optional().describe('Options of the storage driver.'),
  devices: z
    .array(device)
    .optional()
    .describe('All devices of the host inside: `/dev/x`, `/dev/x:/dev/y` or `/dev/x:/dev/y:rwm`.'),
  device_cgroup_rules: words.optional().describe('All rules for devices, `c 42:* rmw`.'),
  read_only: flag.optional().describe('Its root file system cannot be written.'),
};

export type StorageArgs = Parsed<typeof storageArgs>;

export const STORAGE: Attribute<StorageArgs>[] = [
  {
    arg: 'volumes',
    in: 'HostConfig',
    key: 'Binds',
    kind: 'set',
    request: bindRequest,
    found: foundBinds,
    canon: (binds: string[]) => binds.map(bindText),
  },
  {
    arg: 'mounts',
    in: 'HostConfig',
    key: 'Mounts',
    kind: 'set',
    api: (mounts: LongMount[]) => mounts.map(apiMount),
    canon: (mounts: ApiMount[] | null) => (mounts ?? []).map(mountText),
  },
  {
    arg: 'volumes_from',
    in: 'HostConfig',
    key: 'VolumesFrom',
    kind: 'set',
    canon: (value: unknown) => list(value).map((one) => one.replace(/:rw$/, '')),
  },
  { arg: 'volume_driver', in: 'HostConfig', key: 'VolumeDriver', kind: 'value', canon: text },
  { arg: 'tmpfs', in: 'HostConfig', key: 'Tmpfs', kind: 'dictionary', canon: tmpfsOf },
  { arg: 'storage_opts', in: 'HostConfig', key: 'StorageOpt', kind: 'dictionary', canon: record },
  {
    arg: 'devices',
    in: 'HostConfig',
    key: 'Devices',
    kind: 'set',
    api: (devices: string[]) => devices.map(deviceOf),
    canon: (value: unknown) => ((value ?? []) as Device[]).map(deviceText),
  },
  {
    arg: 'device_cgroup_rules',
    in: 'HostConfig',
    key: 'DeviceCgroupRules',
    kind: 'set',
    api: oneBlank,
    canon: oneBlank,
  },
  { arg: 'read_only', in: 'HostConfig', key: 'ReadonlyRootfs', kind: 'value', canon: flagged },
];

/** Docker takes one blank between the parts of a rule. */
function oneBlank(value: unknown): string[] {
  return list(value).map((rule) => rule.trim().replace(/\s+/g, ' '));
}

/** A volume without a name is one of the container's own configuration. */
function bindRequest(volumes: string[]): Request {
  const unnamed = volumes.filter((one) => !one.includes(':'));
  return {
    HostConfig: { Binds: volumes.filter((one) => one.includes(':')) },
    ...(unnamed.length > 0 && { Config: { Volumes: Object.fromEntries(unnamed.map((one) => [cleanPath(one), {}])) } }),
  };
}

/** However the container got them: as binds, as mounts in the long form, as volumes without a name. Those of the image are not the arguments'. */
function foundBinds({ Config, HostConfig }: Inspected, { mounts, volumes }: StorageArgs, { image }: World): string[] {
  const named = new Set((volumes ?? []).map(cleanPath));
  const own = Object.keys(record(Config.Volumes)).filter(
    (one) => named.has(cleanPath(one)) || !Object.hasOwn(record(image?.Volumes), one),
  );
  const long = mounts ? [] : ((HostConfig.Mounts ?? []) as ApiMount[]).map(asBind);
  return [...list(HostConfig.Binds), ...own, ...long];
}

/** A mount that a bind can say, as one; any other as no bind could be. */
function asBind(mount: ApiMount): string {
  const { Source = '', Target, Type, ReadOnly, BindOptions, VolumeOptions, TmpfsOptions } = mount;
  const simple =
    ['bind', 'volume'].includes(Type) &&
    Source !== '' &&
    !BindOptions?.NonRecursive &&
    !VolumeOptions?.Labels &&
    !VolumeOptions?.DriverConfig &&
    !TmpfsOptions;
  if (!simple) return `(${mountText(mount)})`;
  const modes = [ReadOnly && 'ro', BindOptions?.Propagation, VolumeOptions?.NoCopy && 'nocopy']
    .filter(Boolean)
    .join(',');
  return `${Source}:${Target}${modes && `:${modes}`}`;
}

/** A bind with clean paths, without the modes that Docker takes for given. */
function bindText(bind: string): string {
  if (bind.startsWith('(')) return bind;
  const [source = '', target, mode = ''] = bind.split(':');
  if (target === undefined) return cleanPath(source);
  const modes = mode.split(',').filter((one) => !['', 'rw', 'rprivate', 'default', 'consistent'].includes(one));
  return [
    source.startsWith('/') ? cleanPath(source) : source,
    cleanPath(target),
    ...(modes.length > 0 ? [modes.sort().join(',')] : []),
  ].join(':');
}

function tmpfsOf(value: unknown): Record<string, string> {
  const sorted = (options: string) =>
    options
      .split(',')
      .filter((one) => one !== '' && one !== 'rw')
      .sort()
      .join(',');
  return Object.fromEntries(Object.entries(record(value)).map(([path, options]) => [cleanPath(path), sorted(options)]));
}

interface Device {
  PathOnHost: string;
  PathInContainer: string;
  CgroupPermissions: string;
}

function deviceOf(value: string): Device {
  const parts = value.split(':');
  const rights = /^[rwm]{1,3}$/.test(parts.at(-1) ?? '') ? parts.pop() : undefined;
  const [host = '', inside = host] = parts;
  return { PathOnHost: host, PathInContainer: inside, CgroupPermissions: rights ?? 'rwm' };
}

function deviceText({ PathOnHost, PathInContainer, CgroupPermissions }: Device): string {
  const rights = [...(CgroupPermissions || 'rwm')].sort().join('');
  return `${cleanPath(PathOnHost)}:${cleanPath(PathInContainer)}${rights === 'mrw' ? '' : `:${CgroupPermissions}`}`;
}
