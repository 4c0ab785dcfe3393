import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { eachTemplate } from '../../language/templates/needs/each-template.ts';
import { within } from '../../language/yaml/place.ts';
import type { Fields } from './fields.ts';
import type { Loading } from '../parse/loading.ts';
import type { Expr } from '../../model/playbook.ts';

const conditionKeywords = ['when', 'until', 'changed_when', 'failed_when'];

/** Lets the templates and conditions of these keywords be parsed; `skip` names keywords that are looked at elsewhere. */
export function checkTexts(loading: Loading, fields: Fields, skip: readonly string[] = []): void {
  for (const key of conditionKeywords) checkConditions(loading, fields.exprs(key));
  for (const key of Object.keys(fields.map)) {
    if (!fields.has(key) || skip.includes(key) || conditionKeywords.includes(key)) continue;
    checkTemplates(loading, fields.get(key), fields.at(key));
  }
}

/** Lets every template in a value be parsed. */
export function checkTemplates(loading: Loading, value: unknown, at: Position | undefined): void {
  const { checkTemplate } = loading.options;
  if (!checkTemplate) return;
  eachTemplate(value, at, (text, place) => {
    if (place) loading.attempt(() => checkTemplate(text, place));
  });
}

/** Lets conditions be parsed; a template in one is an error of its own. */
export function checkConditions(loading: Loading, conditions: readonly Expr[]): void {
  for (const condition of conditions) {
    const { source, at } = condition;
    if (typeof source !== 'string') continue;
    const braces = source.indexOf('{{');
    if (braces < 0) {
      loading.attempt(() => loading.options.checkCondition?.(condition));
      continue;
    }
    // A template in quotes is text: 'a-{{x}}' == '5' compares text, which `string(x)` makes of any value.
    const unquoted = source.replaceAll(/(["'])\{\{\s*([^{}]*?)\s*\}\}\1/g, 'string($2)');
    const joined = unquoted.replaceAll(
      /(["'])([^"'{}]*)\{\{\s*([^{}]*?)\s*\}\}([^"'{}]*)\1/g,
      (_all, quote: string, before: string, name: string, after: string) =>
        [before && quote + before + quote, `string(${name})`, after && quote + after + quote]
          .filter(Boolean)
          .join(' + '),
    );
    const hint = `Write \`${JSON.stringify(joined.replaceAll(/\{\{\s*|\s*\}\}/g, ''))}\`.`;
    const details = { at: within(at, braces, braces + 2), hint };
    loading.problems.errors.push(
      new XrunError('E_CONDITION', 'a condition is an expression already: it takes no {{ }}', details),
    );
  }
}
