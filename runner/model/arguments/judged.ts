import * as z from 'zod';

const condition = z.union([z.string(), z.boolean()]).describe('An expression in CEL.');
const judged = z.object({ source: z.string(), ok: z.boolean() });

/**
 * One condition or several: playbooks hold text, modules get what the engine made of it (see `conditions` of a
 * module): the text and whether it holds.
 */
export const conditions = z.union([condition, z.array(condition), judged, z.array(judged)]).transform((value) => {
  const list = Array.isArray(value) ? value : [value];
  // Text that was not judged holds nothing: a module called without the engine must not pass by accident.
  return list.map((one) => (typeof one === 'object' ? one : { source: String(one), ok: one === true }));
});

const evaluated = z.object({ source: z.string(), value: z.unknown() });

/** An expression (see `evaluates` of a module): its text and its value. */
export const expression = z.union([z.string().describe('An expression in CEL.'), evaluated]).transform((value) => {
  return typeof value === 'string' ? { source: value, value: undefined } : value;
});
