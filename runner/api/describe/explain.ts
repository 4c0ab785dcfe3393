import { XrunError } from '../../diagnostics/errors.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import type { Candidate, Scope } from '../../model/variables.ts';
import { FactsNeeded } from '../../model/variables.ts';
import { load } from '../load.ts';
import type { LoadRequest } from '../request.ts';
import { maskedError, notePasswords, shownValue } from '../masked.ts';
import type { Showing } from '../masked.ts';

/** A variable of one host: every value it could have, weakest first, and the one it has. */
export interface ExplainedVar {
  name: string;
  candidates: Candidate[];
  /** Rendered; undefined where that fails. */
  value?: unknown;
  /** Why there is no value: an undefined name in a template, facts that only a run knows. */
  problem?: string;
}

/**
 * The variables of a host as a play of no variables of its own would see them; all that the user wrote, or the one
 * named. Secrets are masked unless they are to be revealed. Throws XrunError E_HOSTS and E_UNDEFINED.
 */
export async function explainVars(
  host: string,
  request: LoadRequest & { reveal?: boolean },
  name?: string,
): Promise<ExplainedVar[]> {
  const { inventory, vars, secrets, decrypt } = await load(request);
  if (!inventory.hosts.has(host) && host !== 'localhost') {
    const hint = didYouMean(host, inventory.hosts.keys());
    throw new XrunError('E_HOSTS', `there is no host '${host}' in the inventory`, hint === undefined ? {} : { hint });
  }
  const scope = vars.scopeFor(host);
  const showing = { secrets, decrypt, reveal: request.reveal ?? false };
  try {
    // All are known before the first value is shown: each may be part of another.
    notePasswords(scope.names(), (each) => valueOf(() => scope.get(each)).value, showing);
    return shown(explained(scope, name), showing);
  } catch (error) {
    throw maskedError(error, secrets);
  }
}

function shown(found: ExplainedVar[], showing: Showing): ExplainedVar[] {
  return found.map((each) => ({
    ...each,
    candidates: each.candidates.map((candidate) => ({
      ...candidate,
      value: shownValue(each.name, candidate.value, showing),
    })),
    ...('value' in each && { value: shownValue(each.name, each.value, showing) }),
    ...(each.problem !== undefined && { problem: showing.secrets.redact(each.problem) }),
  }));
}

function explained(scope: Scope, name: string | undefined): ExplainedVar[] {
  if (name !== undefined && !scope.has(name)) scope.get(name);
  const explain = (each: string): ExplainedVar => ({
    name: each,
    candidates: candidatesOf(scope, each),
    ...valueOf(() => scope.get(each)),
  });
  if (name !== undefined) return [explain(name)];
  return scope
    .names()
    .toSorted()
    .map(explain)
    .filter(({ candidates }) => candidates.some(({ layer }) => layer !== 'built in'));
}

/** None for what only a run knows: facts. */
function candidatesOf(scope: Scope, name: string): Candidate[] {
  try {
    return scope.candidates(name);
  } catch (error) {
    if (error instanceof FactsNeeded) return [];
    throw error;
  }
}

function valueOf(read: () => unknown): Pick<ExplainedVar, 'value' | 'problem'> {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof XrunError || error instanceof FactsNeeded) return { problem: error.message };
    throw error;
  }
}
