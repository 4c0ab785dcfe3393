import { groups } from './registry.ts';
import type { Helper } from './helper.ts';
import { helperUsage } from './usage.ts';

/** The helpers as sections and tables, for docs/templates.md. */
export function helpersMarkdown(): string {
  return groups.map(({ title, helpers }) => `### ${title}\n\n${table(helpers)}\n`).join('\n');
}

function table(helpers: readonly Helper[]): string {
  const rows = helpers.map((helper) => `| ${code(helperUsage(helper))} | ${summary(helper)} | ${example(helper)} |`);
  return ['| Helper | Gives | Example |', '|---|---|---|', ...rows].join('\n');
}

function summary({ summary: text, templatesOnly }: Helper): string {
  return escaped(templatesOnly ? `${text} Templates only.` : text);
}

function example({ example: { template, vars, result } }: Helper): string {
  const given = vars ? ` with ${code(JSON.stringify(vars).slice(1, -1))}` : '';
  return `${code(template)}${given} is ${code(typeof result === 'string' ? result : JSON.stringify(result))}`;
}

/** A table cell cannot hold line breaks or bars, nor code that is empty. */
function code(text: string): string {
  const shown = text.replaceAll('\n', '\\n');
  if (shown === '') return 'empty';
  return shown.includes('`') ? `\`\` ${escaped(shown)} \`\`` : `\`${escaped(shown)}\``;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
