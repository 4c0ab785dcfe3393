import { sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import { probeFile } from '../files/probe.ts';
import { EDIT_LIMIT, parseFile } from '../files/state.ts';
import type { FileState } from '../files/state.ts';
import type { ProbeResult } from '../module.ts';

/** A crontab: a file of /etc/cron.d as other modules know it too, or in the same words a user's own. */
export interface Crontab extends FileState {
  /** What the crontab command said instead of an answer. */
  trouble?: string;
}

/** The command for the crontab of `user`, or of the user who logs in: only root may name another one. */
export function crontabCommand(user: string | undefined): string[] {
  return ['crontab', ...(user === undefined ? [] : ['-u', user])];
}

/** Reads a file, or else the user's own crontab. */
export function probeCrontab(file: string | undefined, user: string | undefined): Script {
  if (file !== undefined) return probeFile(file, { follow: true, checksum: true, content: EDIT_LIMIT });
  return sh`if t=$(${crontabCommand(user)} -l 2>&1); then echo type=file; echo content:; printf '%s\\n' "$t" | base64
else case $t in *"no crontab for"*|*"can't open"*) echo type=absent;; *) printf 'trouble=%s\\n' "$t";; esac; fi`;
}

/** What {@link probeCrontab} printed. */
export function parseCrontab(result: ProbeResult): Crontab {
  const trouble = /^trouble=([\s\S]*)/.exec(result.stdout)?.[1]?.trim();
  return trouble === undefined ? parseFile(result) : { type: 'absent', trouble };
}
