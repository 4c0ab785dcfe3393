import { raw } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { ENCODE, decoded } from '../path/taken.ts';
import { WHOLE } from '../shared/whole.ts';

/** Where a host keeps a job, as shell text: below the home of who runs it, so that no other user can read it. */
export function jobDir(id: string): string {
  return `"\${HOME:-/root}"/.xrun/jobs/${id}`;
}

/**
 * The script that runs the job in its directory, and stops it when its time is up. The job and what was staged for it, which
 * may hold secrets, go with its end.
 */
export function startScript(seconds: number): string {
  return `echo $$ > pid
say() { rm -f job staged-*; echo "$1" > state.new && mv state.new state; }
( trap '' TERM; sleep ${seconds}; say timeout; kill -TERM -$$; sleep 2; kill -KILL -$$ ) >/dev/null 2>&1 &
watch=$!
sh ./job </dev/null >stdout 2>stderr
echo $? > rc
kill -KILL $watch 2>/dev/null
say finished`;
}

/** A job as its host reports it. `gone`: there is none with this name. */
export interface JobState {
  state: 'running' | 'finished' | 'timeout' | 'gone';
  rc: number;
  stdout: string;
  stderr: string;
}

/** Reads a job, by no program but those that its output needs. Only letters, digits and dots make a job's name, so it needs no quoting. */
export function jobStatus(id: string): Script {
  return raw(`${WHOLE}
${ENCODE}
cd ${jobDir(id)} 2>/dev/null || { echo gone -1; echo @@end; exit 0; }
_first() { _l=; { IFS= read -r _l <"$1"; } 2>/dev/null; [ "$_l" ]; }
_first state || _l=gone; s=$_l
if [ "$s" = running ] && _first pid && ! kill -0 "$_l" 2>/dev/null && [ ! -s rc ]; then s=timeout; fi
_first rc || _l=-1; echo "$s $_l"
for f in stdout stderr; do [ -f $f ] || continue; _whole wc -c <$f || exit; echo "@@$f $_o"; _encode <$f || exit; done; echo @@end`);
}

/** What {@link jobStatus} printed. Throws an Error where that is not whole. */
export function readJob(text: string): JobState {
  const [, state, rc] = /^(running|finished|timeout|gone) (-?\d+)$/m.exec(text) ?? [];
  if (state === undefined || !/^@@end$/m.test(text)) throw new Error('the host did not report the whole job');
  return {
    state: state as JobState['state'],
    rc: Number(rc),
    stdout: outputOf(text, 'stdout'),
    stderr: outputOf(text, 'stderr'),
  };
}

/** A job may write on while it is read: what there is more of than its size said is left for the next time. */
function outputOf(text: string, name: string): string {
  const [, size, block] = new RegExp(`^@@${name} +(\\d*)\\n([^@]*)@@`, 'm').exec(text) ?? [];
  if (block === undefined) return '';
  const bytes = decoded(block);
  if (size === '' || bytes.length < Number(size))
    throw new Error(`the job's ${name} has ${size || 'an unknown number of'} bytes, and ${bytes.length} arrived`);
  return withoutLastBreak(bytes.subarray(0, Number(size)));
}

/** As the output of a command that was waited for. */
function withoutLastBreak(output: Buffer): string {
  return output.toString('utf8').replace(/\r?\n+$/, '');
}
