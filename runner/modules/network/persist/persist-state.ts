import { sh } from '../../../model/script.ts';
import type { Script } from '../../../model/script.ts';
import { sections } from '../../shared/sections.ts';
import { isSourced } from './interfaces.ts';
import { matchOf } from './networkd-order.ts';
import type { NetworkFile } from './networkd-order.ts';

/** What brings interfaces up at boot. */
export type System = 'networkd' | 'networkmanager' | 'ifupdown';

/** What a host's network systems know. */
export interface PersistState {
  system: System | 'none';
  /** Content by path: the files that the module may write, and for ifupdown all that are read. */
  files: Record<string, string>;
  /** Files of systemd-networkd whose names may come before ours. */
  early: NetworkFile[];
  /** The file that systemd-networkd uses for an interface that is there. */
  used: Record<string, string>;
  /** What `ifquery --list` answers; not there where ifupdown has no ifquery. */
  listed?: { names: string[]; error?: string };
  /** Files of the profiles that NetworkManager has read. */
  profiles?: string[];
  /** Where interfaces.d is missing. */
  noDirectory?: boolean;
}

interface Subjects {
  name: string;
  members: readonly string[];
  bare: readonly string[];
}

/** Asks who has the interfaces now, what each system has read, and for every file that may matter. */
export function persistProbe({ name, members, bare }: Subjects): Script {
  const subjects = [...bare, ...members, name];
  const stanza = sh`-e ${`^[[:space:]]*iface[[:space:]]\\{1,\\}\\(${subjects.map(literal).join('\\|')}\\)[[:space:]]`}`;
  // Two rounds: what is sourced may source others.
  return sh`_i=/etc/network/interfaces; _f="$_i /etc/network/interfaces.d/*"
for _ in 1 2; do [ ! -f $_i ] || _f="$_f $(sed -n -e 's/^[[:space:]]*source[[:space:]]\\{1,\\}\\([^~$\`]*\\)$/\\1/p' $_f 2>/dev/null | tr ' ' '\\n' | sed -e '/^$/d' -e 's,^[^/],/etc/network/&,')"; done
echo @@system
for _l in ${subjects}; do
  [ -r "/sys/class/net/$_l/ifindex" ] || continue
  grep -q '^ADMIN_STATE=configur' "/run/systemd/netif/links/$(cat "/sys/class/net/$_l/ifindex")" 2>/dev/null && echo networkd && break
done
if [ -f $_i ] && command -v ifup >/dev/null; then grep -qs ${stanza} $_f && echo ifupdown; fi
if command -v systemctl >/dev/null; then
  systemctl is-active -q NetworkManager 2>/dev/null && echo networkmanager
  systemctl is-active -q systemd-networkd 2>/dev/null && echo networkd
fi
[ -f $_i ] && command -v ifup >/dev/null && echo ifupdown
echo @@used
for _l in ${subjects}; do
  [ -r "/sys/class/net/$_l/ifindex" ] || continue
  echo "$_l $(sed -n 's/^NETWORK_FILE=//p' "/run/systemd/netif/links/$(cat "/sys/class/net/$_l/ifindex")" 2>/dev/null)"
done
if [ -f $_i ] && command -v ifquery >/dev/null; then echo @@listed; ifquery --list -a 2>&1 && echo @@whole; fi
if command -v nmcli >/dev/null; then echo @@profiles; nmcli -t -f FILENAME connection show 2>/dev/null; fi
[ -d /etc/network/interfaces.d ] || echo @@nodirectory
for _n in /etc/systemd/network/*.network /run/systemd/network/*.network /usr/local/lib/systemd/network/*.network /usr/lib/systemd/network/*.network; do
  case \${_n##*/} in 05-xrun-*|[1-9A-Za-z]*) ;; *) [ ! -r "$_n" ] || { echo "@@early $_n"; sed 's/^@@/ &/' "$_n" && echo; } || return ;; esac
done
for _n in $(printf '%s\\n' /etc/systemd/network/05-xrun-* /etc/NetworkManager/system-connections/xrun-* $_f | awk '!seen[$0]++'); do
  [ -f "$_n" ] && [ -r "$_n" ] || continue
  _c=$(cat "$_n" && echo x) || return
  echo "@@file $_n"; printf '%s\\n' "\${_c%x}" | sed 's/^/ /'
done
true`;
}

const literal = (name: string) => name.replace(/[.[\]*^$\\]/g, '\\$&');

/** What a {@link persistProbe} printed. */
export function parsePersist({ stdout }: { stdout: string }, { system }: { system: System | 'auto' }): PersistState {
  const [head = '', ...texts] = stdout.split(/^@@file /m);
  const found = sections(head);
  const first = (found.get('system')?.split('\n')[0] || 'none') as PersistState['system'];
  const listed = found.get('listed');
  const profiles = found.get('profiles');
  return {
    system: system === 'auto' ? first : system,
    files: Object.fromEntries(texts.map(fileOf)),
    early: [...found]
      .filter(([title]) => title.startsWith('early '))
      .map(([title, text]) => ({ path: title.slice(6), match: matchOf(text) })),
    used: Object.fromEntries(
      (found.get('used') ?? '')
        .split('\n')
        .map((line) => line.split(' '))
        .filter(([, path]) => path),
    ) as Record<string, string>,
    ...(listed !== undefined && {
      listed: {
        names: listed.split('\n').filter(Boolean),
        ...(!found.has('whole') && { error: listed.split('\n').at(-1) || 'ifquery failed' }),
      },
    }),
    ...(profiles && { profiles: profiles.split('\n') }),
    ...(found.has('nodirectory') && { noDirectory: true }),
  };
}

function fileOf(text: string): [string, string] {
  const [path = '', ...content] = text.split('\n');
  return [
    path,
    content
      .slice(0, -1)
      .map((line) => line.slice(1))
      .join('\n'),
  ];
}

/** The files of the others that ifupdown reads: what nothing sources is not read. */
export function interfacesFiles({ files }: PersistState): [string, string][] {
  const own = Object.entries(files).filter(
    ([path]) =>
      !path.startsWith('/etc/systemd/') && !path.startsWith('/etc/NetworkManager/') && !path.includes('/xrun-'),
  );
  const all = Object.fromEntries(own);
  return own.filter(([path]) => path === '/etc/network/interfaces' || isSourced(path, all));
}
