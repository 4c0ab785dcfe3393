import { printedJson } from '../../shared/json.ts';

/**
 * What `ip -j` printed, which is a list also where there is nothing to report. Throws a plain Error that quotes the end of what
 * cannot be read: half an answer, none, or that of an `ip` without JSON.
 */
export function ipJson<T>(text: string): T[] {
  return printedJson(text, 'ip');
}
