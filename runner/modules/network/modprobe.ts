import * as z from 'zod';
import { raw, sh, tame } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision, Step } from '../../model/module.ts';
import type { Diff } from '../../model/events.ts';
import { runs } from '../shared/attribute.ts';
import { TAKE, takenOf } from '../path/taken.ts';
import { symbolPattern } from './kernel/kernel-symbols.ts';
import { loads, paramsIn, plainModule, withLoad, withParams } from './kernel/module-files.ts';
import { WHOLE } from '../shared/whole.ts';
import { sections } from '../shared/sections.ts';

const args = z.strictObject({
  name: z
    .string()
    .regex(/^[\w-]+$/, 'expected the name of a module')
    .describe('Name of the kernel module.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it is to be loaded.'),
  params: z.string().default('').describe('Parameters to load it with; those of a loaded module are not changed.'),
  persistent: z
    .enum(['disabled', 'present', 'absent'])
    .default('disabled')
    .describe(
      'Whether it is to be loaded at boot: /etc/modules-load.d/NAME.conf, and parameters in /etc/modprobe.d/NAME.conf.',
    ),
});

type Args = z.output<typeof args>;

interface State {
  /** `builtin`: the kernel has the feature without loading anything. */
  module: (typeof KINDS)[number];
  /** A command that modprobe.d(5) has run instead of loading it. */
  instead?: string;
  /** What /etc/modules-load.d/NAME.conf and /etc/modprobe.d/NAME.conf hold, a byte a character. */
  load: string;
  options: string;
}

const KINDS = ['loaded', 'builtin', 'available', 'missing'] as const;
const loadFile = (name: string) => `/etc/modules-load.d/${name}.conf`;
const paramsFile = (name: string) => `/etc/modprobe.d/${name}.conf`;

/** A kernel without /lib/modules says by its function names what it has; one with it lists what is built in. */
function probe({ name }: Args): Script {
  const plain = plainModule(name);
  const builtin = `/${plain.replaceAll('_', '[-_]')}\\.ko`;
  const file = (title: string, path: string) => sh`echo ${title}; [ ! -e ${path} ] || _take ${path} || return`.text;
  // An alias is loaded under the name of its module.
  return tame(sh`${raw(TAKE)}
${raw(WHOLE)}
_g() { [ -r "$2" ] || return; grep -q -e "$1" "$2"; _r=$?; [ $_r -le 1 ] || _bad="grep failed with exit status $_r"; return $_r; }
_bad=; _l='
'
_whole uname -r && [ "$_o" ] || { echo 'uname gave no answer' >&2; return 1; }
_k=/lib/modules/$_o; _n=${plain}
[ -d ${`/sys/module/${plain}`} ] || { _whole modprobe -R ${name}; _r=$?; [ $_r -le 1 ] || [ $_r = 127 ] || _bad="modprobe failed with exit status $_r"; _a=\${_o%%"$_l"*}
while case $_a in *-*) ;; *) false ;; esac; do _a=\${_a%%-*}_\${_a#*-}; done; [ $_r != 0 ] || [ -z "$_a" ] || _n=$_a; }
if [ -e "/sys/module/$_n/initstate" ] || _g "^$_n " /proc/modules; then echo module=loaded
elif [ -d "/sys/module/$_n" ] || _g ${builtin} "$_k/modules.builtin"; then echo module=builtin
elif [ -d "$_k" ] && command -v modprobe >/dev/null && { _whole modprobe -n -v ${name} && _v=$_o || { _r=$?; [ $_r -lt 125 ] || _bad="modprobe failed with exit status $_r"; false; }; }; then echo module=available; case $_v in install*) echo "instead=\${_v%%"$_l"*}" ;; esac
elif [ ! -d "$_k" ] && _g ${symbolPattern(name)} /proc/kallsyms; then echo module=builtin
else echo module=missing; fi
[ -z "$_bad" ] || { echo "$_bad" >&2; return 1; }
${raw(file('@@load', loadFile(name)))}
${raw(file('@@params', paramsFile(name)))}
true`);
}

