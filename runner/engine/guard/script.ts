import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Step } from '../../model/module.ts';
import { putScript } from '../../connection/files/put-script.ts';
import { quote, raw, sh } from '../../model/script.ts';
import { REFUSE_A_SECOND, guardDir } from './snapshot.ts';
import { bootDir, forgetBoot, keepOverBoot, TO_DISK } from './boot.ts';
import { stopTimer } from './rollback.ts';
import type { PutFile } from '../../model/transport/host-shell.ts';
import type { Script } from '../../model/script.ts';

/**
 * The whole change as one script that needs no controller. It notes how far it came; the first step that fails ends
 * it and rolls back at once.
 */
export function applyScript(dir: string, steps: readonly GuardedStep[]): string {
  const parts = steps.map(
    ({ text }, i) => `echo ${i} > step
( ${text}
) >> log 2>&1 </dev/null || { rc=$?; mv apply.pid ended.pid; sh ./rollback.sh; exit 1; }`,
  );
  return `#!/bin/sh
cd ${quote(dir)} || exit 1
echo $$ > apply.pid
[ -d decided ] && exit 1
echo applying > state
${parts.join('\n')}
${TO_DISK}
echo applied > state
`;
}

/** A step as a piece of the apply script, and whose task it is. */
export interface GuardedStep {
  task: number;
  text: string;
}

/** A file that was staged at `staged`, put in its place by the same script that puts one from the controller. */
export function placeStaged(file: PutFile, staged: string): string {
  const { content, path } = file;
  const whole = Buffer.isBuffer(content)
    ? { sha256: createHash('sha256').update(content).digest('hex'), size: content.length }
    : content;
  const placing = putScript({ file, sha256: whole.sha256, size: whole.size, comes: 'bytes' });
  return `mkdir -p ${quote(posix.dirname(path))} && (\n${placing.text}\n) < ${quote(staged)}`;
}

/** The steps of a decision as script text. Steps that need the controller (a download, a new log-in) cannot be guarded. */
export function compileStep(step: Step, staged: string): string | undefined {
  if (step.do === 'put') return placeStaged(step.file, staged);
  if (step.do === 'sleep') return sh`sleep ${step.seconds}`.text;
  if (step.do !== 'run') return undefined;
  const { script, cwd } = step;
  const stdin = script.stdin === undefined ? '' : ` < ${quote(staged)}`;
  // Its own text: what is wrong with it, or ends it, ends this step and not the whole.
  return `${cwd ? `cd ${quote(cwd)} && ` : ''}(eval ${quote(script.text)})${stdin}`;
}

/**
 * Starts the timer that rolls back by itself: a transient unit where systemd runs, else a detached shell. It is
 * armed before anything changes, and lives on when the session that armed it is cut. Exits 1, without one, where the
 * host is under another guard, or is not any more as the snapshot has it: a link that flaps must not be saved as gone.
 */
export function armScript(id: string, seconds: number): Script {
  const dir = guardDir(id);
  return raw(`
cd ${quote(dir)} || exit 1
. ./lists.sh
${REFUSE_A_SECOND}
list_all > all.now 2>/dev/null
if ! cmp -s all all.now; then echo "the network of the host changed while its state was saved; run it again" >&2; diff all all.now >&2; exit 1; fi
echo $(($(cut -d. -f1 /proc/uptime) + ${Math.ceil(seconds)} + 60)) > until
ln -sn ${quote(dir)} /run/xrun-guard 2>/dev/null || { rm -f /run/xrun-guard; ln -sn ${quote(dir)} /run/xrun-guard || exit 1; }
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --collect --unit=xrun-guard-${id} --on-active=${seconds}s --timer-property=AccuracySec=100ms /bin/sh ${dir}/rollback.sh || { rm -f /run/xrun-guard; exit 1; }
else
  setsid sh -c 'echo $$ > timer.pid; sleep ${seconds}; exec sh ${dir}/rollback.sh' </dev/null >/dev/null 2>&1 &
fi
# After the timer, which takes this away again: alone it would undo, at some later start, what has long been something else.
${keepOverBoot(id)}
[ ! -d decided ] || { ${forgetBoot(id)}; exit 1; }
echo armed > state`);
}

/** Starts the change, detached: it goes on when this session is cut. */
export function launchScript(id: string): Script {
  const dir = guardDir(id);
  return raw(`
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --collect --unit=xrun-apply-${id} /bin/sh ${dir}/apply.sh
else
  setsid sh ${dir}/apply.sh </dev/null >/dev/null 2>&1 &
fi`);
}

/**
 * Ends the guard in favour of the change. Exits 1 where the rollback was faster, 3 where there is no guard any more. What
 * was begun goes on when the session is cut, and is gone on with when it is asked for again.
 */
export function disarmScript(id: string): Script {
  const dir = guardDir(id);
  return raw(`
cd ${dir} 2>/dev/null || exit 3
trap '' HUP INT TERM PIPE
mkdir ${dir}/decided 2>/dev/null && : > confirming
[ -e confirming ] || exit 1
${forgetBoot(id)}
echo confirmed > state
mv ${dir} ${dir}.over
${stopTimer(id)}
[ "$(readlink /run/xrun-guard)" = ${dir} ] && rm -f /run/xrun-guard
cd /
rm -rf ${dir}.over
exit 0`);
}

/** The guard's state in one word or line, and the end of its log on stderr. */
export function stateScript(id: string): Script {
  const dir = guardDir(id);
  return raw(
    `cat ${dir}/state 2>/dev/null || { [ -d ${bootDir(id)} ] && echo restarted || echo gone; }; tail -n 5 ${dir}/log >&2 2>/dev/null; :`,
  );
}

/** Rolls back now, in its own session, because it may cut the one that asks. */
export function rollbackNowScript(id: string): Script {
  const dir = guardDir(id);
  return raw(`
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --collect --unit=xrun-back-${id} /bin/sh ${dir}/rollback.sh
else
  setsid sh ${dir}/rollback.sh </dev/null >/dev/null 2>&1 &
fi`);
}
