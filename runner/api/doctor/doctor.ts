import { runLoaded } from '../../engine/run/run.ts';
import { targetOf } from '../../inventory/login/target.ts';
import { selectHosts } from '../../inventory/selection/select.ts';
import type { Event, Reporter } from '../../model/events.ts';
import type { Target } from '../../model/transport/transport.ts';
import { projectConfig } from '../../plugins/project.ts';
import { loadCommand } from '../exec.ts';
import type { ExecOptions } from '../exec.ts';
import type { LoadedProject } from '../load.ts';
import { failureFinding } from './failure.ts';
import type { Finding } from './finding.ts';
import { loginFindings } from './logins.ts';
import { nodeFinding } from './node.ts';
import { PROBE, probeFindings } from './probe.ts';

/** What to look at: hosts of a pattern, as a run with the same options would reach them. */
export type DoctorOptions = Omit<ExecOptions, 'command' | 'module'>;

/**
 * Checks what runs need: this machine, and each host by a real log-in, several at once. Nothing is changed.
 *
 * @throws what is wrong with the inventory, as `exec` does
 */
export async function doctor({ pattern, ...options }: DoctorOptions): Promise<Finding[]> {
  const here = nodeFinding(process.versions.node, new Date().toISOString().slice(0, 10));
  if (pattern === 'all' && !(await hasInventory(options))) return [here];
  const loaded = await loadCommand(pattern, [PROBE], { ...options, playbooks: [] });
  const { inventories } = loaded;
  const answers = new Answers();
  const [logins] = await Promise.all([
    loginFindings(targetsOf(pattern, loaded, options)),
    runLoaded(loaded, { ...options, reporters: [...options.reporters, answers], playbooks: [], inventories }),
  ]);
  return [here, ...logins, ...answers.findings];
}

async function hasInventory({ inventories, cwd }: Pick<DoctorOptions, 'inventories' | 'cwd'>): Promise<boolean> {
  if (inventories.length > 0) return true;
  return (await projectConfig({ playbooks: [], cwd }))?.options.has('inventory') ?? false;
}

function targetsOf(
  pattern: string,
  { inventory, vars }: LoadedProject,
  options: Omit<DoctorOptions, 'pattern'>,
): Target[] {
  const cli = { ...options.connection, cwd: options.cwd };
  return selectHosts(pattern, inventory).map((host) => targetOf(host, vars.scopeFor(host), cli));
}

/** Makes findings of how the probe ended on each host. */
class Answers implements Reporter {
  readonly findings: Finding[] = [];
  readonly #begun = new Map<string, number>();

  on(event: Event): void {
    if (event.type === 'host_start') this.#begun.set(event.host, Date.now() / 1000);
    if (event.type !== 'task_end') return;
    const { host, error, result } = event;
    const span = { from: this.#begun.get(host) ?? 0, to: Date.now() / 1000 };
    const found = error ? [failureFinding(error)] : probeFindings(String(result?.stdout ?? ''), span);
    this.findings.push(...found.map((finding) => ({ host, ...finding })));
  }
}
