/**
 * Renders every template below a directory (`.j2`) by Ansible and, converted, by xrun, with the same variables, and counts
 * how many come out byte for byte the same. Arguments: DIR, or a file that `render.py` has printed. Ansible is the one
 * that `python3` finds: PYTHONPATH names another.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { convertTemplate } from '../../runner/language/jinja/convert.ts';
import { typeOfValue } from '../../runner/language/jinja/types.ts';
import { createRenderer } from '../../runner/language/templates/renderer.ts';
import type { Scope } from '../../runner/model/variables.ts';

/** What Ansible has made of a template; without `source` it cannot be read. */
interface Rendered {
  path: string;
  source?: string;
  variables?: Record<string, unknown>;
  text?: string;
  error?: string;
}

const [target = '.'] = process.argv.slice(2);
const renderer = createRenderer();

function renderedByAnsible(): Rendered[] {
  const script = fileURLToPath(new URL('render.py', import.meta.url));
  const made = statSync(target).isDirectory()
    ? spawnSync('python3', [script, target], {
        encoding: 'utf8',
        maxBuffer: 2 ** 30,
        stdio: ['ignore', 'pipe', 'inherit'],
      }).stdout
    : readFileSync(target, 'utf8');
  return made
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Rendered);
}

function scopeOf(variables: Record<string, unknown>): Scope {
  return {
    get: (name) => {
      if (!Object.hasOwn(variables, name)) throw new Error(`'${name}' is not defined`);
      return variables[name];
    },
    has: (name) => Object.hasOwn(variables, name),
    names: () => Object.keys(variables),
    candidates: () => [],
    with: (more) => scopeOf({ ...variables, ...more }),
  };
}

/** `same`, or what is otherwise. */
function outcome({ path, source = '', text = '', variables = {} }: Rendered): [kind: string, detail: string] {
  const typeOf = (name: string) => typeOfValue(variables[name]);
  const converted = convertTemplate(source, { typeOf });
  const [problem] = converted.problems;
  if (problem) return ['reported', `${problem.code} ${problem.message}`];
  try {
    const made = renderer.renderFile(converted.text, path, scopeOf(variables));
    return made === text ? ['same', ''] : ['differs', firstDifference(made, text)];
  } catch (error) {
    return ['fails', (error as Error).message];
  }
}

function firstDifference(made: string, wanted: string): string {
  let at = 0;
  while (at < made.length && made[at] === wanted[at]) at++;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(at - 40, 0), at + 40));
  return `xrun ${around(made)}, Ansible ${around(wanted)}`;
}

const counts = new Map<string, number>();
let seconds = 0;
for (const rendered of renderedByAnsible()) {
  const begun = performance.now();
  const [kind, detail] = rendered.text === undefined ? ['not rendered by Ansible', ''] : outcome(rendered);
  seconds += (performance.now() - begun) / 1000;
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (detail) console.log(`${kind}: ${rendered.path}: ${detail}`);
}
const compared = ['same', 'differs', 'fails'].reduce((sum, kind) => sum + (counts.get(kind) ?? 0), 0);
const share = ((100 * (counts.get('same') ?? 0)) / Math.max(compared, 1)).toFixed(1);
console.log([...counts].map(([kind, count]) => `${kind}: ${count}`).join(', '));
console.log(
  `${share} % of the converted templates are the same, byte for byte (${seconds.toFixed(1)} s for converting and rendering)`,
);
