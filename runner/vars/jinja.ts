/** What to write instead where a template looks like Jinja; `start` is where the parser gave up. */
export function templateHint(text: string, start: number): string | undefined {
  const rest = text.slice(start);
  if (rest.startsWith('|')) return filterHint(rest);
  if (rest.startsWith('=')) return 'compare with a helper: {{#if (eq a b)}}...{{/if}}';
  if (/^['"[\]]/.test(rest)) {
    return 'write {{a.b}}, {{a.[0]}} or {{a.[a key]}}; for a key that is a variable {{lookup a key}}';
  }
  if (rest.startsWith('(')) {
    return 'call a helper as {{name argument argument}}, inside of another one as (name argument)';
  }
  if (/^[+*/~-]/.test(rest)) return 'calculate with helpers: {{add a b}}, {{sub a b}}, {{mul a b}}, {{div a b}}';
  return undefined;
}

function filterHint(rest: string): string {
  const name = /^\|\s*(\w+)/.exec(rest)?.[1] ?? 'name';
  return `templates are Handlebars, not Jinja: a filter is a helper before its value, {{${name} value argument}}`;
}

/** What to write instead where a condition looks like Jinja or Python. */
export function conditionHint(source: string): string | undefined {
  return conditionForms.find(({ looks }) => looks.test(source))?.hint;
}

const conditionForms: { looks: RegExp; hint: string }[] = [
  { looks: /\{\{|\}\}/, hint: 'a condition is CEL and names variables without braces: when: enabled' },
  { looks: /\bis\s+not\s+defined\b|\bis\s+undefined\b/, hint: 'in CEL: !defined(name)' },
  { looks: /\bis\s+defined\b/, hint: 'in CEL: defined(name)' },
  { looks: /\bis\s+not\s+(none|None)\b/, hint: 'in CEL: name != null' },
  { looks: /\bis\s+(none|None)\b/, hint: 'in CEL: name == null' },
  {
    looks: /\bis\s+(not\s+)?(changed|failed|succeeded|success|skipped|unreachable)\b/,
    hint: 'in CEL: changed(result), !failed(result), skipped(result)',
  },
  { looks: /\bis\s+(not\s+)?(match|search|regex)\b/, hint: "in CEL: name.matches('^regular expression')" },
  { looks: /\bis\s+(not\s+)?version\b/, hint: "in CEL: version(installed, '>=', '1.2')" },
  { looks: /\bnot\s+in\b/, hint: 'in CEL: !(item in list)' },
  { looks: /\|\s*(length|count)\b/, hint: 'in CEL: size(list)' },
  { looks: /\|\s*default\b/, hint: "in CEL: defined(name) ? name : 'other'" },
  { looks: /\|\s*(bool|int|string|lower|upper|trim)\b/, hint: 'in CEL: bool(name), int(name), lower(name)' },
  { looks: /(^|[^|])\|([^|]|$)/, hint: 'CEL has functions where Jinja has filters: size(list), lower(name)' },
  { looks: /\b(and|or|not)\b/, hint: 'in CEL: && for and, || for or, ! for not' },
  { looks: /\b(True|False|None)\b/, hint: 'in CEL: true, false and null' },
  { looks: /(^|[^=!<>])=([^=]|$)/, hint: 'compare with ==' },
  { looks: /\bif\b.*\belse\b/, hint: 'in CEL: condition ? this : that' },
];
