import { convertCondition, convertText } from '../jinja/convert.ts';
import { unknownEnvironment } from '../jinja/types.ts';

/** What to write instead where a template looks like Jinja; `start` is where the parser gave up. */
export function templateHint(text: string, start: number): string | undefined {
  const rest = text.slice(start);
  const exact = translated(insideOf(text, start));
  if (rest.startsWith('|')) return filterHint(text, start);
  if (/^\d/.test(rest) && text[start - 1] === '.')
    return `Write \`{{${pathBefore(text, start)}[${/^\d+/.exec(rest)?.[0] ?? ''}]}}\`.`;
  if (rest.startsWith('=')) return 'Compare with a helper: `{{#if (eq a b)}}...{{/if}}`.';
  if (/^['"[\]]/.test(rest)) {
    if (exact !== undefined) return `Write \`${exact}\`.`;
    return 'Write `{{a.b}}`, `{{a.[0]}}` or `{{a.[a key]}}`; for a key that is a variable `{{lookup a key}}`.';
  }
  if (rest.startsWith('(')) {
    if (exact !== undefined) return `Write \`${exact}\`.`;
    return 'Call a helper as `{{name argument argument}}`, inside of another one as `(name argument)`.';
  }
  if (/^[+*/~-]/.test(rest))
    return `Calculate with helpers: ${exact === undefined ? '`{{add a b}}`, `{{sub a b}}`, `{{mul a b}}`, `{{div a b}}`' : `\`${exact}\``}.`;
  return undefined;
}

/** What is between the braces around a place. */
function insideOf(text: string, start: number): string {
  const open = text.lastIndexOf('{{', start) + 2;
  return text
    .slice(open, Math.max(open, text.indexOf('}}', start)))
    .replaceAll(/^[~-]|[~-]$/g, '')
    .trim();
}

/** An expression of Jinja as a template has it; undefined where it has no translation. */
function translated(inside: string): string | undefined {
  const { text, problems } = convertText(`{{${inside}}}`, unknownEnvironment);
  return problems.length === 0 ? text : undefined;
}

/** `a.b.` of `{{ a.b.0`. */
function pathBefore(text: string, end: number): string {
  return /[\w.[\]]+$/.exec(text.slice(0, end))?.[0] ?? '';
}

/** What helpers are called that have another name than the filter. */
const filters: Record<string, string> = {
  to_json: 'json',
  to_nice_json: 'json',
  to_yaml: 'yaml',
  to_nice_yaml: 'yaml',
  combine: 'merge',
  count: 'length',
  d: 'default',
  mandatory: 'required',
};

const filtersAreHelpers = 'Templates are Handlebars, not Jinja: a filter is a helper before its value,';

/** The exact translation, where there is one; else the helpers that stand for filters; of an expression of names, filters and plain arguments alone the whole of it. */
function filterHint(text: string, start: number): string {
  const inside = insideOf(text, start);
  const [value = '', ...calls] = inside.split('|').map((part) => part.trim());
  const written = calls.map((call) => /^(\w+)(?:\(([^()=]*)\))?$/.exec(call));
  const exact = translated(inside);
  if (exact !== undefined) return `${filtersAreHelpers} \`${exact}\`.`;
  const plain = /^[\w.]+$/.test(value) && written.every((call) => call !== null);
  const name = /^\|\s*(\w+)/.exec(text.slice(start))?.[1] ?? 'name';
  const helper = plain
    ? written.reduce((inner, call, i) => helperFor(call?.[1] ?? '', i > 0 ? `(${inner})` : inner, call?.[2]), value)
    : helperFor(name, 'value', 'argument');
  return `${filtersAreHelpers} \`{{${helper}}}\`.`;
}

function helperFor(filter: string, value: string, args: string | undefined): string {
  const name = filters[filter] ?? filter.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const more = (args ?? '')
    .split(',')
    .map((arg) => arg.trim())
    .filter(Boolean);
  return [name, value, ...more].join(' ');
}

/** What to write instead where a condition is not valid: the exact translation, or what its form is in CEL. */
export function conditionHint(source: string): string | undefined {
  return exactHint(source) ?? formHint(source);
}

/** The exact translation of a condition in Jinja; undefined where it has none. */
export function exactHint(source: string): string | undefined {
  const quote = source.includes('"') ? '"' : "'";
  const { text, problems } = convertCondition(source, { ...unknownEnvironment, quote });
  const differs = text.replaceAll(/\s/g, '') !== source.replaceAll(/\s/g, '');
  return problems.length === 0 && differs ? `In CEL: \`${text}\`.` : undefined;
}

/** What to write instead where a condition, or a name in it, looks like Jinja or Python. */
export function formHint(source: string): string | undefined {
  return conditionForms.find(({ looks }) => looks.test(source))?.hint;
}

const conditionForms: { looks: RegExp; hint: string }[] = [
  { looks: /\{\{|\}\}/, hint: 'A condition is CEL and names variables without braces: `when: enabled`.' },
  { looks: /\bis\s+not\s+defined\b|\bis\s+undefined\b/, hint: 'In CEL: `!defined(name)`.' },
  { looks: /\bis\s+defined\b/, hint: 'In CEL: `defined(name)`.' },
  { looks: /\bis\s+not\s+(none|None)\b/, hint: 'In CEL: `name != null`.' },
  { looks: /\bis\s+(none|None)\b/, hint: 'In CEL: `name == null`.' },
  {
    looks: /\bis\s+(not\s+)?(changed|failed|succeeded|success|skipped|unreachable)\b/,
    hint: 'In CEL: `changed(result)`, `!failed(result)`, `skipped(result)`.',
  },
  { looks: /\bis\s+(not\s+)?(match|search|regex)\b/, hint: "In CEL: `name.matches('^regular expression')`." },
  { looks: /\bis\s+(not\s+)?version\b/, hint: "In CEL: `version(installed, '>=', '1.2')`." },
  { looks: /\bnot\s+in\b/, hint: 'In CEL: `!(item in list)`.' },
  { looks: /\|\s*(length|count)\b/, hint: 'In CEL: `size(list)`.' },
  { looks: /\|\s*default\b/, hint: "In CEL: `defined(name) ? name : 'other'`." },
  { looks: /\|\s*(bool|int|string|lower|upper|trim)\b/, hint: 'In CEL: `bool(name)`, `int(name)`, `lower(name)`.' },
  { looks: /(^|[^|])\|([^|]|$)/, hint: 'CEL has functions where Jinja has filters: `size(list)`, `lower(name)`.' },
  { looks: /\b(and|or|not)\b/, hint: 'In CEL: `&&` for and, `||` for or, `!` for not.' },
  { looks: /\b(True|False|None)\b/, hint: 'In CEL: `true`, `false` and `null`.' },
  { looks: /(^|[^=!<>])=([^=]|$)/, hint: 'Compare with `==`.' },
  { looks: /\bif\b.*\belse\b/, hint: 'In CEL: `condition ? this : that`.' },
];
