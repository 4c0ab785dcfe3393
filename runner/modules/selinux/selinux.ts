import * as z from 'zod';
import { raw, sh } from '../../model/script.ts';
import { flag, path } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { differing } from '../shared/attribute.ts';
import { TAKE, takenOf } from '../path/taken.ts';
import { lacking } from '../shared/program.ts';
import { ENABLED } from './enabled.ts';

const args = z
  .strictObject({
    state: z.enum(['enforcing', 'permissive', 'disabled']).describe('What SELinux does.'),
    policy: z
      .string()
      .regex(/^[\w-]+$/, 'expected the name of a policy')
      .optional()
      .describe('The policy, such as `targeted`; needed unless it is disabled.'),
    configfile: path.default('/etc/selinux/config').describe('The file that keeps it.'),
    update_kernel_param: flag
      .default(false)
      .describe('Not done: see to the parameter `selinux` of the kernel by a task of its own.'),
  })
  .refine(({ state, policy }) => state === 'disabled' || policy !== undefined, 'give the policy')
  .refine((args) => !args.update_kernel_param, {
    path: ['update_kernel_param'],
    message: 'parameters of the kernel are not changed here; use command with grubby',
  });

type Args = z.output<typeof args>;

interface State {
  /** What the kernel does: enforcing, permissive or disabled. */
  now: string;
  /** What the file says; undefined without the file. */
  kept?: { state?: string; policy?: string };
}

export default defineModule<typeof args, State>({
  name: 'selinux',
  summary: 'Manage what SELinux does, now and after a reboot',
  notes: [
    'To and from `disabled` a reboot is needed: the result has `reboot_required`.',
    'Not run in the lab, whose hosts have no SELinux.',
  ],
  examples: `
- selinux: {policy: targeted, state: enforcing}
`,
  returns: {
    policy: 'The policy.',
    state: '`enforcing`, `permissive` or `disabled`.',
    configfile: 'The file that says so.',
    reboot_required: 'Whether it holds from the next boot only.',
  },
  args,
  probe: ({ configfile }) => sh`${raw(TAKE)}
${ENABLED}
if [ -e /sys/fs/selinux/enforce ]; then e=$(cat /sys/fs/selinux/enforce) || exit; echo "enforce=$e"; fi
if [ -f ${configfile} ]; then echo @config; _take ${configfile} || exit; fi; echo end=.`,
  parse({ stdout }) {
    if (!stdout.endsWith('end=.\n')) throw new Error('what SELinux does was not read to its end');
    const [before = '', file] = stdout.split(/^@config\n/m);
    const config = file === undefined ? undefined : takenOf(`@config\n${file}`).toString();
    const value = (key: string, text = before) => new RegExp(`^ *${key}=\\s*([\\w-]+)`, 'm').exec(text)?.[1];
    const [state, policy] = [value('SELINUX', config ?? ''), value('SELINUXTYPE', config ?? '')];
    return {
      now: value('selinux') === 'no' ? 'disabled' : value('enforce') === '1' ? 'enforcing' : 'permissive',
      ...(config !== undefined && { kept: { ...(state && { state }), ...(policy && { policy }) } }),
    };
  },
  decide,
});

function decide({ state, policy, configfile }: Args, { now, kept }: State, context: DecideContext): Decision<State> {
  const reboot_required = now !== state && (now === 'disabled' || state === 'disabled');
  const result = { state, policy: policy ?? kept?.policy, configfile, reboot_required };
  if (kept === undefined)
    return state === 'disabled' && now === 'disabled'
      ? { kind: 'ok', result }
      : lacking(context, `${configfile} does not exist`, 'Install SELinux and a policy by a task before.');
  const write = (key: string, value: string) =>
    sh`if grep -q ${`^ *${key}=`} ${configfile}; then sed -i ${`s/^ *${key}=.*/${key}=${value}/`} ${configfile}; else echo ${`${key}=${value}`} >>${configfile}; fi`;
  const { diff, steps } = differing([
    { what: `SELINUX in ${configfile}`, found: kept.state, wanted: state, script: write('SELINUX', state) },
    {
      what: `SELINUXTYPE in ${configfile}`,
      found: kept.policy,
      wanted: policy,
      script: write('SELINUXTYPE', policy ?? ''),
    },
    {
      what: 'SELinux',
      found: now,
      wanted: reboot_required ? undefined : state,
      script: raw(`setenforce ${state === 'enforcing' ? 1 : 0}`),
    },
  ]);
  return diff.length === 0 ? { kind: 'ok', result } : { kind: 'change', diff, steps, result };
}