function parse({ stdout }: { stdout: string }): State {
  const head = stdout.split('@@load')[0] ?? '';
  const module = KINDS.find((kind) => head.includes(`module=${kind}\n`));
  const found = sections(stdout);
  if (!module || !found.has('params')) throw new Error('expected what the kernel has of the module, and its files');
  const content = (title: string) => (found.get(title) ? takenOf(`${found.get(title)}\n`).toString('latin1') : '');
  const instead = /^instead=install (.*)$/m.exec(head)?.[1]?.trim();
  return { module, load: content('load'), options: content('params'), ...(instead && { instead }) };
}

function decide(args: Args, state: State): Decision<State> {
  const { name } = args;
  if (args.state === 'present' && state.module === 'missing') {
    return {
      kind: 'fail',
      message: `this kernel has no module ${name}`,
      hint: 'Is the package with the modules of the running kernel installed?',
    };
  }
  if (args.state === 'absent' && state.module === 'builtin') {
    return { kind: 'fail', message: `${name} is built into this kernel and cannot be removed` };
  }
  if (args.state === 'present' && state.instead && state.module === 'available') {
    return {
      kind: 'fail',
      message: `modprobe does not load ${name}: its configuration has '${state.instead}' run instead`,
      hint: 'See "modprobe -c" for the file in /etc/modprobe.d that says so.',
    };
  }
  const diff: Diff[] = [];
  const steps: Step[] = [];
  const after = { ...state };
  if (args.state === 'present' ? state.module === 'available' : state.module === 'loaded') {
    diff.push({
      what: `module ${name}`,
      before: args.state === 'present' ? null : 'loaded',
      after: args.state === 'present' ? 'loaded' : null,
    });
    steps.push(
      ...runs([
        args.state === 'present'
          ? sh`modprobe ${name} ${args.params.split(/\s+/).filter(Boolean)}`
          : sh`modprobe -r ${name}`,
      ]),
    );
    after.module = args.state === 'present' ? 'loaded' : 'available';
  }
  boot(args, state, diff, steps, after);
  return steps.length === 0 ? { kind: 'ok' } : { kind: 'change', diff, steps, after };
}

export default defineModule({
  name: 'modprobe',
  summary: 'Load or remove a kernel module',
  notes: [
    'A feature that is built into the kernel counts as loaded, also where the kernel has no directory of modules.',
  ],
  examples: `- name: Bridged packets pass iptables
  modprobe:
    name: br_netfilter
    persistent: present
`,
  args,
  resource: ({ name }) => `module:${plainModule(name)}`,
  probe,
  parse,
  decide,
  prove: true,
});

/** What is built in needs no file to be there after a boot. Lines of others in these files stay. */
function boot({ name, persistent, params }: Args, state: State, diff: Diff[], steps: Step[], after: State): void {
  if (persistent === 'disabled' || (persistent === 'present' && state.module === 'builtin')) return;
  const wanted = persistent === 'present';
  const found = loads(state.load, name);
  if (found !== wanted) {
    diff.push({ what: loadFile(name), before: found ? name : null, after: wanted ? name : null });
    steps.push(put(loadFile(name), (after.load = withLoad(state.load, name, wanted))));
  }
  const options = wanted ? params.trim().split(/\s+/).join(' ') : '';
  const before = paramsIn(state.options, name);
  if (before !== options) {
    diff.push({ what: paramsFile(name), before: before || null, after: options || null });
    steps.push(put(paramsFile(name), (after.options = withParams(state.options, name, options))));
  }
}

/** The file as it is to be; one with nothing in it any more goes. */
function put(path: string, content: string): Step {
  if (content.trim() === '') return { do: 'run', script: sh`rm -f ${path}`, touches: [path] };
  return { do: 'put', file: { path, content: Buffer.from(content, 'latin1'), mode: '0644' } };
}
