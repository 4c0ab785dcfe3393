import * as z from 'zod';
import { flag, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import cron from './cron.ts';
import type { Crontab } from './cron/cron-state.ts';

const args = z
  .strictObject({
    name: z.string().describe('Name of the variable.'),
    value: text.optional().describe('Its value.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the variable is there.'),
    user: z.string().optional().describe('Whose crontab. Where not given: the user who logs in.'),
    cron_file: z
      .string()
      .optional()
      .describe("A file instead of the user's crontab; without a slash in front, one in /etc/cron.d."),
    insertafter: z.string().optional().describe('A new variable goes behind this one.'),
    insertbefore: z.string().optional().describe('A new variable goes before this one.'),
    backup: flag.default(false).describe('Keep the old content of a `cron_file` beside the new one.'),
  })
  .superRefine((args, issues) => {
    for (const { message, path } of cron.args.safeParse(asCron(args)).error?.issues ?? [])
      issues.addIssue({ code: 'custom', message: message.replace('give the job', 'give the value'), path });
  });

type Args = z.output<typeof args>;

/** The task of `cron` that does the same. */
function asCron({ value, ...rest }: Args) {
  return { ...rest, ...(value !== undefined && { job: value }), env: true };
}

const cronArgs = (args: Args) => cron.args.parse(asCron(args));

export default defineModule<typeof args, Crontab>({
  name: 'cronvar',
  summary: 'Manage a variable of a crontab',
  notes: ['The same as `cron` with `env: true`.'],
  examples: `
- cronvar: {name: MAILTO, value: ops@example.net}
- cronvar: {name: APP_HOME, value: /srv/app, user: root, cron_file: app}
`,
  returns: { vars: 'Names of the variables in the table.', state: '`present` or `absent`.' },
  args,
  resource: (args) => cron.resource!(cronArgs(args)),
  probe: (args, local) => cron.probe!(cronArgs(args), local),
  parse: (probe, args) => cron.parse!(probe, cronArgs(args)),
  decide(args, state, context) {
    const decision = cron.decide(cronArgs(args), state, context);
    if (decision.kind !== 'ok' && decision.kind !== 'change') return decision;
    const { envs, state: wanted } = decision.result ?? {};
    return { ...decision, result: { vars: envs, state: wanted } };
  },
  prove: true,
});
