import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process of some machine, distinguished from later ones with the same number. */
export interface ProcessIdentity {
  host: string;
  pid: number;
  /** Boot of the machine and start of the process, as Linux numbers them; empty on systems without /proc. */
  since: string;
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return { host: hostname(), pid: process.pid, since: startOf(process.pid) ?? '' };
}

/** The process of this machine that has this number; undefined where there is none. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const identity = { host: hostname(), pid, since: startOf(pid) ?? '' };
  return isRunning(identity) ? identity : undefined;
}

/** Whether that process still runs on this machine. One of another machine counts as ended: it cannot be known here. */
export function isRunning({ host, pid, since }: ProcessIdentity): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists, and belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return (startOf(pid) ?? '') === since;
}

/** Field 22 of /proc/PID/stat (proc(5)), with the machine's boot id. */
function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold blanks and parentheses of its own.
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}
