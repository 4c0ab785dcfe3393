import type { Jiti } from 'jiti';
import { XrunError } from '../diagnostics/errors.ts';
import type { Position } from '../diagnostics/errors.ts';
import * as helper from '../extend/helper.ts';
import * as module from '../extend/module.ts';
import * as reporter from '../extend/reporter.ts';
import * as testing from '../extend/testing.ts';
import * as transport from '../extend/transport.ts';

/** What a file may import wherever it lies, whether a package xrun is near or not: parts of this very xrun. */
const OWN = {
  'xrun/module': module,
  'xrun/helper': helper,
  'xrun/reporter': reporter,
  'xrun/transport': transport,
  'xrun/testing': testing,
};

let loader: Promise<Jiti> | undefined;

/**
 * Evaluates a file of JavaScript or TypeScript, and returns what it exports. The transformed text is kept nowhere: a
 * cache among the temporary files would be code that others can write.
 *
 * @param file absolute
 * @param what what it is, for the message: `the plugin`
 * @throws XrunError E_PLUGIN with the place in the file, where that is known
 */
export async function importFile(file: string, what: string, shown = file): Promise<Record<string, unknown>> {
  loader ??= import('jiti').then(({ createJiti }) =>
    createJiti(file, {
      fsCache: false,
      interopDefault: false,
      virtualModules: OWN,
      transformOptions: { retainLines: true },
    }),
  );
  const jiti = await loader;
  try {
    const exported = await jiti.import<unknown>(file);
    return typeof exported === 'object' && exported !== null
      ? (exported as Record<string, unknown>)
      : { default: exported };
  } catch (error) {
    throw new XrunError('E_PLUGIN', `cannot load ${what}: ${reasonOf(error)}`, {
      at: placeIn(file, error, shown),
      cause: error,
    });
  }
}

/** The file that a package's name resolves to, as a file at `from` would import it; undefined where there is none. */
export async function resolvePackage(name: string, from: string): Promise<string | undefined> {
  const { createJiti } = await import('jiti');
  const found = createJiti(from, { fsCache: false }).esmResolve(name, { try: true });
  return found?.startsWith('file:') ? (await import('node:url')).fileURLToPath(found) : found;
}

/** What is wrong, on one line. */
function reasonOf(error: unknown): string {
  const text =
    error instanceof Error
      ? `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}`
      : `it throws ${String(error)}`;
  const [line = ''] = text.split('\n');
  return line.trim();
}

/**
 * The place of the file that an error names: a parser's is exact; a stack's is a line of the transformed text, which has
 * nearly always the number of the line that it was made from.
 */
export function placeIn(file: string, error: unknown, shown = file): Position {
  const { stack = '' } = (typeof error === 'object' && error !== null ? error : {}) as { stack?: string };
  const places = [...stack.matchAll(/([^\s(]+):(\d+):(\d+)\)?$/gm)];
  const [, , line = 1, col = 1] = places.find(([, where = '']) => where.replace(/^file:\/\//, '') === file) ?? [];
  return { file: shown, line: Number(line), col: stack.includes('ParseError') ? Number(col) : 1 };
}
