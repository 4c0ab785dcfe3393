import * as z from 'zod';
import { absolutePath, text, words } from '../../model/arguments/scalars.ts';
import type { Diff } from '../../model/events.ts';
import { defineModule } from '../../model/module.ts';
import type { Decision } from '../../model/module.ts';
import { argv } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { splitProblem, splitWords } from '../../model/words.ts';
import { Pattern, patternProblem } from '../../language/regex/pattern.ts';
import { runs } from '../shared/attribute.ts';
import { parseLeftovers, probeLeftovers } from './leftovers/found.ts';
import type { Found, Table } from './leftovers/found.ts';

const pattern = text.refine((source) => patternProblem(source) === undefined, 'expected a regular expression');

const args = z.strictObject({
  links: pattern.optional().describe('Interfaces whose whole name this matches are deleted.'),
  emptied: words.default([]).describe('Interfaces that the kernel keeps: their addresses go, and they are set down.'),
  routes_within: text
    .optional()
    .describe(
      'IPv4 routes to networks within this one go that lead to a router or nowhere; what hangs on an interface stays.',
    ),
  route_protocol: text.optional().describe('Only routes that say that they were made by this: `bird`.'),
  programs: words.default(['iptables']).describe('The programs whose rules are looked at.'),
  chains: pattern
    .optional()
    .describe('Chains whose whole name this matches are emptied and removed, and rules that lead to them.'),
  rules: z
    .array(pattern)
    .default([])
    .describe('Rules that one of these matches anywhere in them go; they are as `iptables -S` prints them.'),
  comments: pattern
    .default('^$')
    .describe('A rule with a comment goes only where this matches the comment: others sign theirs, too.'),
  keep: z.array(text).default([]).describe('Rules that stay, as `iptables -S` prints them.'),
  nft_tables: words.default([]).describe('Tables of nftables, as `ip flannel-ipv4`.'),
  sets: pattern.optional().describe('Sets of ipset whose whole name this matches are destroyed.'),
  paths: z
    .array(absolutePath)
    .default([])
    .describe('Files, sockets and directories, removed with all that is in them.'),
});
type Args = z.output<typeof args>;

export default defineModule<typeof args, Found>({
  name: 'network_leftovers',
  summary: 'Remove what the programs of a network leave behind on a host when they stop',
  notes: ['Only what the arguments name is removed. A program that the host lacks has left nothing behind.'],
  examples: `
- network_leftovers:
    links: flannel[-.\\w]*
    chains: FLANNEL[-A-Z]*
    nft_tables: [ip flannel-ipv4, ip6 flannel-ipv6]
    paths: [/run/flannel]
`,
  args,
  fresh: true,
  traits: { effects: 'network' },
  probe: ({ programs, routes_within, paths }) => probeLeftovers({ programs, within: routes_within, paths }),
  parse: ({ stdout }) => parseLeftovers(stdout),
  decide,
  prove: true,
});

/** One thing that goes: as a diff names it, and how. */
interface Gone {
  what: string;
  before: string;
  script: Script;
}

function decide(asked: Args, found: Found): Decision<Found> {
  // Rules before the chains and sets that they name, interfaces before routes, which go with them.
  const gone = [
    ...found.tables.flatMap((table) => rulesOf(asked, table)),
    ...found.tables.flatMap((table) => chainsOf(asked, table)),
    ...linksOf(asked, found),
    ...routesOf(asked, found),
    ...named(asked.sets, found.sets).map((set) => one(`set ${set}`, argv('ipset', 'destroy', set))),
    ...found.nftTables
      .filter((table) => asked.nft_tables.includes(table))
      .map((table) => one(`nft table ${table}`, argv('nft', 'delete', 'table', table.split(' ')))),
    ...found.paths.map((path) => one(path, argv('rm', '-rf', path))),
  ];
  if (gone.length === 0) return { kind: 'ok' };
  const diff: Diff[] = gone.map(({ what, before }) => ({ what, before, after: null }));
  return { kind: 'change', diff, steps: runs(gone.map(({ script }) => script)) };
}

const one = (what: string, script: Script, before = 'present'): Gone => ({ what, before, script });

/** The names that a pattern matches from end to end; none where there is no pattern. */
function named(source: string | undefined, names: readonly string[]): string[] {
  if (source === undefined) return [];
  const whole = new Pattern(`^(?:${source})$`);
  return names.filter((name) => whole.test(name));
}

function linksOf(asked: Args, found: Found): Gone[] {
  const emptied = found.addressed.filter((link) => asked.emptied.includes(link));
  return [
    ...named(asked.links, found.links).map((link) => one(`link ${link}`, argv('ip', 'link', 'delete', link))),
    ...[...new Set(emptied)].flatMap((link) => [
      one(`${link} addresses`, argv('ip', 'address', 'flush', 'dev', link)),
      one(`${link} state`, argv('ip', 'link', 'set', link, 'down'), 'up'),
    ]),
  ];
}

function routesOf(asked: Args, found: Found): Gone[] {
  const links = named(asked.links, found.links);
  return found.routes
    .filter(({ type, via }) => type !== '' || via !== undefined)
    .filter(({ protocol }) => asked.route_protocol === undefined || protocol === asked.route_protocol)
    .filter(({ dev }) => !links.includes(dev ?? ''))
    .map(({ type, to }) => one(`route ${to}`, argv('ip', '-4', 'route', 'delete', ...(type ? [type] : []), to)));
}

/** Rules outside of the chains that go: those that lead there, and those that were asked for. */
function rulesOf(asked: Args, { program, table, lines }: Table): Gone[] {
  const patterns = asked.rules.map((source) => new Pattern(source));
  const comments = new Pattern(asked.comments);
  const chains = named(asked.chains, chainsIn(lines));
  return lines.flatMap((line) => {
    const [option, chain = '', ...rest] = splitProblem(line) === undefined ? splitWords(line) : [];
    if (option !== '-A' || chains.includes(chain) || asked.keep.includes(line)) return [];
    const comment = rest[rest.indexOf('--comment') + 1];
    const signed = rest.includes('--comment') && !comments.test(comment ?? '');
    const leads = rest.some((word, i) => (word === '-j' || word === '-g') && chains.includes(rest[i + 1] ?? ''));
    if (!leads && (signed || !patterns.some((wanted) => wanted.test(line)))) return [];
    return [one(`${program} ${table} rule`, argv(program, '-w', '-t', table, '-D', chain, ...rest), line)];
  });
}

function chainsOf(asked: Args, { program, table, lines }: Table): Gone[] {
  const chains = named(asked.chains, chainsIn(lines));
  const call = (option: string, chain: string) => argv(program, '-w', '-t', table, option, chain);
  return [
    // All are emptied before one is removed: they lead to each other.
    ...chains.map((chain) => one(`${program} ${table} chain ${chain} rules`, call('-F', chain))),
    ...chains.map((chain) => one(`${program} ${table} chain ${chain}`, call('-X', chain))),
  ];
}

const chainsIn = (lines: readonly string[]) => lines.flatMap((line) => /^-N (\S+)$/.exec(line)?.[1] ?? []);
