import type { Position } from '../../../diagnostics/errors.ts';
import { positionOf } from '../../yaml/positions.ts';
import { isTemplateText } from '../template.ts';

type Report = (text: string, at: Position | undefined) => void;

/** Reports every template in a value as YAML gave it, with its place; `at` is that of the value. */
export function eachTemplate(value: unknown, at: Position | undefined, report: Report): void {
  visit(value, () => at, report);
}

/** Most values are not templates: places are worked out where one is reported. */
function visit(value: unknown, at: () => Position | undefined, report: Report): void {
  if (typeof value === 'string') {
    if (isTemplateText(value)) report(value, at());
  } else if (
    typeof value === 'object' &&
    value !== null &&
    (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)
  ) {
    for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      if (typeof item === 'string' ? isTemplateText(item) : typeof item === 'object')
        visit(item, () => positionOf(value, key) ?? at(), report);
    }
  }
}
