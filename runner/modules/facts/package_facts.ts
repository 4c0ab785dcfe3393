import * as z from 'zod';
import { raw } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { words } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';
import { linesOf } from '../shared/program.ts';
import { sections } from '../shared/sections.ts';
import { WHOLE } from '../shared/whole.ts';

interface Lister {
  tool: string;
  /** Lists what is installed: a line a package, `|` between its fields, and a dot at its end. */
  list: string;
  /** Counts the packages without the tool, which may find that half of the list has come; prints nothing where it cannot. */
  count: string;
  fields: readonly string[];
}

/** States of a package of which dpkg has more than the name (dpkg(1)). */
const STATES = 'installed|config-files|half-installed|half-configured|unpacked|triggers-awaited|triggers-pending';

/** How each package manager lists what is installed. */
const MANAGERS = {
  apt: {
    tool: 'dpkg-query',
    list: `dpkg-query -W -f='\${db:Status-Status}|\${Package}|\${Version}|\${Architecture}|\${Section}|.\\n'`,
    // What dpkg is doing just now is in files beside the list.
    count: `set -- /var/lib/dpkg/updates/[0-9]*; [ -e "$1" ] || [ ! -r /var/lib/dpkg/status ] || grep -Ec '^Status: [a-z]+ [a-z-]+ (${STATES})$' /var/lib/dpkg/status || [ $? = 1 ]`,
    fields: ['status', 'name', 'version', 'arch', 'category'],
  },
  rpm: {
    tool: 'rpm',
    list: `rpm -qa --qf='%{NAME}|%{VERSION}|%{RELEASE}|%{EPOCH}|%{ARCH}|.\\n'`,
    count: ':',
    fields: ['name', 'version', 'release', 'epoch', 'arch'],
  },
  pacman: {
    tool: 'pacman',
    list: `_whole pacman -Q || exit; printf '%s\\n' "$_o" | while read -r n v; do echo "$n|$v|."; done`,
    count: 'set -- /var/lib/pacman/local/*/desc; [ ! -e "$1" ] || echo $#',
    fields: ['name', 'version'],
  },
  apk: {
    tool: 'apk',
    list: `awk '/^P:/ { p = substr($0, 3) } /^V:/ { v = substr($0, 3) } /^A:/ { a = substr($0, 3) } /^$/ && p { print p "|" v "|" a "|."; p = "" } END { if (p) print p "|" v "|" a "|." }' /lib/apk/db/installed`,
    count: "grep -c '^P:' /lib/apk/db/installed || [ $? = 1 ]",
    fields: ['name', 'version', 'arch'],
  },
} as const satisfies Record<string, Lister>;

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
  returns: { ansible_facts: '`packages`: by name a list of `{name, version, arch, source}`.' },
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
    const { tool, list, count } = MANAGERS[name];
    return `if ${strategy === 'first' ? '[ -z "$d" ] && ' : ''}command -v ${tool} >/dev/null 2>&1; then d=y; o=$(${list}) || exit; c=$(${count}) || exit; echo "@@${name} $c"; printf '%s\\n' "$o"; fi`;
  });
  return raw(`${WHOLE}\nd=\n${branches.join('\n')}\necho @@end; echo .`);
}

function parse(stdout: string): Record<string, Package[]> {
  const found = sections(stdout);
  if (found.get('end') !== '.') throw new Error('the list of packages is not complete');
  found.delete('end');
  const packages: Record<string, Package[]> = {};
  for (const [title, text] of found) {
    const [manager = '', count = ''] = title.split(' ');
    const lines = linesOf(text);
    const cut = lines.find((line) => !line.endsWith('|.'));
    if (cut !== undefined) throw new Error(`the list of packages has an incomplete line: ${cut}`);
    if (count !== '' && Number(count) !== lines.length)
      throw new Error(
        `the list of packages is not complete: ${lines.length} of ${count} came from ${MANAGERS[manager as Manager].tool}`,
      );
    for (const line of lines) if (!line.startsWith('config-files|')) add(packages, manager as Manager, line);
  }
  return found.size === 0 ? { none: [] } : packages;
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
