import { resolve } from 'node:path';
import { XrunError } from '../diagnostics/errors.ts';
import { isMapping } from '../diagnostics/found.ts';
import { loadYaml } from '../language/yaml/load.ts';
import { keepPositions, placeContainer, placeEntry } from '../language/yaml/positions.ts';
import { SourceText } from '../language/yaml/source-text.ts';

/** A module with its arguments, as `xrun exec -m MODULE -a ARGS` takes them. */
export interface AdHocModule {
  name: string;
  /** `key=value` words, the free form of the module, or a JSON or YAML mapping. */
  args?: string;
}

/** The name of the playbook in positions. No file has to have it. */
export const AD_HOC = 'command line';

/** The path of the playbook that {@link adHocPlaybook} returns. Its directory is the working directory. */
export function adHocFile(cwd: string): string {
  return resolve(cwd, AD_HOC);
}

/**
 * A playbook of one play with one task, as YAML would give it. Its parser checks it as it checks any other.
 *
 * @throws XrunError E_MODULE for a word that cannot be the name of a module
 */
export function adHocPlaybook(pattern: string, { name, args = '' }: AdHocModule): unknown[] {
  if (!/^\w+(\.\w+)*$/.test(name))
    throw new XrunError('E_MODULE', `'${name}' is not a valid module name`, { hint: '`xrun modules` lists them all.' });
  const whole = new SourceText('--args', args);
  const task = placed({ action: actionOf(name, args) }, whole);
  // A pattern that matches no host is reported with its own words, not with those of a play.
  const play = { name: 'exec', hosts: pattern, strategy: 'free', allow_empty: true, tasks: placed([task], whole) };
  const source = new SourceText(AD_HOC, pattern);
  return placed([placed(play, source)], source);
}

function actionOf(name: string, args: string): unknown {
  if (!MAPPING.test(args)) return `${name} ${args}`;
  const { value } = loadYaml(args, '--args');
  return isMapping(value) ? keepPositions({ ...value, module: name }, value) : `${name} ${args}`;
}

/** The beginning of a mapping in YAML or JSON; shell text such as `{ echo a; }` and templates do not look like it. */
const MAPPING = /^\s*(?:\{\s*\}|\{?\s*(?:"\w+"\s*:|'\w+'\s*:|[A-Za-z_]\w*\s*:(?:\s|$)))/;

/** Lets errors name the argument of the command line that a container and its entries come from. */
function placed<T extends object>(container: T, source: SourceText): T {
  const place = { source, start: 0, end: source.text.length };
  placeContainer(container, place);
  for (const key of Array.isArray(container) ? container.keys() : Object.keys(container))
    placeEntry(container, key, place, place);
  return container;
}
