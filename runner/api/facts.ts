import { XrunError } from '../diagnostics/errors.ts';
import { runLoaded } from '../engine/run/run.ts';
import { selectHosts } from '../inventory/selection/select.ts';
import type { Event, Reporter } from '../model/events.ts';
import type { RunOptions, RunSummary } from '../model/options/options.ts';
import { loadModule } from './exec.ts';

/** How the facts of a host were gathered. */
export interface GatheredFacts {
  summary: RunSummary;
  /** Secrets are masked. Undefined where the host could not be reached, or its facts could not be read. */
  facts: Record<string, unknown> | undefined;
}

/**
 * Gathers the facts of one host. Reporters get the events of a run of one task.
 *
 * @throws XrunError E_USAGE for a pattern of several hosts, and as `exec` does
 */
export async function gatherFacts(
  host: string,
  options: Omit<RunOptions, 'playbooks' | 'check' | 'diff' | 'tags' | 'skipTags' | 'startAtTask' | 'step'>,
): Promise<GatheredFacts> {
  let facts: Record<string, unknown> | undefined;
  const keep: Reporter = { on: (event) => void (facts = factsIn(event) ?? facts) };
  const loaded = await loadModule(host, { name: 'setup' }, options);
  const { length } = selectHosts(host, loaded.inventory);
  if (length > 1)
    throw new XrunError('E_USAGE', `\`xrun facts\` takes one host, and '${host}' matches ${length}`, {
      hint: '`xrun exec PATTERN -m setup -v` shows the facts of many hosts.',
    });
  const reporters = [...options.reporters, keep];
  const summary = await runLoaded(loaded, { ...options, reporters, playbooks: [], inventories: loaded.inventories });
  return { summary, facts };
}

function factsIn(event: Event): Record<string, unknown> | undefined {
  return event.type === 'task_end' ? (event.result?.ansible_facts as Record<string, unknown> | undefined) : undefined;
}
