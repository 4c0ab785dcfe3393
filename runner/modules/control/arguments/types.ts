import { isMapping } from '../../../diagnostics/found.ts';

const isText = (value: unknown): value is string => typeof value === 'string';
const always = () => true;

/** What Ansible takes for a value of each type, conversions included (`ansible.module_utils.common.validation`). */
const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  str: always,
  path: always,
  raw: always,
  json: always,
  jsonarg: always,
  int: (value) => Number.isInteger(value) || (isText(value) && /^\s*[-+]?\d+\s*$/.test(value)),
  float: (value) => typeof value === 'number' || (isText(value) && value.trim() !== '' && !Number.isNaN(Number(value))),
  bool: (value) =>
    typeof value === 'boolean' || value === 0 || value === 1 || (isText(value) && BOOLEANS.test(value.trim())),
  list: (value) => Array.isArray(value) || isText(value) || typeof value === 'number',
  dict: (value) => isMapping(value) || (isText(value) && /^\s*\{.*\}\s*$|=/s.test(value)),
  bytes: (value) => typeof value === 'number' || (isText(value) && SIZE.test(value)),
  bits: (value) => typeof value === 'number' || (isText(value) && SIZE.test(value)),
};

const BOOLEANS = /^(y|yes|on|1|true|t|1\.0|n|no|off|0|false|f|0\.0)$/i;
const SIZE = /^\s*\d+(\.\d+)?\s*([KMGTPEZY]?(i?[bB](its?|ytes?)?)?)\s*$/i;

/** Whether a value is of the type, or may be converted to it; so is every value where the type is not known. */
export function isOf(type: string, value: unknown): boolean {
  return (TYPES[type] ?? always)(value);
}
