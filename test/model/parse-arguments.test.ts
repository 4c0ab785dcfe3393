import { expect, test } from 'vitest';
import * as z from 'zod';
import { parseArguments } from '../../runner/model/arguments/parse.ts';

const schema = z.strictObject({
  name: z.string().optional(),
  message: z.union([z.string(), z.array(z.string())]).optional(),
  list: z.array(z.strictObject({ key: z.string() })).optional(),
  port: z.number().optional(),
});

test.each([
  [{ name: 8080 }, { name: '8080' }],
  [{ message: 5 }, { message: '5' }],
  [{ list: [{ key: 'a' }, { key: 1.5 }] }, { list: [{ key: 'a' }, { key: '1.5' }] }],
  [{ port: 80 }, { port: 80 }],
])('a number is text where the schema wants it: %j', (args, data) => {
  expect(parseArguments(schema, args)).toEqual({ success: true, data });
});

test.each([{ name: true }, { name: null }, { name: [1] }, { port: '80' }, { list: 5 }])('%j is refused', (args) => {
  expect(parseArguments(schema, args).success).toBe(false);
});
