import type { ArgumentDocs, ModuleDocs } from '../../api/index.ts';

/** docs/modules.md, whole. */
export function modulesMarkdown(modules: readonly ModuleDocs[]): string {
  const index = modules.map(({ name, summary }) => `| [\`${name}\`](#${name}) | ${cell(summary)} |`);
  return [
    '# Modules',
    '',
    'Written by `npm run docs` from the definitions that validate and run them; `xrun modules NAME` shows the same.',
    '',
    '| module | what it does |',
    '|---|---|',
    ...index,
    '',
    ...modules.flatMap(section),
  ].join('\n');
}

function section(module: ModuleDocs): string[] {
  const also =
    module.aliases.length > 0 ? [`Also: ${module.aliases.map((alias) => `\`${alias}\``).join(', ')}.`, ''] : [];
  const free = module.freeForm === undefined ? [] : [`\`${module.name}: TEXT\` gives \`${module.freeForm}\`.`, ''];
  return [
    `## ${module.name}`,
    '',
    `${module.summary}.`,
    '',
    ...also,
    ...module.notes.flatMap((note) => [note, '']),
    ...free,
    ...table(module.arguments),
    ...returned(module),
    '```yaml',
    module.examples,
    '```',
    '',
  ];
}

function table(list: readonly ArgumentDocs[]): string[] {
  if (list.length === 0) return ['No arguments.', ''];
  return ['| argument | type | default | |', '|---|---|---|---|', ...list.map(row), ''];
}

function returned({ returns }: ModuleDocs): string[] {
  const rows = Object.entries(returns).map(
    ([name, what]) => `| ${name === '*' ? '...' : `\`${name}\``} | ${cell(what)} |`,
  );
  return rows.length === 0 ? [] : ['| result | |', '|---|---|', ...rows, ''];
}

function row({ name, type, required, default: preset, description }: ArgumentDocs): string {
  return `| \`${name}\` | ${cell(type)} | ${required ? '**required**' : preset === undefined ? '' : `\`${cell(preset)}\``} | ${cell(description)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
