import { createHash } from 'node:crypto';
import { dumpYaml } from '../../../yaml/dump.ts';
import { kindOf } from '../../../values/undefined.ts';
import type { HelperGroup } from '../helper.ts';
import { BadArgument } from '../helper.ts';
import { number, text } from '../take.ts';

const yes = new Set(['true', 'yes', 'on', '1', 'y', 't']);
const no = new Set(['false', 'no', 'off', '0', 'n', 'f', '']);

/** Turning values into others. */
export const values: HelperGroup = {
  title: 'Values',
  helpers: [
    {
      name: 'string',
      args: 'value',
      summary: 'The value as text.',
      templatesOnly: true,
      example: { template: '{{string port}}', vars: { port: 80 }, result: '80' },
      run: ([value]) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')),
    },
    {
      name: 'int',
      args: 'value',
      summary: 'The value as a whole number; a fraction is cut off.',
      templatesOnly: true,
      example: { template: '{{int "42"}}', result: 42 },
      run: (args) => Math.trunc(number(args)),
    },
    {
      name: 'float',
      args: 'value',
      summary: 'The value as a number.',
      example: { template: '{{float "1.5"}}', result: 1.5 },
      run: (args) => number(args),
    },
    {
      name: 'bool',
      args: 'value',
      summary: 'The value as true or false: yes, on, 1 and their opposites are understood.',
      templatesOnly: true,
      example: { template: '{{bool "yes"}}', result: true },
      run: (args) => toBoolean(args),
    },
    {
      name: 'type',
      args: 'value',
      summary: 'Its kind: text, number, boolean, list, mapping or null.',
      templatesOnly: true,
      example: { template: '{{type ports}}', vars: { ports: [80] }, result: 'list' },
      run: ([value]) => kindOf(value),
    },
    {
      name: 'json',
      args: 'value',
      summary: 'The value as JSON; indent=2 makes it readable.',
      named: { indent: 'spaces of indentation' },
      example: { template: '{{json ports}}', vars: { ports: [80, 443] }, result: '[80,443]' },
      run: ([value], { named }) => JSON.stringify(value, null, Number(named.indent ?? 0)),
    },
    {
      name: 'yaml',
      args: 'value',
      summary: 'The value as YAML, without a line break at its end.',
      example: {
        template: '{{yaml site}}',
        vars: { site: { name: 'a', ports: [80] } },
        result: 'name: a\nports:\n  - 80',
      },
      run: ([value]) => dumpYaml(value).replace(/\n$/, ''),
    },
    {
      name: 'fromJson',
      args: 'text',
      summary: 'The value that a JSON text says.',
      example: { template: '{{fromJson answer}}', vars: { answer: '{"a":1}' }, result: { a: 1 } },
      run: (args) => parseJson(text(args)),
    },
    {
      name: 'env',
      args: 'name other?',
      summary: "A variable of the controller's environment; the other, or an error, where it is not set.",
      example: { template: '{{env "NO_SUCH_VARIABLE" "none"}}', result: 'none' },
      run: (args, { env }) => {
        const found = env[text(args)] ?? args[1];
        if (found === undefined) throw new BadArgument(`finds no '${text(args)}' in the environment of the controller`);
        return found;
      },
    },
    {
      name: 'file',
      args: 'path',
      summary:
        "The text of a file of the controller's, looked for in files/ of the role and the playbook, and beside the playbook. A line break at its end is left out.",
      example: { template: '{{file "/dev/null"}}', result: '' },
      run: (args, { readFile }) => readFile(text(args)).replace(/\r?\n$/, ''),
    },
    {
      name: 'sha256',
      args: 'text',
      summary: 'SHA-256 of the text, in hexadecimal digits.',
      example: {
        template: '{{sha256 "a"}}',
        result: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
      },
      run: (args) => createHash('sha256').update(text(args)).digest('hex'),
    },
  ],
};

function toBoolean(args: unknown[]): boolean {
  const word = text(args).trim().toLowerCase();
  if (yes.has(word)) return true;
  if (no.has(word)) return false;
  throw new BadArgument(`expects true or false, found ${JSON.stringify(word)}`);
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new BadArgument(`finds no JSON: ${(error as Error).message}`);
  }
}
