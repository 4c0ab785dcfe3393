import * as z from 'zod';
import { flag } from '../../model/arguments/scalars.ts';
import { isTemplate, unitName } from './name.ts';

/** What a task says of a unit. */
export const unitArgs = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\s*?[\0]+$/, 'expected the name of one unit; a pattern is not taken')
      .optional()
      .describe(
        'The unit; `.service` may be left out, and a path is the unit of what is mounted there. Of a template (`getty@`) only `enabled` and `masked` can be managed.',
      ),
    state: z
      .enum(['started', 'stopped', 'restarted', 'reloaded'])
      .optional()
      .describe('`restarted` and `reloaded` act every time, and start what does not run.'),
    enabled: flag.optional().describe('Whether it starts at boot.'),
    masked: flag.optional().describe('Whether it is kept from being started at all.'),
    daemon_reload: flag
      .default(false)
      .describe('Have systemd read its unit files again if they have changed; done anyway before a start.'),
    daemon_reexec: flag.default(false).describe('Have systemd execute itself anew; every time.'),
    force: flag.default(false).describe('Let enabling replace links of another unit.'),
    no_block: flag.default(false).describe('Do not wait until a start or stop is done.'),
    sleep: z
      .number()
      .min(0)
      .optional()
      .describe('Taken for playbooks of other init systems, and without effect: a restart is that of the init system.'),
    scope: z
      .enum(['system', 'user'])
      .default('system')
      .describe('Whose units: the system’s, or those of the user who logs in.'),
  })
  .refine(
    ({ name, state, enabled, masked }) => name !== undefined || (state ?? enabled ?? masked) === undefined,
    'give the name of the unit',
  )
  .refine(
    ({ name, state }) => name === undefined || state === undefined || !isTemplate(unitName(name)),
    'a template cannot be started or stopped: name an instance, as in getty@tty1',
  )
  .refine(({ masked, enabled }) => !(masked && enabled), 'a masked unit cannot be enabled: give one of the two')
  .refine((args) => args.name !== undefined || args.daemon_reload || args.daemon_reexec, 'there is nothing to do');

export type UnitArgs = z.output<typeof unitArgs>;
