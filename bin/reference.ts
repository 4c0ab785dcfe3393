import { z } from 'zod';
import { argumentDocs } from '../runner/api/schemas/argument-docs.ts';
import { statusTests } from '../runner/language/conditions/cel-functions.ts';
import * as keywords from '../runner/playbook/keywords/keywords.ts';
import { conditions, environment, filled, hosts, fileNames } from '../runner/playbook/keywords/kinds.ts';
import type { Keywords } from '../runner/playbook/keywords/keywords.ts';
import { eventSchema } from '../runner/reporters/jsonl-schema.ts';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Words for what has more spellings than people should think of. */
const WORDS = new Map<z.core.$ZodTypeDef, string>([
  [filled.def, 'text'],
  [hosts.def, 'text or list of text'],
  [conditions.def, 'condition or list of conditions'],
  [environment.def, 'mapping'],
  [fileNames.def, 'text or list of text'],
]);

/** A table of fields, from their schemas. */
function fields(shape: Record<string, z.ZodType>, columns: readonly [string, string, string]): string {
  const words = Object.entries(shape).flatMap(([name, schema]) => {
    const word = WORDS.get((schema as z.ZodType<unknown>).def as z.core.$ZodTypeDef);
    return word === undefined ? [] : [[name, word]];
  });
  const rows = argumentDocs(z.object(shape), Object.fromEntries(words) as Record<string, string>)
    .filter(({ name }) => !/[.[]/.test(name))
    .map(({ name, type, description }) => `| \`${name}\` | ${cell(type)} | ${cell(description)} |`);
  return [`| ${columns.join(' | ')} |`, '|---|---|---|', ...rows].join('\n');
}

const SECTIONS: readonly [title: string, prose: string, keywords: Keywords][] = [
  ['Plays', 'An entry of a playbook that has `hosts`.', keywords.playKeywords],
  ['Imported playbooks', 'An entry of a playbook that has `import_playbook`.', keywords.importPlaybookKeywords],
  ['Tasks', 'Besides the module, which is a keyword with its arguments.', keywords.taskKeywords],
  ['Handlers', 'All those of tasks, and:', difference(keywords.handlerKeywords, keywords.taskKeywords)],
  ['Blocks', '', keywords.blockKeywords],
  ['Imports of tasks and roles', '`import_tasks` and `import_role`.', keywords.importKeywords],
  ['Includes of tasks and roles', '`include_tasks` and `include_role`.', keywords.includeKeywords],
  ['Entries of `roles`', 'Any other key is a variable of the role.', keywords.roleKeywords],
  ['`loop_control`', '', keywords.loopControlKeywords],
  ['`guarded`', '[Guarded changes](guarded.md).', keywords.guardedKeywords],
  ['`vars_prompt`', '', keywords.promptKeywords],
];

function difference(all: Keywords, without: Keywords): Keywords {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !(name in without)));
}

/** docs/keywords.md, whole: every keyword where it may stand, and the tests that conditions have for results. */
export function keywordsMarkdown(): string {
  const sections = SECTIONS.map(([title, prose, shape]) =>
    [`## ${title}`, ...(prose ? [prose] : []), fields(shape, ['keyword', 'type', 'what it does'])].join('\n\n'),
  );
  const tests = Object.entries(statusTests).map(([name, { summary }]) => `| \`${name}(result)\` | ${cell(summary)} |`);
  return `# Keywords

Written by \`npm run docs\` from the definitions that validate playbooks; \`xrun schema playbook\` has the same for editors. Values may be templates
where [templates.md](templates.md) does not say otherwise. What differs from Ansible's keywords of the same names is in [from-ansible.md](from-ansible.md).

${sections.join('\n\n')}

## Tests of results

In [conditions](templates.md#conditions), of a variable that \`register\` made:

| test | holds where |
|---|---|
${tests.join('\n')}
`;
}

/** docs/events.md, whole: every line that \`--jsonl\` may write. */
export function eventsMarkdown(): string {
  const [first] = eventSchema.options;
  const common = ['ts', 'run_id', 'version'];
  const shapes = eventSchema.options.map(({ shape }) => shape as Record<string, z.ZodType>);
  const only = (shape: Record<string, z.ZodType>, wanted: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(shape).filter(([name]) => name !== 'type' && wanted(name)));
  const columns = ['field', 'type', 'what it is'] as const;
  const sections = shapes.map((shape) => {
    const { value } = shape.type as z.ZodLiteral<string>;
    return `## ${value}\n\n${fields(
      only(shape, (name) => !common.includes(name)),
      columns,
    )}`;
  });
  return `# Events

Written by \`npm run docs\`; \`xrun schema events\` prints the same as a JSON Schema. Each line of \`--jsonl FILE\` and \`-o jsonl\` is one event. Fields may be added from
release to release; those that are there stay. Secrets are masked before an event is made.

Every event has its \`type\`, and:

${fields(
  only(first!.shape as Record<string, z.ZodType>, (name) => common.includes(name)),
  columns,
)}

${sections.join('\n\n')}
`;
}
