import * as z from 'zod';
import { sh } from '../shell/script.ts';
import type { Script } from '../shell/script.ts';
import { flag, path, text } from './arguments/scalars.ts';
import { defineModule } from './module.ts';
import type { Decision } from './module.ts';
import { differing, runs } from './net/attribute.ts';
import { sections } from './net/sections.ts';
import { dropSetting, readSetting, spaced, sysctlPath, writeSetting } from './net/sysctl-file.ts';

const args = z.strictObject({
  name: z.string().regex(/^[\w.*/-]+$/, 'expected a name such as net.ipv4.ip_forward').describe('Name of the setting.'),
  value: text.transform(spaced).optional().describe('Wanted value; needed unless state is absent.'),
  state: z.enum(['present', 'absent']).default('present').describe('Absent: the file no longer has it, and the kernel gets back what it had before.'),
  sysctl_file: path.default('/etc/sysctl.d/60-xrun.conf').describe('File that keeps it over a reboot.'),
  sysctl_set: flag.default(true).describe('Whether the running kernel is to have it too.'),
  reload: flag.optional().describe("Taken for Ansible's sake: the setting is applied by itself, other files are not read again."),
  ignoreerrors: flag.default(false).describe('Be content when this kernel does not know the setting.'),
}).refine(({ state, value }) => state === 'absent' || value !== undefined, 'value is needed');

type Args = z.output<typeof args>;

interface State {
  /** What the kernel has; not there when it does not know the setting. */
  live?: string;
  /** What the file says. */
  value?: string;
  /** What the kernel had before a task first changed it, as the file remembers. */
  was?: string;
}

function probe({ name, sysctl_file }: Args): Script {
  return sh`echo @@live; cat ${sysctlPath(name)} 2>/dev/null || echo @@unknown
echo @@file; cat ${sysctl_file} 2>/dev/null; true`;
}

function decide(args: Args, state: State): Decision<State> {
  const { name, value, sysctl_file } = args;
  if (args.state === 'absent') return remove(args, state);
  const live = args.sysctl_set && !(args.ignoreerrors && state.live === undefined);
  if (live && state.live === undefined) {
    return { kind: 'fail', message: `this kernel has no setting ${name}`, hint: `${sysctlPath(name)} does not exist: is a kernel module missing?` };
  }
  const was = state.value === undefined && state.was === undefined ? state.live : undefined;
  const { diff, steps } = differing([
    { what: name, found: state.live, wanted: live ? value : undefined, script: write(args, value) },
    { what: `${name} in ${sysctl_file}`, found: state.value, wanted: value, script: writeSetting(sysctl_file, name, String(value), was) },
  ]);
  if (steps.length === 0) return { kind: 'ok' };
  const kept = was ?? state.was;
  return { kind: 'change', diff, steps, after: { ...(live && { live: String(value) }), value: String(value), ...(kept !== undefined && { was: kept }) } };
}

export default defineModule({
  name: 'sysctl',
  summary: 'Manage a kernel setting, now and after a reboot',
  notes: [
    'The value before the first change is noted in the file, and given back by state: absent.',
    'At boot a file that is read after this one, by its name, has the last word; other files are not looked at.',
  ],
  examples: `- name: The host forwards packets
  sysctl:
    name: net.ipv4.ip_forward
    value: 1
`,
  args,
  resource: ({ name, sysctl_file }) => `sysctl:${name} ${sysctl_file}`,
  probe,
  parse: ({ stdout }, { name }): State => {
    const found = sections(stdout);
    const live = found.has('unknown') ? undefined : spaced(found.get('live') ?? '');
    return { ...(live !== undefined && { live }), ...readSetting(found.get('file') ?? '', name) };
  },
  decide,
});

function write({ name }: Args, value: string | undefined): Script {
  return sh`printf '%s\n' ${value} >${sysctlPath(name)}`;
}

function remove(args: Args, state: State): Decision<State> {
  const { name, sysctl_file } = args;
  if (state.value === undefined && state.was === undefined) return { kind: 'ok' };
  const restore = args.sysctl_set && state.was !== undefined && state.was !== state.live;
  return {
    kind: 'change',
    diff: [
      ...(restore ? [{ what: name, before: state.live ?? null, after: state.was ?? null }] : []),
      { what: `${name} in ${sysctl_file}`, before: state.value ?? null, after: null },
    ],
    steps: runs([...(restore ? [write(args, state.was)] : []), dropSetting(sysctl_file, name)]),
    after: restore ? { live: state.was as string } : { ...(state.live !== undefined && { live: state.live }) },
  };
}
