import assert from 'node:assert/strict';
import type { Helper } from '../language/templates/helpers/helper.ts';
import { arity } from '../language/templates/helpers/registry.ts';

/** What a helper may ask for besides its arguments. */
export interface Around {
  named?: Record<string, unknown>;
  env?: Record<string, string>;
  /** Files of the controller and what addresses answer, by their names. */
  files?: Record<string, string>;
}

/** Calls a helper as a template does: the number of its arguments and the names of the named ones are checked. */
export function callHelper(
  helper: Helper,
  args: unknown[],
  { named = {}, env = {}, files = {} }: Around = {},
): unknown {
  const { min, max } = arity(helper);
  assert.ok(
    args.length >= min && args.length <= max,
    `${helper.name} takes ${helper.args || 'no arguments'}, found ${args.length}`,
  );
  for (const name of Object.keys(named))
    assert.ok(Object.hasOwn(helper.named ?? {}, name), `${helper.name} has no argument '${name}='`);
  const readFile = (path: string) => files[path] ?? assert.fail(`the test gives no file ${path}`);
  const findFiles = (pattern: string) => Object.keys(files).filter((name) => name === pattern);
  return helper.run(args, {
    named,
    env,
    readFile,
    findFiles,
    renderFile: readFile,
    keepFile: readFile,
    fetchText: readFile,
  });
}
