import { posix } from 'node:path';
import * as z from 'zod';
import { quote } from '../../model/script.ts';
import { flag, path, text } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision } from '../../model/module.ts';
import { mode as modeOf } from '../path/mode.ts';
import { parseTexts, plannedTexts, probeTexts, textsChange } from './texts.ts';
import type { Texts } from './texts.ts';

const several = z.union([text.transform((one) => [one]), z.array(text)], 'expected text, or a list');
const FLAGS = [
  'async',
  'enabled',
  'enablegroups',
  'gpgcheck',
  'keepalive',
  'module_hotfixes',
  'protect',
  'repo_gpgcheck',
  's3_enabled',
  'skip_if_unavailable',
  'ssl_check_cert_permissions',
  'sslverify',
] as const;
const LISTS = ['baseurl', 'exclude', 'gpgkey', 'includepkgs'] as const;
const TEXTS = [
  'bandwidth',
  'cost',
  'deltarpm_metadata_percentage',
  'deltarpm_percentage',
  'failovermethod',
  'gpgcakey',
  'http_caching',
  'include',
  'ip_resolve',
  'metadata_expire',
  'metadata_expire_filter',
  'metalink',
  'mirrorlist',
  'mirrorlist_expire',
  'password',
  'priority',
  'proxy',
  'proxy_password',
  'proxy_username',
  'retries',
  'sslcacert',
  'sslclientcert',
  'sslclientkey',
  'throttle',
  'timeout',
  'ui_repoid_vars',
  'username',
] as const;

const line = text.refine((value) => !/[\n\r]/.test(value), 'expected one line');
const each = <Name extends string, Type extends z.ZodType>(names: readonly Name[], make: (name: Name) => Type) =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Type>;

const args = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\s\][]+$/, 'expected an id without blanks and brackets')
      .describe('Id of the repository: the title of its section.'),
    description: line.optional().describe('Its name, as people read it.'),
    file: z
      .string()
      .regex(/^[\w.-]+$/, 'expected the name of a file, without .repo')
      .optional()
      .describe('Name of the file, without `.repo`; where not given, the id.'),
    reposdir: path.default('/etc/yum.repos.d').describe('Directory of the file.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the host has it.'),
    mode: modeOf.default('0644').describe('Permissions of a file that is written.'),
    ...each(FLAGS, (name) => flag.optional().describe(`The option \`${name}\` of yum.conf(5), 1 or 0.`)),
    ...each(LISTS, (name) =>
      several.optional().describe(`The option \`${name}\` of yum.conf(5): one value or several.`),
    ),
    ...each(TEXTS, (name) => line.optional().describe(`The option \`${name}\` of yum.conf(5).`)),
  })
  .refine(
    ({ state, baseurl, metalink, mirrorlist }) =>
      state === 'absent' || (baseurl ?? metalink ?? mirrorlist) !== undefined,
    'give baseurl, metalink or mirrorlist',
  )
  .refine(({ state, description }) => state === 'absent' || description !== undefined, 'give the description');

type Args = z.output<typeof args>;

export default defineModule<typeof args, Texts>({
  name: 'yum_repository',
  summary: 'Manage a repository of yum and dnf',
  notes: [
    'The section is what the task says and nothing else; other sections of the file stay. A file without sections is removed.',
  ],
  examples: `
- yum_repository:
    name: epel
    description: Extra packages
    baseurl: https://download.fedoraproject.org/pub/epel/$releasever/$basearch/
    gpgkey: https://download.fedoraproject.org/pub/epel/RPM-GPG-KEY-EPEL-9
    gpgcheck: true
`,
  returns: { repo: 'Its name.', state: '`present` or `absent`.' },
  args,
  secrets: ({ password, proxy_password }) => [password, proxy_password].filter((one) => one !== undefined),
  probe: (args) => probeTexts([quote(fileOf(args))]),
  parse: parseTexts,
  decide,
});

const fileOf = ({ reposdir, file, name }: Args) => posix.join(reposdir, `${file ?? name}.repo`);

function decide(args: Args, found: Texts, context: DecideContext): Decision<Texts> {
  const path = fileOf(args);
  const before = plannedTexts(found, [path], context);
  const text = edited(before[path] ?? '', args);
  const after: Texts = text.trim() === '' ? {} : { [path]: text };
  const result = { repo: args.name, state: args.state };
  if (before[path] === after[path]) return { kind: 'ok', result };
  return { ...textsChange(before, after, args.mode), result };
}

/** Sections, each with its title, as they are in the file; what is before the first one comes first. */
const sectionsOf = (text: string): string[] => text.split(/^(?=\[)/m);

function edited(text: string, args: Args): string {
  const parts = sectionsOf(text);
  const at = parts.findIndex((part) => part.startsWith(`[${args.name}]`));
  if (args.state === 'absent') return parts.filter((_, i) => i !== at).join('');
  const options = optionsOf(args);
  if (at < 0)
    return `${text}${text === '' || text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n'}${sectionText(args.name, options)}`;
  if (same(parts[at] as string, options)) return text;
  return parts.with(at, `${sectionText(args.name, options)}${at < parts.length - 1 ? '\n' : ''}`).join('');
}

function optionsOf(args: Args): [name: string, value: string][] {
  const shown = (value: unknown) =>
    typeof value === 'boolean' ? (value ? '1' : '0') : Array.isArray(value) ? value.join('\n') : String(value);
  const all = {
    name: args.description,
    ...Object.fromEntries([...FLAGS, ...LISTS, ...TEXTS].map((name) => [name, args[name]])),
  };
  return Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, string] => [name, shown(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Further lines of a value are indented, as Python's parser of such files wants it. */
const sectionText = (name: string, options: [string, string][]) =>
  `[${name}]\n${options.map(([key, value]) => `${key} = ${value.replaceAll('\n', '\n\t')}\n`).join('')}`;

/** Whether a section says the same, in whatever order and layout. */
function same(section: string, options: [string, string][]): boolean {
  const found: [string, string][] = [];
  for (const line of section.split('\n').slice(1)) {
    const last = found.at(-1);
    const [, key, value = ''] = /^([^\s=:#;][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined) found.push([key, value]);
    else if (last && /^\s+\S/.test(line)) last[1] = `${last[1]}\n${line.trim()}`;
  }
  return JSON.stringify(found.sort(([a], [b]) => (a < b ? -1 : 1))) === JSON.stringify(options);
}
