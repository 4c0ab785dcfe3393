import { XrunError } from '../diagnostics/errors.ts';
import { createRenderer } from '../language/templates/renderer.ts';
import type { Validity } from './words.ts';

const nowhere = { file: '', line: 1, col: 1 };

/** Whether texts are valid in xrun; `helpers` are those that the project is to have. */
export function validityOf(helpers: ReadonlySet<string>): Validity {
  const renderer = createRenderer();
  return {
    text: (text) => holds(() => renderer.checkTemplate(text, nowhere), helpers),
    condition: (source) => holds(() => renderer.checkCondition({ source, at: nowhere }), helpers),
  };
}

function holds(check: () => void, helpers: ReadonlySet<string>): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (!(error instanceof XrunError)) throw error;
    const [, name = ''] = /'(\w+)'/.exec(error.message) ?? [];
    return helpers.has(name);
  }
}
