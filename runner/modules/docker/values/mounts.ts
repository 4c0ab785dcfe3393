import { posix } from 'node:path';
import * as z from 'zod';
import { flag, text } from '../../../model/arguments/scalars.ts';
import { bytes } from './bytes.ts';
import { dictionary } from '../api/labels.ts';

/** A mount as Docker's API takes it and reports it. */
export interface ApiMount {
  Type: string;
  Source?: string;
  Target: string;
  ReadOnly?: boolean;
  Consistency?: string;
  BindOptions?: { Propagation?: string; NonRecursive?: boolean; CreateMountpoint?: boolean } | null;
  VolumeOptions?: {
    NoCopy?: boolean;
    Labels?: Record<string, string> | null;
    DriverConfig?: { Name?: string; Options?: Record<string, string> | null } | null;
    Subpath?: string;
  } | null;
  TmpfsOptions?: { SizeBytes?: number; Mode?: number } | null;
}

const PROPAGATIONS = ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'] as const;

/** A mount in the long form, of containers and of services, with the type that it has where none is given. */
export function longMount(usual: 'bind' | 'volume') {
  return z
    .strictObject({
      type: z.enum(['bind', 'volume', 'tmpfs', 'npipe', 'cluster']).default(usual).describe('What is mounted.'),
      source: text.optional().describe('Directory of the host, or name of the volume.'),
      target: z.string().regex(/^\//, 'expected an absolute path').describe('Path in the container.'),
      read_only: flag.optional().describe('It cannot be written.'),
      readonly: flag.optional().describe('The same.'),
      consistency: z
        .enum(['default', 'consistent', 'cached', 'delegated'])
        .optional()
        .describe('Consistency; has no effect on Linux.'),
      propagation: z.enum(PROPAGATIONS).optional().describe('Bind propagation.'),
      non_recursive: flag.optional().describe('A bind mount without the mounts below it.'),
      no_copy: flag.optional().describe("Do not copy the image's files into a new volume."),
      labels: dictionary.optional().describe('Labels of a new volume.'),
      volume_driver: text.optional().describe('Driver of a new volume.'),
      volume_options: dictionary.optional().describe("The driver's options."),
      tmpfs_size: bytes.optional().describe('Size of a tmpfs, `64m`.'),
      tmpfs_mode: z
        .string()
        .regex(/^0?[0-7]{3,4}$/, 'expected an octal mode, 1777')
        .optional()
        .describe('Mode of a tmpfs, octal, `1777`.'),
    })
    .superRefine(
      (
        {
          type,
          source,
          propagation,
          non_recursive,
          tmpfs_size,
          tmpfs_mode,
          no_copy,
          labels,
          volume_driver,
          volume_options,
        },
        issues,
      ) => {
        const only = (kind: string, given: boolean, names: string) => {
          if (given && type !== kind)
            issues.addIssue({ code: 'custom', message: `${names} are options of type ${kind}, found type ${type}` });
        };
        only('bind', propagation !== undefined || non_recursive !== undefined, 'propagation and non_recursive');
        only('tmpfs', tmpfs_size !== undefined || tmpfs_mode !== undefined, 'tmpfs_size and tmpfs_mode');
        only(
          'volume',
          no_copy !== undefined || labels !== undefined || volume_driver !== undefined || volume_options !== undefined,
          'no_copy, labels, volume_driver and volume_options',
        );
        if (type === 'bind' && source === undefined)
          issues.addIssue({ code: 'custom', path: ['source'], message: 'a bind mount needs its source' });
        if (type === 'tmpfs' && source !== undefined)
          issues.addIssue({ code: 'custom', path: ['source'], message: 'a tmpfs mount has no source' });
      },
    );
}

export type LongMount = z.output<ReturnType<typeof longMount>>;

/** A mount for Docker's API. */
export function apiMount(mount: LongMount): ApiMount {
  const {
    type,
    source,
    target,
    consistency,
    propagation,
    non_recursive,
    no_copy,
    labels,
    volume_driver,
    volume_options,
    tmpfs_size,
    tmpfs_mode,
  } = mount;
  const bind = { ...(propagation && { Propagation: propagation }), ...(non_recursive && { NonRecursive: true }) };
  const driver = { ...(volume_driver && { Name: volume_driver }), ...(volume_options && { Options: volume_options }) };
  const volume = {
    ...(no_copy && { NoCopy: true }),
    ...(labels && { Labels: labels }),
    ...(filled(driver) && { DriverConfig: driver }),
  };
  const tmpfs = {
    ...(tmpfs_size && { SizeBytes: tmpfs_size }),
    ...(tmpfs_mode && { Mode: Number.parseInt(tmpfs_mode, 8) }),
  };
  return {
    Type: type,
    ...(source && { Source: source }),
    Target: target,
    ...((mount.read_only ?? mount.readonly) && { ReadOnly: true }),
    ...(consistency && consistency !== 'default' && { Consistency: consistency }),
    ...(filled(bind) && { BindOptions: bind }),
    ...(filled(volume) && { VolumeOptions: volume }),
    ...(filled(tmpfs) && { TmpfsOptions: tmpfs }),
  };
}

/** The same text for mounts that mean the same: paths cleaned, Docker's defaults left out, names in order. */
export function mountText({
  Type,
  Source = '',
  Target,
  ReadOnly,
  Consistency,
  BindOptions,
  VolumeOptions,
  TmpfsOptions,
}: ApiMount): string {
  const driver = VolumeOptions?.DriverConfig;
  const options = [
    ReadOnly && 'ro',
    Consistency && !['default', 'consistent'].includes(Consistency) && Consistency,
    BindOptions?.Propagation && BindOptions.Propagation !== 'rprivate' && BindOptions.Propagation,
    BindOptions?.NonRecursive && 'non_recursive',
    VolumeOptions?.NoCopy && 'no_copy',
    ...named('label', VolumeOptions?.Labels),
    driver?.Name && driver.Name !== 'local' && `driver=${driver.Name}`,
    ...named('option', driver?.Options),
    VolumeOptions?.Subpath && `subpath=${VolumeOptions.Subpath}`,
    TmpfsOptions?.SizeBytes && `size=${TmpfsOptions.SizeBytes}`,
    TmpfsOptions?.Mode !== undefined && TmpfsOptions.Mode !== 0 && `mode=${TmpfsOptions.Mode.toString(8)}`,
  ].filter((one): one is string => typeof one === 'string' && one !== '');
  const kind = Type === 'bind' || (Type === 'volume' && Source !== '' && !Source.includes('/')) ? '' : `${Type} `;
  return `${kind}${Source.startsWith('/') ? cleanPath(Source) : Source}:${cleanPath(Target)}${options.length > 0 ? `:${options.join(',')}` : ''}`;
}

/** A path without needless slashes and dots, as Docker keeps it. */
export function cleanPath(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '');
}

function named(what: string, values: Record<string, string> | null | undefined): string[] {
  return Object.entries(values ?? {})
    .map(([name, value]) => `${what} ${name}=${JSON.stringify(value)}`)
    .sort();
}

function filled(value: object): boolean {
  return Object.keys(value).length > 0;
}
