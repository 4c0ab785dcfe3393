import * as z from 'zod';
import { text } from '../../../model/arguments/scalars.ts';
import { dictionary } from '../api/labels.ts';
import { ownedBy } from '../api/ownership.ts';

/** What the driver `local` takes, and what else each of these options needs (moby, volume/local/local_unix.go). */
const LOCAL: Record<string, readonly string[]> = {
  type: ['device'],
  device: ['type'],
  o: ['device', 'type'],
  size: [],
};

/** Arguments of the module docker_volume. */
export const volumeArgs = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]+$/, 'expected a name of two or more letters, digits, _ . -')
      .describe('Name of the volume.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the volume is there.'),
    driver: text.default('local').describe('What keeps its content: `local`, or a plugin.'),
    driver_options: dictionary
      .optional()
      .describe("The driver's options; `local` takes `type`, `device`, `o` and `size`. Others that are set are left."),
    labels: dictionary.optional().describe('Labels; others that are set are left.'),
    recreate: z
      .enum(['never', 'options-changed', 'always'])
      .default('never')
      .describe(
        'Whether a volume that is there is removed, with its content, and made anew: `options-changed` where it differs, `always` in each run. Never while a container uses it.',
      ),
    owned_by: ownedBy,
  })
  .superRefine(({ driver, driver_options = {} }, issues) => {
    if (driver !== 'local') return;
    const refuse = (message: string) => issues.addIssue({ code: 'custom', path: ['driver_options'], message });
    for (const option of Object.keys(driver_options)) {
      const needs = Object.hasOwn(LOCAL, option) ? LOCAL[option] : undefined;
      if (!needs) refuse(`the driver local has no option ${option}: expected ${Object.keys(LOCAL).join(', ')}`);
      const missing = needs?.find((other) => !driver_options[other]);
      if (missing && driver_options[option]) refuse(`option ${option} of the driver local needs ${missing} as well`);
    }
  });

export type VolumeArgs = z.output<typeof volumeArgs>;
