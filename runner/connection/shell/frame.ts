import { XrunError } from '../../diagnostics/errors.ts';
import type { RunOptions } from '../../model/transport/host-shell.ts';
import { quote } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';

/** What the shell at the other end found on its host when it started. */
export interface Abilities {
  setsid: boolean;
  base64: boolean;
}

/** One script made ready for the persistent shell. */
export interface Frame {
  script: Script;
  options: Pick<RunOptions, 'env' | 'cwd'>;
  /** Printed with the exit status when it has ended; unguessable. */
  end: string;
  /** For a script in a process group of its own: printed with the group's number before it starts. */
  start?: string;
  /** Shares a subshell, one write and its errors with its tame neighbours. */
  tame?: boolean;
  /** For stdin that is sent when the frame asks for it: printed to ask. */
  feed?: string;
}

/** Seconds that the processes of a stopped script of ours get to clean up after TERM. */
const GRACE = 2;

/**
 * Reads `SIGNAL TARGET` lines from the shell's own input while a script runs, and passes them on; `.` ends it. So a
 * running script can be stopped through the one channel there is, as the user it runs as. The target 0 is the shell's
 * own group: the shell will be gone by then, so that KILL follows from here.
 */
const LISTEN = `{ trap '' TERM HUP INT;while read -r s p&&[ "$s" != . ];do kill "-$s" "$p"
[ "$p" != 0 ]||{ sleep ${GRACE};kill -KILL 0;};done;} <&3 3<&- 4>&- 6>&- >/dev/null &`;

/** xrun's own scripts read what programs print: in the words of the C locale. {@link THEIR_LOCALE} brings the user's back. */
const OWN_LOCALE = '_locale=${LC_ALL+x$LC_ALL};LC_ALL=C;export LC_ALL';

/** Longest text that is passed in one environment string; Linux takes 128 KiB (MAX_ARG_STRLEN). */
const LONGEST_ENV = 100_000;
/** Bytes of a line of octal escapes; four characters each, below the 4096 that old shells accept in a line. */
const OCTAL_LINE = 1000;

/**
 * What `/bin/sh -c` needs to become the persistent shell, quoted for whatever login shell: csh, fish, zsh. Descriptors 3, 4 and 6 keep its
 * input, output and errors; a line on each of the latter marks the end of whatever a login script printed, and what
 * the host has. It is said without being asked for, which saves a round trip. The shell's own remarks ("Terminated")
 * belong to no script's errors.
 */
export function shellScript(marker: string): string {
  return (
    "'command -v setsid >/dev/null 2>&1;_r=$?;command -v base64 >/dev/null 2>&1;" +
    `echo "${marker} $_r $?";echo ${marker} >&2;exec /bin/sh 3<&0 4>&1 6>&2 2>/dev/null'`
  );
}

/** What {@link shellScript} printed behind its marker. */
export function abilities(rest: string): Abilities {
  const [setsid, base64] = rest.trim().split(' ');
  return { setsid: setsid === '0', base64: base64 === '0' };
}

/** Cuts a row of what has frames where they have to be apart: only tame neighbours stay together. */
export function together<T extends { frame: Frame }>(row: readonly T[]): T[][] {
  const sets: T[][] = [];
  for (const one of row) {
    const last = sets.at(-1);
    if (one.frame.tame && last?.[0]?.frame.tame) last.push(one);
    else sets.push([one]);
  }
  return sets;
}

/**
 * The text that runs sets of frames one after the other. With `listen` they can be stopped while they run: then the shell has
 * to have read all of it before it starts, hence the braces, and afterwards waits for a `.` on its input.
 */
export function renderFrames(sets: readonly (readonly Frame[])[], has: Abilities, listen: boolean): string {
  const text = sets
    .map((frames) => (frames[0]?.tame ? renderTame(frames) : frames.map((frame) => renderFrame(frame, has)).join('')))
    .join('');
  return listen ? `{ ${LISTEN}\n${text}wait;}\n` : text;
}

function renderFrame(frame: Frame, has: Abilities): string {
  if (frame.feed) return renderFed(frame, frame.feed);
  return frame.start ? renderGroup(frame, has) : renderOurs(frame, has);
}

/**
 * All in one subshell, and what they print in one write: a process for each, and a packet for each line, cost more than
 * the probes themselves. The shell keeps the output in a variable, which is why it may hold no NUL.
 */
function renderTame(frames: readonly Frame[]): string {
  const each = kin(frames).map(renderKin).join('');
  return `_o=$({ ${OWN_LOCALE};eval ${quote(each)};} 2>&6 3<&- 4>&- 6>&- </dev/null)\nprintf '%s\\n' "$_o";unset _o;echo ${frames.at(-1)!.end} >&6\n`;
}

