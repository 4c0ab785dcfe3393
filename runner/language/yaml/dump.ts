import { dump } from 'js-yaml';

/** A value as YAML, with a line break at its end; long texts stay in one line. */
export function dumpYaml(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true });
}
