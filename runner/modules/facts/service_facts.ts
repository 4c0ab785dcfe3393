import * as z from 'zod';
import { raw } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import { sections } from '../shared/sections.ts';

interface Service {
  name: string;
  state: string;
  status?: string;
  runlevel?: string;
  source: 'systemd' | 'openrc' | 'sysv';
}
type Services = Record<string, Service>;

const PROBE = `if [ -d /run/systemd/system ]; then
o=$(systemctl list-units --no-pager --plain --full --type service --all) || exit; echo @@units; printf '%s\\n' "$o"
o=$(systemctl list-unit-files --no-pager --full --type service --all) || exit; echo @@files; printf '%s\\n' "$o"
elif command -v rc-update >/dev/null 2>&1; then
o=$(rc-status -a) || exit; echo @@openrc; printf '%s\\n' "$o"
elif [ -d /etc/init.d ]; then
echo @@sysv; for f in /etc/init.d/*; do [ -f "$f" ] && [ -x "$f" ] || continue; n=\${f##*/}; if "$f" status >/dev/null 2>&1; then echo "$n running"; else echo "$n stopped"; fi; done
fi; echo @@end; echo .`;

const args = z.strictObject({});

export default defineModule<typeof args, Services>({
  name: 'service_facts',
  summary: 'Read which services there are and whether they run, as facts',
  notes: [
    'They are in `ansible_facts.services` and in the variable `services`: by name `{name, state, status, source}`; `state` is running, stopped, failed or inactive, `status` enabled, disabled, static, masked, not-found and the like.',
    'systemd and OpenRC are asked; without them, each script of /etc/init.d.',
  ],
  examples: `
- service_facts:
- debug: {msg: sshd runs}
  when: services["ssh.service"].state == "running"
`,
  returns: { ansible_facts: '`services`: by name `{name, state, status, source}`.' },
  args,
  traits: { addsFacts: ['services'] },
  probe: () => raw(PROBE),
  parse({ stdout }) {
    const found = sections(stdout);
    if (found.get('end') !== '.') throw new Error('the list of services is not complete');
    if (found.has('units')) return ofSystemd(listed(found.get('units')), listed(found.get('files')));
    if (found.has('openrc')) return ofOpenrc(lines(found.get('openrc')));
    return Object.fromEntries(
      lines(found.get('sysv')).map(([name = '', state = '']) => [name, { name, state, source: 'sysv' }]),
    );
  },
  decide: (_args, services) => ({ kind: 'ok', result: { ansible_facts: { services } } }),
});

const lines = (text = ''): string[][] =>
  text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first !== '');

/** The rows of a list of systemctl's, which says at its end how many there are: one that was cut off does not count. */
function listed(text = ''): string[][] {
  const rows = lines(text).filter(([name]) => name?.endsWith('.service'));
  const [, count] = /^(\d+) (?:loaded units|units|unit files) listed\./m.exec(text) ?? [];
  if (Number(count) === rows.length) return rows;
  throw new Error(
    `the list of services is not complete: systemctl reported ${count ?? 'no number of'} services and printed ${rows.length}`,
  );
}

/** What systemd says of a unit that is not as its file says. */
const BAD = ['not-found', 'masked', 'failed'];

/** As Ansible's own module reads the two lists. */
function ofSystemd(units: string[][], files: string[][]): Services {
  const services: Services = {};
  for (const fields of units) {
    const [name = '', , active = '', sub] = fields;
    const status = BAD.find((bad) => fields.slice(1, 4).includes(bad)) ?? active;
    services[name] = { name, state: sub === 'running' ? 'running' : 'stopped', status, source: 'systemd' };
  }
  for (const [name = '', status = ''] of files) {
    const known = services[name];
    if (known === undefined)
      services[name] = { name, state: name.includes('@.') ? 'unknown' : 'inactive', status, source: 'systemd' };
    else if (!BAD.includes(known.status as string)) known.status = status;
  }
  return services;
}

/** `rc-status -a`: titles `Runlevel: default`, and below them ` sshd [ started ]`. */
function ofOpenrc(rows: string[][]): Services {
  const services: Services = {};
  let runlevel = '';
  for (const row of rows) {
    if (row[0] === 'Runlevel:') runlevel = row[1] ?? '';
    const [, name, state] = /^(\S+) .*\[ *(\w+)/.exec(row.join(' ')) ?? [];
    if (name === undefined || state === undefined || services[name]) continue;
    services[name] = { name, runlevel, state: state === 'started' ? 'running' : state, source: 'openrc' };
  }
  return services;
}
