import * as z from 'zod';
import { raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { absolutePath, flag, text, words } from '../../model/arguments/scalars.ts';
import { defineModule } from '../../model/module.ts';

/** One thing that a host has under a name that was asked for. */
interface Found {
  kind: string;
  name: string;
  value: string;
  more: string;
}

interface Ownership {
  /** What a playbook noted when it first changed the host; empty where it did not. */
  note: Record<string, unknown>;
  docker0: Record<string, unknown>;
  /** /etc/docker/daemon.json. */
  settings: Record<string, unknown>;
  found: Found[];
}

const names = words.default([]);
const args = z.strictObject({
  playbook: text.describe('The playbook whose note is read: /var/lib/xrun/host-PLAYBOOK.json.'),
  units: names.describe('Units that the playbook writes to /etc/systemd/system, without `.service`.'),
  files: z.array(absolutePath).default([]).describe('Other files that it writes.'),
  services: names.describe('Services of others that it stops.'),
  sysctls: names.describe('Settings of the kernel that it changes, as `net/ipv4/ip_forward`.'),
  rules: z.array(text).default([]).describe('Rules of the chain FORWARD that it adds, as `iptables -S` shows them.'),
  docker: flag.default(true).describe('Whether Docker is asked for containers, images and docker_gwbridge.'),
  containers: names.describe('Containers that it makes; one without the label `xrun.playbook` is of others.'),
  images: names.describe('Images that it brings.'),
});
type Args = z.output<typeof args>;

export default defineModule<typeof args, Ownership>({
  name: 'ownership',
  summary: 'Report what a host has under the names that a playbook writes to, and whose it is',
  notes: [
    'It only reads. The result has `note`, `docker0` and `settings` (/etc/docker/daemon.json), each empty where the file does not exist, and `found`: a list of `{kind, name, value, more}`.',
    'Kinds: `file` and `unit` with the value `xrun` where their first lines say "Written by xrun", else `foreign`; `state` of a unit, enabled and active; `service` that runs; `sysctl` with its value; `rule`; `container` of others; `image`; `gwbridge`.',
  ],
  examples: `
- ownership:
    playbook: weave
    units: [weave]
    sysctls: [net/ipv4/ip_forward]
  register: own
`,
  returns: {
    note: 'What the playbook noted when it first changed the host.',
    docker0: "The same of Docker's bridge.",
    settings: '/etc/docker/daemon.json.',
    found: 'A list of `{kind, name, value, more}`.',
  },
  args,
  fresh: true,
  traits: { effects: 'none' },
  probe,
  parse({ stdout }) {
    const records = stdout.split('\n@@').slice(1).map(recordOf);
    if (records.at(-1)?.kind !== 'end') throw new Error('the report of what the host has is incomplete');
    const content = (kind: string) => objectOf(records.find((one) => one.kind === kind)?.value, kind);
    return {
      note: content('note'),
      docker0: content('docker0'),
      settings: content('settings'),
      found: records.filter(({ kind }) => !['note', 'docker0', 'settings', 'end'].includes(kind)),
    };
  },
  decide: (_args, ownership) => ({ kind: 'ok', result: { ...ownership } }),
});

/** `kind name`, then the value's lines, each with a blank before it; what else is to be said of it comes last, behind a `+`. */
function recordOf(record: string): Found {
  const [title = '', ...lines] = record.split('\n');
  const [, kind = '', name = ''] = /^(\S+) ?(.*)$/.exec(title) ?? [];
  const after = (sign: string) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
  return { kind, name, value: after(' ').join('\n'), more: after('+').join('\n') };
}

function objectOf(json: string | undefined, kind: string): Record<string, unknown> {
  if (!json?.trim()) return {};
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`expected a mapping in the file of ${kind}`);
  return value as Record<string, unknown>;
}

/** `say KIND NAME VALUE MORE` prints a record. What cannot be read although it is there ends the probe. */
const FUNCTIONS = `say() { printf '\\n@@%s %s\\n' "$1" "$2"; printf '%s\\n' "$3" | sed 's/^/ /'; [ -z "$4" ] || printf '+%s\\n' "$4"; }
content() { [ ! -e "$2" ] || { o=$(cat "$2") && say "$1" "$2" "$o"; }; }
whose() { if head -n 9 "$1" 2>/dev/null | grep -q 'Written by xrun'; then echo xrun; else echo foreign; fi; }`;

function probe(asked: Args): Script {
  return sh`${raw(FUNCTIONS)}
content note ${`/var/lib/xrun/host-${asked.playbook}.json`} && content docker0 /var/lib/xrun/docker0.json && content settings /etc/docker/daemon.json || exit
for f in ${[...asked.units.map((unit) => `/etc/systemd/system/${unit}.service`), ...asked.files]}; do [ ! -e "$f" ] || say file "$f" "$(whose "$f")"; done
${probeUnits(asked)}
for s in ${asked.sysctls}; do [ ! -e "/proc/sys/$s" ] || { o=$(cat "/proc/sys/$s") && say sysctl "$s" "$o"; } || exit; done
${asked.rules.length > 0 && probeRules(asked.rules)}
${asked.docker && probeDocker(asked)}
printf '\n@@end\n'`;
}

function probeUnits({ units, services }: Args): Script {
  return sh`if [ -d /run/systemd/system ]; then
for u in ${units}; do
p=$(systemctl show --property=FragmentPath "$u.service") || exit
p=\${p#*=}
case $p in '' | /dev/null | "/etc/systemd/system/$u.service") ;; *) [ ! -f "$p" ] || say unit "$u" "$(whose "$p")" "$p" ;; esac
done
for u in ${[...units, ...services]}; do
e=$(systemctl is-enabled "$u.service" 2>/dev/null)
case $e in '' | not-found) ;; *) say state "$u" "$e" "$(systemctl is-active "$u.service")" ;; esac
done
for u in ${services}; do ! systemctl is-active --quiet "$u.service" || say service "$u" foreign 'it runs'; done
fi`;
}

function probeRules(rules: readonly string[]): Script {
  return sh`! command -v iptables >/dev/null 2>&1 || {
o=$(iptables -w -S FORWARD) || exit
for r in ${rules}; do ! printf '%s\n' "$o" | grep -qxF -e "$r" || say rule "$r"; done
}`;
}

function probeDocker({ containers, images }: Args): Script {
  return sh`if command -v docker >/dev/null 2>&1; then
o=$(docker network ls --quiet --filter name=^docker_gwbridge$) || exit
[ -z "$o" ] || say gwbridge docker_gwbridge
o=$(docker container ls --all --format '{{.Names}} {{.Label "xrun.playbook"}}') || exit
for c in ${containers}; do ! printf '%s\n' "$o" | grep -qxF -e "$c " || say container "$c" foreign; done
for i in ${images}; do ! docker image inspect "$i" >/dev/null 2>&1 || say image "$i"; done
fi`;
}
