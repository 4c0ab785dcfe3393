import { broken, doubtful, fine } from './finding.ts';
import type { Finding } from './finding.ts';

/** Reads what a host has that runs need. POSIX sh; nothing is changed. Programs that may hang are ended where that can be done. */
export const PROBE = `LC_ALL=C; export LC_ALL
limit=; command -v timeout >/dev/null 2>&1 && limit='timeout 20'
temporary="\${TMPDIR:-/var/tmp}"
echo "time=$(date +%s)"
echo "user=$(id -u) $(id -un 2>/dev/null)"
[ -d "$temporary" ] && [ -w "$temporary" ] && echo "temporary=$temporary" || echo "unwritable=$temporary"
df -Pk "$temporary" 2>/dev/null | sed -n '$s/^/disk=/p'
if [ "$(id -u)" != 0 ]; then
  for method in sudo doas; do
    command -v $method >/dev/null 2>&1 || continue
    if said="$($limit $method -n true 2>&1)"; then echo "$method=free"
    else echo "$method=$(printf %s "$said" | head -n 1)"; fi
  done
fi
if command -v docker >/dev/null 2>&1; then
  if said="$($limit docker version --format '{{.Server.Version}}' 2>&1)"; then echo "docker=$said"
  else echo "dockerless=$(printf %s "$said" | tr '\\n' ' ')"; fi
fi
echo end=`;

/** KiB that must be free where files are put together, and below which it is tight. */
const NEEDED_KIB = 16 * 1024;
const TIGHT_KIB = 256 * 1024;
/** Seconds that clocks may differ before packages and certificates of the future come into sight. */
const CLOCK_TOLERANCE = 5;

/** When the probe was sent and its answer came, by this machine's clock: seconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** What the answer of {@link PROBE} says of a host. */
export function probeFindings(stdout: string, span: Span): Finding[] {
  const answers = new Map(
    stdout.split('\n').flatMap((line) => {
      const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value ?? ''] as const];
    }),
  );
  if (!answers.has('end'))
    return [
      broken(
        'sh',
        'its sh did not run the whole of a short script',
        'Look at what `sh` is there, and at the start-up files of the login shell.',
      ),
    ];
  return [becomeFinding(answers), clockFinding(answers, span), diskFinding(answers), dockerFinding(answers)];
}

function becomeFinding(answers: ReadonlyMap<string, string>): Finding {
  const [uid, name = uid] = (answers.get('user') ?? '').split(' ');
  if (uid === '0') return fine('become', 'root');
  const methods = ['sudo', 'doas'].filter((method) => answers.has(method));
  const free = methods.find((method) => answers.get(method) === 'free');
  if (free === 'sudo') return fine('become', `${name}, who becomes root by sudo without a password`);
  if (free) return doubtful('become', `${name} becomes root by ${free} only`, `Give \`--become-method ${free}\`.`);
  const [method] = methods;
  if (!method)
    return doubtful(
      'become',
      `${name} is not root, and there is no sudo: tasks with \`become\` fail`,
      'Install sudo, log in as root (`--user root`), or use `--become-method su` with a password.',
    );
  return doubtful(
    'become',
    `${name} cannot become root without a password: ${answers.get(method)}`,
    'Give the password with `--ask-become-pass`, or give the user a rule with NOPASSWD in sudoers.',
  );
}

function clockFinding(answers: ReadonlyMap<string, string>, { from, to }: Span): Finding {
  const there = Number(answers.get('time'));
  if (!Number.isInteger(there) || there === 0)
    return doubtful('clock', 'its `date` does not know the time', 'Install coreutils or busybox.');
  const off = there < Math.floor(from) ? there - from : Math.max(0, there - to);
  if (Math.abs(off) <= CLOCK_TOLERANCE) return fine('clock', 'its clock is right');
  const seconds = Math.round(Math.abs(off));
  return doubtful(
    'clock',
    `its clock is ${seconds} s ${off < 0 ? 'behind' : 'ahead of'} this machine's`,
    'Set it by NTP: `timedatectl set-ntp true` or chrony. Package lists and certificates have dates.',
  );
}

function diskFinding(answers: ReadonlyMap<string, string>): Finding {
  const unwritable = answers.get('unwritable');
  if (unwritable !== undefined)
    return broken(
      'disk',
      `the user may not write to ${unwritable}, where xrun puts files together`,
      `Run \`chmod 1777 ${unwritable}\` there, or set TMPDIR for the user.`,
    );
  const free = Number(/\s\d+\s+\d+\s+(\d+)\s+\S+\s+\//.exec(answers.get('disk') ?? '')?.[1] ?? Number.NaN);
  const place = answers.get('temporary') ?? '';
  if (Number.isNaN(free)) return fine('disk', `${place} can be written`);
  const message = `${size(free)} free in ${place}`;
  const fix = `Free space there: \`du -x / | sort -n | tail\` shows what takes it.`;
  if (free < NEEDED_KIB) return broken('disk', `only ${message}`, fix);
  return free < TIGHT_KIB ? doubtful('disk', `only ${message}`, fix) : fine('disk', message);
}

function dockerFinding(answers: ReadonlyMap<string, string>): Finding {
  const version = answers.get('docker');
  if (version !== undefined) return fine('docker', `Docker ${version}`);
  const said = answers.get('dockerless')?.trim();
  if (said === undefined) return fine('docker', 'no Docker');
  const fix = /permission denied/i.test(said)
    ? 'Use `--become`, or add the user to the group docker.'
    : 'Start it: `systemctl start docker`; `journalctl -u docker` says why it does not run.';
  return doubtful('docker', `Docker is installed and does not answer: ${said}`, fix);
}

function size(kib: number): string {
  return kib < 1024 * 1024 ? `${Math.floor(kib / 1024)} MiB` : `${Math.floor(kib / 1024 / 1024)} GiB`;
}
