import { XrunError } from '../../diagnostics/errors.ts';
import { issuesOf } from '../../diagnostics/issue.ts';
import { guardedKeywords, loopControlKeywords, playKeywords, taskKeywords } from '../../playbook/keywords/keywords.ts';
import type { Raw } from '../../model/playbook.ts';
import type { Scope } from '../../model/variables.ts';
import type { Run } from '../run/run-state.ts';

const { retries, delay, backoff, async, poll, timeout, throttle, port } = taskKeywords;
const { max_fail_percentage, serial, order, strategy } = playKeywords;
const keywords = {
  retries,
  delay,
  backoff,
  async,
  poll,
  timeout,
  throttle,
  port,
  max_fail_percentage,
  serial,
  order,
  strategy,
  pause: loopControlKeywords.pause,
  guarded: guardedKeywords.timeout,
};

/** Throws E_TYPE where what a template gave is nothing that the keyword takes: the same as is checked before the run. */
export function checked(keyword: keyof typeof keywords, value: unknown, { at }: Raw): unknown {
  const result = keywords[keyword].safeParse(value);
  if (result.success) return value;
  const [issue] = issuesOf(result.error, value);
  throw new XrunError('E_TYPE', `'${keyword}': ${issue?.message ?? 'invalid value'}`, { at });
}

/** A keyword that may be a template, as a number. Throws E_TYPE, and what templates throw. */
export function asNumber(run: Run, keyword: keyof typeof keywords, raw: Raw, scope: Scope): number {
  const value = checked(keyword, run.renderer.render(raw.value, scope, raw.at), raw);
  return Number(String(value).replace(/%$/, ''));
}

/** A keyword that is one of some words and may be a template. Throws E_TYPE, and what templates throw. */
export function asWord(
  run: Pick<Run, 'renderer'>,
  keyword: 'order' | 'strategy',
  raw: Raw<string>,
  scope: Scope,
): string {
  return String(checked(keyword, run.renderer.render(raw.value, scope, raw.at), raw));
}
