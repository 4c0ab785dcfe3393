import * as z from 'zod';

/** A hardware address, in lower case as the kernel shows it. */
export const mac = z
  .string()
  .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i, 'expected a hardware address such as 02:00:00:00:00:01')
  .transform((value) => value.toLowerCase());
