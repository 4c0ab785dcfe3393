import * as z from 'zod';
import { argv } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { flag, text, whole } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { Diff } from '../../model/events.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { runs } from '../shared/attribute.ts';
import { byProgram, lacking } from '../shared/program.ts';
import type { Lacking } from '../shared/program.ts';
import { FAMILIES, parseUfw, probeUfw } from './ufw-state.ts';
import type { State } from './ufw-state.ts';

const address = text.describe('An address, a network, or `any`.');
const ports = text.describe('A port, a range `8000:8010`, or several with commas.');

const args = z
  .strictObject({
    state: z
      .enum(['enabled', 'disabled', 'reloaded', 'reset'])
      .optional()
      .describe('`enabled`: it filters, after a boot too; `reloaded` and `reset` are done each time.'),
    default: z
      .enum(['allow', 'deny', 'reject'])
      .optional()
      .describe('What happens to packets that no rule is for, in the `direction`; incoming where none is given.'),
    logging: z
      .union([z.enum(['on', 'off', 'low', 'medium', 'high', 'full']), z.boolean()])
      .transform((value) => (typeof value === 'boolean' ? (value ? 'on' : 'off') : value))
      .optional()
      .describe('What is logged; `on` is any level.'),
    rule: z
      .enum(['allow', 'deny', 'limit', 'reject'])
      .optional()
      .describe('What happens to the packets that are meant.'),
    direction: z
      .enum(['in', 'incoming', 'out', 'outgoing', 'routed'])
      .optional()
      .describe('Direction of a rule or a default.'),
    interface: text.optional().describe('The interface, in the `direction`.'),
    interface_in: text.optional().describe('The interface that packets come in by.'),
    interface_out: text.optional().describe('The interface that packets go out by.'),
    from_ip: address.default('any').describe('Where packets come from.'),
    from_port: ports.optional().describe('Their source port.'),
    to_ip: address.default('any').describe('Where packets go to.'),
    to_port: ports.optional().describe('Their destination port: one, a range `8000:8010`, or several with commas.'),
    proto: z
      .enum(['any', 'tcp', 'udp', 'ipv6', 'esp', 'ah', 'gre', 'igmp', 'vrrp'])
      .optional()
      .describe('Their protocol.'),
    name: text.optional().describe('A profile of /etc/ufw/applications.d, instead of ports.'),
    log: flag.default(false).describe('Log new connections that the rule is for.'),
    route: flag.default(false).describe('The rule is for packets that are forwarded.'),
    comment: text
      .refine((one) => !/['\r\n]/.test(one), 'expected one line without single quotes, which ufw does not take')
      .optional()
      .describe('A comment of the rule.'),
    delete: flag.default(false).describe('The rule is not there.'),
    insert: whole
      .optional()
      .describe('Number of a new rule among the others, from 1. One that is there already stays where it is.'),
    insert_relative_to: z
      .enum(['zero', 'first-ipv4', 'last-ipv4', 'first-ipv6', 'last-ipv6'])
      .default('zero')
      .describe('What `insert` counts from.'),
  })
  .refine(
    (args) => [args.state, args.default, args.logging, args.rule].some((one) => one !== undefined),
    'give state, default, logging or rule',
  )
  .refine(
    ({ interface: name, direction }) => name === undefined || direction === 'in' || direction === 'out',
    'interface needs the direction in or out',
  )
  .refine(
    ({ interface: name, interface_in, interface_out }) =>
      name === undefined || (interface_in === undefined && interface_out === undefined),
    'give either interface, or interface_in and interface_out',
  )
  .refine(
    ({ name, proto }) => name === undefined || proto === undefined,
    'a profile has its own protocols: give either name or proto',
  );

type Args = z.output<typeof args>;

export default defineModule<typeof args, State | Lacking>({
  name: 'ufw',
  summary: 'Manage the firewall ufw: its rules, defaults and whether it is on',
  traits: { effects: 'network' },
  notes: [
    'Allow SSH by a task before the one that enables it.',
    'Whether a rule is there is what `ufw --dry-run` says, which writes nothing.',
  ],
  examples: `
- ufw: {rule: allow, port: ssh, proto: tcp}
- ufw: {rule: allow, src: 10.0.0.0/8, port: '8000:8010', proto: tcp, comment: the proxy}
- ufw: {state: enabled, policy: deny}
`,
  args,
  synonyms: {
    policy: 'default',
    from: 'from_ip',
    src: 'from_ip',
    to: 'to_ip',
    dest: 'to_ip',
    port: 'to_port',
    if: 'interface',
    if_in: 'interface_in',
    if_out: 'interface_out',
    protocol: 'proto',
    app: 'name',
  },
  ...byProgram<Args, State>(
    { command: 'ufw', from: 'the package ufw' },
    {
      probe: (args) => probeUfw(args.rule && ruleWords(args)),
      parse: parseUfw,
      decide,
    },
  ),
});

/** The words of a rule, as ufw's command line takes them; `place` is the number to insert it at. */
function ruleWords(args: Args, place?: number): string[] {
  const pairs: [string, string | undefined][] = [
    ['from', args.from_ip],
    ['port', args.from_port],
    ['to', args.to_ip],
    ['port', args.to_port],
    ['proto', args.proto],
    ['app', args.name],
    ['comment', args.comment],
  ];
  const ways: [string, string | undefined][] = [
    ['on', args.interface],
    ['in on', args.interface_in],
    ['out on', args.interface_out],
  ];
  const given = (list: typeof pairs) =>
    list.flatMap(([word, value]) => (value === undefined ? [] : [...word.split(' '), value]));
  const direction = args.direction?.replace(/^(in|out)(?:com|go)ing$/, '$1');
  return [
    ...(args.route ? ['route'] : []),
    ...(args.delete ? ['delete'] : []),
    ...(place === undefined ? [] : ['insert', String(place)]),
    args.rule as string,
    ...(direction === undefined || direction === 'routed' ? [] : [direction]),
    ...given(ways),
    ...(args.log ? ['log'] : []),
    ...given(pairs),
  ];
}

function decide(args: Args, state: State, context: DecideContext): Decision<State> {
  if (state.error !== undefined)
    return lacking(
      context,
      `ufw refuses the rule: ${state.error}`,
      'Read ufw(8), and run the same with `ufw --dry-run`.',
    );
  const parts = [turned(args, state), withDefault(args, state), ruled(args, state), logged(args, state)];
  const diff = parts.flatMap((part) => part?.diff ?? []);
  const scripts = parts.flatMap((part) => (part && part.diff.length > 0 ? [part.script] : []));
  return diff.length === 0 ? { kind: 'ok' } : { kind: 'change', diff, steps: runs(scripts) };
}

/** A part of the change; no difference, nothing to do. */
interface Part {
  diff: Diff[];
  script: Script;
}

function turned({ state: wanted }: Args, { active, enabled }: State): Part | undefined {
  if (wanted === undefined) return undefined;
  const word = { enabled: 'enable', disabled: 'disable', reloaded: 'reload', reset: 'reset' }[wanted];
  const script = argv('ufw', '-f', word);
  if (wanted === 'reloaded' || wanted === 'reset')
    return { diff: [{ what: 'ufw', before: null, after: wanted }], script };
  const on = wanted === 'enabled';
  const shown = (value: boolean) => (value ? 'enabled' : 'disabled');
  const diff = [
    { what: 'ufw', before: shown(active), after: wanted },
    { what: 'ufw after a boot', before: shown(enabled), after: wanted },
  ].filter(({ before }) => before !== shown(on));
  return { diff, script };
}

function withDefault({ default: wanted, direction = 'incoming' }: Args, { policies }: State): Part | undefined {
  if (wanted === undefined) return undefined;
  const way = direction === 'in' ? 'incoming' : direction === 'out' ? 'outgoing' : direction;
  const before = policies[way] ?? null;
  const diff = before === wanted ? [] : [{ what: `ufw default, ${way}`, before, after: wanted }];
  return { diff, script: argv('ufw', 'default', wanted, way) };
}

function logged({ logging: wanted }: Args, { logging }: State): Part | undefined {
  if (wanted === undefined) return undefined;
  const right = wanted === 'on' ? logging !== 'off' : logging === wanted;
  return {
    diff: right ? [] : [{ what: 'ufw logging', before: logging, after: wanted }],
    script: argv('ufw', 'logging', wanted),
  };
}

/** Rules that go and come, by family. */
function ruled(args: Args, { rules, after }: State): Part | undefined {
  if (args.rule === undefined) return undefined;
  const diff = FAMILIES.flatMap((family): Diff[] => {
    const [now, then = now] = [rules[family], after[family]];
    const what = family === 4 ? 'ufw rule' : 'ufw rule, IPv6';
    const gone = now
      .filter((rule) => !then.includes(rule))
      .map((rule) => ({ what, before: shownRule(rule), after: null }));
    const come = then
      .filter((rule) => !now.includes(rule))
      .map((rule) => ({ what, before: null, after: shownRule(rule) }));
    return [...gone, ...come];
  });
  return { diff, script: argv('ufw', ruleWords(args, placeOf(args, rules))) };
}

/** The comment in words: ufw keeps it in hex. */
const shownRule = (rule: string) =>
  rule.replace(/ comment=([0-9a-f]+)$/, (_, hex: string) => ` # ${Buffer.from(hex, 'hex').toString()}`);

/** Where a rule is inserted; behind the last one ufw wants no number. */
function placeOf({ insert, insert_relative_to: from, delete: gone }: Args, rules: State['rules']): number | undefined {
  if (insert === undefined || gone) return undefined;
  const [four, six] = [rules[4].length, rules[6].length];
  const last = four + six;
  const starts = {
    zero: 0,
    'first-ipv4': 1,
    'last-ipv4': four || 1,
    'first-ipv6': four + 1,
    'last-ipv6': six > 0 ? last : last + 1,
  };
  const place = starts[from] + insert;
  return place > last ? undefined : place;
}
