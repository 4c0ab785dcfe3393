import * as z from 'zod';
import { sh } from '../shell/script.ts';
import type { Script } from '../shell/script.ts';
import { defineModule } from './module.ts';
import type { Decision, Step } from './module.ts';
import type { Diff } from '../events.ts';
import { runs } from './net/attribute.ts';
import { symbolPattern } from './net/kernel-symbols.ts';

const args = z.strictObject({
  name: z.string().regex(/^[\w-]+$/, 'expected the name of a module').describe('Name of the kernel module.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it is to be loaded.'),
  params: z.string().default('').describe('Parameters to load it with; those of a loaded module are not changed.'),
  persistent: z.enum(['disabled', 'present', 'absent']).default('disabled').describe('Whether it is to be loaded at boot: /etc/modules-load.d/NAME.conf, and parameters in /etc/modprobe.d/NAME.conf.'),
});

type Args = z.output<typeof args>;

interface State {
  /** `builtin`: the kernel has the feature without loading anything. */
  module: 'loaded' | 'builtin' | 'available' | 'missing';
  /** Whether /etc/modules-load.d/NAME.conf names it. */
  atBoot: boolean;
  /** Parameters in /etc/modprobe.d/NAME.conf. */
  params: string;
}

const loadFile = (name: string) => `/etc/modules-load.d/${name}.conf`;
const paramsFile = (name: string) => `/etc/modprobe.d/${name}.conf`;

/** A kernel without /lib/modules says by its function names what it has; one with it lists what is built in. */
function probe({ name }: Args): Script {
  const plain = name.replaceAll('-', '_');
  const builtin = `/${plain.replaceAll('_', '[-_]')}\\.ko`;
  return sh`k=/lib/modules/$(uname -r)
if grep -q ${`^${plain} `} /proc/modules 2>/dev/null; then echo module=loaded
elif [ -d ${`/sys/module/${plain}`} ] || grep -q ${builtin} "$k/modules.builtin" 2>/dev/null; then echo module=builtin
elif [ -d "$k" ] && modprobe -n -q ${name} 2>/dev/null; then echo module=available
elif [ ! -d "$k" ] && grep -q ${symbolPattern(name)} /proc/kallsyms 2>/dev/null; then echo module=builtin
else echo module=missing; fi
grep -qx ${name} ${loadFile(name)} 2>/dev/null && echo boot=yes
sed -n ${`s/^options  *${name}  */params=/p`} ${paramsFile(name)} 2>/dev/null; true`;
}

function decide(args: Args, state: State): Decision<State> {
  const { name } = args;
  if (args.state === 'present' && state.module === 'missing') {
    return { kind: 'fail', message: `this kernel has no module ${name}`, hint: 'is the package with the modules of the running kernel installed?' };
  }
  if (args.state === 'absent' && state.module === 'builtin') {
    return { kind: 'fail', message: `${name} is built into this kernel and cannot be removed` };
  }
  const diff: Diff[] = [];
  const steps: Step[] = [];
  const after = { ...state };
  if (args.state === 'present' ? state.module === 'available' : state.module === 'loaded') {
    diff.push({ what: `module ${name}`, before: args.state === 'present' ? null : 'loaded', after: args.state === 'present' ? 'loaded' : null });
    steps.push(...runs([args.state === 'present' ? sh`modprobe ${name} ${args.params.split(/\s+/).filter(Boolean)}` : sh`modprobe -r ${name}`]));
    after.module = args.state === 'present' ? 'loaded' : 'available';
  }
  boot(args, state, diff, steps, after);
  return steps.length === 0 ? { kind: 'ok' } : { kind: 'change', diff, steps, after };
}

export default defineModule({
  name: 'modprobe',
  summary: 'Load or remove a kernel module',
  notes: ['A feature that is built into the kernel counts as loaded, also where the kernel has no directory of modules.'],
  examples: `- name: Bridged packets pass iptables
  modprobe:
    name: br_netfilter
    persistent: present
`,
  args,
  resource: ({ name }) => `module:${name}`,
  probe,
  parse: ({ stdout }): State => ({
    module: (/^module=(\w+)$/m.exec(stdout)?.[1] ?? 'missing') as State['module'],
    atBoot: /^boot=yes$/m.test(stdout),
    params: /^params=(.*)$/m.exec(stdout)?.[1]?.trim() ?? '',
  }),
  decide,
});

/** What is built in needs no file to be there after a boot. */
function boot({ name, persistent, params }: Args, state: State, diff: Diff[], steps: Step[], after: State): void {
  if (persistent === 'disabled' || (persistent === 'present' && state.module === 'builtin')) return;
  const wanted = persistent === 'present';
  if (state.atBoot !== wanted) {
    diff.push({ what: loadFile(name), before: state.atBoot ? name : null, after: wanted ? name : null });
    steps.push(wanted ? put(loadFile(name), `${name}\n`) : { do: 'run', script: sh`rm -f ${loadFile(name)}` });
    after.atBoot = wanted;
  }
  const options = wanted ? params.trim() : '';
  if (state.params !== options) {
    diff.push({ what: paramsFile(name), before: state.params || null, after: options || null });
    steps.push(options ? put(paramsFile(name), `options ${name} ${options}\n`) : { do: 'run', script: sh`rm -f ${paramsFile(name)}` });
    after.params = options;
  }
}

const put = (path: string, content: string): Step => ({ do: 'put', file: { path, content: Buffer.from(content), mode: '0644' } });
