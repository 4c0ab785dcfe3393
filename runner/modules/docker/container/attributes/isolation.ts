import { flag, text as word, words } from '../../../../model/arguments/scalars.ts';
import type { Inspected } from '../inspected.ts';
import { dictionary } from '../../api/labels.ts';
import { flagged, joinedContainer, list, record, text } from './attribute.ts';
import type { Attribute, Parsed } from './attribute.ts';

/** What sets a container apart from its host. */
export const isolationArgs = {
  privileged: flag.optional().describe('All rights on the host.'),
  capabilities: words.optional().describe('All capabilities added, `NET_ADMIN`.'),
  cap_drop: words.optional().describe('All capabilities taken away.'),
  security_opts: words.optional().describe('All options of security modules, `no-new-privileges`, `apparmor=PROFILE`.'),
  sysctls: dictionary.optional().describe('All kernel settings of its namespaces.'),
  pid_mode: word.optional().describe('Namespace of processes: `host`, `container:NAME`, or empty for its own.'),
  ipc_mode: word.optional().describe('Namespace of IPC: `host`, `private`, `shareable`, `none`, `container:NAME`.'),
  uts: word.optional().describe('Namespace of the hostname: `host`, or empty for its own.'),
  userns_mode: word.optional().describe('Namespace of users: `host`, or empty.'),
  cgroupns_mode: word.optional().describe('Namespace of cgroups: `host` or `private`.'),
  cgroup_parent: word.optional().describe('The cgroup above its own.'),
  runtime: word.optional().describe('The runtime of Docker, `runc`.'),
};

export type IsolationArgs = Parsed<typeof isolationArgs>;

const capability = (name: string) => name.toUpperCase().replace(/^CAP_/, '');
const capabilities = (value: unknown) => list(value).map(capability);

export const ISOLATION: Attribute<IsolationArgs>[] = [
  { arg: 'privileged', in: 'HostConfig', key: 'Privileged', kind: 'value', canon: flagged },
  { arg: 'capabilities', in: 'HostConfig', key: 'CapAdd', kind: 'set', canon: capabilities },
  { arg: 'cap_drop', in: 'HostConfig', key: 'CapDrop', kind: 'set', canon: capabilities },
  {
    arg: 'security_opts',
    in: 'HostConfig',
    key: 'SecurityOpt',
    kind: 'set',
    found: foundSecurity,
    canon: (value: unknown) => list(value).map(securityText),
  },
  { arg: 'sysctls', in: 'HostConfig', key: 'Sysctls', kind: 'dictionary', canon: record },
  { arg: 'pid_mode', in: 'HostConfig', key: 'PidMode', kind: 'value', canon: joinedContainer },
  {
    arg: 'ipc_mode',
    in: 'HostConfig',
    key: 'IpcMode',
    kind: 'value',
    found: ({ HostConfig }, { ipc_mode }) =>
      ipc_mode === '' && ['private', 'shareable'].includes(text(HostConfig.IpcMode)) ? '' : HostConfig.IpcMode,
    canon: joinedContainer,
  },
  { arg: 'uts', in: 'HostConfig', key: 'UTSMode', kind: 'value', canon: text },
  { arg: 'userns_mode', in: 'HostConfig', key: 'UsernsMode', kind: 'value', canon: text },
  {
    arg: 'cgroupns_mode',
    in: 'HostConfig',
    key: 'CgroupnsMode',
    kind: 'value',
    found: ({ HostConfig }, { cgroupns_mode }) => (cgroupns_mode === '' ? '' : HostConfig.CgroupnsMode),
    canon: text,
  },
  { arg: 'cgroup_parent', in: 'HostConfig', key: 'CgroupParent', kind: 'value', canon: text },
  {
    arg: 'runtime',
    in: 'HostConfig',
    key: 'Runtime',
    kind: 'value',
    found: ({ HostConfig }, { runtime }) => (runtime === '' ? '' : HostConfig.Runtime),
    canon: text,
  },
];

/** Docker adds label=disable by itself where processes, IPC or all rights are the host's. */
function foundSecurity({ HostConfig }: Inspected, { security_opts = [] }: IsolationArgs): string[] {
  const adds = HostConfig.Privileged === true || HostConfig.PidMode === 'host' || HostConfig.IpcMode === 'host';
  const wanted = security_opts.map(securityText);
  return list(HostConfig.SecurityOpt).filter(
    (one) => !(adds && securityText(one) === 'label=disable' && !wanted.includes('label=disable')),
  );
}

/** `name=value`; Docker takes a colon as well. */
function securityText(option: string): string {
  const text = option.replace(/^([\w-]+):/, '$1=');
  return text === 'no-new-privileges=true' ? 'no-new-privileges' : text;
}
