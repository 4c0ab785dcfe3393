import * as z from 'zod';
import { sh, sequence } from '../../model/script.ts';
import { defineModule } from '../../model/module.ts';
import type { DecideContext, Decision, ProbeResult } from '../../model/module.ts';
import { differing } from '../shared/attribute.ts';
import { lacking } from '../shared/program.ts';

const ZONES = '/usr/share/zoneinfo';
const LINK = '/etc/localtime';
const NAME = '/etc/timezone';
const CLOCK = '/etc/adjtime';

const args = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/, 'expected the name of a time zone, such as Europe/Berlin')
      .optional()
      .describe('The time zone: a file below /usr/share/zoneinfo, such as `Europe/Berlin`.'),
    hwclock: z
      .preprocess(
        (value) => (typeof value === 'string' && /^utc$/i.test(value) ? 'UTC' : value),
        z.enum(['local', 'UTC']),
      )
      .optional()
      .describe('What the hardware clock shows: `UTC`, or `local` time.'),
  })
  .refine(({ name, hwclock }) => name !== undefined || hwclock !== undefined, 'give name or hwclock');

type Args = z.output<typeof args>;

interface State {
  /** Whether timedatectl can be used. */
  systemd: boolean;
  /** Whether the host knows the zone that the task names. */
  known: boolean;
  /** The zone that /etc/localtime leads to; undefined where it is another file. */
  zone?: string;
  /** What /etc/timezone says, on hosts that have it. */
  written?: string;
  clock: 'local' | 'UTC';
}

export default defineModule<typeof args, State>({
  name: 'timezone',
  summary: "Set the host's time zone, and whether its hardware clock shows local time",
  notes: [
    'Services that run keep the old zone until they are restarted: cron is one of them.',
    'The name in /etc/timezone is seen to on hosts that have this file, as Debian has.',
  ],
  examples: `
- timezone: {name: Europe/Berlin}
  notify: Restart cron
`,
  args,
  synonyms: { rtc: 'hwclock' },
  resource: () => 'timezone',
  probe: ({ name }) => sh`if [ -d /run/systemd/system ] && command -v timedatectl >/dev/null; then echo systemd=yes; fi
${name !== undefined && sh`[ ! -f ${`${ZONES}/${name}`} ] || echo known=yes`}
if [ -h ${LINK} ]; then l=$(readlink ${LINK}) || exit; case $l in *zoneinfo/*) l=\${l#*zoneinfo/}; printf 'zone=%s\\n' "$l";; esac; elif [ ! -e ${LINK} ]; then echo zone=UTC; fi
if [ -f ${NAME} ]; then IFS= read -r l <${NAME} || :; printf 'written=%s\\n' "$l"; fi
[ ! -f ${CLOCK} ] || { r=0; grep -q '^LOCAL' ${CLOCK} || r=$?; case $r in 0) echo clock=local;; 1) ;; *) exit $r;; esac; }
echo end=.`,
  parse: stateOf,
  decide,
  prove: true,
});

function stateOf({ stdout }: ProbeResult): State {
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(stdout)?.[1]?.trim();
  if (value('end') !== '.') throw new Error('expected what the time zone of the host is');
  const [zone, written] = [value('zone'), value('written')];
  return {
    systemd: value('systemd') === 'yes',
    known: value('known') === 'yes',
    ...(zone && { zone }),
    ...(written !== undefined && { written }),
    clock: value('clock') === 'local' ? 'local' : 'UTC',
  };
}

function decide({ name, hwclock }: Args, state: State, context: DecideContext): Decision<State> {
  if (name !== undefined && !state.known)
    return lacking(
      context,
      `this host has no time zone ${name}: ${ZONES}/${name} does not exist`,
      'Check its name, or install the package tzdata by a task before.',
    );
  const { diff, steps } = differing([
    { what: 'time zone', found: state.zone, wanted: name, script: zoneScript(state, name ?? '') },
    {
      what: NAME,
      found: state.written,
      wanted: state.written === undefined ? undefined : name,
      script: zoneScript(state, name ?? ''),
    },
    { what: 'hardware clock', found: state.clock, wanted: hwclock, script: clockScript(state, hwclock ?? 'UTC') },
  ]);
  if (diff.length === 0) return { kind: 'ok' };
  const after: State = {
    ...state,
    ...(name !== undefined && { zone: name, ...(state.written !== undefined && { written: name }) }),
    clock: hwclock ?? state.clock,
  };
  return { kind: 'change', diff, steps, after };
}

/**
 * The link, and its name where the host keeps that. Not by timedatectl: it sets the kernel's zone, and a kernel whose zone is
 * set for the first time moves its clock by the zone's offset: in a container that is the clock of all others, too.
 */
function zoneScript({ written }: State, zone: string) {
  const link = sh`ln -sfn ${`${ZONES}/${zone}`} ${LINK}`;
  return written === undefined ? link : sequence(link, sh`printf '%s\\n' ${zone} >${NAME}`);
}

/** Without timedatectl the third line of /etc/adjtime says it; see hwclock(8). */
function clockScript({ systemd }: State, clock: 'local' | 'UTC') {
  if (systemd) return sh`timedatectl set-local-rtc ${clock === 'local' ? '1' : '0'}`;
  return sh`{ head -n 2 ${CLOCK} 2>/dev/null || printf '0.0 0 0.0\\n0\\n'; echo ${clock.toUpperCase()}; } >${CLOCK}.new && mv ${CLOCK}.new ${CLOCK}`;
}