/** Cuts a row where another kind of question begins. */
function kin(row: readonly Frame[]): Frame[][] {
  const sets: Frame[][] = [];
  for (const frame of row) {
    const last = sets.at(-1);
    if (frame.script.many && last?.[0]?.script.many?.ask === frame.script.many.ask) last.push(frame);
    else sets.push([frame]);
  }
  return sets;
}

function renderKin(frames: readonly Frame[]): string {
  const [{ script, end }] = frames as [Frame];
  if (frames.length === 1) return `{ ${script.text}\n}\necho "${end} $?"\n`;
  return script.many!.ask(
    frames.map((frame) => frame.script.many!.one),
    frames.map((frame) => frame.end),
  );
}

/**
 * Its stdin is the shell's own input, raw. A script that succeeds has read what was sent and no more; after any other the
 * shell ends, lest it take the rest for commands. The braces: all of the text has to be read before the first raw byte.
 */
function renderFed(frame: Frame, marker: string): string {
  return (
    `{ echo ${marker};(${OWN_LOCALE};eval ${quote(body(frame))}) <&3 2>&6 3<&- 4>&- 6>&-\n` +
    `_r=$?;echo "${frame.end} $_r";echo ${frame.end} >&6;[ $_r = 0 ]||exit;}\n`
  );
}

/** In a subshell: whatever the script does to its shell ends with it. `eval` confines syntax errors as well. */
function renderOurs(frame: Frame, has: Abilities): string {
  const command = `(${OWN_LOCALE};eval ${quote(body(frame))}) 2>&6 3<&- 4>&- 6>&-`;
  return `${feed(command, frame, has)}echo "${frame.end} $?";echo ${frame.end} >&6\n`;
}

/**
 * In a session of its own, so that it can be killed with all it started, and so that what it leaves behind is seen.
 * The substitution returns the group's number; its output is switched back to the real one before the script starts.
 * The script's text travels in the environment, where other users cannot read it as they could in `ps`.
 */
function renderGroup(frame: Frame, has: Abilities): string {
  const text = body(frame);
  const long = Buffer.byteLength(text) > LONGEST_ENV;
  const load = long ? '_X=$(cat <&5);exec 5<&-;' : '';
  const inner = `echo $$;exec >&4 4>&-;echo ${frame.start} $$;${load}eval "unset _X\n$_X"`;
  const start = `${long ? '' : `_X=${quote(text)} `}${has.setsid ? 'setsid ' : ''}sh -c ${quote(inner)} 2>&6 3<&- 6>&-`;
  const fed = feed(start, frame, has);
  const run = long ? `{ ${fed}} 5<<'${frame.end}'\n${text}\n${frame.end}\n` : fed;
  return `_p=$(${run})\n` + `_r=$?;kill -0 "-$_p";echo "${frame.end} $_r $?";echo ${frame.end} >&6\n`;
}

/** The lines that run a command with the frame's stdin, or with none. */
function feed(command: string, { script, end }: Frame, has: Abilities): string {
  if (script.stdin === undefined || script.stdin.length === 0) return `${command} </dev/null\n`;
  const data = typeof script.stdin === 'string' ? Buffer.from(script.stdin) : script.stdin;
  if (isPlainText(data)) return `${command} <<'${end}'\n${data.toString('latin1')}${end}\n`;
  if (!has.base64) return `{ ${octal(data)}}|${command}\n`;
  return `{ base64 -d|${command};} <<'${end}'\n${data.toString('base64')}\n${end}\n`;
}

function body({ script, options }: Frame): string {
  const env = Object.entries(options.env ?? {}).map(([name, value]) => `export ${variable(name)}=${quote(value)}\n`);
  const cwd = options.cwd === undefined ? '' : `cd -- ${quote(options.cwd)} || exit\n`;
  return env.join('') + cwd + script.text;
}

function variable(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new XrunError('E_ENVIRONMENT', `${JSON.stringify(name)} cannot be the name of an environment variable`);
}

/** Can stand in a here-document as it is: ASCII without NUL, and a line end at its end. */
export function isPlainText(data: Buffer): boolean {
  if (data[data.length - 1] !== 10) return false;
  return data.every((byte) => byte > 0 && byte < 0x80);
}

function octal(data: Buffer): string {
  let text = '';
  for (let at = 0; at < data.length; at += OCTAL_LINE) {
    text += "printf '%b' '";
    for (const byte of data.subarray(at, at + OCTAL_LINE)) text += `\\0${byte.toString(8).padStart(3, '0')}`;
    text += "'\n";
  }
  return text;
}
