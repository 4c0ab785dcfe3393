import { raw } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';

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

/** Reads a job. Only letters, digits and dots make a job's name, so it needs no quoting. */
export function jobStatus(id: string): Script {
  return raw(`cd ${jobDir(id)} 2>/dev/null || { echo gone; exit 0; }
state=$(cat state 2>/dev/null || echo gone)
if [ "$state" = running ] && [ -s pid ] && ! kill -0 "$(cat pid)" 2>/dev/null && [ ! -s rc ]; then state=timeout; fi
echo "$state"
cat rc 2>/dev/null || echo -1
wc -c < stdout 2>/dev/null || echo 0
cat stdout stderr 2>/dev/null; :`);
}

/** What {@link jobStatus} printed. */
export function readJob(text: string): JobState {
  const [state = 'gone', rc = '-1', size = '0', ...rest] = text.split('\n');
  const output = Buffer.from(rest.join('\n'));
  const cut = Number(size.trim());
  return {
    state: ['running', 'finished', 'timeout'].includes(state) ? (state as JobState['state']) : 'gone',
    rc: Number(rc),
    stdout: withoutLastBreak(output.subarray(0, cut)),
    stderr: withoutLastBreak(output.subarray(cut)),
  };
}

/** As the output of a command that was waited for. */
function withoutLastBreak(output: Buffer): string {
  return output.toString('utf8').replace(/\r?\n+$/, '');
}
