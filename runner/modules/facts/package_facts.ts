import * as z from 'zod';
import { raw } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { words } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';

/** How each package manager lists what is installed: a line a package, `|` between its fields, and a dot at its end. */
const MANAGERS = {
  apt: {
    tool: 'dpkg-query',
    list: `dpkg-query -W -f='\${db:Status-Status}|\${Package}|\${Version}|\${Architecture}|\${Section}|.\\n'`,
    fields: ['status', 'name', 'version', 'arch', 'category'],
  },
  rpm: {
    tool: 'rpm',
    list: `rpm -qa --qf='%{NAME}|%{VERSION}|%{RELEASE}|%{EPOCH}|%{ARCH}|.\\n'`,
    fields: ['name', 'version', 'release', 'epoch', 'arch'],
  },
  pacman: { tool: 'pacman', list: `pacman -Q | awk '{ print $1 "|" $2 "|." }'`, fields: ['name', 'version'] },
  apk: {
    tool: 'apk',
    list: `awk '/^P:/ { p = substr($0, 3) } /^V:/ { v = substr($0, 3) } /^A:/ { a = substr($0, 3) } /^$/ && p { print p "|" v "|" a "|."; p = "" } END { if (p) print p "|" v "|" a "|." }' /lib/apk/db/installed`,
    fields: ['name', 'version', 'arch'],
  },
} as const;

type Manager = keyof typeof MANAGERS;
/** Other names of Ansible's for those who list packages by rpm and dpkg. */
const ALIASES: Record<string, Manager> = { dnf: 'rpm', dnf5: 'rpm', yum: 'rpm', zypper: 'rpm', apt_rpm: 'rpm' };

const args = z.strictObject({
  manager: words
    .default(['auto'])
    .refine(
      (names) => names.every((name) => name === 'auto' || name in MANAGERS || name in ALIASES),
      `expected auto, ${Object.keys(MANAGERS).join(', ')}, or the name of a tool that uses rpm`,
    )
    .describe('Package managers to ask; `auto`: those that the host has.'),
  strategy: z
    .enum(['first', 'all'])
    .default('first')
    .describe('`first`: only the first one that the host has; `all`: each of them.'),
});

type Args = z.output<typeof args>;
type Package = Record<string, string | number | null>;

export default defineModule<typeof args, Record<string, Package[]>>({
  name: 'package_facts',
  summary: 'Read which packages are installed, as facts',
  notes: [
    'The packages are in `ansible_facts.packages` and in the variable `packages`: by name a list of `{name, version, source}` and what the manager knows besides (`arch`, `release`, `epoch`, `category`).',
    'In a check it reports what is installed now, without the packages that tasks before would install.',
  ],
  examples: `
- package_facts:
- debug:
    msg: "nginx is {{packages.nginx.[0].version}}"
  when: "'nginx' in packages"
`,
  args,
  traits: { addsFacts: ['packages'] },
  probe: (args) => probe(args),
  parse: ({ stdout }) => parse(stdout),
  decide: (_args, packages) =>
    'none' in packages && Array.isArray(packages.none) && packages.none.length === 0
      ? {
          kind: 'fail',
          message: 'this host has none of dpkg, rpm, pacman and apk',
          hint: 'Its packages cannot be listed.',
        }
      : { kind: 'ok', result: { ansible_facts: { packages } } },
});

function probe({ manager, strategy }: Args): Script {
  const names = manager.includes('auto') ? Object.keys(MANAGERS) : manager.map((name) => ALIASES[name] ?? name);
  const branches = [...new Set(names as Manager[])].map((name) => {
    const { tool, list } = MANAGERS[name];
    return `if ${strategy === 'first' ? '[ -z "$d" ] && ' : ''}command -v ${tool} >/dev/null 2>&1; then d=y; o=$(${list}) || exit; echo manager=${name}; printf '%s\\n' "$o"; fi`;
  });
  return raw(`d=\n${branches.join('\n')}\necho end=.`);
}

function parse(stdout: string): Record<string, Package[]> {
  if (!stdout.endsWith('end=.\n')) throw new Error('the list of packages is not complete');
  const packages: Record<string, Package[]> = {};
  let manager: Manager | undefined;
  for (const line of stdout.split('\n').slice(0, -2)) {
    const [, title] = /^manager=(\w+)$/.exec(line) ?? [];
    if (title !== undefined) manager = title as Manager;
    else if (manager === undefined || !line.endsWith('|.'))
      throw new Error(`the list of packages has an incomplete line: ${line}`);
    else if (!line.startsWith('config-files|')) add(packages, manager, line);
  }
  return manager === undefined ? { none: [] } : packages;
}

function add(packages: Record<string, Package[]>, manager: Manager, line: string): void {
  const values = line.split('|');
  const { status, ...fields } = Object.fromEntries(
    MANAGERS[manager].fields.map((name, i) => [name, values[i] as string]),
  );
  if (status !== undefined && !/^(installed|triggers-)/.test(status)) return;
  const found: Package = { ...fields, source: manager };
  if ('epoch' in found) found.epoch = found.epoch === '(none)' ? null : Number(found.epoch);
  (packages[fields.name as string] ??= []).push(found);
}
