import { XrunError, XrunErrors } from '../diagnostics/errors.ts';
import type { Loaded } from '../engine/run/run.ts';
import { filterByTags, startAt } from '../engine/run/tags.ts';
import { loadInventory } from '../inventory/load.ts';
import type { Inventory } from '../model/inventory.ts';
import { openProject } from '../plugins/project.ts';
import type { Playbook } from '../model/playbook.ts';
import { TaskIds } from '../playbook/parse/task-ids.ts';
import { Secrets } from '../language/vault/secrets.ts';
import { createRenderer } from '../language/templates/renderer.ts';
import { VarsStore } from '../variables/store.ts';
import { Vault } from '../language/vault/vault.ts';
import { dirname, resolve } from 'node:path';
import { examine } from './examine.ts';
import { maskedError } from './masked.ts';
import { hostsOfRun, wrongPatterns } from './hosts.ts';
import { outsideOf } from './outside.ts';
import type { LoadRequest } from './request.ts';
import { limitedToFailed } from './retry.ts';
import { wrongTexts } from './describe/inventory-texts.ts';

/** What a run needs, and what was found on the way. */
export interface LoadedProject extends Loaded {
  /** Those of the request, or else of the project's configuration. */
  inventories: string[];
  /** That of the request, or the hosts that `retryFailed` stands for. */
  limit?: string;
  warnings: XrunError[];
}

/** How {@link load} reads. */
interface LoadHow {
  withoutInventory?: boolean;
  warnings?: XrunError[];
  contents?: ReadonlyMap<string, unknown>;
}

/**
 * Reads and checks everything that a run needs, without touching a host. Throws XrunErrors with all errors of the
 * playbooks and the inventory at once.
 *
 * @param how.withoutInventory nothing is reported about hosts and variables, to check playbooks only
 * @param how.warnings gets what is probably not meant, also where errors are thrown
 * @param how.contents what playbooks hold that are not on the disk, by absolute path
 */
export async function load(request: LoadRequest, how: LoadHow = {}): Promise<LoadedProject> {
  const secrets = new Secrets();
  const { warnings = [] } = how;
  try {
    return await loaded(request, secrets, { ...how, warnings });
  } catch (error) {
    throw maskedError(error, secrets);
  } finally {
    for (const [i, warning] of warnings.entries()) warnings[i] = maskedError(warning, secrets) as XrunError;
  }
}

async function loaded(
  asked: LoadRequest,
  secrets: Secrets,
  how: LoadHow & { warnings: XrunError[] },
): Promise<LoadedProject> {
  const project = await openProject(asked);
  const whole = asked.inventories.length > 0 ? asked : { ...asked, inventories: project.inventories };
  const vault = new Vault(asked.vaultPasswords ?? [], secrets);
  const renderer = createRenderer({ vault, env: asked.env ?? {}, cwd: asked.cwd });
  const decrypt = (text: string, file: string) => vault.decryptText(text, file);
  const { warnings } = how;
  const errors: XrunError[] = [];
  const reloadInventory = () => inventoryOf(whole, decrypt, warnings);
  const inventory = await attempt(reloadInventory, errors);
  const request = await limitedToFailed(whole, inventory);
  const extra = (request.extraVars ?? []).map((vars, i) => ({ origin: `--extra-vars ${i + 1}`, vars }));
  const shared = { ids: new TaskIds(), contents: new Map(how.contents), sound: new WeakSet() };
  const checks = { checkTemplate: renderer.checkTemplate, checkCondition: renderer.checkCondition };
  const vars =
    inventory &&
    new VarsStore({
      inventory,
      renderer,
      extra,
      check: request.check ?? false,
      diff: request.diff ?? false,
      asked: request,
    });
  const known =
    inventory && vars && !(how.withoutInventory && request.inventories.length === 0)
      ? { inventory, vars, renderer }
      : undefined;
  const modules = project.plugins.catalog;
  errors.push(...project.plugins.errors);
  const examined = await examine(
    request,
    { modules, rolesPath: project.rolesPath, cwd: request.cwd, decrypt, ...shared, ...checks },
    known && outsideOf(known, request, vault),
  );
  const { playbooks } = examined;
  errors.push(...examined.errors);
  warnings.push(...examined.warnings);
  if (known) {
    if (!examined.makesHosts) for (const error of wrongPatterns(playbooks, known, request)) note(error, errors);
    errors.push(
      ...wrongTexts(
        hostsOfRun(
          playbooks.flatMap(({ plays }) => plays),
          known,
          request,
        ),
        known.inventory,
        extra,
      ),
    );
  }
  if (errors.length || !inventory || !vars) throw errors.length === 1 ? errors[0]! : new XrunErrors(errors);
  return {
    playbooks: narrowed(playbooks, request),
    inventory,
    inventories: request.inventories,
    ...(request.limit !== undefined && { limit: request.limit }),
    modules,
    rolesPath: project.rolesPath,
    renderer,
    vars,
    secrets,
    decrypt,
    reloadInventory,
    warnings,
  };
}

async function inventoryOf(
  request: LoadRequest,
  decrypt: (text: string, file: string) => string,
  warnings: XrunError[],
): Promise<Inventory> {
  const inventory = await loadInventory(request.inventories, {
    cwd: request.cwd,
    playbookDirs: request.playbooks.map((p) => dirname(resolve(request.cwd, p))),
    openVault: decrypt,
  });
  warnings.push(...(inventory.warnings ?? []));
  return inventory;
}

function narrowed(playbooks: Playbook[], request: LoadRequest): Playbook[] {
  const tagged = filterByTags(playbooks, { tags: request.tags ?? [], skip: request.skipTags ?? [] });
  if (request.startAtTask === undefined) return tagged;
  const from = startAt(tagged, request.startAtTask);
  if (from) return from;
  throw new XrunError('E_START_AT', `no task is named '${request.startAtTask}'`, {
    hint: '`xrun run --list-tasks` shows their names.',
  });
}

async function attempt<T>(work: () => Promise<T>, errors: XrunError[]): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    note(error, errors);
    return undefined;
  }
}

function note(error: unknown, errors: XrunError[]): void {
  if (error instanceof XrunErrors) errors.push(...error.errors);
  else if (error instanceof XrunError) errors.push(error);
  else throw error;
}
