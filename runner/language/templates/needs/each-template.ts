import type { Position } from '../../../diagnostics/errors.ts';
import { positionOf } from '../../yaml/positions.ts';
import { isTemplateText } from '../template.ts';

type Tell = (text: string, at: Position | undefined) => void;

/** Tells every template in a value as YAML gave it, with its place; `at` is that of the value. */
export function eachTemplate(value: unknown, at: Position | undefined, tell: Tell): void {
  visit(value, () => at, tell);
}

/** Most values are no templates: places are worked out where one is told. */
function visit(value: unknown, at: () => Position | undefined, tell: Tell): void {
  if (typeof value === 'string') {
    if (isTemplateText(value)) tell(value, at());
  } else if (
    typeof value === 'object' &&
    value !== null &&
    (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)
  ) {
    for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      if (typeof item === 'string' ? isTemplateText(item) : typeof item === 'object')
        visit(item, () => positionOf(value, key) ?? at(), tell);
    }
  }
}
