import { posix } from 'node:path';
import * as z from 'zod';
import { raw, sh, tame } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { WAY } from '../../connection/files/way.ts';
import { flag, path, text } from '../../model/arguments/scalars.ts';
import { TAKE, takenOf } from '../path/taken.ts';
import { fileResource, sha256 } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, Step } from '../../model/module.ts';
import type { Diff } from '../../model/events.ts';
import { linkOf } from './links/link.ts';
import {
  interfaceOf,
  moduleOf,
  readSetting,
  sameValue,
  spaced,
  sysctlPath,
  withSetting,
  withoutSetting,
} from './kernel/sysctl-file.ts';

/** Words of YAML for switches, which the kernel does not take: Ansible's sysctl reads them so too. */
const SWITCHES: Record<string, string> = { true: '1', yes: '1', on: '1', false: '0', no: '0', off: '0' };

const args = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w.*/:@+-]+$/, 'expected a name such as net.ipv4.ip_forward')
      .refine(
        (name) => sysctlPath(name) === posix.normalize(sysctlPath(name)),
        'expected a name without empty parts, . and ..',
      )
      .describe('Name of the setting.'),
    value: text
      .transform((value) => SWITCHES[value.trim().toLowerCase()] ?? spaced(value))
      .optional()
      .describe('Wanted value; needed unless state is absent. true and false are 1 and 0.'),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Absent: the file no longer has it, and the kernel gets back what it had before.'),
    sysctl_file: path.default('/etc/sysctl.d/60-xrun.conf').describe('File that keeps it over a reboot.'),
    sysctl_set: flag.default(true).describe('Whether the running kernel is to have it too.'),
    reload: flag
      .optional()
      .describe("Taken for Ansible's sake: the setting is applied by itself, other files are not read again."),
    ignoreerrors: flag.default(false).describe('Be content when this kernel does not know the setting.'),
  })
  .refine(({ state, value }) => state === 'absent' || value !== undefined, 'value is needed');

type Args = z.output<typeof args>;

interface State {
  /** What the kernel has; not there when it does not know the setting. */
  live?: string;
  /** The setting can be written only. */
  closed?: boolean;
  /** What the file holds, a byte a character; absent without a file. */
  content?: string;
  /** This user may not write the setting, or no user may: a container's /proc/sys is often read-only. */
  fixed?: boolean;
  noDirectory?: boolean;
  /** The path without the links in it, which stay. */
  real?: string;
}

/**
 * A setting is read at once: the kernel gives a shell's `read`, which asks byte by byte, the first byte and no more. One that
 * does not end with a line break was not read to its end. Its lines come as one.
 */
function probe({ name, sysctl_file }: Args): Script {
  return tame(
    raw(`${TAKE}
${WAY}
_p=${sh`${sysctlPath(name)}`.text}; _f=${sh`${sysctl_file}`.text}
if [ ! -e "$_p" ]; then echo 'live unknown'; elif [ ! -r "$_p" ]; then echo 'live closed'; else
_n='
'; _v=$(cat <"$_p" && echo .) || return
case $_v in .|*"$_n".) ;; *) echo "$_p was not read to its end" >&2; return 1;; esac
_v=\${_v%.}; _t=; while case $_v in *"$_n"*) ;; *) false;; esac; do _t="$_t \${_v%%"$_n"*}"; _v=\${_v#*"$_n"}; done
printf 'live %s\\n' "$_t"; [ -w "$_p" ] || echo 'not writable'; fi
[ -d "\${_f%/*}/" ] || echo 'no directory'
_way "$_f" || { echo "$_why" >&2; return 1; }; echo "real $_W"
[ ! -e "$_f" ] || _take "$_f" || return`),
  );
}

function parse({ stdout }: { stdout: string }): State {
  const [head = '', taken] = stdout.split(/^(?=content )/m);
  const live = /^live (.*)$/m.exec(head)?.[1];
  if (live === undefined) throw new Error('expected what the kernel has');
  const real = /^real (.*)$/m.exec(head)?.[1];
  const known = live !== 'unknown' && live !== 'closed';
  return {
    ...(known && { live: spaced(live) }),
    ...(live === 'closed' && { closed: true }),
    ...(taken !== undefined && { content: takenOf(stdout).toString('latin1') }),
    ...(/^not writable$/m.test(head) && { fixed: true }),
    ...(/^no directory$/m.test(head) && { noDirectory: true }),
    ...(real !== undefined && { real }),
  };
}

const kernelKey = (name: string) => `kernel:${sysctlPath(name)}`;
/** Texts of the file and of the task are compared and joined as bytes. */
const bytes = (text: string) => Buffer.from(text).toString('latin1');

