import * as z from 'zod';
import { text, whole } from '../../../model/arguments/scalars.ts';
import { duration } from './duration.ts';

/** A check of health as Docker's API has it; times are nanoseconds. */
export interface ApiHealthcheck {
  Test?: string[] | null;
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  StartInterval?: number;
  Retries?: number;
}

/** How a container's health is checked. */
export const healthcheck = z.strictObject({
  test: z
    .union([text, z.array(text)])
    .transform((value) => (Array.isArray(value) ? value : value === 'NONE' ? ['NONE'] : ['CMD-SHELL', value]))
    .refine(
      ([first]) => first === undefined || ['NONE', 'CMD', 'CMD-SHELL'].includes(first),
      'expected CMD, CMD-SHELL or NONE as the first word of a list',
    )
    .optional()
    .describe(
      "A command line for the container's shell, or a list that begins with `CMD`, `CMD-SHELL` or `NONE`; the image's where not given.",
    ),
  interval: duration.optional().describe('Between two checks.'),
  timeout: duration.optional().describe('How long a check may take.'),
  start_period: duration.optional().describe('In which failing does not count.'),
  start_interval: duration.optional().describe('Between two checks of that time; Docker 25 or later.'),
  retries: whole.optional().describe('Failures in a row that make it unhealthy.'),
});

export type Healthcheck = z.output<typeof healthcheck>;

/** For Docker's API. */
export function apiHealthcheck({
  test,
  interval,
  timeout,
  start_period,
  start_interval,
  retries,
}: Healthcheck): ApiHealthcheck {
  return {
    ...(test && { Test: test }),
    ...(interval !== undefined && { Interval: interval }),
    ...(timeout !== undefined && { Timeout: timeout }),
    ...(start_period !== undefined && { StartPeriod: start_period }),
    ...(start_interval !== undefined && { StartInterval: start_interval }),
    ...(retries !== undefined && { Retries: retries }),
  };
}

/** With zeros, which Docker leaves out and the image's values take the place of, filled in. */
export function wholeHealthcheck(
  value: ApiHealthcheck | null | undefined,
  image?: ApiHealthcheck | null,
): Record<string, unknown> {
  const test = value?.Test?.length ? value.Test : (image?.Test ?? []);
  if (test[0] === 'NONE') return { test };
  const time = (key: Exclude<keyof ApiHealthcheck, 'Test'>) => value?.[key] || image?.[key] || 0;
  return {
    test,
    interval: time('Interval'),
    timeout: time('Timeout'),
    start_period: time('StartPeriod'),
    start_interval: time('StartInterval'),
    retries: time('Retries'),
  };
}
