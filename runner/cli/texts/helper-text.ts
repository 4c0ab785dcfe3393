import type { HelperDocs } from '../../api/index.ts';
import { oneLine } from '../../diagnostics/clean.ts';
import type { Style } from '../../reporters/text/style.ts';

/** One line a helper, below the title of its group. */
export function helperIndex(helpers: readonly HelperDocs[], pen: Style): string[] {
  const width = Math.max(0, ...helpers.map(({ usage }) => usage.length));
  const titles = [...new Set(helpers.map(({ group }) => group))];
  return titles.flatMap((title, i) => [
    ...(i > 0 ? [''] : []),
    pen.bold(title),
    ...helpers
      .filter(({ group }) => group === title)
      .map(({ usage, summary }) => `  ${pen.cyan(oneLine(usage.padEnd(width)))}  ${oneLine(summary)}`),
  ]);
}

/** A helper's page for the terminal. */
export function helperText(
  { name, group, usage, summary, named, templatesOnly, example }: HelperDocs,
  pen: Style,
): string[] {
  const condition = templatesOnly ? 'templates only' : `also a function of conditions: ${name}(...)`;
  return [
    `${pen.bold(name)}: ${oneLine(summary)}`,
    pen.gray(`${group}; ${condition}`),
    '',
    pen.bold('Usage'),
    `  {{${oneLine(usage)}}}`,
    ...Object.entries(named).map(([key, meaning]) => `  ${pen.cyan(`${key}=`)}  ${oneLine(meaning)}`),
    '',
    pen.bold('Example'),
    `  ${oneLine(example.template)}`,
    ...(example.vars ? [`  with ${shown(example.vars)}`] : []),
    `  gives ${shown(example.result)}`,
  ];
}

function shown(value: unknown): string {
  return oneLine(JSON.stringify(value) ?? String(value));
}
