import * as z from 'zod';
import { words } from '../../model/arguments/scalars.ts';
import { withAnsibleNames } from './ansible/names.ts';
import { factsOf } from './host.ts';
import type { Facts } from './host.ts';
import { SUBSETS, probeFacts, sections } from './probe.ts';
import { defineModule } from '../../model/module.ts';

const args = z.strictObject({
  gather_subset: words
    .default(['all'])
    .describe(
      `Parts that cost something: ${SUBSETS.join(', ')}; \`all\`, \`min\` for none of them, \`!docker\` for all but one.`,
    ),
  filter: words.optional().describe('Only the facts with these names; * matches anything.'),
});

type Args = z.output<typeof args>;

export default defineModule<typeof args, Facts>({
  name: 'setup',
  aliases: ['gather_facts'],
  summary: 'Read the facts of a host',
  traits: { changesVariables: 'facts' },
  notes: ['Facts are read by themselves when something first asks for one; this reads them again, or only some.'],
  examples: `
- setup:
- setup:
    gather_subset: network
`,
  returns: { ansible_facts: 'All facts that were read, by their names with `ansible_`.' },
  args,
  probe: (args) => probeFacts(subsetsOf(args)),
  parse({ stdout }) {
    const found = sections(stdout);
    return withAnsibleNames(factsOf(found), found);
  },
  decide: ({ filter }, facts) => ({ kind: 'ok', result: { ansible_facts: filter ? filtered(facts, filter) : facts } }),
});

function subsetsOf({ gather_subset }: Args) {
  const wanted = gather_subset.filter((word) => !word.startsWith('!'));
  const unwanted = gather_subset.map((word) => word.replace(/^!/, '')).filter((word) => !wanted.includes(word));
  const all = wanted.length === 0 || wanted.includes('all');
  return SUBSETS.filter(
    (subset) => (all || wanted.includes(subset)) && !unwanted.includes(subset) && !unwanted.includes('all'),
  );
}

function filtered({ ansible, ...facts }: Facts, patterns: string[]): Facts {
  const known = patterns.map((pattern) => {
    const parts = pattern.replace(/^ansible_/, '').split('*');
    return new RegExp(`^${parts.map(escape).join('.*')}$`);
  });
  const matching = (all: Facts) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => known.some((one) => one.test(name))));
  const others = matching(ansible as Facts);
  return { ...matching(facts), ...(Object.keys(others).length > 0 && { ansible: others }) };
}

function escape(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