function decide(args: Args, seen: State, context: DecideContext): Decision<State> {
  const { name } = args;
  const live = (context.planned(kernelKey(name)) as string | undefined) ?? seen.live;
  const file = context.planned(fileResource(args.sysctl_file)) as FileState | undefined;
  const content =
    file?.content === undefined ? (file?.type === 'absent' ? undefined : seen.content) : bytes(file.content);
  const { live: _, content: _c, ...rest } = seen;
  const state = { ...rest, ...(live !== undefined && { live }), ...(content !== undefined && { content }) };
  if (args.state === 'absent') return remove(args, state);
  const set = args.sysctl_set && !(args.ignoreerrors && live === undefined);
  if (!set || live !== undefined || comes(name, context)) return write(args, state, set);
  const path = sysctlPath(name);
  if (seen.closed)
    return {
      kind: 'fail',
      message: `the setting ${name} can only be written, so it cannot be known whether it has been`,
      hint: 'Write it by the module shell.',
    };
  return {
    kind: 'fail',
    message: `this kernel has no setting ${name}`,
    hint: `${path} does not exist: is a kernel module missing?`,
  };
}

/** Whether the interface or the kernel module that brings the setting comes by an earlier task of a check. */
function comes(name: string, context: DecideContext): boolean {
  const link = interfaceOf(name);
  const module = moduleOf(name);
  const loaded =
    module === undefined ? undefined : (context.planned(`module:${module}`) as { module?: string } | undefined);
  return loaded?.module === 'loaded' || (link !== undefined && linkOf(link, undefined, context).exists);
}

function write(args: Args, state: State, set: boolean): Decision<State> {
  const { name, sysctl_file } = args;
  const value = args.value as string;
  const before = readSetting(state.content ?? '', name);
  const found = before.value === undefined ? undefined : Buffer.from(before.value, 'latin1').toString();
  const diff: Diff[] = [];
  const steps: Step[] = [];
  if (set && !sameValue(state.live, value)) {
    if (state.fixed)
      return {
        kind: 'fail',
        message: `the setting ${name} is ${state.live}, and may not be written`,
        hint: `Is /proc/sys read-only, as in a container, or become missing? \`sysctl_set: false\` writes ${sysctl_file} only.`,
      };
    diff.push({ what: name, before: state.live ?? null, after: value });
    steps.push({ do: 'run', script: apply(args, value) });
  }
  if (!sameValue(found, value)) {
    const was = before.value === undefined && before.was === undefined ? state.live : undefined;
    diff.push({ what: `${name} in ${sysctl_file}`, before: found ?? null, after: value });
    steps.push(...put(args, state, withSetting(state.content ?? '', name, bytes(value), was && bytes(was))));
  }
  if (steps.length === 0) return { kind: 'ok' };
  return { kind: 'change', diff, steps, plans: plans(args, steps, set ? value : undefined) };
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
  probe,
  parse,
  decide,
  prove: true,
});

function apply({ name }: Args, value: string | undefined): Script {
  return sh`printf '%s\n' ${value} >${sysctlPath(name)}`;
}

/** The file as it is to be. One that is left empty goes, unless a link leads to it: then others count on its being there. */
function put({ sysctl_file }: Args, state: State, content: string): Step[] {
  const path = state.real ?? sysctl_file;
  if (content === '' && path === sysctl_file)
    return [{ do: 'run', script: sh`rm -f ${sysctl_file}`, touches: [sysctl_file] }];
  const directory: Step[] = state.noDirectory
    ? [{ do: 'run', script: sh`mkdir -p ${posix.dirname(sysctl_file)}` }]
    : [];
  return [
    ...directory,
    {
      do: 'put',
      file: { path, content: Buffer.from(content, 'latin1'), ...(state.content === undefined && { mode: '0644' }) },
    },
  ];
}

/** What later tasks of a check find: the kernel's value, and the file. */
function plans({ name, sysctl_file }: Args, steps: readonly Step[], live: string | undefined): Record<string, unknown> {
  const file = steps.find((step) => step.do === 'put')?.file;
  const content = file && (file.content as Buffer);
  const gone = steps.some((step) => step.do === 'run' && step.touches !== undefined);
  const state: FileState | undefined = content
    ? { type: 'file', content: content.toString(), sha256: sha256(content), size: content.length }
    : gone
      ? { type: 'absent' }
      : undefined;
  return {
    ...(live !== undefined && { [kernelKey(name)]: live }),
    ...(state && { [fileResource(sysctl_file)]: state }),
  };
}

function remove(args: Args, state: State): Decision<State> {
  const { name, sysctl_file } = args;
  const { value, was } = readSetting(state.content ?? '', name);
  if (value === undefined && was === undefined) return { kind: 'ok' };
  const restore = args.sysctl_set && was !== undefined && state.live !== undefined && !sameValue(was, state.live);
  const steps: Step[] = [
    ...(restore ? [{ do: 'run' as const, script: apply(args, was) }] : []),
    ...put(args, state, withoutSetting(state.content ?? '', name)),
  ];
  return {
    kind: 'change',
    diff: [
      ...(restore ? [{ what: name, before: state.live ?? null, after: was }] : []),
      { what: `${name} in ${sysctl_file}`, before: value ?? null, after: null },
    ],
    steps,
    plans: plans(args, steps, restore ? was : undefined),
  };
}
