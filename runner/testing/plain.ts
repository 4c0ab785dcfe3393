import type { Step } from '../model/module.ts';
import { HOLD, INTO } from '../connection/files/way.ts';

/** A step as cases write it: a script as its text, a file as an object, everything else as it is. */
export function plainStep(step: Step): unknown {
  if (step.do === 'run') {
    const { script, do: _, theirs: _theirs, ...rest } = step;
    const extras = { ...rest, ...(script.stdin !== undefined && { stdin: script.stdin.toString() }) };
    const text = shown(script.text);
    return Object.keys(extras).length === 0 ? text : { run: text, ...extras };
  }
  if (step.do !== 'put') return plain(step);
  const { path, content, validate, ...rest } = step.file;
  const text = Buffer.isBuffer(content) ? content.toString() : `(${content.path})`;
  return { put: path, content: text, ...rest, ...(validate && { validate: validate.text }) };
}

/** A script without the shell functions that all steps on files begin with. */
function shown(text: string): string {
  const own = text.replace(`(${HOLD}\n`, '(').replace(`(${INTO}\n`, '(');
  return own === text
    ? text
    : own
        .replace(/^\(n=(.*);_into (.*)\|\|exit\n([^]*)\)$/, 'in $2, n=$1: $3')
        .replace(/^\((_(?:make|into) [^]*)\)$/, '$1');
}

/** Without `undefined`s, functions and classes: what YAML can say. */
export function plain<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}
